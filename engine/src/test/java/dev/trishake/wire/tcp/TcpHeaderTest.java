// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tcp;

import dev.trishake.support.Exhaustive;
import dev.trishake.support.Seeded;
import dev.trishake.wire.ip.Checksum;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TcpHeaderTest
{
    private static final int AT = 3;

    private final TcpHeaderFlyweight tcp = new TcpHeaderFlyweight();
    private final TcpHeaderEncoder encoder = new TcpHeaderEncoder();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);

    @Test
    void shouldTakeHeadersThatFitTheirSegmentAndNoOthers()
    {
        final Exhaustive all = new Exhaustive();
        int taken = 0;
        while (all.next())
        {
            final int words = all.choose(16);
            final int length = all.choose(66) - 1;
            buffer.putByte(AT + 12, (byte)(words << 4 | 0xf));
            final boolean expected = words >= 5 && words * 4 <= length;
            assertEquals(expected, tcp.wrap(buffer, AT, length), all::toString);
            if (expected)
            {
                taken++;
                assertEquals(words * 4, tcp.dataOffset());
                assertEquals(AT + 20, tcp.optionsOffset());
                assertEquals(words * 4 - 20, tcp.optionsLength());
                assertEquals(AT + words * 4, tcp.payloadOffset());
                assertEquals(length - words * 4, tcp.payloadLength());
            }
        }
        assertEquals(45 + 41 + 37 + 33 + 29 + 25 + 21 + 17 + 13 + 9 + 5, taken);
    }

    @Test
    void shouldReadWhatWasWritten()
    {
        Seeded.forEach(2000, random ->
        {
            buffer.putBytes(0, Seeded.bytes(random, buffer.capacity()));
            final int srcPort = random.nextInt(0x10000);
            final int dstPort = random.nextInt(0x10000);
            final int seq = random.nextInt();
            final int ack = random.nextInt();
            final int flags = random.nextInt(TcpFlags.ALL + 1);
            final int window = random.nextInt(0x10000);
            final int urgent = random.nextInt(0x10000);
            final int optionsLength = 4 * random.nextInt(11);
            final int payloadLength = random.nextInt(50);
            final int length = 20 + optionsLength + payloadLength;
            final int pseudoHeader = random.nextInt(0x10000);
            encoder.init(buffer, AT).srcPort(srcPort).dstPort(dstPort).seq(seq).ack(ack).flags(flags, optionsLength)
                .window(window).urgentPointer(urgent).finish(pseudoHeader, length);

            assertTrue(tcp.wrap(buffer, AT, length));
            assertEquals(srcPort, tcp.srcPort());
            assertEquals(dstPort, tcp.dstPort());
            assertEquals(seq, tcp.seq());
            assertEquals(ack, tcp.ack());
            assertEquals(flags, tcp.flags());
            assertEquals(window, tcp.window());
            assertEquals(urgent, tcp.urgentPointer());
            assertEquals(optionsLength, tcp.optionsLength());
            assertEquals(payloadLength, tcp.payloadLength());
            assertTrue(tcp.isChecksumValid(pseudoHeader));
            assertChecksumGuardsEveryBit(random, length, pseudoHeader);
        });
    }

    private void assertChecksumGuardsEveryBit(final SplittableRandom random, final int length, final int pseudoHeader)
    {
        final int at = AT + random.nextInt(length);
        final byte flipped = (byte)(buffer.getByte(at) ^ (1 << random.nextInt(8)));
        final byte original = buffer.getByte(at);
        buffer.putByte(at, flipped);
        assertFalse(tcp.isChecksumValid(pseudoHeader));
        buffer.putByte(at, original);
    }

    @Test
    void shouldCountSynAndFinAsOneNumberEach()
    {
        for (int flags = 0; flags <= TcpFlags.ALL; flags++)
        {
            encoder.init(buffer, AT).flags(flags, 8);
            assertTrue(tcp.wrap(buffer, AT, 28 + 7));
            final int expected = 7 + ((flags & TcpFlags.SYN) != 0 ? 1 : 0) + ((flags & TcpFlags.FIN) != 0 ? 1 : 0);
            assertEquals(expected, tcp.segmentLength());
            assertEquals(flags, tcp.flags());
        }
    }

    @Test
    void shouldReadWhatAnIcmpErrorQuotes()
    {
        final TcpQuoteFlyweight quote = new TcpQuoteFlyweight();
        encoder.init(buffer, AT).srcPort(80).dstPort(40000).seq(0x87654321);
        assertFalse(quote.wrap(buffer, AT, 7));
        assertTrue(quote.wrap(buffer, AT, 8));
        assertEquals(80, quote.srcPort());
        assertEquals(40000, quote.dstPort());
        assertEquals(0x87654321, quote.seq());
    }

    @Test
    void shouldTakeAPseudoHeaderSumAloneForAPartialChecksum()
    {
        final int pseudoHeader = Checksum.pseudoHeader(0x0a000001, 0x0a000002, 6, 20);
        encoder.init(buffer, AT).srcPort(1).dstPort(2).seq(3).ack(4).flags(TcpFlags.ACK, 0).window(5);
        buffer.putShort(AT + 16, (short)pseudoHeader, BIG_ENDIAN);
        assertTrue(tcp.wrap(buffer, AT, 20));
        assertTrue(tcp.isChecksumPartial(pseudoHeader));
        assertFalse(tcp.isChecksumPartial(pseudoHeader ^ 1));
        assertFalse(tcp.isChecksumValid(pseudoHeader));
    }
}
