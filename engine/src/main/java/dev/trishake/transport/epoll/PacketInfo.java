// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.epoll;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.linux.Libc;
import org.agrona.concurrent.UnsafeBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * Our address of a datagram, as control data of a message has it (ip(7) IP_PKTINFO, ipv6(7) IPV6_PKTINFO).
 *
 * <pre>
 *  struct cmsghdr                       struct in_pktinfo             struct in6_pktinfo
 *  0         8        12       16       16      20         24    28   16              32      36
 * +---------+--------+--------+        +-------+----------+-----+    +---------------+-------+
 * | length  | level  | type   |        | index | our own  | dst |    | our own / dst | index |
 * +---------+--------+--------+        +-------+----------+-----+    +---------------+-------+
 * </pre>
 */
final class PacketInfo
{
    /** Room for the control data of a message. */
    static final int LENGTH = 64;

    static final int IP_PKTINFO = 8;
    static final int IPV6_RECVPKTINFO = 49;
    static final int IPV6_PKTINFO = 50;

    private static final int HEADER_LENGTH = 16;
    private static final int LEVEL_OFFSET = 8;
    private static final int TYPE_OFFSET = 12;
    private static final int IPV4_LENGTH = HEADER_LENGTH + 12;
    private static final int IPV4_OWN_OFFSET = HEADER_LENGTH + 4;
    private static final int IPV4_DESTINATION_OFFSET = HEADER_LENGTH + 8;
    private static final int IPV6_LENGTH = HEADER_LENGTH + 20;
    private static final int IPV6_ADDRESS_OFFSET = HEADER_LENGTH;

    private PacketInfo()
    {
    }

    /** Sets our address of a received datagram; {@return false when there is none in the control data} */
    static boolean read(
        final UnsafeBuffer memory, final int offset, final int length, final int port, final FourTuple tuple)
    {
        int at = 0;
        while (at + HEADER_LENGTH <= length)
        {
            final int size = (int)memory.getLong(offset + at);
            final int level = memory.getInt(offset + at + LEVEL_OFFSET);
            final int type = memory.getInt(offset + at + TYPE_OFFSET);
            if (level == Libc.IPPROTO_IP && type == IP_PKTINFO && size >= IPV4_LENGTH)
            {
                tuple.localIpv4(memory.getInt(offset + at + IPV4_DESTINATION_OFFSET, BIG_ENDIAN), port);
                return true;
            }
            if (level == Libc.IPPROTO_IPV6 && type == IPV6_PKTINFO && size >= IPV6_LENGTH)
            {
                tuple.local(
                    memory.getLong(offset + at + IPV6_ADDRESS_OFFSET, BIG_ENDIAN),
                    memory.getLong(offset + at + IPV6_ADDRESS_OFFSET + Long.BYTES, BIG_ENDIAN), port);
                return true;
            }
            if (size < HEADER_LENGTH)
            {
                return false;
            }
            at += size + Long.BYTES - 1 & -Long.BYTES;
        }
        return false;
    }

    /** Writes our address for a datagram to be sent by a socket of this family; {@return length of the control data} */
    static int write(final UnsafeBuffer memory, final int offset, final int family, final FourTuple tuple)
    {
        memory.setMemory(offset, LENGTH, (byte)0);
        if (family == Libc.AF_INET)
        {
            memory.putLong(offset, IPV4_LENGTH);
            memory.putInt(offset + LEVEL_OFFSET, Libc.IPPROTO_IP);
            memory.putInt(offset + TYPE_OFFSET, IP_PKTINFO);
            memory.putInt(offset + IPV4_OWN_OFFSET, (int)tuple.localLow(), BIG_ENDIAN);
            return align(IPV4_LENGTH);
        }
        memory.putLong(offset, IPV6_LENGTH);
        memory.putInt(offset + LEVEL_OFFSET, Libc.IPPROTO_IPV6);
        memory.putInt(offset + TYPE_OFFSET, IPV6_PKTINFO);
        memory.putLong(offset + IPV6_ADDRESS_OFFSET, tuple.localHigh(), BIG_ENDIAN);
        memory.putLong(offset + IPV6_ADDRESS_OFFSET + Long.BYTES, tuple.localLow(), BIG_ENDIAN);
        return align(IPV6_LENGTH);
    }

    private static int align(final int length)
    {
        return length + Long.BYTES - 1 & -Long.BYTES;
    }
}
