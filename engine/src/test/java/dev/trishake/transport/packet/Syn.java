// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.wire.ip.Checksum;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Encoder;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.tcp.TcpFlags;
import dev.trishake.wire.tcp.TcpHeaderEncoder;
import dev.trishake.wire.tcp.TcpHeaderFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/** A SYN without options. */
public final class Syn
{
    private Syn()
    {
    }

    /**
     * {@return it, from its IPv4 header on}
     *
     * @param from its source
     * @param to   its destination
     * @param port to which
     */
    public static byte[] of(final InetAddress from, final InetAddress to, final int port)
    {
        final int source = ByteBuffer.wrap(from.getAddress()).getInt();
        final int destination = ByteBuffer.wrap(to.getAddress()).getInt();
        final UnsafeBuffer packet =
            new UnsafeBuffer(new byte[Ipv4Flyweight.MIN_HEADER_LENGTH + TcpHeaderFlyweight.MIN_LENGTH]);
        final TcpHeaderEncoder header = new TcpHeaderEncoder();
        header.init(packet, Ipv4Flyweight.MIN_HEADER_LENGTH)
            .srcPort(1025).dstPort(port).seq(1).ack(0).window(0xffff).flags(TcpFlags.SYN, 0);
        final int length = TcpHeaderFlyweight.MIN_LENGTH;
        header.finish(Checksum.pseudoHeader(source, destination, IpProtocol.TCP, length), length);
        new Ipv4Encoder().init(packet, 0).protocol(IpProtocol.TCP).source(source).destination(destination)
            .finish(length);
        return packet.byteArray();
    }
}
