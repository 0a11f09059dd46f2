// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * The one home of comparisons and choices that involve secrets: their time and their memory accesses depend on lengths
 * and offsets, which are public, and on nothing else.
 *
 * <p>An answer is a mask: all ones for yes, 0 for no. Masks are combined with {@code &}, {@code |} and {@code ~}, used
 * in {@link #select(long, long, long)}, and never branched on. Only {@link #equal(DirectBuffer, int, DirectBuffer, int,
 * int)} gives a boolean: its answer is about to be acted on in public.
 *
 * <p>Why this shape holds on a JVM that compiles as it likes (HotSpot of JDK 25):
 * <ul>
 * <li>C1 and C2 lay out and prune branches by profile, so there must be none on a secret, nor a {@code boolean} made
 * from one ({@code a == b ? 1 : 0} is a branch in bytecode), nor {@code Long.compareUnsigned}, which ends in one.
 * Straight-line {@code + - ^ & | >>} on registers stays so: both compilers may turn branches into conditional moves,
 * neither turns arithmetic into branches. The interpreter has one path per bytecode.</li>
 * <li>A loop over a range accumulates and has the length as its only exit. C2 may unroll or vectorise it; it can't
 * leave early, as it does not reason that an accumulator which has become non-zero stays so.</li>
 * <li>{@link #wipe} stores through {@code Unsafe} to memory that outlives the call; C2 does not remove such stores. An
 * array that never escapes could be scalar-replaced, but then the secret never was in memory.</li>
 * </ul>
 * What no Java code can promise: that registers, spilled stack slots and, for arrays on the heap, copies made by the
 * collector are wiped. Long-lived secrets therefore live in direct buffers.
 *
 * <p>Stateless. Ranges outside of their buffers fail as Agrona's bounds checks do.
 */
public final class ConstantTime
{
    private static final int WORD_LENGTH = Long.BYTES;

    private ConstantTime()
    {
    }

    /**
     * {@return whether two ranges hold the same octets: every octet of both is read, wherever they differ; false where
     * the length is negative}
     *
     * @param a       one buffer
     * @param aOffset where its range begins
     * @param b       the other buffer
     * @param bOffset where its range begins
     * @param length  of both ranges; two empty ranges are equal
     */
    public static boolean equal(
        final DirectBuffer a, final int aOffset, final DirectBuffer b, final int bOffset, final int length)
    {
        long difference = length >> (Integer.SIZE - 1);
        int i = 0;
        for (; i < (length & -WORD_LENGTH); i += WORD_LENGTH)
        {
            difference |= a.getLong(aOffset + i, LITTLE_ENDIAN) ^ b.getLong(bOffset + i, LITTLE_ENDIAN);
        }
        for (; i < length; i++)
        {
            difference |= a.getByte(aOffset + i) ^ b.getByte(bOffset + i);
        }
        return difference == 0;
    }

    /**
     * {@return the mask of {@code x != 0}}
     *
     * @param x any value
     */
    public static long isNonZero(final long x)
    {
        // x or -x is negative unless x is 0
        return (x | -x) >> (Long.SIZE - 1);
    }

    /**
     * {@return the mask of {@code x != 0}}
     *
     * @param x any value
     */
    public static int isNonZero(final int x)
    {
        return (x | -x) >> (Integer.SIZE - 1);
    }

    /**
     * {@return the mask of {@code x == 0}}
     *
     * @param x any value
     */
    public static long isZero(final long x)
    {
        return ~isNonZero(x);
    }

    /**
     * {@return the mask of {@code x == 0}}
     *
     * @param x any value
     */
    public static int isZero(final int x)
    {
        return ~isNonZero(x);
    }

    /**
     * {@return the mask of {@code a == b}}
     *
     * @param a any value
     * @param b any value
     */
    public static long equal(final long a, final long b)
    {
        return isZero(a ^ b);
    }

    /**
     * {@return the mask of {@code a == b}}
     *
     * @param a any value
     * @param b any value
     */
    public static int equal(final int a, final int b)
    {
        return isZero(a ^ b);
    }

    /**
     * {@return the mask of {@code a < b}, both unsigned}
     *
     * @param a 0 to 2^64 - 1
     * @param b 0 to 2^64 - 1
     */
    public static long lessThan(final long a, final long b)
    {
        // the borrow of a - b (Hacker's Delight 2-13)
        return ((~a & b) | ((~a | b) & (a - b))) >> (Long.SIZE - 1);
    }

    /**
     * {@return the mask of {@code a < b}, both unsigned}
     *
     * @param a 0 to 2^32 - 1
     * @param b 0 to 2^32 - 1
     */
    public static int lessThan(final int a, final int b)
    {
        return ((~a & b) | ((~a | b) & (a - b))) >> (Integer.SIZE - 1);
    }

    /**
     * {@return {@code a} where the mask is all ones, {@code b} where it is 0}
     *
     * @param mask all ones or 0
     * @param a    the value for yes
     * @param b    the value for no
     */
    public static long select(final long mask, final long a, final long b)
    {
        assert isMask(mask);
        return b ^ (mask & (a ^ b));
    }

    /**
     * {@return {@code a} where the mask is all ones, {@code b} where it is 0}
     *
     * @param mask all ones or 0
     * @param a    the value for yes
     * @param b    the value for no
     */
    public static int select(final int mask, final int a, final int b)
    {
        assert isMask(mask);
        return b ^ (mask & (a ^ b));
    }

    /**
     * Copies a range onto another where the mask is all ones; where it is 0 the destination is written with what it
     * holds.
     *
     * @param mask              all ones or 0
     * @param destination       where to
     * @param destinationOffset where the range begins that is overwritten
     * @param source            where from; its range is the same one as the destination's, or does not overlap it
     * @param sourceOffset      where the range begins that is read
     * @param length            of both ranges
     */
    public static void conditionalCopy(
        final long mask,
        final MutableDirectBuffer destination, final int destinationOffset,
        final DirectBuffer source, final int sourceOffset, final int length)
    {
        assert isMask(mask);
        int i = 0;
        for (; i < (length & -WORD_LENGTH); i += WORD_LENGTH)
        {
            final long old = destination.getLong(destinationOffset + i, LITTLE_ENDIAN);
            final long word = select(mask, source.getLong(sourceOffset + i, LITTLE_ENDIAN), old);
            destination.putLong(destinationOffset + i, word, LITTLE_ENDIAN);
        }
        for (; i < length; i++)
        {
            final long old = destination.getByte(destinationOffset + i);
            destination.putByte(destinationOffset + i, (byte)select(mask, source.getByte(sourceOffset + i), old));
        }
    }

    /**
     * Exchanges two ranges where the mask is all ones; where it is 0 both are written with what they hold.
     *
     * @param mask    all ones or 0
     * @param a       one buffer
     * @param aOffset where its range begins
     * @param b       the other buffer; its range is the same one as that of {@code a}, or does not overlap it
     * @param bOffset where its range begins
     * @param length  of both ranges
     */
    public static void conditionalSwap(
        final long mask,
        final MutableDirectBuffer a, final int aOffset,
        final MutableDirectBuffer b, final int bOffset, final int length)
    {
        assert isMask(mask);
        int i = 0;
        for (; i < (length & -WORD_LENGTH); i += WORD_LENGTH)
        {
            final long ofA = a.getLong(aOffset + i, LITTLE_ENDIAN);
            final long ofB = b.getLong(bOffset + i, LITTLE_ENDIAN);
            final long exchange = mask & (ofA ^ ofB);
            a.putLong(aOffset + i, ofA ^ exchange, LITTLE_ENDIAN);
            b.putLong(bOffset + i, ofB ^ exchange, LITTLE_ENDIAN);
        }
        for (; i < length; i++)
        {
            final byte ofA = a.getByte(aOffset + i);
            final byte ofB = b.getByte(bOffset + i);
            final long exchange = mask & (ofA ^ ofB);
            a.putByte(aOffset + i, (byte)(ofA ^ exchange));
            b.putByte(bOffset + i, (byte)(ofB ^ exchange));
        }
    }

    /**
     * Overwrites a range that held a secret with 0.
     *
     * @param buffer holds it
     * @param offset where the range begins
     * @param length of the range
     */
    public static void wipe(final MutableDirectBuffer buffer, final int offset, final int length)
    {
        buffer.setMemory(offset, length, (byte)0);
    }

    private static boolean isMask(final long mask)
    {
        // 0 + 1 and -1 + 1: one path for both, the mask may be secret where assertions are on
        return ((mask + 1) & ~1L) == 0;
    }
}
