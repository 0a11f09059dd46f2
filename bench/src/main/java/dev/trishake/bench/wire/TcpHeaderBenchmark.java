// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.wire;

import dev.trishake.bench.Bench;
import dev.trishake.wire.tcp.TcpFlags;
import dev.trishake.wire.tcp.TcpHeaderEncoder;
import dev.trishake.wire.tcp.TcpHeaderFlyweight;
import dev.trishake.wire.tcp.TcpOptionWords;
import dev.trishake.wire.tcp.TcpOptionsDecoder;
import dev.trishake.wire.tcp.TcpOptionsEncoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

import java.nio.ByteBuffer;

/**
 * What does it cost to take in a SYN with 20 bytes of options, checksum included, and what to write the SYN-ACK that
 * answers it? The peers are what one writes over a ByteBuffer without thinking of cost.
 */
public class TcpHeaderBenchmark extends Bench
{
    private static final int LENGTH = 40;
    private static final int PSEUDO_HEADER = 0x1234;
    private static final int REFUSED = -1;

    private final UnsafeBuffer segment = new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH));
    private final UnsafeBuffer answer = new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH));
    private final TcpHeaderFlyweight header = new TcpHeaderFlyweight();
    private final TcpOptionsDecoder options = new TcpOptionsDecoder();
    private final TcpHeaderEncoder headerEncoder = new TcpHeaderEncoder();
    private final TcpOptionsEncoder optionsEncoder = new TcpOptionsEncoder();
    private final TcpOptionWords optionWords = new TcpOptionWords();
    private int isn = 1000;
    // not final: packets come at any offset and length, nobody may fold them into constants
    private int offset;
    private int length = LENGTH;

    @Setup
    public void setup()
    {
        headerEncoder.init(segment, 0).srcPort(40000).dstPort(80).seq(0x12345678).ack(0).window(64240);
        optionsEncoder.init(segment, headerEncoder.optionsOffset()).syn(1460, true, true, 0x11223344, 0, 7);
        headerEncoder.flags(TcpFlags.SYN, optionsEncoder.finish()).finish(PSEUDO_HEADER, LENGTH);
        final int parsed = parse();
        isn = 1000;
        final int encoded = encode();
        final byte[] bytes = new byte[LENGTH];
        answer.getBytes(0, bytes);
        isn = 1000;
        final int byByteBuffer = encodeByteBuffer();
        final boolean isSame = answer.compareTo(new UnsafeBuffer(bytes)) == 0;
        isn = 1000;
        if (parsed == REFUSED || parsed != parseByteBuffer() || encoded != byByteBuffer || !isSame ||
            encoded != encodeByFields() || answer.compareTo(new UnsafeBuffer(bytes)) != 0)
        {
            throw new IllegalStateException("the peers compute something else");
        }
    }

    @Benchmark
    public int parse()
    {
        if (!header.wrap(segment, offset, length) ||
            !header.isChecksumValid(PSEUDO_HEADER) ||
            !options.parse(segment, header.optionsOffset(), header.optionsLength()))
        {
            return REFUSED;
        }
        return digest(header.srcPort(), header.dstPort(), header.seq(), header.flags(), header.window()) +
            digest(options.mss(), options.windowScale(), options.sackPermitted() ? 1 : 0, options.tsVal(),
                options.tsEcr());
    }

    @Benchmark
    public int parseByteBuffer()
    {
        final ByteBuffer in = segment.byteBuffer();
        final int dataOffset = (in.get(offset + 12) & 0xf0) >> 2;
        if (dataOffset < 20 || dataOffset > length || sum(in, offset, length, PSEUDO_HEADER) != 0xffff)
        {
            return REFUSED;
        }
        int mss = 0;
        int windowScale = -1;
        boolean sackPermitted = false;
        int tsVal = 0;
        int tsEcr = 0;
        int at = offset + 20;
        final int end = offset + dataOffset;
        while (at < end)
        {
            final int kind = in.get(at) & 0xff;
            if (kind == 0)
            {
                break;
            }
            if (kind == 1)
            {
                at++;
                continue;
            }
            final int optionLength = at + 1 < end ? in.get(at + 1) & 0xff : 0;
            if (optionLength < 2 || at + optionLength > end)
            {
                return REFUSED;
            }
            if (kind == 2 && optionLength == 4)
            {
                mss = in.getShort(at + 2) & 0xffff;
            }
            else if (kind == 3 && optionLength == 3)
            {
                windowScale = Math.min(14, in.get(at + 2) & 0xff);
            }
            else if (kind == 4 && optionLength == 2)
            {
                sackPermitted = true;
            }
            else if (kind == 8 && optionLength == 10)
            {
                tsVal = in.getInt(at + 2);
                tsEcr = in.getInt(at + 6);
            }
            at += optionLength;
        }
        return digest(in.getShort(offset) & 0xffff, in.getShort(offset + 2) & 0xffff, in.getInt(offset + 4),
                in.getShort(offset + 12) & 0xfff, in.getShort(offset + 14) & 0xffff) +
            digest(mss, windowScale, sackPermitted ? 1 : 0, tsVal, tsEcr);
    }

    /** At once, as the core writes: the checksum is made of the numbers and not of what was written. */
    @Benchmark
    public int encode()
    {
        optionWords.clear().syn(1460, true, true, 0x55667788, 0x11223344, 7);
        final long sum = PSEUDO_HEADER +
            TcpHeaderEncoder.write(
                answer, offset, 80, 40000, isn++, 0x12345679, TcpFlags.SYN | TcpFlags.ACK, optionWords.length(),
                64704) +
            optionWords.write(answer, offset + TcpHeaderFlyweight.MIN_LENGTH);
        TcpHeaderEncoder.writeChecksum(answer, offset, sum);
        return answer.getInt(16);
    }

    @Benchmark
    public int encodeByFields()
    {
        headerEncoder.init(answer, offset).srcPort(80).dstPort(40000).seq(isn++).ack(0x12345679).window(64704);
        optionsEncoder.init(answer, headerEncoder.optionsOffset()).syn(1460, true, true, 0x55667788, 0x11223344, 7);
        headerEncoder.flags(TcpFlags.SYN | TcpFlags.ACK, optionsEncoder.finish()).finish(PSEUDO_HEADER, length);
        return answer.getInt(16);
    }

    @Benchmark
    public int encodeByteBuffer()
    {
        final ByteBuffer out = answer.byteBuffer();
        out.clear().position(offset);
        out.putShort((short)80).putShort((short)40000).putInt(isn++).putInt(0x12345679);
        out.putShort((short)(length << 10 | 0x12)).putShort((short)64704).putInt(0);
        out.put((byte)2).put((byte)4).putShort((short)1460).put((byte)4).put((byte)2);
        out.put((byte)8).put((byte)10).putInt(0x55667788).putInt(0x11223344);
        out.put((byte)1).put((byte)3).put((byte)3).put((byte)7);
        out.putShort(offset + 16, (short)~sum(out, offset, length, PSEUDO_HEADER));
        return answer.getInt(16);
    }

    private static int sum(final ByteBuffer bytes, final int offset, final int length, final int start)
    {
        int sum = start;
        for (int i = 0; i < length; i += 2)
        {
            sum += bytes.getShort(offset + i) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return (sum & 0xffff) + (sum >>> 16);
    }

    private static int digest(final int a, final int b, final int c, final int d, final int e)
    {
        return a + 31 * (b + 31 * (c + 31 * (d + 31 * e)));
    }
}
