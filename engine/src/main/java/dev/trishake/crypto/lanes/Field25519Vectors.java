// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.lanes;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.L2D;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

/**
 * Arithmetic modulo 2^255 - 19 on eight elements side by side. Limb i of lane l of an element is at {@code at + 8 i +
 * l} of a {@code long[]}; representation, columns and bounds are those of {@code Field25519}, where they are explained.
 *
 * <p>There is no instruction for the upper half of a 64-bit product that the compiler would use, but multiplication of
 * 64-bit integers and fused multiply-add of doubles there are: two operations for each pair of limbs, no masks.
 */
final class Field25519Vectors
{
    /** Places of eight elements. */
    static final int SIZE = 40;

    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_512;
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_512;
    private static final int LANES = 8;
    private static final int LIMB_BITS = 51;
    private static final long MASK = (1L << LIMB_BITS) - 1;
    private static final double C = 0x1.8p112;
    private static final long C_BITS = Double.doubleToRawLongBits(C);
    private static final int UP = 60;
    private static final int UP_TO_NEXT = UP - LIMB_BITS;
    private static final long WRAP = 19L << UP_TO_NEXT;
    private static final long C_NEXT = C_BITS << UP_TO_NEXT;
    private static final long C_WRAP = C_BITS * WRAP;
    private static final long A24 = 121665;
    private static final int HALF_BITS = 26;
    private static final long HALF_MASK = (1L << HALF_BITS) - 1;
    private static final int REST_BITS = LIMB_BITS - HALF_BITS;
    private static final long REST_MASK = (1L << REST_BITS) - 1;

    private Field25519Vectors()
    {
    }

    /** r = a b. */
    static void multiply(final long[] t, final int r, final int a, final int b)
    {
        final LongVector a0 = LongVector.fromArray(LONGS, t, a);
        final LongVector a1 = LongVector.fromArray(LONGS, t, a + 8);
        final LongVector a2 = LongVector.fromArray(LONGS, t, a + 16);
        final LongVector a3 = LongVector.fromArray(LONGS, t, a + 24);
        final LongVector a4 = LongVector.fromArray(LONGS, t, a + 32);
        final LongVector b0 = LongVector.fromArray(LONGS, t, b);
        final LongVector b1 = LongVector.fromArray(LONGS, t, b + 8);
        final LongVector b2 = LongVector.fromArray(LONGS, t, b + 16);
        final LongVector b3 = LongVector.fromArray(LONGS, t, b + 24);
        final LongVector b4 = LongVector.fromArray(LONGS, t, b + 32);
        final DoubleVector x0 = (DoubleVector)a0.convertShape(L2D, DOUBLES, 0);
        final DoubleVector x1 = (DoubleVector)a1.convertShape(L2D, DOUBLES, 0);
        final DoubleVector x2 = (DoubleVector)a2.convertShape(L2D, DOUBLES, 0);
        final DoubleVector x3 = (DoubleVector)a3.convertShape(L2D, DOUBLES, 0);
        final DoubleVector x4 = (DoubleVector)a4.convertShape(L2D, DOUBLES, 0);
        final DoubleVector y0 = (DoubleVector)b0.convertShape(L2D, DOUBLES, 0);
        final DoubleVector y1 = (DoubleVector)b1.convertShape(L2D, DOUBLES, 0);
        final DoubleVector y2 = (DoubleVector)b2.convertShape(L2D, DOUBLES, 0);
        final DoubleVector y3 = (DoubleVector)b3.convertShape(L2D, DOUBLES, 0);
        final DoubleVector y4 = (DoubleVector)b4.convertShape(L2D, DOUBLES, 0);
        // limbs of b above the fifth column, times 19
        final LongVector c1 = b1.mul(19);
        final LongVector c2 = b2.mul(19);
        final LongVector c3 = b3.mul(19);
        final LongVector c4 = b4.mul(19);
        final DoubleVector z1 = y1.mul(19);
        final DoubleVector z2 = y2.mul(19);
        final DoubleVector z3 = y3.mul(19);
        final DoubleVector z4 = y4.mul(19);
        final DoubleVector c = DoubleVector.broadcast(DOUBLES, C);
        final LongVector s0 = a0.mul(b0)
            .add(a1.mul(c4))
            .add(a2.mul(c3))
            .add(a3.mul(c2))
            .add(a4.mul(c1));
        final LongVector h0 = x0.fma(y0, x1.fma(z4, x2.fma(z3, x3.fma(z2, x4.fma(z1, c))))).reinterpretAsLongs();
        final LongVector s1 = a0.mul(b1)
            .add(a1.mul(b0))
            .add(a2.mul(c4))
            .add(a3.mul(c3))
            .add(a4.mul(c2));
        final LongVector h1 = x0.fma(y1, x1.fma(y0, x2.fma(z4, x3.fma(z3, x4.fma(z2, c))))).reinterpretAsLongs();
        final LongVector s2 = a0.mul(b2)
            .add(a1.mul(b1))
            .add(a2.mul(b0))
            .add(a3.mul(c4))
            .add(a4.mul(c3));
        final LongVector h2 = x0.fma(y2, x1.fma(y1, x2.fma(y0, x3.fma(z4, x4.fma(z3, c))))).reinterpretAsLongs();
        final LongVector s3 = a0.mul(b3)
            .add(a1.mul(b2))
            .add(a2.mul(b1))
            .add(a3.mul(b0))
            .add(a4.mul(c4));
        final LongVector h3 = x0.fma(y3, x1.fma(y2, x2.fma(y1, x3.fma(y0, x4.fma(z4, c))))).reinterpretAsLongs();
        final LongVector s4 = a0.mul(b4)
            .add(a1.mul(b3))
            .add(a2.mul(b2))
            .add(a3.mul(b1))
            .add(a4.mul(b0));
        final LongVector h4 = x0.fma(y4, x1.fma(y3, x2.fma(y2, x3.fma(y1, x4.fma(y0, c))))).reinterpretAsLongs();
        final LongVector u0 = s0.sub(h0.lanewise(LSHL, UP)).add(h4.mul(WRAP)).sub(C_WRAP);
        final LongVector u1 = s1.sub(h1.lanewise(LSHL, UP)).add(h0.lanewise(LSHL, UP_TO_NEXT)).sub(C_NEXT);
        final LongVector u2 = s2.sub(h2.lanewise(LSHL, UP)).add(h1.lanewise(LSHL, UP_TO_NEXT)).sub(C_NEXT);
        final LongVector u3 = s3.sub(h3.lanewise(LSHL, UP)).add(h2.lanewise(LSHL, UP_TO_NEXT)).sub(C_NEXT);
        final LongVector u4 = s4.sub(h4.lanewise(LSHL, UP)).add(h3.lanewise(LSHL, UP_TO_NEXT)).sub(C_NEXT);
        u0.and(MASK).add(u4.lanewise(ASHR, LIMB_BITS).mul(19)).intoArray(t, r);
        u1.and(MASK).add(u0.lanewise(ASHR, LIMB_BITS)).intoArray(t, r + 8);
        u2.and(MASK).add(u1.lanewise(ASHR, LIMB_BITS)).intoArray(t, r + 16);
        u3.and(MASK).add(u2.lanewise(ASHR, LIMB_BITS)).intoArray(t, r + 24);
        u4.and(MASK).add(u3.lanewise(ASHR, LIMB_BITS)).intoArray(t, r + 32);
    }

    /** r = a^2. */
    static void square(final long[] t, final int r, final int a)
    {
        final LongVector a0 = LongVector.fromArray(LONGS, t, a);
        final LongVector a1 = LongVector.fromArray(LONGS, t, a + 8);
        final LongVector a2 = LongVector.fromArray(LONGS, t, a + 16);
        final LongVector a3 = LongVector.fromArray(LONGS, t, a + 24);
        final LongVector a4 = LongVector.fromArray(LONGS, t, a + 32);
        final DoubleVector x0 = (DoubleVector)a0.convertShape(L2D, DOUBLES, 0);
        final DoubleVector x1 = (DoubleVector)a1.convertShape(L2D, DOUBLES, 0);
        final DoubleVector x2 = (DoubleVector)a2.convertShape(L2D, DOUBLES, 0);
        final DoubleVector x3 = (DoubleVector)a3.convertShape(L2D, DOUBLES, 0);
        final DoubleVector x4 = (DoubleVector)a4.convertShape(L2D, DOUBLES, 0);
        final LongVector d0 = a0.add(a0);
        final LongVector d1 = a1.add(a1);
        final LongVector d2 = a2.add(a2);
        final LongVector d3 = a3.add(a3);
        final DoubleVector e0 = x0.add(x0);
        final DoubleVector e1 = x1.add(x1);
        final DoubleVector e2 = x2.add(x2);
        final DoubleVector e3 = x3.add(x3);
        final LongVector c3 = a3.mul(19);
        final LongVector c4 = a4.mul(19);
        final DoubleVector z3 = x3.mul(19);
        final DoubleVector z4 = x4.mul(19);
        final DoubleVector c = DoubleVector.broadcast(DOUBLES, C);
        final LongVector s0 = a0.mul(a0)
            .add(d1.mul(c4))
            .add(d2.mul(c3));
        final LongVector h0 = x0.fma(x0, e1.fma(z4, e2.fma(z3, c))).reinterpretAsLongs();
        final LongVector s1 = d0.mul(a1)
            .add(d2.mul(c4))
            .add(a3.mul(c3));
        final LongVector h1 = e0.fma(x1, e2.fma(z4, x3.fma(z3, c))).reinterpretAsLongs();
        final LongVector s2 = d0.mul(a2)
            .add(a1.mul(a1))
            .add(d3.mul(c4));
        final LongVector h2 = e0.fma(x2, x1.fma(x1, e3.fma(z4, c))).reinterpretAsLongs();
        final LongVector s3 = d0.mul(a3)
            .add(d1.mul(a2))
            .add(a4.mul(c4));
        final LongVector h3 = e0.fma(x3, e1.fma(x2, x4.fma(z4, c))).reinterpretAsLongs();
        final LongVector s4 = d0.mul(a4)
            .add(d1.mul(a3))
            .add(a2.mul(a2));
        final LongVector h4 = e0.fma(x4, e1.fma(x3, x2.fma(x2, c))).reinterpretAsLongs();
        final LongVector u0 = s0.sub(h0.lanewise(LSHL, UP)).add(h4.mul(WRAP)).sub(C_WRAP);
        final LongVector u1 = s1.sub(h1.lanewise(LSHL, UP)).add(h0.lanewise(LSHL, UP_TO_NEXT)).sub(C_NEXT);
        final LongVector u2 = s2.sub(h2.lanewise(LSHL, UP)).add(h1.lanewise(LSHL, UP_TO_NEXT)).sub(C_NEXT);
        final LongVector u3 = s3.sub(h3.lanewise(LSHL, UP)).add(h2.lanewise(LSHL, UP_TO_NEXT)).sub(C_NEXT);
        final LongVector u4 = s4.sub(h4.lanewise(LSHL, UP)).add(h3.lanewise(LSHL, UP_TO_NEXT)).sub(C_NEXT);
        u0.and(MASK).add(u4.lanewise(ASHR, LIMB_BITS).mul(19)).intoArray(t, r);
        u1.and(MASK).add(u0.lanewise(ASHR, LIMB_BITS)).intoArray(t, r + 8);
        u2.and(MASK).add(u1.lanewise(ASHR, LIMB_BITS)).intoArray(t, r + 16);
        u3.and(MASK).add(u2.lanewise(ASHR, LIMB_BITS)).intoArray(t, r + 24);
        u4.and(MASK).add(u3.lanewise(ASHR, LIMB_BITS)).intoArray(t, r + 32);
    }

    /** r = a^(2^times), times at least 1. */
    static void square(final long[] t, final int r, final int a, final int times)
    {
        square(t, r, a);
        for (int i = 1; i < times; i++)
        {
            square(t, r, r);
        }
    }

    /** r = a - b, limb by limb. */
    static void subtract(final long[] t, final int r, final int a, final int b)
    {
        for (int i = 0; i < SIZE; i += LANES)
        {
            LongVector.fromArray(LONGS, t, a + i).sub(LongVector.fromArray(LONGS, t, b + i)).intoArray(t, r + i);
        }
    }

    /** sum = a + b and difference = a - b, limb by limb. */
    static void addSubtract(final long[] t, final int sum, final int difference, final int a, final int b)
    {
        for (int i = 0; i < SIZE; i += LANES)
        {
            final LongVector x = LongVector.fromArray(LONGS, t, a + i);
            final LongVector y = LongVector.fromArray(LONGS, t, b + i);
            x.add(y).intoArray(t, sum + i);
            x.sub(y).intoArray(t, difference + i);
        }
    }

    /** r = a + 121665 e. */
    static void multiplyAdd121665(final long[] t, final int r, final int a, final int e)
    {
        LongVector carry = LongVector.fromArray(LONGS, t, e + SIZE - LANES)
            .lanewise(ASHR, HALF_BITS).mul(A24).lanewise(ASHR, REST_BITS).mul(19);
        for (int i = 0; i < SIZE; i += LANES)
        {
            final LongVector limb = LongVector.fromArray(LONGS, t, e + i);
            final LongVector upper = limb.lanewise(ASHR, HALF_BITS).mul(A24);
            LongVector.fromArray(LONGS, t, a + i).add(limb.and(HALF_MASK).mul(A24))
                .add(upper.and(REST_MASK).lanewise(LSHL, HALF_BITS)).add(carry).intoArray(t, r + i);
            carry = upper.lanewise(ASHR, REST_BITS);
        }
    }

    /**
     * r = 1 / z = z^(p - 2); 0 for 0.
     *
     * @param t    everything lies here
     * @param r    where the result goes
     * @param z    where the operand lies; may be r
     * @param free where 4 times {@link #SIZE} places of scratch begin
     */
    static void invert(final long[] t, final int r, final int z, final int free)
    {
        final int a = free;
        final int b = free + SIZE;
        final int c = free + 2 * SIZE;
        final int d = free + 3 * SIZE;
        square(t, a, z);              // 2
        square(t, b, a, 2);           // 8
        multiply(t, b, z, b);         // 9
        multiply(t, a, a, b);         // 11
        square(t, c, a);              // 22
        multiply(t, b, b, c);         // 2^5 - 1
        square(t, c, b, 5);
        multiply(t, b, c, b);         // 2^10 - 1
        square(t, c, b, 10);
        multiply(t, c, c, b);         // 2^20 - 1
        square(t, d, c, 20);
        multiply(t, c, d, c);         // 2^40 - 1
        square(t, c, c, 10);
        multiply(t, b, c, b);         // 2^50 - 1
        square(t, c, b, 50);
        multiply(t, c, c, b);         // 2^100 - 1
        square(t, d, c, 100);
        multiply(t, c, d, c);         // 2^200 - 1
        square(t, c, c, 50);
        multiply(t, b, c, b);         // 2^250 - 1
        square(t, b, b, 5);
        multiply(t, r, b, a);         // 2^255 - 21
    }

    /** Reads eight elements from words; bit 255 is ignored (RFC 7748 5). */
    static void unpack(final long[] t, final int at, final long[] words)
    {
        final LongVector w0 = LongVector.fromArray(LONGS, words, 0);
        final LongVector w1 = LongVector.fromArray(LONGS, words, LANES);
        final LongVector w2 = LongVector.fromArray(LONGS, words, 2 * LANES);
        final LongVector w3 = LongVector.fromArray(LONGS, words, 3 * LANES);
        w0.and(MASK).intoArray(t, at);
        w0.lanewise(LSHR, 51).or(w1.lanewise(LSHL, 13)).and(MASK).intoArray(t, at + LANES);
        w1.lanewise(LSHR, 38).or(w2.lanewise(LSHL, 26)).and(MASK).intoArray(t, at + 2 * LANES);
        w2.lanewise(LSHR, 25).or(w3.lanewise(LSHL, 39)).and(MASK).intoArray(t, at + 3 * LANES);
        w3.lanewise(LSHR, 12).and(MASK).intoArray(t, at + 4 * LANES);
    }

    /** Writes eight elements' values from 0 to p - 1 as words; the steps are those of {@code Field25519.pack}. */
    static void pack(final long[] words, final long[] t, final int at)
    {
        LongVector l0 = LongVector.fromArray(LONGS, t, at);
        LongVector l1 = LongVector.fromArray(LONGS, t, at + LANES);
        LongVector l2 = LongVector.fromArray(LONGS, t, at + 2 * LANES);
        LongVector l3 = LongVector.fromArray(LONGS, t, at + 3 * LANES);
        LongVector l4 = LongVector.fromArray(LONGS, t, at + 4 * LANES);
        for (int i = 0; i < 2; i++)
        {
            l0 = (LongVector)Exact.LONGS.cast(l0);
            l1 = l0.lanewise(ASHR, LIMB_BITS).add(l1);
            l0 = l0.and(MASK);
            l2 = l1.lanewise(ASHR, LIMB_BITS).add(l2);
            l1 = l1.and(MASK);
            l3 = l2.lanewise(ASHR, LIMB_BITS).add(l3);
            l2 = l2.and(MASK);
            l4 = l3.lanewise(ASHR, LIMB_BITS).add(l4);
            l3 = l3.and(MASK);
            l0 = l4.lanewise(ASHR, LIMB_BITS).mul(19).add(l0);
            l4 = l4.and(MASK);
        }
        LongVector over = LongVector.broadcast(LONGS, 19).add(l0).lanewise(ASHR, LIMB_BITS);
        over = over.add(l1).lanewise(ASHR, LIMB_BITS);
        over = over.add(l2).lanewise(ASHR, LIMB_BITS);
        over = over.add(l3).lanewise(ASHR, LIMB_BITS);
        over = over.add(l4).lanewise(ASHR, LIMB_BITS);
        l0 = over.mul(19).add(l0);
        l1 = l0.lanewise(ASHR, LIMB_BITS).add(l1);
        l0 = l0.and(MASK);
        l2 = l1.lanewise(ASHR, LIMB_BITS).add(l2);
        l1 = l1.and(MASK);
        l3 = l2.lanewise(ASHR, LIMB_BITS).add(l3);
        l2 = l2.and(MASK);
        l4 = l3.lanewise(ASHR, LIMB_BITS).add(l4).and(MASK);
        l3 = l3.and(MASK);
        l0.or(l1.lanewise(LSHL, 51)).intoArray(words, 0);
        l1.lanewise(LSHR, 13).or(l2.lanewise(LSHL, 38)).intoArray(words, LANES);
        l2.lanewise(LSHR, 26).or(l3.lanewise(LSHL, 25)).intoArray(words, 2 * LANES);
        l3.lanewise(LSHR, 39).or(l4.lanewise(LSHL, 12)).intoArray(words, 3 * LANES);
    }
}
