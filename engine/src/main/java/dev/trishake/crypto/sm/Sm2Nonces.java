// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.curve.Words;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Nonces of up to eight signatures, each for one use.
 *
 * <pre>
 *   k = KDF(d || e || 32 random octets, 32)
 * </pre>
 *
 * <p>They are hedged, as those of RFC 6979 3.6: with a broken generator a nonce still depends on key and digest, so two
 * digests never share one; with a good one it can't be provoked again. Who does not know d learns nothing, since all
 * three parts have a fixed length and SM3 is taken to be a random function of them. A k that is 0, or n and above (one
 * in 2^32), is for the caller to throw away, so that the others are uniform.
 */
class Sm2Nonces
{
    private static final int NUMBER = Sm2.NUMBER_LENGTH;
    private static final int SEED = 3 * NUMBER;

    private final Entropy entropy;
    private final KdfSm3Batch kdf;
    private final UnsafeBuffer seeds = new UnsafeBuffer(new byte[Sm2.LANES * SEED]);
    private final UnsafeBuffer nonces = new UnsafeBuffer(new byte[Sm2.LANES * NUMBER]);
    private int count;

    /**
     * Allocates the scratch.
     *
     * @param kernels vectors or scalar code
     * @param entropy the agent's
     */
    Sm2Nonces(final Kernels kernels, final Entropy entropy)
    {
        this.entropy = entropy;
        kdf = new KdfSm3Batch(kernels, Sm2.LANES, NUMBER);
    }

    /**
     * Asks for the next nonce.
     *
     * @param key          holds d, 32 octets
     * @param keyOffset    where it begins
     * @param digest       holds e, 32 octets
     * @param digestOffset where it begins
     */
    final void add(final DirectBuffer key, final int keyOffset, final DirectBuffer digest, final int digestOffset)
    {
        final int seed = count * SEED;
        seeds.putBytes(seed, key, keyOffset, NUMBER);
        seeds.putBytes(seed + NUMBER, digest, digestOffset, NUMBER);
        entropy.nextBytes(seeds, seed + 2 * NUMBER, NUMBER);
        kdf.add(NUMBER);
        kdf.append(seeds, seed, SEED);
        count++;
    }

    /** Derives them all. */
    final void run()
    {
        kdf.run();
        for (int i = 0; i < count; i++)
        {
            kdf.result(i, nonces, i * NUMBER);
        }
        kdf.clear();
        ConstantTime.wipe(seeds, 0, count * SEED);
    }

    /**
     * Hands a nonce out, for good.
     *
     * @param i     its number, from 0 on
     * @param words where four words go
     * @param at    where they begin
     */
    void take(final int i, final long[] words, final int at)
    {
        Words.get(words, at, nonces, i * NUMBER);
        ConstantTime.wipe(nonces, i * NUMBER, NUMBER);
    }

    /** Begins anew. */
    final void clear()
    {
        ConstantTime.wipe(nonces, 0, nonces.capacity());
        count = 0;
    }
}
