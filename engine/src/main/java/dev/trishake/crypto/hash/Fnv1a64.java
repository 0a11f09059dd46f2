// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import org.agrona.DirectBuffer;

/**
 * FNV-1a with 64 bits (Fowler, Noll, Vo): no key, no secrets, no resistance to anybody. gQUIC names certificates by it
 * (CCRT, XLCT), as eight octets, little-endian.
 */
public final class Fnv1a64
{
    private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private Fnv1a64()
    {
    }

    /**
     * {@return the hash of a range}
     *
     * @param buffer holds the input
     * @param offset where it begins
     * @param length of the input, at least 0
     */
    public static long hash(final DirectBuffer buffer, final int offset, final int length)
    {
        assert length >= 0 : "length=" + length;
        long hash = OFFSET_BASIS;
        for (int i = 0; i < length; i++)
        {
            hash = (hash ^ buffer.getByte(offset + i) & 0xff) * PRIME;
        }
        return hash;
    }
}
