// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.lanes;

import dev.trishake.crypto.curve.Field;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.L2D;
import static jdk.incubator.vector.VectorOperators.LSHL;

/**
 * The field of P-256, eight elements at a time: {@code P256Field}, formula for formula and limb for limb.
 *
 * <p>A product is about 250 vector operations. It stays in one method, written out, because a vector that is handed to
 * a method which C2 does not inline becomes an object on the heap, and C2 stops inlining the vector API itself at about
 * 350 of its calls. It does not spill: 32 registers of 512 bits hold it.
 */
public final class P256LaneField extends LaneField
{
    private static final double P1 = 0x1p44;
    private static final double P3 = 0x1p36;
    private static final double P4 = 0x1p48 - 0x1p16;

    private P256LaneField()
    {
    }

    /**
     * {@return the field; as a {@link Field}, so that who names this method need not load this class}
     */
    public static Field create()
    {
        return new P256LaneField();
    }

    @Override
    public void multiply(final long[] t, final int r, final int a, final int b)
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
        final DoubleVector high = DoubleVector.broadcast(DOUBLES, HIGH);

        // the columns: low halves modulo 2^64, high halves in units of 2^60; h1 to h8 still grow
        final LongVector s0 = a0.mul(b0);
        final DoubleVector h0 = x0.fma(y0, high);
        final LongVector s1 = a0.mul(b1).add(a1.mul(b0));
        final DoubleVector h1 = x0.fma(y1, x1.fma(y0, high));
        final LongVector s2 = a0.mul(b2).add(a1.mul(b1)).add(a2.mul(b0));
        final DoubleVector h2 = x0.fma(y2, x1.fma(y1, x2.fma(y0, high)));
        final LongVector s3 = a0.mul(b3).add(a1.mul(b2)).add(a2.mul(b1)).add(a3.mul(b0));
        final DoubleVector h3 = x0.fma(y3, x1.fma(y2, x2.fma(y1, x3.fma(y0, high))));
        final LongVector s4 = a0.mul(b4).add(a1.mul(b3)).add(a2.mul(b2)).add(a3.mul(b1)).add(a4.mul(b0));
        final DoubleVector h4 = x0.fma(y4, x1.fma(y3, x2.fma(y2, x3.fma(y1, x4.fma(y0, high)))));
        final LongVector s5 = a1.mul(b4).add(a2.mul(b3)).add(a3.mul(b2)).add(a4.mul(b1));
        final DoubleVector h5 = x1.fma(y4, x2.fma(y3, x3.fma(y2, x4.fma(y1, high))));
        final LongVector s6 = a2.mul(b4).add(a3.mul(b3)).add(a4.mul(b2));
        final DoubleVector h6 = x2.fma(y4, x3.fma(y3, x4.fma(y2, high)));
        final LongVector s7 = a3.mul(b4).add(a4.mul(b3));
        final DoubleVector h7 = x3.fma(y4, x4.fma(y3, high));
        final LongVector s8 = a4.mul(b4);
        final DoubleVector h8 = x4.fma(y4, high);

        // five steps: m is the low limb of a column, n the same as a double, q what the column carries,
        // d = m (2^48 - 2^16)
        final DoubleVector p1 = DoubleVector.broadcast(DOUBLES, P1);
        final DoubleVector p3 = DoubleVector.broadcast(DOUBLES, P3);
        final DoubleVector p4 = DoubleVector.broadcast(DOUBLES, P4);
        final LongVector g0 = h0.reinterpretAsLongs();
        final LongVector m0 = s0.and(LIMB_MASK);
        final LongVector q0 = s0.sub(g0.lanewise(LSHL, 60)).lanewise(ASHR, RADIX);

        final DoubleVector n0 = (DoubleVector)m0.convertShape(L2D, DOUBLES, 0);
        final LongVector d0 = m0.lanewise(LSHL, 48).sub(m0.lanewise(LSHL, 16));
        final LongVector g1 = n0.fma(p1, h1).reinterpretAsLongs();
        final LongVector v1 = s1.add(UNBIAS)
            .add(g0.lanewise(LSHL, 8)).add(m0.lanewise(LSHL, 44)).add(q0);
        final LongVector m1 = v1.and(LIMB_MASK);
        final LongVector q1 = v1.sub(g1.lanewise(LSHL, 60)).lanewise(ASHR, RADIX);

        final DoubleVector n1 = (DoubleVector)m1.convertShape(L2D, DOUBLES, 0);
        final LongVector d1 = m1.lanewise(LSHL, 48).sub(m1.lanewise(LSHL, 16));
        final LongVector g2 = n1.fma(p1, h2).reinterpretAsLongs();
        final LongVector v2 = s2.add(UNBIAS)
            .add(g1.lanewise(LSHL, 8)).add(m1.lanewise(LSHL, 44)).add(q1);
        final LongVector m2 = v2.and(LIMB_MASK);
        final LongVector q2 = v2.sub(g2.lanewise(LSHL, 60)).lanewise(ASHR, RADIX);

        final DoubleVector n2 = (DoubleVector)m2.convertShape(L2D, DOUBLES, 0);
        final LongVector d2 = m2.lanewise(LSHL, 48).sub(m2.lanewise(LSHL, 16));
        final LongVector g3 = n2.fma(p1, n0.fma(p3, h3)).reinterpretAsLongs();
        final LongVector v3 = s3.add(m0.lanewise(LSHL, 36)).add(UNBIAS)
            .add(g2.lanewise(LSHL, 8)).add(m2.lanewise(LSHL, 44)).add(q2);
        final LongVector m3 = v3.and(LIMB_MASK);
        final LongVector q3 = v3.sub(g3.lanewise(LSHL, 60)).lanewise(ASHR, RADIX);

        final DoubleVector n3 = (DoubleVector)m3.convertShape(L2D, DOUBLES, 0);
        final LongVector d3 = m3.lanewise(LSHL, 48).sub(m3.lanewise(LSHL, 16));
        final LongVector g4 = n3.fma(p1, n1.fma(p3, n0.fma(p4, h4))).reinterpretAsLongs();
        final LongVector v4 = s4.add(d0).add(m1.lanewise(LSHL, 36)).add(UNBIAS)
            .add(g3.lanewise(LSHL, 8)).add(m3.lanewise(LSHL, 44)).add(q3);
        final LongVector m4 = v4.and(LIMB_MASK);
        final LongVector q4 = v4.sub(g4.lanewise(LSHL, 60)).lanewise(ASHR, RADIX);

        final DoubleVector n4 = (DoubleVector)m4.convertShape(L2D, DOUBLES, 0);
        final LongVector d4 = m4.lanewise(LSHL, 48).sub(m4.lanewise(LSHL, 16));
        final LongVector g5 = n4.fma(p1, n2.fma(p3, n1.fma(p4, h5))).reinterpretAsLongs();
        final LongVector v5 = s5.add(d1).add(m2.lanewise(LSHL, 36)).add(UNBIAS)
            .add(g4.lanewise(LSHL, 8)).add(m4.lanewise(LSHL, 44)).add(q4);

        // columns 5 to 9 are the quotient; one carry
        final LongVector g6 = n3.fma(p3, n2.fma(p4, h6)).reinterpretAsLongs();
        final LongVector g7 = n4.fma(p3, n3.fma(p4, h7)).reinterpretAsLongs();
        final LongVector g8 = n4.fma(p4, h8).reinterpretAsLongs();
        final LongVector w5 = v5.sub(g5.lanewise(LSHL, 60));
        final LongVector w6 = s6.add(d2).add(m3.lanewise(LSHL, 36)).add(UNBIAS)
            .sub(g6.lanewise(LSHL, 60)).add(g5.lanewise(LSHL, 8));
        final LongVector w7 = s7.add(d3).add(m4.lanewise(LSHL, 36)).add(UNBIAS)
            .sub(g7.lanewise(LSHL, 60)).add(g6.lanewise(LSHL, 8));
        final LongVector w8 = s8.add(d4).add(UNBIAS)
            .sub(g8.lanewise(LSHL, 60)).add(g7.lanewise(LSHL, 8));
        final LongVector w9 = g8.lanewise(LSHL, 8).add(UNBIAS);
        w5.and(LIMB_MASK).intoArray(t, r);
        w6.and(LIMB_MASK).add(w5.lanewise(ASHR, RADIX)).intoArray(t, r + 8);
        w7.and(LIMB_MASK).add(w6.lanewise(ASHR, RADIX)).intoArray(t, r + 16);
        w8.and(LIMB_MASK).add(w7.lanewise(ASHR, RADIX)).intoArray(t, r + 24);
        w9.add(w8.lanewise(ASHR, RADIX)).intoArray(t, r + 32);
    }

    // as multiply, but the products that come twice are made once, of a and b = 2 a
    @Override
    public void square(final long[] t, final int r, final int a)
    {
        final LongVector a0 = LongVector.fromArray(LONGS, t, a);
        final LongVector a1 = LongVector.fromArray(LONGS, t, a + 8);
        final LongVector a2 = LongVector.fromArray(LONGS, t, a + 16);
        final LongVector a3 = LongVector.fromArray(LONGS, t, a + 24);
        final LongVector a4 = LongVector.fromArray(LONGS, t, a + 32);
        final LongVector b1 = a1.add(a1);
        final LongVector b2 = a2.add(a2);
        final LongVector b3 = a3.add(a3);
        final LongVector b4 = a4.add(a4);
        final DoubleVector x0 = (DoubleVector)a0.convertShape(L2D, DOUBLES, 0);
        final DoubleVector x1 = (DoubleVector)a1.convertShape(L2D, DOUBLES, 0);
        final DoubleVector x2 = (DoubleVector)a2.convertShape(L2D, DOUBLES, 0);
        final DoubleVector x3 = (DoubleVector)a3.convertShape(L2D, DOUBLES, 0);
        final DoubleVector x4 = (DoubleVector)a4.convertShape(L2D, DOUBLES, 0);
        final DoubleVector y1 = x1.add(x1);
        final DoubleVector y2 = x2.add(x2);
        final DoubleVector y3 = x3.add(x3);
        final DoubleVector y4 = x4.add(x4);
        final DoubleVector high = DoubleVector.broadcast(DOUBLES, HIGH);

        // the columns: low halves modulo 2^64, high halves in units of 2^60; h1 to h8 still grow
        final LongVector s0 = a0.mul(a0);
        final DoubleVector h0 = x0.fma(x0, high);
        final LongVector s1 = a0.mul(b1);
        final DoubleVector h1 = x0.fma(y1, high);
        final LongVector s2 = a0.mul(b2).add(a1.mul(a1));
        final DoubleVector h2 = x0.fma(y2, x1.fma(x1, high));
        final LongVector s3 = a0.mul(b3).add(a1.mul(b2));
        final DoubleVector h3 = x0.fma(y3, x1.fma(y2, high));
        final LongVector s4 = a0.mul(b4).add(a1.mul(b3)).add(a2.mul(a2));
        final DoubleVector h4 = x0.fma(y4, x1.fma(y3, x2.fma(x2, high)));
        final LongVector s5 = a1.mul(b4).add(a2.mul(b3));
        final DoubleVector h5 = x1.fma(y4, x2.fma(y3, high));
        final LongVector s6 = a2.mul(b4).add(a3.mul(a3));
        final DoubleVector h6 = x2.fma(y4, x3.fma(x3, high));
        final LongVector s7 = a3.mul(b4);
        final DoubleVector h7 = x3.fma(y4, high);
        final LongVector s8 = a4.mul(a4);
        final DoubleVector h8 = x4.fma(x4, high);

        // five steps: m is the low limb of a column, n the same as a double, q what the column carries,
        // d = m (2^48 - 2^16)
        final DoubleVector p1 = DoubleVector.broadcast(DOUBLES, P1);
        final DoubleVector p3 = DoubleVector.broadcast(DOUBLES, P3);
        final DoubleVector p4 = DoubleVector.broadcast(DOUBLES, P4);
        final LongVector g0 = h0.reinterpretAsLongs();
        final LongVector m0 = s0.and(LIMB_MASK);
        final LongVector q0 = s0.sub(g0.lanewise(LSHL, 60)).lanewise(ASHR, RADIX);

        final DoubleVector n0 = (DoubleVector)m0.convertShape(L2D, DOUBLES, 0);
        final LongVector d0 = m0.lanewise(LSHL, 48).sub(m0.lanewise(LSHL, 16));
        final LongVector g1 = n0.fma(p1, h1).reinterpretAsLongs();
        final LongVector v1 = s1.add(UNBIAS)
            .add(g0.lanewise(LSHL, 8)).add(m0.lanewise(LSHL, 44)).add(q0);
        final LongVector m1 = v1.and(LIMB_MASK);
        final LongVector q1 = v1.sub(g1.lanewise(LSHL, 60)).lanewise(ASHR, RADIX);

        final DoubleVector n1 = (DoubleVector)m1.convertShape(L2D, DOUBLES, 0);
        final LongVector d1 = m1.lanewise(LSHL, 48).sub(m1.lanewise(LSHL, 16));
        final LongVector g2 = n1.fma(p1, h2).reinterpretAsLongs();
        final LongVector v2 = s2.add(UNBIAS)
            .add(g1.lanewise(LSHL, 8)).add(m1.lanewise(LSHL, 44)).add(q1);
        final LongVector m2 = v2.and(LIMB_MASK);
        final LongVector q2 = v2.sub(g2.lanewise(LSHL, 60)).lanewise(ASHR, RADIX);

        final DoubleVector n2 = (DoubleVector)m2.convertShape(L2D, DOUBLES, 0);
        final LongVector d2 = m2.lanewise(LSHL, 48).sub(m2.lanewise(LSHL, 16));
        final LongVector g3 = n2.fma(p1, n0.fma(p3, h3)).reinterpretAsLongs();
        final LongVector v3 = s3.add(m0.lanewise(LSHL, 36)).add(UNBIAS)
            .add(g2.lanewise(LSHL, 8)).add(m2.lanewise(LSHL, 44)).add(q2);
        final LongVector m3 = v3.and(LIMB_MASK);
        final LongVector q3 = v3.sub(g3.lanewise(LSHL, 60)).lanewise(ASHR, RADIX);

        final DoubleVector n3 = (DoubleVector)m3.convertShape(L2D, DOUBLES, 0);
        final LongVector d3 = m3.lanewise(LSHL, 48).sub(m3.lanewise(LSHL, 16));
        final LongVector g4 = n3.fma(p1, n1.fma(p3, n0.fma(p4, h4))).reinterpretAsLongs();
        final LongVector v4 = s4.add(d0).add(m1.lanewise(LSHL, 36)).add(UNBIAS)
            .add(g3.lanewise(LSHL, 8)).add(m3.lanewise(LSHL, 44)).add(q3);
        final LongVector m4 = v4.and(LIMB_MASK);
        final LongVector q4 = v4.sub(g4.lanewise(LSHL, 60)).lanewise(ASHR, RADIX);

        final DoubleVector n4 = (DoubleVector)m4.convertShape(L2D, DOUBLES, 0);
        final LongVector d4 = m4.lanewise(LSHL, 48).sub(m4.lanewise(LSHL, 16));
        final LongVector g5 = n4.fma(p1, n2.fma(p3, n1.fma(p4, h5))).reinterpretAsLongs();
        final LongVector v5 = s5.add(d1).add(m2.lanewise(LSHL, 36)).add(UNBIAS)
            .add(g4.lanewise(LSHL, 8)).add(m4.lanewise(LSHL, 44)).add(q4);

        // columns 5 to 9 are the quotient; one carry
        final LongVector g6 = n3.fma(p3, n2.fma(p4, h6)).reinterpretAsLongs();
        final LongVector g7 = n4.fma(p3, n3.fma(p4, h7)).reinterpretAsLongs();
        final LongVector g8 = n4.fma(p4, h8).reinterpretAsLongs();
        final LongVector w5 = v5.sub(g5.lanewise(LSHL, 60));
        final LongVector w6 = s6.add(d2).add(m3.lanewise(LSHL, 36)).add(UNBIAS)
            .sub(g6.lanewise(LSHL, 60)).add(g5.lanewise(LSHL, 8));
        final LongVector w7 = s7.add(d3).add(m4.lanewise(LSHL, 36)).add(UNBIAS)
            .sub(g7.lanewise(LSHL, 60)).add(g6.lanewise(LSHL, 8));
        final LongVector w8 = s8.add(d4).add(UNBIAS)
            .sub(g8.lanewise(LSHL, 60)).add(g7.lanewise(LSHL, 8));
        final LongVector w9 = g8.lanewise(LSHL, 8).add(UNBIAS);
        w5.and(LIMB_MASK).intoArray(t, r);
        w6.and(LIMB_MASK).add(w5.lanewise(ASHR, RADIX)).intoArray(t, r + 8);
        w7.and(LIMB_MASK).add(w6.lanewise(ASHR, RADIX)).intoArray(t, r + 16);
        w8.and(LIMB_MASK).add(w7.lanewise(ASHR, RADIX)).intoArray(t, r + 24);
        w9.add(w8.lanewise(ASHR, RADIX)).intoArray(t, r + 32);
    }

    // as multiply, with two products in each column; about 310 vector operations
    @Override
    public void multiplyMinusProduct(final long[] t, final int r, final int a, final int b, final int c, final int d)
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
        final LongVector c0 = LongVector.fromArray(LONGS, t, c);
        final LongVector c1 = LongVector.fromArray(LONGS, t, c + 8);
        final LongVector c2 = LongVector.fromArray(LONGS, t, c + 16);
        final LongVector c3 = LongVector.fromArray(LONGS, t, c + 24);
        final LongVector c4 = LongVector.fromArray(LONGS, t, c + 32);
        final LongVector e0 = LongVector.fromArray(LONGS, t, d);
        final LongVector e1 = LongVector.fromArray(LONGS, t, d + 8);
        final LongVector e2 = LongVector.fromArray(LONGS, t, d + 16);
        final LongVector e3 = LongVector.fromArray(LONGS, t, d + 24);
        final LongVector e4 = LongVector.fromArray(LONGS, t, d + 32);
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
        final DoubleVector z0 = (DoubleVector)c0.convertShape(L2D, DOUBLES, 0);
        final DoubleVector z1 = (DoubleVector)c1.convertShape(L2D, DOUBLES, 0);
        final DoubleVector z2 = (DoubleVector)c2.convertShape(L2D, DOUBLES, 0);
        final DoubleVector z3 = (DoubleVector)c3.convertShape(L2D, DOUBLES, 0);
        final DoubleVector z4 = (DoubleVector)c4.convertShape(L2D, DOUBLES, 0);
        final DoubleVector w0 = ((DoubleVector)e0.convertShape(L2D, DOUBLES, 0)).neg();
        final DoubleVector w1 = ((DoubleVector)e1.convertShape(L2D, DOUBLES, 0)).neg();
        final DoubleVector w2 = ((DoubleVector)e2.convertShape(L2D, DOUBLES, 0)).neg();
        final DoubleVector w3 = ((DoubleVector)e3.convertShape(L2D, DOUBLES, 0)).neg();
        final DoubleVector w4 = ((DoubleVector)e4.convertShape(L2D, DOUBLES, 0)).neg();
        final DoubleVector high = DoubleVector.broadcast(DOUBLES, HIGH);

        // the columns: low halves modulo 2^64, high halves in units of 2^60; h1 to h8 still grow
        final LongVector s0 = a0.mul(b0).sub(c0.mul(e0));
        final DoubleVector h0 = x0.fma(y0, z0.fma(w0, high));
        final LongVector s1 = a0.mul(b1).add(a1.mul(b0)).sub(c0.mul(e1)).sub(c1.mul(e0));
        final DoubleVector h1 = x0.fma(y1, x1.fma(y0, z0.fma(w1, z1.fma(w0, high))));
        final LongVector s2 = a0.mul(b2).add(a1.mul(b1)).add(a2.mul(b0)).sub(c0.mul(e2)).sub(c1.mul(e1))
            .sub(c2.mul(e0));
        final DoubleVector h2 = x0.fma(y2, x1.fma(y1, x2.fma(y0, z0.fma(w2, z1.fma(w1, z2.fma(w0, high))))));
        final LongVector s3 = a0.mul(b3).add(a1.mul(b2)).add(a2.mul(b1)).add(a3.mul(b0)).sub(c0.mul(e3)).sub(c1.mul(e2))
            .sub(c2.mul(e1)).sub(c3.mul(e0));
        final DoubleVector h3 = x0.fma(y3, x1.fma(y2, x2.fma(y1, x3.fma(y0, z0.fma(w3, z1.fma(w2, z2.fma(w1, z3.fma(w0,
            high))))))));
        final LongVector s4 = a0.mul(b4).add(a1.mul(b3)).add(a2.mul(b2)).add(a3.mul(b1)).add(a4.mul(b0)).sub(c0.mul(e4))
            .sub(c1.mul(e3)).sub(c2.mul(e2)).sub(c3.mul(e1)).sub(c4.mul(e0));
        final DoubleVector h4 = x0.fma(y4, x1.fma(y3, x2.fma(y2, x3.fma(y1, x4.fma(y0, z0.fma(w4, z1.fma(w3, z2.fma(w2,
            z3.fma(w1, z4.fma(w0, high))))))))));
        final LongVector s5 = a1.mul(b4).add(a2.mul(b3)).add(a3.mul(b2)).add(a4.mul(b1)).sub(c1.mul(e4)).sub(c2.mul(e3))
            .sub(c3.mul(e2)).sub(c4.mul(e1));
        final DoubleVector h5 = x1.fma(y4, x2.fma(y3, x3.fma(y2, x4.fma(y1, z1.fma(w4, z2.fma(w3, z3.fma(w2, z4.fma(w1,
            high))))))));
        final LongVector s6 = a2.mul(b4).add(a3.mul(b3)).add(a4.mul(b2)).sub(c2.mul(e4)).sub(c3.mul(e3))
            .sub(c4.mul(e2));
        final DoubleVector h6 = x2.fma(y4, x3.fma(y3, x4.fma(y2, z2.fma(w4, z3.fma(w3, z4.fma(w2, high))))));
        final LongVector s7 = a3.mul(b4).add(a4.mul(b3)).sub(c3.mul(e4)).sub(c4.mul(e3));
        final DoubleVector h7 = x3.fma(y4, x4.fma(y3, z3.fma(w4, z4.fma(w3, high))));
        final LongVector s8 = a4.mul(b4).sub(c4.mul(e4));
        final DoubleVector h8 = x4.fma(y4, z4.fma(w4, high));

        // five steps: m is the low limb of a column, n the same as a double, q what the column carries,
        // d = m (2^48 - 2^16)
        final DoubleVector p1 = DoubleVector.broadcast(DOUBLES, P1);
        final DoubleVector p3 = DoubleVector.broadcast(DOUBLES, P3);
        final DoubleVector p4 = DoubleVector.broadcast(DOUBLES, P4);
        final LongVector g0 = h0.reinterpretAsLongs();
        final LongVector m0 = s0.and(LIMB_MASK);
        final LongVector q0 = s0.sub(g0.lanewise(LSHL, 60)).lanewise(ASHR, RADIX);

        final DoubleVector n0 = (DoubleVector)m0.convertShape(L2D, DOUBLES, 0);
        final LongVector d0 = m0.lanewise(LSHL, 48).sub(m0.lanewise(LSHL, 16));
        final LongVector g1 = n0.fma(p1, h1).reinterpretAsLongs();
        final LongVector v1 = s1.add(UNBIAS)
            .add(g0.lanewise(LSHL, 8)).add(m0.lanewise(LSHL, 44)).add(q0);
        final LongVector m1 = v1.and(LIMB_MASK);
        final LongVector q1 = v1.sub(g1.lanewise(LSHL, 60)).lanewise(ASHR, RADIX);

        final DoubleVector n1 = (DoubleVector)m1.convertShape(L2D, DOUBLES, 0);
        final LongVector d1 = m1.lanewise(LSHL, 48).sub(m1.lanewise(LSHL, 16));
        final LongVector g2 = n1.fma(p1, h2).reinterpretAsLongs();
        final LongVector v2 = s2.add(UNBIAS)
            .add(g1.lanewise(LSHL, 8)).add(m1.lanewise(LSHL, 44)).add(q1);
        final LongVector m2 = v2.and(LIMB_MASK);
        final LongVector q2 = v2.sub(g2.lanewise(LSHL, 60)).lanewise(ASHR, RADIX);

        final DoubleVector n2 = (DoubleVector)m2.convertShape(L2D, DOUBLES, 0);
        final LongVector d2 = m2.lanewise(LSHL, 48).sub(m2.lanewise(LSHL, 16));
        final LongVector g3 = n2.fma(p1, n0.fma(p3, h3)).reinterpretAsLongs();
        final LongVector v3 = s3.add(m0.lanewise(LSHL, 36)).add(UNBIAS)
            .add(g2.lanewise(LSHL, 8)).add(m2.lanewise(LSHL, 44)).add(q2);
        final LongVector m3 = v3.and(LIMB_MASK);
        final LongVector q3 = v3.sub(g3.lanewise(LSHL, 60)).lanewise(ASHR, RADIX);

        final DoubleVector n3 = (DoubleVector)m3.convertShape(L2D, DOUBLES, 0);
        final LongVector d3 = m3.lanewise(LSHL, 48).sub(m3.lanewise(LSHL, 16));
        final LongVector g4 = n3.fma(p1, n1.fma(p3, n0.fma(p4, h4))).reinterpretAsLongs();
        final LongVector v4 = s4.add(d0).add(m1.lanewise(LSHL, 36)).add(UNBIAS)
            .add(g3.lanewise(LSHL, 8)).add(m3.lanewise(LSHL, 44)).add(q3);
        final LongVector m4 = v4.and(LIMB_MASK);
        final LongVector q4 = v4.sub(g4.lanewise(LSHL, 60)).lanewise(ASHR, RADIX);

        final DoubleVector n4 = (DoubleVector)m4.convertShape(L2D, DOUBLES, 0);
        final LongVector d4 = m4.lanewise(LSHL, 48).sub(m4.lanewise(LSHL, 16));
        final LongVector g5 = n4.fma(p1, n2.fma(p3, n1.fma(p4, h5))).reinterpretAsLongs();
        final LongVector v5 = s5.add(d1).add(m2.lanewise(LSHL, 36)).add(UNBIAS)
            .add(g4.lanewise(LSHL, 8)).add(m4.lanewise(LSHL, 44)).add(q4);

        // columns 5 to 9 are the quotient; one carry
        final LongVector g6 = n3.fma(p3, n2.fma(p4, h6)).reinterpretAsLongs();
        final LongVector g7 = n4.fma(p3, n3.fma(p4, h7)).reinterpretAsLongs();
        final LongVector g8 = n4.fma(p4, h8).reinterpretAsLongs();
        final LongVector w5 = v5.sub(g5.lanewise(LSHL, 60));
        final LongVector w6 = s6.add(d2).add(m3.lanewise(LSHL, 36)).add(UNBIAS)
            .sub(g6.lanewise(LSHL, 60)).add(g5.lanewise(LSHL, 8));
        final LongVector w7 = s7.add(d3).add(m4.lanewise(LSHL, 36)).add(UNBIAS)
            .sub(g7.lanewise(LSHL, 60)).add(g6.lanewise(LSHL, 8));
        final LongVector w8 = s8.add(d4).add(UNBIAS)
            .sub(g8.lanewise(LSHL, 60)).add(g7.lanewise(LSHL, 8));
        final LongVector w9 = g8.lanewise(LSHL, 8).add(UNBIAS);
        w5.and(LIMB_MASK).intoArray(t, r);
        w6.and(LIMB_MASK).add(w5.lanewise(ASHR, RADIX)).intoArray(t, r + 8);
        w7.and(LIMB_MASK).add(w6.lanewise(ASHR, RADIX)).intoArray(t, r + 16);
        w8.and(LIMB_MASK).add(w7.lanewise(ASHR, RADIX)).intoArray(t, r + 24);
        w9.add(w8.lanewise(ASHR, RADIX)).intoArray(t, r + 32);
    }

    // as multiply, with the product and eight times the square in each column: e = 2 c, f = 8 c
    @Override
    public void multiplyMinusSquareOctupled(final long[] t, final int r, final int a, final int b, final int c)
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
        final LongVector c0 = LongVector.fromArray(LONGS, t, c);
        final LongVector c1 = LongVector.fromArray(LONGS, t, c + 8);
        final LongVector c2 = LongVector.fromArray(LONGS, t, c + 16);
        final LongVector c3 = LongVector.fromArray(LONGS, t, c + 24);
        final LongVector c4 = LongVector.fromArray(LONGS, t, c + 32);
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
        final DoubleVector z0 = (DoubleVector)c0.convertShape(L2D, DOUBLES, 0);
        final DoubleVector z1 = (DoubleVector)c1.convertShape(L2D, DOUBLES, 0);
        final DoubleVector z2 = (DoubleVector)c2.convertShape(L2D, DOUBLES, 0);
        final DoubleVector z3 = (DoubleVector)c3.convertShape(L2D, DOUBLES, 0);
        final DoubleVector z4 = (DoubleVector)c4.convertShape(L2D, DOUBLES, 0);
        final LongVector e1 = c1.lanewise(LSHL, 1);
        final LongVector e2 = c2.lanewise(LSHL, 1);
        final LongVector e3 = c3.lanewise(LSHL, 1);
        final LongVector e4 = c4.lanewise(LSHL, 1);
        final LongVector f0 = c0.lanewise(LSHL, 3);
        final LongVector f1 = c1.lanewise(LSHL, 3);
        final LongVector f2 = c2.lanewise(LSHL, 3);
        final LongVector f3 = c3.lanewise(LSHL, 3);
        final LongVector f4 = c4.lanewise(LSHL, 3);
        final DoubleVector u1 = z1.add(z1);
        final DoubleVector u2 = z2.add(z2);
        final DoubleVector u3 = z3.add(z3);
        final DoubleVector u4 = z4.add(z4);
        final DoubleVector w0 = z0.mul(-8);
        final DoubleVector w1 = z1.mul(-8);
        final DoubleVector w2 = z2.mul(-8);
        final DoubleVector w3 = z3.mul(-8);
        final DoubleVector w4 = z4.mul(-8);
        final DoubleVector high = DoubleVector.broadcast(DOUBLES, HIGH);

        // the columns: low halves modulo 2^64, high halves in units of 2^60; h1 to h8 still grow
        final LongVector s0 = a0.mul(b0).sub(f0.mul(c0));
        final DoubleVector h0 = x0.fma(y0, w0.fma(z0, high));
        final LongVector s1 = a0.mul(b1).add(a1.mul(b0)).sub(f0.mul(e1));
        final DoubleVector h1 = x0.fma(y1, x1.fma(y0, w0.fma(u1, high)));
        final LongVector s2 = a0.mul(b2).add(a1.mul(b1)).add(a2.mul(b0)).sub(f0.mul(e2)).sub(f1.mul(c1));
        final DoubleVector h2 = x0.fma(y2, x1.fma(y1, x2.fma(y0, w0.fma(u2, w1.fma(z1, high)))));
        final LongVector s3 = a0.mul(b3).add(a1.mul(b2)).add(a2.mul(b1)).add(a3.mul(b0)).sub(f0.mul(e3))
            .sub(f1.mul(e2));
        final DoubleVector h3 = x0.fma(y3, x1.fma(y2, x2.fma(y1, x3.fma(y0, w0.fma(u3, w1.fma(u2, high))))));
        final LongVector s4 = a0.mul(b4).add(a1.mul(b3)).add(a2.mul(b2)).add(a3.mul(b1)).add(a4.mul(b0)).sub(f0.mul(e4))
            .sub(f1.mul(e3)).sub(f2.mul(c2));
        final DoubleVector h4 = x0.fma(y4, x1.fma(y3, x2.fma(y2, x3.fma(y1, x4.fma(y0, w0.fma(u4, w1.fma(u3, w2.fma(z2,
            high))))))));
        final LongVector s5 = a1.mul(b4).add(a2.mul(b3)).add(a3.mul(b2)).add(a4.mul(b1)).sub(f1.mul(e4))
            .sub(f2.mul(e3));
        final DoubleVector h5 = x1.fma(y4, x2.fma(y3, x3.fma(y2, x4.fma(y1, w1.fma(u4, w2.fma(u3, high))))));
        final LongVector s6 = a2.mul(b4).add(a3.mul(b3)).add(a4.mul(b2)).sub(f2.mul(e4)).sub(f3.mul(c3));
        final DoubleVector h6 = x2.fma(y4, x3.fma(y3, x4.fma(y2, w2.fma(u4, w3.fma(z3, high)))));
        final LongVector s7 = a3.mul(b4).add(a4.mul(b3)).sub(f3.mul(e4));
        final DoubleVector h7 = x3.fma(y4, x4.fma(y3, w3.fma(u4, high)));
        final LongVector s8 = a4.mul(b4).sub(f4.mul(c4));
        final DoubleVector h8 = x4.fma(y4, w4.fma(z4, high));

        // five steps: m is the low limb of a column, n the same as a double, q what the column carries,
        // d = m (2^48 - 2^16)
        final DoubleVector p1 = DoubleVector.broadcast(DOUBLES, P1);
        final DoubleVector p3 = DoubleVector.broadcast(DOUBLES, P3);
        final DoubleVector p4 = DoubleVector.broadcast(DOUBLES, P4);
        final LongVector g0 = h0.reinterpretAsLongs();
        final LongVector m0 = s0.and(LIMB_MASK);
        final LongVector q0 = s0.sub(g0.lanewise(LSHL, 60)).lanewise(ASHR, RADIX);

        final DoubleVector n0 = (DoubleVector)m0.convertShape(L2D, DOUBLES, 0);
        final LongVector d0 = m0.lanewise(LSHL, 48).sub(m0.lanewise(LSHL, 16));
        final LongVector g1 = n0.fma(p1, h1).reinterpretAsLongs();
        final LongVector v1 = s1.add(UNBIAS)
            .add(g0.lanewise(LSHL, 8)).add(m0.lanewise(LSHL, 44)).add(q0);
        final LongVector m1 = v1.and(LIMB_MASK);
        final LongVector q1 = v1.sub(g1.lanewise(LSHL, 60)).lanewise(ASHR, RADIX);

        final DoubleVector n1 = (DoubleVector)m1.convertShape(L2D, DOUBLES, 0);
        final LongVector d1 = m1.lanewise(LSHL, 48).sub(m1.lanewise(LSHL, 16));
        final LongVector g2 = n1.fma(p1, h2).reinterpretAsLongs();
        final LongVector v2 = s2.add(UNBIAS)
            .add(g1.lanewise(LSHL, 8)).add(m1.lanewise(LSHL, 44)).add(q1);
        final LongVector m2 = v2.and(LIMB_MASK);
        final LongVector q2 = v2.sub(g2.lanewise(LSHL, 60)).lanewise(ASHR, RADIX);

        final DoubleVector n2 = (DoubleVector)m2.convertShape(L2D, DOUBLES, 0);
        final LongVector d2 = m2.lanewise(LSHL, 48).sub(m2.lanewise(LSHL, 16));
        final LongVector g3 = n2.fma(p1, n0.fma(p3, h3)).reinterpretAsLongs();
        final LongVector v3 = s3.add(m0.lanewise(LSHL, 36)).add(UNBIAS)
            .add(g2.lanewise(LSHL, 8)).add(m2.lanewise(LSHL, 44)).add(q2);
        final LongVector m3 = v3.and(LIMB_MASK);
        final LongVector q3 = v3.sub(g3.lanewise(LSHL, 60)).lanewise(ASHR, RADIX);

        final DoubleVector n3 = (DoubleVector)m3.convertShape(L2D, DOUBLES, 0);
        final LongVector d3 = m3.lanewise(LSHL, 48).sub(m3.lanewise(LSHL, 16));
        final LongVector g4 = n3.fma(p1, n1.fma(p3, n0.fma(p4, h4))).reinterpretAsLongs();
        final LongVector v4 = s4.add(d0).add(m1.lanewise(LSHL, 36)).add(UNBIAS)
            .add(g3.lanewise(LSHL, 8)).add(m3.lanewise(LSHL, 44)).add(q3);
        final LongVector m4 = v4.and(LIMB_MASK);
        final LongVector q4 = v4.sub(g4.lanewise(LSHL, 60)).lanewise(ASHR, RADIX);

        final DoubleVector n4 = (DoubleVector)m4.convertShape(L2D, DOUBLES, 0);
        final LongVector d4 = m4.lanewise(LSHL, 48).sub(m4.lanewise(LSHL, 16));
        final LongVector g5 = n4.fma(p1, n2.fma(p3, n1.fma(p4, h5))).reinterpretAsLongs();
        final LongVector v5 = s5.add(d1).add(m2.lanewise(LSHL, 36)).add(UNBIAS)
            .add(g4.lanewise(LSHL, 8)).add(m4.lanewise(LSHL, 44)).add(q4);

        // columns 5 to 9 are the quotient; one carry
        final LongVector g6 = n3.fma(p3, n2.fma(p4, h6)).reinterpretAsLongs();
        final LongVector g7 = n4.fma(p3, n3.fma(p4, h7)).reinterpretAsLongs();
        final LongVector g8 = n4.fma(p4, h8).reinterpretAsLongs();
        final LongVector w5 = v5.sub(g5.lanewise(LSHL, 60));
        final LongVector w6 = s6.add(d2).add(m3.lanewise(LSHL, 36)).add(UNBIAS)
            .sub(g6.lanewise(LSHL, 60)).add(g5.lanewise(LSHL, 8));
        final LongVector w7 = s7.add(d3).add(m4.lanewise(LSHL, 36)).add(UNBIAS)
            .sub(g7.lanewise(LSHL, 60)).add(g6.lanewise(LSHL, 8));
        final LongVector w8 = s8.add(d4).add(UNBIAS)
            .sub(g8.lanewise(LSHL, 60)).add(g7.lanewise(LSHL, 8));
        final LongVector w9 = g8.lanewise(LSHL, 8).add(UNBIAS);
        w5.and(LIMB_MASK).intoArray(t, r);
        w6.and(LIMB_MASK).add(w5.lanewise(ASHR, RADIX)).intoArray(t, r + 8);
        w7.and(LIMB_MASK).add(w6.lanewise(ASHR, RADIX)).intoArray(t, r + 16);
        w8.and(LIMB_MASK).add(w7.lanewise(ASHR, RADIX)).intoArray(t, r + 24);
        w9.add(w8.lanewise(ASHR, RADIX)).intoArray(t, r + 32);
    }

    @Override
    public void minusOctupled(final long[] t, final int r, final int a, final int b)
    {
        final LongVector v0 = LongVector.fromArray(LONGS, t, a)
            .sub(LongVector.fromArray(LONGS, t, b).lanewise(LSHL, 3));
        final LongVector v1 = LongVector.fromArray(LONGS, t, a + 8)
            .sub(LongVector.fromArray(LONGS, t, b + 8).lanewise(LSHL, 3));
        final LongVector v2 = LongVector.fromArray(LONGS, t, a + 16)
            .sub(LongVector.fromArray(LONGS, t, b + 16).lanewise(LSHL, 3));
        final LongVector v3 = LongVector.fromArray(LONGS, t, a + 24)
            .sub(LongVector.fromArray(LONGS, t, b + 24).lanewise(LSHL, 3));
        final LongVector v4 = LongVector.fromArray(LONGS, t, a + 32)
            .sub(LongVector.fromArray(LONGS, t, b + 32).lanewise(LSHL, 3));

        // v4 is about q 2^48: take q p away, which is q (p + 1) - q; then carry once
        final LongVector q = v4.add(1L << 47).lanewise(ASHR, 48);
        final LongVector w0 = v0.add(q);
        final LongVector w1 = v1.sub(q.lanewise(LSHL, 44));
        final LongVector w3 = v3.sub(q.lanewise(LSHL, 36));
        final LongVector w4 = v4.sub(q.lanewise(LSHL, 48)).add(q.lanewise(LSHL, 16));
        w0.and(LIMB_MASK).intoArray(t, r);
        w1.and(LIMB_MASK).add(w0.lanewise(ASHR, RADIX)).intoArray(t, r + 8);
        v2.and(LIMB_MASK).add(w1.lanewise(ASHR, RADIX)).intoArray(t, r + 16);
        w3.and(LIMB_MASK).add(v2.lanewise(ASHR, RADIX)).intoArray(t, r + 24);
        w4.add(w3.lanewise(ASHR, RADIX)).intoArray(t, r + 32);
    }

    @Override
    public void minusSumTwice(final long[] t, final int r, final int a, final int b, final int c)
    {
        final LongVector v0 = LongVector.fromArray(LONGS, t, a)
            .sub(LongVector.fromArray(LONGS, t, b))
            .sub(LongVector.fromArray(LONGS, t, c).lanewise(LSHL, 1));
        final LongVector v1 = LongVector.fromArray(LONGS, t, a + 8)
            .sub(LongVector.fromArray(LONGS, t, b + 8))
            .sub(LongVector.fromArray(LONGS, t, c + 8).lanewise(LSHL, 1));
        final LongVector v2 = LongVector.fromArray(LONGS, t, a + 16)
            .sub(LongVector.fromArray(LONGS, t, b + 16))
            .sub(LongVector.fromArray(LONGS, t, c + 16).lanewise(LSHL, 1));
        final LongVector v3 = LongVector.fromArray(LONGS, t, a + 24)
            .sub(LongVector.fromArray(LONGS, t, b + 24))
            .sub(LongVector.fromArray(LONGS, t, c + 24).lanewise(LSHL, 1));
        final LongVector v4 = LongVector.fromArray(LONGS, t, a + 32)
            .sub(LongVector.fromArray(LONGS, t, b + 32))
            .sub(LongVector.fromArray(LONGS, t, c + 32).lanewise(LSHL, 1));

        // v4 is about q 2^48: take q p away, which is q (p + 1) - q; then carry once
        final LongVector q = v4.add(1L << 47).lanewise(ASHR, 48);
        final LongVector w0 = v0.add(q);
        final LongVector w1 = v1.sub(q.lanewise(LSHL, 44));
        final LongVector w3 = v3.sub(q.lanewise(LSHL, 36));
        final LongVector w4 = v4.sub(q.lanewise(LSHL, 48)).add(q.lanewise(LSHL, 16));
        w0.and(LIMB_MASK).intoArray(t, r);
        w1.and(LIMB_MASK).add(w0.lanewise(ASHR, RADIX)).intoArray(t, r + 8);
        v2.and(LIMB_MASK).add(w1.lanewise(ASHR, RADIX)).intoArray(t, r + 16);
        w3.and(LIMB_MASK).add(v2.lanewise(ASHR, RADIX)).intoArray(t, r + 24);
        w4.add(w3.lanewise(ASHR, RADIX)).intoArray(t, r + 32);
    }
}
