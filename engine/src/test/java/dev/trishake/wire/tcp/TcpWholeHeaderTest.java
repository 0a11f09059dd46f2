// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tcp;

import dev.trishake.support.Exhaustive;
import dev.trishake.support.Seeded;
import dev.trishake.wire.ip.Checksum;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Encoder;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.ip.Ipv6Encoder;
import dev.trishake.wire.ip.Ipv6Flyweight;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Headers written at once, with sums that were never read back, against those written field by field. */
class TcpWholeHeaderTest
{
    private static final int AT = 8;

    private final UnsafeBuffer once = new UnsafeBuffer(ByteBuffer.allocateDirect(256));
    private final UnsafeBuffer byFields = new UnsafeBuffer(new byte[256]);
    private final TcpOptionWords words = new TcpOptionWords();
    private final TcpOptionsEncoder list = new TcpOptionsEncoder();
    private final TcpHeaderEncoder header = new TcpHeaderEncoder();
    private final Ipv4Encoder ipv4 = new Ipv4Encoder();
    private final Ipv6Encoder ipv6 = new Ipv6Encoder();

    @Test
    void shouldHoldTheOptionsThatTheEncoderWrites()
    {
        final Exhaustive all = new Exhaustive();
        while (all.next())
        {
            words.clear();
            list.init(byFields, AT);
            final boolean timestamps = all.flip();
            if (all.flip())
            {
                final boolean sack = all.flip();
                final int shift = all.choose(16) - 1;
                words.syn(1400, sack, timestamps, 0x01020304, 0xfffefdfc, shift);
                list.syn(1400, sack, timestamps, 0x01020304, 0xfffefdfc, shift);
            }
            else
            {
                if (timestamps)
                {
                    words.timestamps(-1, 7);
                    list.nop().nop().timestamps(-1, 7);
                }
                final int blocks = all.choose(timestamps ? 4 : 5);
                for (int i = 0; i < blocks; i++)
                {
                    if (i == 0)
                    {
                        words.sack(blocks);
                        list.nop().nop().sack(blocks);
                    }
                    words.sackBlock(i, ~i);
                    list.sackBlock(i, ~i);
                }
            }
            final int length = list.finish();
            assertEquals(length, words.length(), all::toString);
            final long sum = words.write(once, AT);
            assertEquals(Checksum.sum(byFields, AT, length), Checksum.fold(sum), all::toString);
            for (int i = 0; i < length; i++)
            {
                assertEquals(byFields.getByte(AT + i), once.getByte(AT + i), all::toString);
            }
        }
        assertEquals(2 * 2 * 16 + 4 + 5, all.count());
    }

    @Test
    void shouldWriteTheSamePacketAtOnceAsByFields()
    {
        Seeded.forEach(3000, random ->
        {
            final int source = random.nextInt();
            final int destination = random.nextInt();
            final byte[] payload = Seeded.bytes(random, random.nextInt(90));
            final int tcp = AT + Ipv4Flyweight.MIN_HEADER_LENGTH;
            final int srcPort = random.nextInt(0x10000);
            final int dstPort = random.nextInt(0x10000);
            final int seq = random.nextInt();
            final int ack = random.nextInt();
            final int flags = random.nextInt(TcpFlags.ALL + 1);
            final int window = random.nextInt(0x10000);
            words.clear();
            list.init(byFields, tcp + TcpHeaderFlyweight.MIN_LENGTH);
            if (random.nextBoolean())
            {
                words.timestamps(ack, seq);
                list.nop().nop().timestamps(ack, seq);
            }
            final int optionsLength = list.finish();
            final int headerLength = TcpHeaderFlyweight.MIN_LENGTH + optionsLength;
            final int length = headerLength + payload.length;

            byFields.putBytes(tcp + headerLength, payload);
            header.init(byFields, tcp).srcPort(srcPort).dstPort(dstPort).seq(seq).ack(ack)
                .flags(flags, optionsLength).window(window)
                .finish(Checksum.pseudoHeader(source, destination, IpProtocol.TCP, length), length);
            ipv4.init(byFields, AT).protocol(IpProtocol.TCP).source(source).destination(destination).finish(length);

            once.putBytes(tcp + headerLength, payload);
            Ipv4Encoder.write(once, AT, IpProtocol.TCP, source, destination, length);
            TcpHeaderEncoder.writeChecksum(once, tcp,
                TcpHeaderEncoder.write(once, tcp, srcPort, dstPort, seq, ack, flags, optionsLength, window) +
                words.write(once, tcp + TcpHeaderFlyweight.MIN_LENGTH) +
                Checksum.sum(once, tcp + headerLength, payload.length) +
                Checksum.pseudoHeader(source, destination, IpProtocol.TCP, length));
            for (int i = AT; i < tcp + length; i++)
            {
                assertEquals(byFields.getByte(i), once.getByte(i), "octet " + (i - AT));
            }
        });
    }

    @Test
    void shouldVerifyInOneSumWhatTheHeaderVerifiesInTwo()
    {
        Seeded.forEach(3000, random ->
        {
            final boolean isIpv4 = random.nextBoolean();
            final byte[] segment = Seeded.bytes(random, 20 + random.nextInt(150));
            segment[12] = (byte)0x50;
            final int start = AT + (isIpv4 ? Ipv4Flyweight.MIN_HEADER_LENGTH : Ipv6Flyweight.HEADER_LENGTH);
            final UnsafeBuffer buffer = random.nextBoolean() ? once : byFields;
            buffer.putBytes(start, segment);
            final int length = writeIp(random, isIpv4, buffer, segment.length);
            final Ipv4Flyweight packet4 = new Ipv4Flyweight();
            final Ipv6Flyweight packet6 = new Ipv6Flyweight();
            assertTrue(isIpv4 ? packet4.wrap(buffer, AT, length) : packet6.wrap(buffer, AT, length));
            final int pseudoHeader =
                isIpv4 ? packet4.pseudoHeader(segment.length) : packet6.pseudoHeader(segment.length);
            buffer.putShort(start + 16, (short)0);
            final boolean isRight = random.nextInt(3) > 0;
            if (isRight)
            {
                header.init(buffer, start).finish(pseudoHeader, segment.length);
            }
            else
            {
                buffer.putShort(start + 16, (short)random.nextInt());
            }
            final TcpHeaderFlyweight tcp = new TcpHeaderFlyweight();
            assertTrue(tcp.wrap(buffer, start, segment.length));
            final boolean valid = isIpv4 ? packet4.isPayloadChecksumValid() : packet6.isPayloadChecksumValid();
            assertEquals(tcp.isChecksumValid(pseudoHeader), valid);
            assertTrue(valid || !isRight);
        });
    }

    private int writeIp(
        final SplittableRandom random, final boolean isIpv4, final UnsafeBuffer buffer, final int length)
    {
        return isIpv4 ?
            ipv4.init(buffer, AT).protocol(IpProtocol.TCP).source(random.nextInt()).destination(random.nextInt())
                .finish(length) :
            ipv6.init(buffer, AT).protocol(IpProtocol.TCP).source(random.nextLong(), random.nextLong())
                .destination(random.nextLong(), random.nextLong()).finish(length);
    }
}
