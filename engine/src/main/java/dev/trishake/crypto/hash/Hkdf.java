// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

/**
 * HKDF with SHA-256 (RFC 5869): {@code extract}, then {@code expand} as often as wanted, then {@code wipe}.
 *
 * <p>The info of {@code expand} is one range. It is hashed for each {@value #HASH_LENGTH} octets of output again.
 */
public final class Hkdf
{
    /** Octets of SHA-256's result, and of the pseudorandom key. */
    public static final int HASH_LENGTH = HmacSha256.LENGTH;

    /** Octets of output at most (RFC 5869 2.3). */
    public static final int MAX_LENGTH = 255 * HASH_LENGTH;

    private final HmacSha256 hmac = new HmacSha256();
    private final byte[] pseudorandomKey = new byte[HASH_LENGTH];
    private final byte[] block = new byte[HASH_LENGTH];
    private final UnsafeBuffer keyView = new UnsafeBuffer(pseudorandomKey);
    private final UnsafeBuffer blockView = new UnsafeBuffer(block);

    /** Allocates the scratch. */
    public Hkdf()
    {
    }

    /**
     * HKDF-Extract (2.2): the pseudorandom key stays inside.
     *
     * @param salt       holds the salt
     * @param saltOffset where it begins
     * @param saltLength of the salt; 0 stands for a salt of {@value #HASH_LENGTH} zeros, which gives the same
     * @param key        holds the input keying material
     * @param keyOffset  where it begins
     * @param keyLength  of it
     */
    public void extract(
        final DirectBuffer salt, final int saltOffset, final int saltLength,
        final DirectBuffer key, final int keyOffset, final int keyLength)
    {
        hmac.init(salt, saltOffset, saltLength);
        hmac.update(key, keyOffset, keyLength);
        hmac.finish(keyView, 0);
    }

    /**
     * HKDF-Expand (2.3) of the key that was extracted last.
     *
     * @param info       holds the info
     * @param infoOffset where it begins
     * @param infoLength of the info, at least 0
     * @param out        where the output goes; does not overlap the info
     * @param outOffset  where it begins
     * @param outLength  of the output, 1 to {@link #MAX_LENGTH}
     * @return false, with nothing written, where the output's length is out of range
     */
    public boolean expand(
        final DirectBuffer info, final int infoOffset, final int infoLength,
        final MutableDirectBuffer out, final int outOffset, final int outLength)
    {
        if (outLength <= 0 || outLength > MAX_LENGTH)
        {
            return false;
        }
        hmac.init(keyView, 0, HASH_LENGTH);
        int counter = 1;
        for (int done = 0; done < outLength; done += HASH_LENGTH)
        {
            if (done > 0)
            {
                hmac.update(blockView, 0, HASH_LENGTH);
            }
            hmac.update(info, infoOffset, infoLength);
            hmac.update(counter);
            hmac.finish(blockView, 0);
            out.putBytes(outOffset + done, block, 0, Math.min(HASH_LENGTH, outLength - done));
            counter++;
        }
        return true;
    }

    /** Wipes the pseudorandom key and what is left of outputs. */
    public void wipe()
    {
        hmac.wipe();
        Arrays.fill(pseudorandomKey, (byte)0);
        Arrays.fill(block, (byte)0);
    }
}
