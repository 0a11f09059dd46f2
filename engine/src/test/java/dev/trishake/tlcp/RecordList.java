// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.wire.tlcp.ContentType;
import dev.trishake.wire.tlcp.HandshakeHeaderFlyweight;
import dev.trishake.wire.tlcp.RecordHeaderFlyweight;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A flight, taken apart into records and put together again. */
final class RecordList
{
    private RecordList()
    {
    }

    static List<byte[]> split(final byte[] flight)
    {
        final List<byte[]> records = new ArrayList<>();
        int at = 0;
        while (at < flight.length)
        {
            final int length = RecordHeaderFlyweight.LENGTH +
                (((flight[at + 3] & 0xff) << 8) | (flight[at + 4] & 0xff));
            records.add(Arrays.copyOfRange(flight, at, at + length));
            at += length;
        }
        return records;
    }

    static byte[] join(final List<byte[]> records)
    {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        records.forEach(out::writeBytes);
        return out.toByteArray();
    }

    static byte[] record(final int type, final int... fragment)
    {
        final byte[] record = new byte[RecordHeaderFlyweight.LENGTH + fragment.length];
        record[0] = (byte)type;
        record[1] = 1;
        record[2] = 1;
        record[3] = (byte)(fragment.length >> 8);
        record[4] = (byte)fragment.length;
        for (int i = 0; i < fragment.length; i++)
        {
            record[RecordHeaderFlyweight.LENGTH + i] = (byte)fragment[i];
        }
        return record;
    }

    static boolean isMessage(final byte[] record)
    {
        return record[0] == ContentType.HANDSHAKE;
    }

    static int bodyLength(final byte[] record)
    {
        return record.length - RecordHeaderFlyweight.LENGTH - HandshakeHeaderFlyweight.LENGTH;
    }

    /** {@return the record with its one message cut off or made longer by zeros, all lengths right} */
    static byte[] resize(final byte[] record, final int bodyLength)
    {
        final int fragment = HandshakeHeaderFlyweight.LENGTH + bodyLength;
        final byte[] resized = Arrays.copyOf(record, RecordHeaderFlyweight.LENGTH + fragment);
        resized[3] = (byte)(fragment >> 8);
        resized[4] = (byte)fragment;
        resized[6] = (byte)(bodyLength >> 16);
        resized[7] = (byte)(bodyLength >> 8);
        resized[8] = (byte)bodyLength;
        return resized;
    }
}
