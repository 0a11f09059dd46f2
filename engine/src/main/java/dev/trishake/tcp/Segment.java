// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.session.FourTuple;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.ip.Ipv6Flyweight;
import dev.trishake.wire.tcp.TcpFlags;
import dev.trishake.wire.tcp.TcpHeaderFlyweight;
import dev.trishake.wire.tcp.TcpOptionsDecoder;
import org.agrona.DirectBuffer;

/** The packet that has arrived, checked once: what IP and TCP headers say of it. */
final class Segment
{
    /** What {@link #wrap} found. */
    static final int TCP = 0;
    static final int ICMP = 1;
    /** Not for us, or of a protocol that nobody serves. */
    static final int DISCARDED = 2;
    /** Not what a packet should be. */
    static final int MALFORMED = 3;
    static final int WRONG_CHECKSUM = 4;

    private static final int VERSION_4 = 4;
    private static final int VERSION_6 = 6;
    private static final long MAPPED_PREFIX = 0xffffL;
    private static final long IPV6_LOOPBACK = 1;
    private static final int IPV4_LOOPBACK = 127;

    final Ipv4Flyweight ipv4 = new Ipv4Flyweight();
    final Ipv6Flyweight ipv6 = new Ipv6Flyweight();
    final FourTuple tuple = new FourTuple();
    /** The tuple's tag in the table of sessions, for who looks there again; set when a TCP segment is dispatched. */
    int tag;
    private final TcpHeaderFlyweight header = new TcpHeaderFlyweight();
    private final TcpOptionsDecoder options = new TcpOptionsDecoder();
    private final TcpConfig config;

    private DirectBuffer buffer;
    private boolean isIpv4;
    private int seq;
    private int ack;
    private int flags;
    private int payloadLength;
    private boolean optionsRead;

    Segment(final TcpConfig config)
    {
        this.config = config;
    }

    /** Looks at a packet; after TCP and ICMP the addresses are good, after TCP everything else is too. */
    int wrap(final DirectBuffer buffer, final int offset, final int length)
    {
        this.buffer = buffer;
        if (length < 1)
        {
            return MALFORMED;
        }
        return switch ((buffer.getByte(offset) & 0xf0) >> 4)
        {
            case VERSION_4 -> wrapIpv4(offset, length);
            case VERSION_6 -> wrapIpv6(offset, length);
            default -> MALFORMED;
        };
    }

    private int wrapIpv4(final int offset, final int length)
    {
        if (!ipv4.wrap(buffer, offset, length))
        {
            return MALFORMED;
        }
        if (!ipv4.isChecksumValid())
        {
            return WRONG_CHECKSUM;
        }
        isIpv4 = true;
        tuple.localIpv4(ipv4.destination(), 0).remoteIpv4(ipv4.source(), 0);
        if (ipv4.isFragment() || !isForUs())
        {
            return DISCARDED;
        }
        return switch (ipv4.protocol())
        {
            case IpProtocol.TCP -> wrapTcp(ipv4.payloadOffset(), ipv4.payloadLength());
            case IpProtocol.ICMP -> ICMP;
            default -> DISCARDED;
        };
    }

    private int wrapIpv6(final int offset, final int length)
    {
        if (!ipv6.wrap(buffer, offset, length))
        {
            return MALFORMED;
        }
        isIpv4 = false;
        tuple.local(ipv6.destinationHigh(), ipv6.destinationLow(), 0);
        tuple.remote(ipv6.sourceHigh(), ipv6.sourceLow(), 0);
        if (isMapped(tuple.localHigh(), tuple.localLow()) || isMapped(tuple.remoteHigh(), tuple.remoteLow()) ||
            !isForUs())
        {
            return DISCARDED;
        }
        return switch (ipv6.protocol())
        {
            case IpProtocol.TCP -> wrapTcp(ipv6.payloadOffset(), ipv6.payloadLength());
            case IpProtocol.ICMPV6 -> ICMP;
            default -> DISCARDED;
        };
    }

    private int wrapTcp(final int offset, final int length)
    {
        if (!header.wrap(buffer, offset, length))
        {
            return MALFORMED;
        }
        final boolean isValid = isIpv4 ? ipv4.isPayloadChecksumValid() : ipv6.isPayloadChecksumValid();
        if (!isValid && !(config.trustPartialChecksums && header.isChecksumPartial(
            isIpv4 ? ipv4.pseudoHeader(length) : ipv6.pseudoHeader(length))))
        {
            return WRONG_CHECKSUM;
        }
        if (header.srcPort() == 0 || header.dstPort() == 0)
        {
            return DISCARDED;
        }
        tuple.ports(header.dstPort(), header.srcPort());
        seq = header.seq();
        ack = header.ack();
        flags = header.flags();
        payloadLength = header.payloadLength();
        optionsRead = false;
        return TCP;
    }

    /** RFC 9293 3.9.2.3 MUST-57 and MUST-63, and a source that is ourselves, which only loopback addresses may be. */
    private boolean isForUs()
    {
        if (!TcpAddress.isUnicast(tuple.localHigh(), tuple.localLow()) ||
            !TcpAddress.isUnicast(tuple.remoteHigh(), tuple.remoteLow()))
        {
            return false;
        }
        if (tuple.localHigh() == tuple.remoteHigh() && tuple.localLow() == tuple.remoteLow() && !isLoopback())
        {
            return false;
        }
        return isOurs(tuple.localHigh(), tuple.localLow());
    }

    private boolean isOurs(final long high, final long low)
    {
        for (int i = 0; i < config.addressCount; i++)
        {
            if (config.addresses[2 * i] == high && config.addresses[2 * i + 1] == low)
            {
                return true;
            }
        }
        return config.addressCount == 0;
    }

    private boolean isLoopback()
    {
        return isIpv4 ? (int)tuple.localLow() >>> 24 == IPV4_LOOPBACK :
            tuple.localHigh() == 0 && tuple.localLow() == IPV6_LOOPBACK;
    }

    private static boolean isMapped(final long high, final long low)
    {
        return high == 0 && low >>> Integer.SIZE == MAPPED_PREFIX;
    }

    DirectBuffer buffer()
    {
        return buffer;
    }

    boolean isIpv4()
    {
        return isIpv4;
    }

    /** SEG.SEQ. */
    int seq()
    {
        return seq;
    }

    /** SEG.ACK. */
    int ack()
    {
        return ack;
    }

    boolean has(final int flag)
    {
        return (flags & flag) != 0;
    }

    /** Whether none of FIN, SYN, RST, PSH, ACK and URG is set. */
    boolean hasNoFlags()
    {
        return (flags & (TcpFlags.ECE - 1)) == 0;
    }

    /** SEG.WND, not scaled. */
    int window()
    {
        return header.window();
    }

    int payloadOffset()
    {
        return header.payloadOffset();
    }

    int payloadLength()
    {
        return payloadLength;
    }

    /** SEG.LEN: payload, SYN and FIN. */
    int segmentLength()
    {
        return payloadLength + (flags & TcpFlags.FIN) + ((flags & TcpFlags.SYN) >> 1);
    }

    TcpOptionsDecoder options()
    {
        if (!optionsRead)
        {
            options.parse(buffer, header.optionsOffset(), header.optionsLength());
            optionsRead = true;
        }
        return options;
    }
}
