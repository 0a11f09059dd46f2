// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.aead;

import dev.trishake.crypto.Kernel;
import dev.trishake.crypto.lanes.ChaCha20Poly1305Vectors;

/** ChaCha20-Poly1305's entry in the table of kernels. */
final class ChaCha20Poly1305Kernel implements Kernel<ChaCha20Poly1305Lanes>
{
    private final byte[] key = new byte[ChaCha20Poly1305Lanes.KEY_LENGTH];
    private final byte[] keyStream = new byte[Aead.KEY_STREAM_LENGTH];
    private final byte[] stage = new byte[Aead.KEY_STREAM_LENGTH];
    private final long[] h = new long[Poly1305.LIMBS];
    private final long[] r = new long[Poly1305.LIMBS];

    @Override
    public String name()
    {
        return "ChaCha20-Poly1305";
    }

    @Override
    public ChaCha20Poly1305Lanes vector()
    {
        return new ChaCha20Poly1305Vectors();
    }

    @Override
    public ChaCha20Poly1305Lanes scalar()
    {
        return new ChaCha20Poly1305Scalars();
    }

    @Override
    public void warmUp(final ChaCha20Poly1305Lanes lanes)
    {
        lanes.exclusiveOr(stage, 20, keyStream, 16, 1_200);
        lanes.keyStream(key, 1, 2, 0, keyStream, 2);
        lanes.keyStream(key, 1, 2, 0, keyStream, 20);
        lanes.authenticate(h, r, stage, 3);
        lanes.authenticate(h, r, stage, 77);
    }
}
