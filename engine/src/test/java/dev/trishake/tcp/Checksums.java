// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.wire.ip.Checksum;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

/** Makes the checksums of a damaged packet right again, as far as it can be read at all. */
final class Checksums
{
    private static final int TCP = 6;

    private Checksums()
    {
    }

    static void repair(final UnsafeBuffer packet, final boolean isIpv4, final int length)
    {
        final int headerLength = isIpv4 ? (packet.getByte(0) & 15) * 4 : 40;
        if (headerLength < 20 || headerLength + 20 > length)
        {
            return;
        }
        final int total =
            isIpv4 ? packet.getChar(2, ByteOrder.BIG_ENDIAN) : 40 + packet.getChar(4, ByteOrder.BIG_ENDIAN);
        final int segment = Math.min(total, length) - headerLength;
        if (segment < 20)
        {
            return;
        }
        int pseudo = TCP + segment;
        for (int at = isIpv4 ? 12 : 8; at < (isIpv4 ? 20 : 40); at += 2)
        {
            pseudo += packet.getChar(at, ByteOrder.BIG_ENDIAN);
        }
        packet.putShort(headerLength + 16, (short)0);
        packet.putShort(
            headerLength + 16, (short)Checksum.complement(pseudo + Checksum.sum(packet, headerLength, segment)),
            ByteOrder.BIG_ENDIAN);
        if (isIpv4)
        {
            packet.putShort(10, (short)0);
            packet.putShort(
                10, (short)Checksum.complement(Checksum.sum(packet, 0, headerLength)), ByteOrder.BIG_ENDIAN);
        }
    }
}
