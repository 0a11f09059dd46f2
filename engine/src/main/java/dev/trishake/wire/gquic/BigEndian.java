// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Big-endian integers of any number of octets: what packet numbers, offsets and block lengths are written in. */
final class BigEndian
{
    private BigEndian()
    {
    }

    /** {@return 0 to 8 octets as a number; with 8 it may be negative} */
    static long get(final DirectBuffer buffer, final int at, final int length)
    {
        long value = 0;
        for (int i = 0; i < length; i++)
        {
            value = (value << Byte.SIZE) | (buffer.getByte(at + i) & 0xff);
        }
        return value;
    }

    /** Writes the low octets of a number. */
    static void put(final MutableDirectBuffer buffer, final int at, final long value, final int length)
    {
        for (int i = 0; i < length; i++)
        {
            buffer.putByte(at + i, (byte)(value >>> (Byte.SIZE * (length - 1 - i))));
        }
    }

    /** {@return how many octets a number needs, at least 1} */
    static int lengthOf(final long value)
    {
        return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + Byte.SIZE - 1) / Byte.SIZE);
    }
}
