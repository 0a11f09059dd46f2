// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.transport;

import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.linux.MessageBatch;
import dev.trishake.transport.linux.MessageCalls;
import dev.trishake.transport.linux.SocketAddressCodec;
import dev.trishake.wire.ip.Checksum;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Encoder;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.tcp.TcpFlags;
import dev.trishake.wire.tcp.TcpHeaderEncoder;
import dev.trishake.wire.tcp.TcpHeaderFlyweight;
import dev.trishake.wire.tcp.TcpOptionsEncoder;
import org.agrona.concurrent.UnsafeBuffer;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/** SYNs of spoofed sources, as Linux would send them, into the kernel's own routing: a raw socket. */
final class SynSource implements AutoCloseable
{
    /** Length of a SYN. */
    static final int LENGTH = 60;

    private static final int BATCH = 64;
    private static final int STRIDE = 64;
    private static final int SOCK_RAW = 3;
    private static final int IPPROTO_RAW = 255;
    private static final int FIRST_SOURCE = 0x0b00_0001;

    private final Libc libc = new Libc();
    private final MessageCalls calls = new MessageCalls();
    private final MessageBatch batch = new MessageBatch(BATCH, SocketAddressCodec.MAX_LENGTH, 0);
    private final UnsafeBuffer packets = new UnsafeBuffer(ByteBuffer.allocateDirect(BATCH * STRIDE));
    private final Ipv4Encoder ipv4 = new Ipv4Encoder();
    private final TcpHeaderEncoder header = new TcpHeaderEncoder();
    private final TcpOptionsEncoder options = new TcpOptionsEncoder();
    private final int target;
    private final int port;
    private final int fd;
    private int next;

    SynSource(final InetAddress target, final int port)
    {
        this.target = ByteBuffer.wrap(target.getAddress()).getInt();
        this.port = port;
        fd = libc.socket(Libc.AF_INET, SOCK_RAW | Libc.SOCK_CLOEXEC, IPPROTO_RAW);
        if (fd < 0)
        {
            throw new IllegalStateException("no raw socket: errno " + -fd);
        }
        for (int i = 0; i < BATCH; i++)
        {
            final long low = 0xffff_0000_0000L | Integer.toUnsignedLong(this.target);
            batch.nameLength(i, SocketAddressCodec.encode(batch.name(i), 0, low, 0));
            batch.payload(i, packets.addressOffset() + (long)i * STRIDE, LENGTH);
        }
    }

    /** Sends so many, each of another source. */
    void send(final int count)
    {
        int left = count;
        while (left > 0)
        {
            final int wanted = Math.min(left, BATCH);
            for (int i = 0; i < wanted; i++)
            {
                encode(packets, i * STRIDE, next++);
            }
            int sent = 0;
            while (sent < wanted)
            {
                final int result = calls.sendmmsg(fd, batch.header(sent), wanted - sent);
                if (result < 0)
                {
                    throw new IllegalStateException("a SYN can't be sent: errno " + -result);
                }
                sent += result;
            }
            left -= wanted;
        }
    }

    /** Writes the SYN of a source, one of 65,536. */
    void encode(final UnsafeBuffer buffer, final int offset, final int number)
    {
        final int source = FIRST_SOURCE + (number & 0xffff);
        header.init(buffer, offset + Ipv4Flyweight.MIN_HEADER_LENGTH)
            .srcPort(1024 + (number & 0x3fff)).dstPort(port).seq(number * 0x9e37_79b9).ack(0).window(0xffff);
        final int optionsLength =
            options.init(buffer, header.optionsOffset()).syn(1460, true, true, number, 0, 7).finish();
        header.flags(TcpFlags.SYN, optionsLength);
        final int length = TcpHeaderFlyweight.MIN_LENGTH + optionsLength;
        header.finish(Checksum.pseudoHeader(source, target, IpProtocol.TCP, length), length);
        ipv4.init(buffer, offset).protocol(IpProtocol.TCP).source(source).destination(target).finish(length);
    }

    @Override
    public void close()
    {
        libc.close(fd);
    }
}
