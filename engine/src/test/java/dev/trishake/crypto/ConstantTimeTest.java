// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto;

import dev.trishake.support.Allocation;
import dev.trishake.support.Seeded;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConstantTimeTest
{
    private static final int MAX_LENGTH = 40;

    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void shouldFindEqualRangesEqual()
    {
        for (int length = 0; length <= MAX_LENGTH; length++)
        {
            final byte[] octets = Seeded.bytes(random, length);
            for (int offset = 0; offset <= 9; offset++)
            {
                final UnsafeBuffer a = around(octets, offset);
                final UnsafeBuffer b = around(octets, 3);
                assertTrue(ConstantTime.equal(a, offset, b, 3, length), "length " + length + " offset " + offset);
            }
        }
    }

    @Test
    void shouldFindADifferenceOfOneBitAnywhere()
    {
        for (int length = 1; length <= MAX_LENGTH; length++)
        {
            final byte[] octets = Seeded.bytes(random, length);
            for (int bit = 0; bit < 8 * length; bit++)
            {
                final byte[] other = octets.clone();
                other[bit / 8] ^= (byte)(1 << bit % 8);
                assertFalse(ConstantTime.equal(around(octets, 1), 1, around(other, 2), 2, length),
                    "length " + length + " bit " + bit);
            }
        }
    }

    @Test
    void shouldFindDifferencesThatCancelOut()
    {
        // a sum or an exclusive or of the differences would be 0; 39 is four words and seven octets
        final int length = 39;
        for (int first = 0; first < length; first++)
        {
            for (int second = 0; second < length; second++)
            {
                final byte[] same = new byte[length];
                same[first] = 1;
                same[second] = 1;
                assertFalse(equal(new byte[length], same));
                final byte[] opposite = new byte[length];
                opposite[first] = -1;
                opposite[second] = 1;
                assertFalse(equal(new byte[length], opposite));
            }
        }
    }

    @Test
    void shouldReadOnToTheEndWhereverTheRangesDiffer()
    {
        // both ranges end one octet behind their buffers: only a comparison that goes to the end notices
        for (int length = 2; length <= MAX_LENGTH; length++)
        {
            final UnsafeBuffer a = new UnsafeBuffer(new byte[length - 1]);
            for (int at = 0; at < length - 1; at++)
            {
                final UnsafeBuffer b = new UnsafeBuffer(new byte[length - 1]);
                b.putByte(at, (byte)0x80);
                final int whole = length;
                assertThrows(IndexOutOfBoundsException.class, () -> ConstantTime.equal(a, 0, b, 0, whole));
            }
        }
    }

    @Test
    void shouldFindNothingEqualOverANegativeLength()
    {
        final UnsafeBuffer a = new UnsafeBuffer(new byte[8]);
        assertFalse(ConstantTime.equal(a, 0, a, 0, -1));
        assertFalse(ConstantTime.equal(a, 0, a, 0, Integer.MIN_VALUE));
    }

    @Test
    void shouldCopyOnlyWhereTheMaskSaysSo()
    {
        for (int length = 0; length <= MAX_LENGTH; length++)
        {
            final byte[] source = Seeded.bytes(random, length);
            final byte[] before = Seeded.bytes(random, length + 8);
            for (int offset = 0; offset <= 8; offset++)
            {
                final byte[] copied = before.clone();
                System.arraycopy(source, 0, copied, offset, length);

                final byte[] destination = before.clone();
                final UnsafeBuffer buffer = new UnsafeBuffer(destination);
                ConstantTime.conditionalCopy(0, buffer, offset, around(source, 5), 5, length);
                assertArrayEquals(before, destination);
                ConstantTime.conditionalCopy(-1, buffer, offset, around(source, 5), 5, length);
                assertArrayEquals(copied, destination);
            }
        }
    }

    @Test
    void shouldSwapOnlyWhereTheMaskSaysSo()
    {
        for (int length = 0; length <= MAX_LENGTH; length++)
        {
            final byte[] a = Seeded.bytes(random, length + 3);
            final byte[] b = Seeded.bytes(random, length + 7);
            final byte[] swappedA = a.clone();
            final byte[] swappedB = b.clone();
            System.arraycopy(b, 5, swappedA, 2, length);
            System.arraycopy(a, 2, swappedB, 5, length);

            final byte[] keptA = a.clone();
            final byte[] keptB = b.clone();
            ConstantTime.conditionalSwap(0, new UnsafeBuffer(a), 2, new UnsafeBuffer(b), 5, length);
            assertArrayEquals(keptA, a);
            assertArrayEquals(keptB, b);
            ConstantTime.conditionalSwap(-1, new UnsafeBuffer(a), 2, new UnsafeBuffer(b), 5, length);
            assertArrayEquals(swappedA, a);
            assertArrayEquals(swappedB, b);
        }
    }

    @Test
    void shouldKeepARangeThatIsSwappedWithOrCopiedOntoItself()
    {
        final byte[] octets = Seeded.bytes(random, 21);
        final byte[] kept = octets.clone();
        final UnsafeBuffer buffer = new UnsafeBuffer(octets);
        ConstantTime.conditionalSwap(-1, buffer, 1, buffer, 1, 19);
        ConstantTime.conditionalCopy(-1, buffer, 1, buffer, 1, 19);
        assertArrayEquals(kept, octets);
    }

    @Test
    void shouldWipeTheRangeAndNothingElse()
    {
        for (final int length : new int[]{0, 1, 7, 8, 31, 99, 100, 1000})
        {
            final byte[] octets = new byte[length + 10];
            Arrays.fill(octets, (byte)0x5a);
            ConstantTime.wipe(new UnsafeBuffer(octets), 3, length);
            final byte[] expected = new byte[length + 10];
            Arrays.fill(expected, 0, 3, (byte)0x5a);
            Arrays.fill(expected, 3 + length, expected.length, (byte)0x5a);
            assertArrayEquals(expected, octets);
        }
    }

    @Test
    void shouldRefuseWhatIsNotAMask()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[8]);
        for (final int wrong : new int[]{1, 2, -2, 255, Integer.MIN_VALUE, Integer.MAX_VALUE})
        {
            assertThrows(AssertionError.class, () -> ConstantTime.select(wrong, 1, 2));
            assertThrows(AssertionError.class, () -> ConstantTime.select((long)wrong, 1L, 2L));
            assertThrows(AssertionError.class, () -> ConstantTime.conditionalCopy(wrong, buffer, 0, buffer, 0, 1));
            assertThrows(AssertionError.class, () -> ConstantTime.conditionalSwap(wrong, buffer, 0, buffer, 0, 1));
        }
    }

    @Test
    void shouldAllocateNothing()
    {
        final UnsafeBuffer a = new UnsafeBuffer(ByteBuffer.allocateDirect(64));
        final UnsafeBuffer b = new UnsafeBuffer(new byte[64]);
        final long[] sum = new long[1];
        Allocation.assertNone(10_000, () ->
        {
            int work = 0;
            for (int i = 0; i < 10_000; i++)
            {
                a.putInt(i & 31, i);
                sum[0] += ConstantTime.equal(a, 1, b, 2, 35) ? 1 : 0;
                final long mask = ConstantTime.lessThan(i, sum[0]) | ConstantTime.isZero(sum[0]);
                ConstantTime.conditionalCopy(mask, b, 0, a, 3, 37);
                ConstantTime.conditionalSwap(~mask, b, 0, a, 3, 37);
                ConstantTime.wipe(a, 0, i & 63);
                work++;
            }
            return work;
        });
    }

    private static boolean equal(final byte[] a, final byte[] b)
    {
        assertEquals(a.length, b.length);
        return ConstantTime.equal(new UnsafeBuffer(a), 0, new UnsafeBuffer(b), 0, a.length);
    }

    /** The octets in a buffer whose other octets are random. */
    private UnsafeBuffer around(final byte[] octets, final int offset)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(Seeded.bytes(random, offset + octets.length + 5));
        buffer.putBytes(offset, octets);
        return buffer;
    }
}
