// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.hash.HmacSha256;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Nonces of signatures, each for one use.
 *
 * <pre>
 *   k = HMAC-SHA256(d, e || 32 random octets)
 * </pre>
 *
 * <p>They are hedged, as those of RFC 6979 3.6: with a broken generator a nonce still depends on key and digest, so two
 * digests never share one; with a good one it can't be provoked again. A k that is 0, or n and above (one in 2^32), is
 * for the caller to throw away, so that the others are uniform.
 */
class P256Nonces
{
    private static final int NUMBER = P256.NUMBER_LENGTH;

    private final Entropy entropy;
    private final HmacSha256 hmac = new HmacSha256();
    private final UnsafeBuffer octets = new UnsafeBuffer(new byte[NUMBER]);

    /**
     * Allocates the scratch.
     *
     * @param entropy the agent's
     */
    P256Nonces(final Entropy entropy)
    {
        this.entropy = entropy;
    }

    /**
     * Makes a nonce.
     *
     * @param key          holds d, 32 octets
     * @param keyOffset    where it begins
     * @param digest       holds e, 32 octets
     * @param digestOffset where it begins
     * @param words        where four words go
     * @param at           where they begin
     */
    void next(
        final DirectBuffer key, final int keyOffset, final DirectBuffer digest, final int digestOffset,
        final long[] words, final int at)
    {
        entropy.nextBytes(octets, 0, NUMBER);
        hmac.init(key, keyOffset, NUMBER);
        hmac.update(digest, digestOffset, NUMBER);
        hmac.update(octets, 0, NUMBER);
        hmac.finish(octets, 0);
        Words.get(words, at, octets, 0);
    }

    /** Wipes what is left of keys and nonces. */
    final void wipe()
    {
        hmac.wipe();
        ConstantTime.wipe(octets, 0, NUMBER);
    }
}
