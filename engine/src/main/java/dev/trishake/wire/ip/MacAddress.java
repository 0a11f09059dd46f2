// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/** A link-layer address as the low 48 bits of a {@code long}. */
final class MacAddress
{
    static final int LENGTH = 6;

    private MacAddress()
    {
    }

    static long get(final DirectBuffer buffer, final int offset)
    {
        return (buffer.getShort(offset, BIG_ENDIAN) & 0xffffL) << 32 |
            (buffer.getInt(offset + 2, BIG_ENDIAN) & 0xffff_ffffL);
    }

    static void put(final MutableDirectBuffer buffer, final int offset, final long address)
    {
        buffer.putShort(offset, (short)(address >> 32), BIG_ENDIAN);
        buffer.putInt(offset + 2, (int)address, BIG_ENDIAN);
    }
}
