// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

import org.agrona.DirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * Which of several links that share a port a datagram is for, by the eight octets that name its connection: the same
 * name has the same share, wherever it comes from.
 *
 * <pre>
 *  share = ((first word * multiplier 0) xor (second word * multiplier 1)) &gt;&gt;&gt; 16, modulo shares
 * </pre>
 *
 * <p>So little that the kernel's classic packet filter can do it too. The multipliers are secret, so that nobody
 * chooses names that all fall to one link.
 *
 * @param shortOffset where the name begins in a datagram whose first bit is 0
 * @param longOffset  where it begins in one whose first bit is 1
 * @param multiplier0 odd
 * @param multiplier1 odd
 * @param shares      links, 1 to 65,536
 */
public record DatagramSteering(int shortOffset, int longOffset, int multiplier0, int multiplier1, int shares)
{
    /** What {@link #share} says of a datagram that is too short to have a name. */
    public static final int NONE = -1;

    private static final int HASH_SHIFT = 16;

    /**
     * {@return the share that a datagram belongs to, from 0; {@link #NONE} where it has no name}
     *
     * @param buffer where it is
     * @param offset where it begins
     * @param length its
     */
    public int share(final DirectBuffer buffer, final int offset, final int length)
    {
        final int name = length > 0 && buffer.getByte(offset) < 0 ? longOffset : shortOffset;
        return name + Long.BYTES > length ? NONE : share(buffer.getLong(offset + name, BIG_ENDIAN));
    }

    /**
     * {@return the share of a name, from 0}
     *
     * @param name its octets as a number, the first the highest
     */
    public int share(final long name)
    {
        final int first = (int)(name >>> Integer.SIZE) * multiplier0;
        final int second = (int)name * multiplier1;
        return ((first ^ second) >>> HASH_SHIFT) % shares;
    }
}
