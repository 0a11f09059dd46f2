// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.curve.P256;
import dev.trishake.crypto.curve.P256Verify;
import dev.trishake.crypto.hash.Sha256;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Verifies what servers prove to a client: ECDSA in batches, what another key has signed by {@link
 * GquicPeerTrust#verify}, <b>which may allocate</b>.
 */
final class VerifyOperation extends GquicOperation
{
    /** Work: the leaf has another key than a P-256 one. */
    static final int FOREIGN = 16;

    private final PeerTrustQuery query;
    private final ProofDigest digest = new ProofDigest();
    private final P256Verify verify;
    private final UnsafeBuffer digests = new UnsafeBuffer(new byte[Sha256.LENGTH]);
    private final GquicSession[] verifying = new GquicSession[P256.LANES];

    VerifyOperation(final GquicMemory memory, final PeerTrustQuery query, final Kernels kernels)
    {
        super(memory, P256.LANES);
        this.query = query;
        verify = new P256Verify(kernels);
    }

    @Override
    void execute(final int count, final long nowNs)
    {
        int jobs = 0;
        for (int i = 0; i < count; i++)
        {
            final GquicSession session = lanes[i];
            final int config = session.get(HandshakeFields.CONFIG_OFFSET);
            final int length = session.get(HandshakeFields.CONFIG_LENGTH);
            if (has(session, FOREIGN))
            {
                final int inputLength = digest.write(memory, session, memory.messages(), config, length);
                session.set(HandshakeFields.RESULT, query.verify(session, digest.input(), inputLength, nowNs) ? 1 : 0);
                continue;
            }
            digest.compute(memory, session, memory.messages(), config, length, digests, 0);
            verify.add(session.memory(), session.at(HandshakeFields.LEAF_KEY), digests, 0,
                session.memory(), session.at(HandshakeFields.SIGNATURE));
            verifying[jobs++] = session;
        }
        verify.run();
        for (int i = 0; i < jobs; i++)
        {
            verifying[i].set(HandshakeFields.RESULT, verify.succeeded(i) ? 1 : 0);
        }
        verify.clear();
    }
}
