/**
 * Certificates, keys and trust of TLCP: loading what we show ({@link dev.trishake.identity.TlcpIdentity}), checking
 * what a peer shows ({@link dev.trishake.identity.TlcpTrust}), and making both for tests.
 * May import {@code wire}'s cursors, {@code crypto}, Bouncy Castle and the JDK's security packages; nobody else imports
 * Bouncy Castle.
 * At set-up or on the trust thread, never on an agent's: it allocates, blocks and throws, with a sentence for each
 * fault. The one exception is {@link dev.trishake.identity.TrustCache}, which an agent asks; it allocates nothing.
 */
package dev.trishake.identity;
