// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.aead;

import dev.trishake.crypto.ChaCha20;
import org.agrona.concurrent.UnsafeBuffer;

/** ChaCha20-Poly1305 for any JVM: block by block. */
final class ChaCha20Poly1305Scalars implements ChaCha20Poly1305Lanes
{
    private final UnsafeBuffer key = new UnsafeBuffer(0, 0);
    private final ExclusiveOr exclusiveOr = new ExclusiveOr();
    private final UnsafeBuffer blocks = new UnsafeBuffer(0, 0);

    @Override
    public void keyStream(
        final byte[] key, final int nonceHead, final long nonceTail, final int counter,
        final byte[] out, final int blocks)
    {
        this.key.wrap(key);
        this.blocks.wrap(out);
        for (int i = 0; i < blocks; i++)
        {
            ChaCha20.block(this.key, 0, counter + i, nonceHead, (int)nonceTail, (int)(nonceTail >>> Integer.SIZE),
                this.blocks, i * ChaCha20.BLOCK_LENGTH);
        }
    }

    @Override
    public void authenticate(final long[] h, final long[] r, final byte[] stage, final int blocks)
    {
        this.blocks.wrap(stage);
        Poly1305.blocks(h, r, this.blocks, FRONT, blocks);
    }

    @Override
    public void exclusiveOr(
        final byte[] text, final int textAt, final byte[] keyStream, final int keyStreamAt, final int length)
    {
        exclusiveOr.apply(text, textAt, keyStream, keyStreamAt, length);
    }

    @Override
    public void wipe()
    {
        // nothing is kept here: both buffers are views of the caller's arrays
    }
}
