// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.curve.P256;
import dev.trishake.crypto.curve.P256Sign;
import dev.trishake.crypto.hash.Sha256;
import org.agrona.concurrent.UnsafeBuffer;

/** Signs a server's proofs with its P-256 key: ECDSA over {@link ProofInput}, r and s into the session. */
final class SignOperation extends GquicOperation
{
    private final ServerSettings settings;
    private final ProofDigest digest = new ProofDigest();
    private final P256Sign sign;
    private final UnsafeBuffer digests = new UnsafeBuffer(new byte[P256.LANES * Sha256.LENGTH]);
    private final GquicSession[] signing = new GquicSession[P256.LANES];

    SignOperation(
        final GquicMemory memory, final ServerSettings settings, final Kernels kernels, final Entropy entropy)
    {
        super(memory, P256.LANES);
        this.settings = settings;
        sign = new P256Sign(kernels, entropy);
    }

    @Override
    void execute(final int count, final long nowNs)
    {
        int jobs = 0;
        for (int i = 0; i < count; i++)
        {
            final ServerConfig config = settings.configs.numbered(lanes[i].get(HandshakeFields.CONFIG_NUMBER));
            if (config != null)
            {
                digest.compute(memory, lanes[i], config.message(), 0, config.message().capacity(),
                    digests, jobs * Sha256.LENGTH);
                sign.add(settings.credentials.privateKey(), 0, digests, jobs * Sha256.LENGTH);
                signing[jobs++] = lanes[i];
            }
        }
        sign.run();
        for (int i = 0; i < jobs; i++)
        {
            if (sign.succeeded(i))
            {
                sign.result(i, signing[i].memory(), signing[i].at(HandshakeFields.SIGNATURE));
                signing[i].set(HandshakeFields.RESULT, 1);
            }
        }
        sign.clear();
    }
}
