// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.wire;

import dev.trishake.bench.Bench;
import dev.trishake.wire.ip.Checksum;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * What does the Internet checksum cost: of an IPv4 header, of a SYN with its pseudo header's room, of a full segment on
 * Ethernet, of the longest packet?
 */
public class ChecksumBenchmark extends Bench
{
    /** Bytes that are summed. */
    @Param({"20", "60", "1460", "65535"})
    public int length;

    private UnsafeBuffer buffer;
    private ByteBuffer bytes;

    @Setup
    public void setup()
    {
        final byte[] random = new byte[length];
        new SplittableRandom(length).nextBytes(random);
        bytes = ByteBuffer.allocateDirect(length).put(random).order(ByteOrder.nativeOrder());
        buffer = new UnsafeBuffer(bytes);
        if (sum() != wordByWord() || sum() != longByLong())
        {
            throw new IllegalStateException("the peers compute something else");
        }
    }

    @Benchmark
    public int sum()
    {
        return Checksum.sum(buffer, 0, length);
    }

    /** {@return the sum as RFC 1071 4.1 shows it} */
    @Benchmark
    public int wordByWord()
    {
        int sum = 0;
        int index = 0;
        for (; index < length - 1; index += 2)
        {
            sum += buffer.getShort(index, BIG_ENDIAN) & 0xffff;
        }
        if (index < length)
        {
            sum += (buffer.getByte(index) & 0xff) << 8;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return (sum & 0xffff) + (sum >>> 16);
    }

    /** {@return the sum as one would do it with a ByteBuffer: 64 bits a step, the carry added} */
    @Benchmark
    public int longByLong()
    {
        long sum = 0;
        int index = 0;
        for (; index <= length - 8; index += 8)
        {
            final long word = bytes.getLong(index);
            sum += word;
            if (Long.compareUnsigned(sum, word) < 0)
            {
                sum++;
            }
        }
        sum = (sum & 0xffff_ffffL) + (sum >>> 32);
        for (; index <= length - 2; index += 2)
        {
            sum += bytes.getShort(index) & 0xffff;
        }
        if (index < length)
        {
            final int last = bytes.get(index) & 0xff;
            sum += ByteOrder.nativeOrder() == BIG_ENDIAN ? last << 8 : last;
        }
        while (sum >>> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return ByteOrder.nativeOrder() == BIG_ENDIAN ? (int)sum : Short.reverseBytes((short)sum) & 0xffff;
    }
}
