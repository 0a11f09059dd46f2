// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.tcp.TcpHeaderFlyweight;
import org.agrona.DirectBuffer;

/**
 * A segment that the core has sent.
 *
 * @param timeNs  when
 * @param problem what is wrong with the packet itself, or null
 */
record Sent(
    long timeNs, String problem, int localPort, int remotePort, int flags, int seq, int ack, int window,
    int urgentPointer, OptionList options, int payloadLength, boolean isPayloadZero)
{
    static Sent of(final long timeNs, final DirectBuffer buffer, final int offset, final int length)
    {
        final Ipv4Flyweight ipv4 = new Ipv4Flyweight();
        final TcpHeaderFlyweight header = new TcpHeaderFlyweight();
        if (!ipv4.wrap(buffer, offset, length) || ipv4.protocol() != IpProtocol.TCP ||
            !header.wrap(buffer, ipv4.payloadOffset(), ipv4.payloadLength()))
        {
            return null;
        }
        final byte[] options = new byte[header.optionsLength()];
        buffer.getBytes(header.optionsOffset(), options);
        return new Sent(
            timeNs, problem(ipv4, header), header.srcPort(), header.dstPort(), header.flags(), header.seq(),
            header.ack(), header.window(), header.urgentPointer(), new OptionList(options), header.payloadLength(),
            isZero(buffer, header.payloadOffset(), header.payloadLength()));
    }

    private static String problem(final Ipv4Flyweight ipv4, final TcpHeaderFlyweight header)
    {
        if (ipv4.source() != VirtualHost.LOCAL || ipv4.destination() != VirtualHost.REMOTE)
        {
            return "the addresses are wrong";
        }
        if (!ipv4.isChecksumValid())
        {
            return "the IP checksum is wrong";
        }
        return header.isChecksumValid(ipv4.pseudoHeader(ipv4.payloadLength())) ? null : "the TCP checksum is wrong";
    }

    private static boolean isZero(final DirectBuffer buffer, final int offset, final int length)
    {
        for (int i = 0; i < length; i++)
        {
            if (buffer.getByte(offset + i) != 0)
            {
                return false;
            }
        }
        return true;
    }
}
