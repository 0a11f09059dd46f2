// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

import dev.trishake.support.Allocation;
import dev.trishake.support.Exhaustive;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ChecksumTest
{
    @Test
    void shouldSumTheExampleOfRfc1071()
    {
        final UnsafeBuffer bytes = new UnsafeBuffer(Vectors.hex("0001f203f4f5f6f7"));
        assertEquals(0xddf2, Checksum.sum(bytes, 0, 8));
        assertEquals(~0xddf2 & 0xffff, Checksum.complement(0xddf2));
        assertTrue(Checksum.isValid(0xddf2 + Checksum.complement(0xddf2)));
    }

    @Test
    void shouldUpdateTheExampleOfRfc1624()
    {
        assertEquals(0xdd2f, Checksum.complement(0xcd7a + 0x5555));
        assertEquals(0x0000, Checksum.complement(0xcd7a + 0x3285));
        assertEquals(0x0000, Checksum.update16(0xdd2f, 0x5555, 0x3285));
    }

    @Test
    void shouldSumLikeTheNaiveLoopAtEveryLengthAndOffset()
    {
        final SplittableRandom random = new SplittableRandom(1);
        final byte[] bytes = Seeded.bytes(random, 256);
        Arrays.fill(bytes, 100, 180, (byte)0xff);
        final UnsafeBuffer heap = new UnsafeBuffer(bytes);
        final UnsafeBuffer direct = new UnsafeBuffer(ByteBuffer.allocateDirect(256));
        direct.putBytes(0, bytes);
        final Exhaustive all = new Exhaustive();
        while (all.next())
        {
            final int length = all.choose(101);
            final int offset = all.choose(100);
            final int expected = naiveSum(bytes, offset, length);
            assertEquals(expected, Checksum.sum(heap, offset, length), all::toString);
            assertEquals(expected, Checksum.sum(direct, offset, length), all::toString);
        }
    }

    @Test
    void shouldSumLikeTheNaiveLoopUpToTheLongestPacket()
    {
        Seeded.forEach(Scale.pick(300, 10_000), random ->
        {
            final byte[] bytes = Seeded.bytes(random, random.nextInt(65_536));
            if (random.nextBoolean())
            {
                Arrays.fill(bytes, (byte)(random.nextBoolean() ? 0xff : 0x00));
            }
            final int offset = random.nextInt(bytes.length + 1);
            final int length = random.nextInt(bytes.length - offset + 1);
            assertEquals(
                naiveSum(bytes, offset, length), Checksum.sum(new UnsafeBuffer(bytes), offset, length));
        });
        final byte[] most = new byte[1 << 24];
        Arrays.fill(most, (byte)0xff);
        assertEquals(0xffff, Checksum.sum(new UnsafeBuffer(most), 0, most.length));
        assertEquals(0, Checksum.sum(new UnsafeBuffer(new byte[65_536]), 0, 65_536));
    }

    @Test
    void shouldFoldTheCarryOfACarry()
    {
        // 65537 halves of all ones and one of 2^16 sum to 0x1_0000_ffff_ffff: folding carries three times
        final byte[] bytes = new byte[65_538 * 4];
        Arrays.fill(bytes, 0, bytes.length - 4, (byte)0xff);
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        buffer.putInt(bytes.length - 4, 0x1_0000);
        assertEquals(naiveSum(bytes, 0, bytes.length), Checksum.sum(buffer, 0, bytes.length));
    }

    @Test
    void shouldSumPiecesOfEvenLengthsLikeTheWhole()
    {
        Seeded.forEach(1000, random ->
        {
            final byte[] bytes = Seeded.bytes(random, random.nextInt(200));
            final int cut = random.nextInt(bytes.length + 1) & ~1;
            final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
            assertEquals(
                Checksum.complement(Checksum.sum(buffer, 0, bytes.length)),
                Checksum.complement(Checksum.sum(buffer, 0, cut) + Checksum.sum(buffer, cut, bytes.length - cut)));
        });
    }

    @Test
    void shouldSumPseudoHeadersAsTheyWouldStand()
    {
        Seeded.forEach(2000, random ->
        {
            final byte[] four = Seeded.bytes(random, 12);
            four[8] = 0;
            final ByteBuffer v4 = ByteBuffer.wrap(four);
            assertEquals(
                naiveSum(four, 0, 12),
                Checksum.pseudoHeader(v4.getInt(0), v4.getInt(4), four[9] & 0xff, v4.getChar(10)));

            final byte[] six = Seeded.bytes(random, 40);
            six[32] = 0;
            six[33] = 0;
            Arrays.fill(six, 36, 39, (byte)0);
            final ByteBuffer v6 = ByteBuffer.wrap(six);
            assertEquals(
                naiveSum(six, 0, 40),
                Checksum.pseudoHeader(
                    v6.getLong(0), v6.getLong(8), v6.getLong(16), v6.getLong(24), six[39] & 0xff, v6.getInt(32)));
        });
        assertEquals(
            naiveSum(Vectors.hex("ff".repeat(32) + "0000ffff" + "000000ff"), 0, 40),
            Checksum.pseudoHeader(-1, -1, -1, -1, 0xff, 0xffff));
    }

    @Test
    void shouldUpdateLikeAFullComputation()
    {
        Seeded.forEach(Scale.pick(20_000, 1_000_000), random ->
        {
            final byte[] bytes = Seeded.bytes(random, 2 + 2 * random.nextInt(20));
            Seeded.mutate(random, bytes, random.nextInt(8));
            bytes[0] |= 1; // what is covered is never all zeros: a header has its version there
            final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
            final int checksum = Checksum.complement(Checksum.sum(buffer, 0, bytes.length));
            if (bytes.length >= 6 && random.nextBoolean())
            {
                final int at = 2 + 2 * random.nextInt((bytes.length - 4) / 2);
                final int before = buffer.getInt(at, BIG_ENDIAN);
                final int after = random.nextInt(4) == 0 ? random.nextInt(2) - 1 : random.nextInt();
                buffer.putInt(at, after, BIG_ENDIAN);
                assertEquals(
                    Checksum.complement(naiveSum(bytes, 0, bytes.length)),
                    Checksum.update32(checksum, before, after));
            }
            else if (bytes.length >= 4)
            {
                final int at = 2 + 2 * random.nextInt((bytes.length - 2) / 2);
                final short before = buffer.getShort(at, BIG_ENDIAN);
                final short after = (short)(random.nextInt(4) == 0 ? random.nextInt(2) - 1 : random.nextInt());
                buffer.putShort(at, after, BIG_ENDIAN);
                assertEquals(
                    Checksum.complement(naiveSum(bytes, 0, bytes.length)),
                    Checksum.update16(checksum, before, after));
            }
        });
    }

    @Test
    void shouldUpdateLikeAFullComputationFromEveryChecksum()
    {
        for (int rest = 1; rest <= 0xffff; rest++)
        {
            assertEquals(
                Checksum.complement(rest + 0x3285),
                Checksum.update16(Checksum.complement(rest + 0x5555), 0x5555, 0x3285));
            assertEquals(
                Checksum.complement(rest),
                Checksum.update16(Checksum.complement(rest + 0xffff), 0xffff, 0));
        }
    }

    @Test
    void shouldTakeBothZerosForAValidSum()
    {
        assertTrue(Checksum.isValid(0xffff));
        assertTrue(Checksum.isValid(0xffff + 0xffff));
        assertFalse(Checksum.isValid(0));
        assertFalse(Checksum.isValid(0xfffe));
        assertFalse(Checksum.isValid(0x1_0000));
    }

    @Test
    void shouldNotReadOutsideOfTheBuffer()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[40]);
        for (int over = 1; over <= 40; over++)
        {
            final int offset = over;
            assertThrows(IndexOutOfBoundsException.class, () -> Checksum.sum(buffer, offset, 40));
        }
        assertThrows(IndexOutOfBoundsException.class, () -> Checksum.sum(buffer, -1, 8));
    }

    @Test
    void shouldAllocateNothing()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1500]);
        Allocation.assertNone(2000, () ->
        {
            int done = 0;
            for (int i = 0; i < 2000; i++)
            {
                buffer.putInt(i % 1000, i);
                final int sum = Checksum.sum(buffer, i % 7, 1460);
                done += Checksum.isValid(sum + Checksum.complement(sum)) &&
                    Checksum.update32(Checksum.update16(i, 1, 2), 3, 4) >= 0 ? 1 : 0;
            }
            return done;
        });
    }

    /** RFC 1071 4.1, as it stands there. */
    static int naiveSum(final byte[] bytes, final int offset, final int length)
    {
        long sum = 0;
        int count = length;
        int addr = offset;
        while (count > 1)
        {
            sum += (bytes[addr] & 0xff) << 8 | (bytes[addr + 1] & 0xff);
            addr += 2;
            count -= 2;
        }
        if (count > 0)
        {
            sum += (bytes[addr] & 0xff) << 8;
        }
        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return (int)sum;
    }
}
