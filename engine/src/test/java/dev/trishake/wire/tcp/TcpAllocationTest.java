// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tcp;

import dev.trishake.support.Allocation;
import dev.trishake.wire.Frames;
import dev.trishake.wire.ip.Ipv4Flyweight;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class TcpAllocationTest
{
    private static final int OPERATIONS = 2000;

    @Test
    void shouldAllocateNothingForASynAndItsAnswer()
    {
        final UnsafeBuffer frame = Frames.linux("syn-ack");
        final UnsafeBuffer answer = new UnsafeBuffer(new byte[64]);
        final Ipv4Flyweight ip = new Ipv4Flyweight();
        final TcpHeaderFlyweight tcp = new TcpHeaderFlyweight();
        final TcpOptionsDecoder options = new TcpOptionsDecoder();
        final TcpOptionsIterator option = new TcpOptionsIterator();
        final TcpHeaderEncoder encoder = new TcpHeaderEncoder();
        final TcpOptionsEncoder list = new TcpOptionsEncoder();
        Allocation.assertNone(OPERATIONS, () ->
        {
            long done = 0;
            for (int i = 0; i < OPERATIONS; i++)
            {
                final boolean read = ip.wrap(frame, 14, frame.capacity() - 14) &&
                    ip.isChecksumValid() &&
                    tcp.wrap(frame, ip.payloadOffset(), ip.payloadLength()) &&
                    tcp.isChecksumValid(ip.pseudoHeader(ip.payloadLength())) &&
                    options.parse(frame, tcp.optionsOffset(), tcp.optionsLength());
                int kinds = 0;
                option.wrap(frame, tcp.optionsOffset(), tcp.optionsLength());
                while (option.next())
                {
                    kinds += option.kind();
                }
                encoder.init(answer, 0).srcPort(tcp.dstPort()).dstPort(tcp.srcPort()).seq(i).ack(tcp.seq() + 1)
                    .window(i);
                list.init(answer, encoder.optionsOffset())
                    .syn(options.mss(), options.sackPermitted(), true, i, options.tsVal(), options.windowScale());
                encoder.flags(TcpFlags.SYN | TcpFlags.ACK, list.finish()).finish(i, 40);
                done += read && kinds == 2 + 4 + 8 + 1 + 3 && tcp.wrap(answer, 0, 40) && tcp.isChecksumValid(i) ? 1 : 0;
            }
            return done;
        });
    }
}
