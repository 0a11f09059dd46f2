// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.crypto.Kernels;
import dev.trishake.gquic.GquicConfig;
import dev.trishake.gquic.GquicTap;
import dev.trishake.gquic.StrikeRegister;
import dev.trishake.identity.GquicIdentity;
import dev.trishake.identity.GquicTestPki;
import dev.trishake.identity.GquicTrust;
import dev.trishake.identity.IdentityException;
import dev.trishake.identity.PeerName;
import dev.trishake.runtime.GquicProtocol;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What all trials of a run have: a server's identity and whom clients trust, made for the run, and how both are
 * configured.
 */
final class ChloSite
{
    /** The server's name. */
    static final String HOST = "localhost";

    /** Connections of a client's agent at once. */
    static final int CLIENT_SESSIONS = 512;

    /** Handshakes that one /24 may have under way. */
    static final int HANDSHAKES_PER_PREFIX = 64;

    private static final int SESSIONS = 4096;
    private static final int HANDSHAKES = 1024;
    private static final int STREAMS = 1024;
    private static final int NONCES = 1 << 16;
    private static final int NONCE_SECONDS = 600;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Kernels kernels;
    private final GquicIdentity identity;
    private final GquicTrust trust;

    private ChloSite(final Kernels kernels, final GquicIdentity identity, final GquicTrust trust)
    {
        this.kernels = kernels;
        this.identity = identity;
        this.trust = trust;
    }

    /** {@return a new one; its files are gone when this returns} */
    static ChloSite make(final Kernels kernels) throws IOException
    {
        try (TemporaryFolder folder = new TemporaryFolder("trishake-chlo-flood"))
        {
            final Path pki = folder.path();
            new GquicTestPki("Trishake", List.of(HOST), Instant.now().minus(Duration.ofHours(1)),
                Duration.ofDays(1), RANDOM).write(pki);
            return new ChloSite(kernels, GquicIdentity.load(pki.resolve("gquic_ecdsa_chain.crt"),
                pki.resolve("gquic_ecdsa.key"), null, Instant.now()), GquicTrust.load(pki.resolve("gquic_ca.crt")));
        }
        catch (final IdentityException | GeneralSecurityException ex)
        {
            throw new IllegalStateException("a server's identity can't be made: " + ex.getMessage(), ex);
        }
    }

    /** {@return a server that takes no full CHLO twice} */
    GquicProtocol server()
    {
        final StrikeRegister register =
            new StrikeRegister(1, NONCES, NONCE_SECONDS, Long.MIN_VALUE, RANDOM.nextLong(), RANDOM.nextLong());
        return GquicProtocol.server(kernels, () -> new GquicConfig().sessions(SESSIONS).handshakes(HANDSHAKES)
            .streams(STREAMS, 16), identity).serverSettings(settings -> settings.strikeRegister(register, 0));
    }

    /**
     * {@return clients}
     *
     * @param isResuming whether they begin with what others have learnt
     * @param tap        sees what they send, or null
     */
    GquicProtocol client(final boolean isResuming, final GquicTap tap)
    {
        return GquicProtocol.client(kernels, () -> new GquicConfig().sessions(CLIENT_SESSIONS)
            .handshakes(CLIENT_SESSIONS).streams(CLIENT_SESSIONS, 16).tap(tap), trust, HOST, PeerName.of(HOST))
            .clientSettings(settings -> settings.resumption(isResuming));
    }
}
