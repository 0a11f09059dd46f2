// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tcp;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.wire.Enclosed;
import dev.trishake.wire.Frames;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

class TcpFuzzTest
{
    /** TCP begins behind Ethernet and a plain IPv4 header; behind IPv6 this is as good as random. */
    private static final List<byte[]> SEGMENTS = Frames.linuxFrom(34);

    @Test
    void shouldStayInsideWhateverLooksLikeASegment()
    {
        for (final byte[] segment : SEGMENTS)
        {
            for (int length = 0; length <= Math.min(segment.length, 80); length++)
            {
                Enclosed.decode(Arrays.copyOf(segment, length), TcpFuzzTest::decode);
            }
        }
        Seeded.forEach(Scale.pick(20_000, 1_000_000), random ->
        {
            final byte[] bytes = random.nextInt(4) == 0 ?
                Seeded.bytes(random, random.nextInt(80)) :
                SEGMENTS.get(random.nextInt(SEGMENTS.size())).clone();
            Seeded.mutate(random, bytes, random.nextInt(6));
            if (random.nextBoolean() && bytes.length > 12)
            {
                bytes[12] = (byte)((5 + random.nextInt(11)) << 4);
            }
            Enclosed.decode(bytes, TcpFuzzTest::decode);
        });
    }

    private static void decode(
        final DirectBuffer buffer, final int offset, final int length, final Enclosed.Facts facts)
    {
        final TcpQuoteFlyweight quote = new TcpQuoteFlyweight();
        if (facts.add("quote", quote.wrap(buffer, offset, length)))
        {
            facts.add("src", quote.srcPort()).add("dst", quote.dstPort()).add("seq", quote.seq());
        }
        final TcpHeaderFlyweight tcp = new TcpHeaderFlyweight();
        if (!facts.add("tcp", tcp.wrap(buffer, offset, length)))
        {
            return;
        }
        facts.add("src", tcp.srcPort()).add("dst", tcp.dstPort()).add("seq", tcp.seq()).add("ack", tcp.ack())
            .add("flags", tcp.flags()).add("window", tcp.window()).add("checksum", tcp.checksum())
            .add("urgent", tcp.urgentPointer()).add("segment", tcp.segmentLength())
            .add("payload", tcp.payloadOffset() - offset).add("length", tcp.payloadLength());
        facts.add("valid", tcp.isChecksumValid(0));
        facts.add("partial", tcp.isChecksumPartial(0));
        final TcpOptionsDecoder options = new TcpOptionsDecoder();
        facts.add("options", options.parse(buffer, tcp.optionsOffset(), tcp.optionsLength()));
        facts.add("mss", options.mss()).add("scale", options.windowScale()).add("val", options.tsVal())
            .add("ecr", options.tsEcr()).add("cookie", options.fastOpenLength());
        for (int i = 0; i < options.sackBlockCount(); i++)
        {
            facts.add("left", options.sackLeftEdge(i)).add("right", options.sackRightEdge(i));
        }
        final TcpOptionsIterator option = new TcpOptionsIterator()
            .wrap(buffer, tcp.optionsOffset(), tcp.optionsLength());
        while (option.next())
        {
            facts.add("kind", option.kind()).add("at", option.offset() - offset).add("length", option.length());
        }
    }
}
