// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.hash.Sha256;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Has a server's proofs signed by its {@link ProofSource}: one by one, at a limited rate, each input once. <b>The
 * source may allocate</b>, as the JDK's RSA does. A proof goes to the end of the session's room for messages that go
 * out, from where it is written into REJ.
 */
final class ForeignSignOperation extends GquicOperation
{
    private final ServerSettings settings;
    private final ProofCache cache = new ProofCache();
    private final ProofDigest digest = new ProofDigest();
    private final UnsafeBuffer key = new UnsafeBuffer(new byte[Sha256.LENGTH]);
    private final RateLimit limit;

    ForeignSignOperation(final GquicMemory memory, final ServerSettings settings)
    {
        super(memory, 1);
        this.settings = settings;
        limit = new RateLimit(settings.foreignProofsPerSecond);
    }

    @Override
    void execute(final int count, final long nowNs)
    {
        final GquicSession session = lanes[0];
        session.set(HandshakeFields.PROOF_LENGTH, 0);
        final ServerConfig config = settings.configs.numbered(session.get(HandshakeFields.CONFIG_NUMBER));
        if (config == null)
        {
            return;
        }
        final DirectBuffer message = config.message();
        digest.compute(memory, session, message, 0, message.capacity(), key, 0);
        final int at = proofOffset(memory, session);
        session.set(GquicSession.CRYPTO_OUT_TOP, memory.config.cryptoOutLength);
        int length = cache.find(key, 0, memory.messages(), at);
        if (length == 0 && limit.take(nowNs))
        {
            length = settings.credentials.proofSource().sign(
                digest.input(), 0, ProofInput.PREFIX_LENGTH + message.capacity(), memory.messages(), at);
            if (length > 0 && length <= ProofSource.MAX_SIGNATURE_LENGTH)
            {
                cache.store(key, 0, memory.messages(), at, length);
            }
        }
        session.set(HandshakeFields.PROOF_LENGTH, Math.max(0, length));
        session.set(HandshakeFields.RESULT, length > 0 ? 1 : 0);
    }

    /** {@return where in {@link GquicMemory#messages()} a session's proof lies until REJ has it} */
    static int proofOffset(final GquicMemory memory, final GquicSession session)
    {
        return memory.outOffset(session) + memory.config.cryptoOutLength - ProofSource.MAX_SIGNATURE_LENGTH;
    }
}
