// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/** Writes the header of a record, see {@link RecordHeaderFlyweight}. */
public final class RecordHeaderEncoder
{
    private RecordHeaderEncoder()
    {
    }

    /**
     * Writes a header.
     *
     * @param buffer         where to
     * @param offset         where it begins
     * @param type           of the record, see {@link ContentType}
     * @param fragmentLength 0 to {@link RecordHeaderFlyweight#MAX_PROTECTED_LENGTH}
     * @return where the fragment begins
     */
    public static int encode(
        final MutableDirectBuffer buffer, final int offset, final int type, final int fragmentLength)
    {
        assert fragmentLength >= 0 && fragmentLength <= RecordHeaderFlyweight.MAX_PROTECTED_LENGTH :
            "no such length: " + fragmentLength;
        buffer.putByte(offset, (byte)type);
        buffer.putShort(offset + RecordHeaderFlyweight.VERSION_OFFSET, (short)Tlcp.VERSION, BIG_ENDIAN);
        buffer.putShort(offset + RecordHeaderFlyweight.LENGTH_OFFSET, (short)fragmentLength, BIG_ENDIAN);
        return offset + RecordHeaderFlyweight.LENGTH;
    }
}
