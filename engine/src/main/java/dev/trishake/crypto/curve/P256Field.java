// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import static java.lang.Double.doubleToRawLongBits;
import static java.lang.Math.fma;

/**
 * The field of P-256, p = 2^256 - 2^224 + 2^192 + 2^96 - 1 (FIPS 186-4 D.1.2.3), one element at a time.
 *
 * <pre>
 *   p + 1 =   limb 4: 2^48 - 2^16   limb 3: 2^36   limb 2: 0   limb 1: 2^44   limb 0: 0
 * </pre>
 * A reduction step adds m 2^44 to the next column, m 2^36 to the third one after and m (2^48 - 2^16) to the fourth.
 */
public final class P256Field extends ScalarField
{
    /** The only one: it has no state. */
    public static final P256Field INSTANCE = new P256Field();

    private static final double P1 = 0x1p44;
    private static final double P3 = 0x1p36;
    private static final double P4 = 0x1p48 - 0x1p16;

    private P256Field()
    {
    }

    // one method each: Java returns one value, and a call with eighteen arguments costs an eighth of the product
    @Override
    @SuppressWarnings("checkstyle:MethodLength")
    public void multiply(final long[] t, final int r, final int a, final int b)
    {
        final long a0 = t[a];
        final long a1 = t[a + 1];
        final long a2 = t[a + 2];
        final long a3 = t[a + 3];
        final long a4 = t[a + 4];
        final long b0 = t[b];
        final long b1 = t[b + 1];
        final long b2 = t[b + 2];
        final long b3 = t[b + 3];
        final long b4 = t[b + 4];
        final double x0 = a0;
        final double x1 = a1;
        final double x2 = a2;
        final double x3 = a3;
        final double x4 = a4;
        final double y0 = b0;
        final double y1 = b1;
        final double y2 = b2;
        final double y3 = b3;
        final double y4 = b4;

        // the columns: low halves modulo 2^64, high halves in units of 2^60; h3 to h8 still grow
        final long s0 = a0 * b0;
        final double h0 = fma(x0, y0, HIGH);
        final long s1 = a0 * b1 + a1 * b0;
        final double h1 = fma(x0, y1, fma(x1, y0, HIGH));
        final long s2 = a0 * b2 + a1 * b1 + a2 * b0;
        final double h2 = fma(x0, y2, fma(x1, y1, fma(x2, y0, HIGH)));
        final long s3 = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0;
        final double h3 = fma(x0, y3, fma(x1, y2, fma(x2, y1, fma(x3, y0, HIGH))));
        final long s4 = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0;
        final double h4 = fma(x0, y4, fma(x1, y3, fma(x2, y2, fma(x3, y1, fma(x4, y0, HIGH)))));
        final long s5 = a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1;
        final double h5 = fma(x1, y4, fma(x2, y3, fma(x3, y2, fma(x4, y1, HIGH))));
        final long s6 = a2 * b4 + a3 * b3 + a4 * b2;
        final double h6 = fma(x2, y4, fma(x3, y3, fma(x4, y2, HIGH)));
        final long s7 = a3 * b4 + a4 * b3;
        final double h7 = fma(x3, y4, fma(x4, y3, HIGH));
        final long s8 = a4 * b4;
        final double h8 = fma(x4, y4, HIGH);

        // five steps: m is the low limb of a column, n the same as a double, q what the column carries,
        // d = m (2^48 - 2^16)
        final long g0 = doubleToRawLongBits(h0);
        final long m0 = s0 & LIMB_MASK;
        final long q0 = (s0 - (g0 << 60)) >> RADIX;

        final double n0 = m0;
        final long d0 = (m0 << 48) - (m0 << 16);
        final long g1 = doubleToRawLongBits(fma(n0, P1, h1));
        final long v1 = s1 + UNBIAS + (g0 << 8) + (m0 << 44) + q0;
        final long m1 = v1 & LIMB_MASK;
        final long q1 = (v1 - (g1 << 60)) >> RADIX;

        final double n1 = m1;
        final long d1 = (m1 << 48) - (m1 << 16);
        final long g2 = doubleToRawLongBits(fma(n1, P1, h2));
        final long v2 = s2 + UNBIAS + (g1 << 8) + (m1 << 44) + q1;
        final long m2 = v2 & LIMB_MASK;
        final long q2 = (v2 - (g2 << 60)) >> RADIX;

        final double n2 = m2;
        final long d2 = (m2 << 48) - (m2 << 16);
        final long g3 = doubleToRawLongBits(fma(n2, P1, fma(n0, P3, h3)));
        final long v3 = s3 + (m0 << 36) + UNBIAS + (g2 << 8) + (m2 << 44) + q2;
        final long m3 = v3 & LIMB_MASK;
        final long q3 = (v3 - (g3 << 60)) >> RADIX;

        final double n3 = m3;
        final long d3 = (m3 << 48) - (m3 << 16);
        final long g4 = doubleToRawLongBits(fma(n3, P1, fma(n1, P3, fma(n0, P4, h4))));
        final long v4 = s4 + d0 + (m1 << 36) + UNBIAS + (g3 << 8) + (m3 << 44) + q3;
        final long m4 = v4 & LIMB_MASK;
        final long q4 = (v4 - (g4 << 60)) >> RADIX;

        final double n4 = m4;
        final long d4 = (m4 << 48) - (m4 << 16);
        final long g5 = doubleToRawLongBits(fma(n4, P1, fma(n2, P3, fma(n1, P4, h5))));
        final long v5 = s5 + d1 + (m2 << 36) + UNBIAS + (g4 << 8) + (m4 << 44) + q4;

        // columns 5 to 9 are the quotient; one carry
        final long g6 = doubleToRawLongBits(fma(n3, P3, fma(n2, P4, h6)));
        final long g7 = doubleToRawLongBits(fma(n4, P3, fma(n3, P4, h7)));
        final long g8 = doubleToRawLongBits(fma(n4, P4, h8));
        carry(t, r,
            v5 - (g5 << 60),
            s6 + d2 + (m3 << 36) + UNBIAS - (g6 << 60) + (g5 << 8),
            s7 + d3 + (m4 << 36) + UNBIAS - (g7 << 60) + (g6 << 8),
            s8 + d4 + UNBIAS - (g8 << 60) + (g7 << 8),
            (g8 << 8) + UNBIAS);
    }

    // as multiply, but the products that come twice are made once, of a and b = 2 a
    @Override
    @SuppressWarnings("checkstyle:MethodLength")
    public void square(final long[] t, final int r, final int a)
    {
        final long a0 = t[a];
        final long a1 = t[a + 1];
        final long a2 = t[a + 2];
        final long a3 = t[a + 3];
        final long a4 = t[a + 4];
        final long b1 = a1 << 1;
        final long b2 = a2 << 1;
        final long b3 = a3 << 1;
        final long b4 = a4 << 1;
        final double x0 = a0;
        final double x1 = a1;
        final double x2 = a2;
        final double x3 = a3;
        final double x4 = a4;
        final double y1 = b1;
        final double y2 = b2;
        final double y3 = b3;
        final double y4 = b4;

        // the columns: low halves modulo 2^64, high halves in units of 2^60; h3 to h8 still grow
        final long s0 = a0 * a0;
        final double h0 = fma(x0, x0, HIGH);
        final long s1 = a0 * b1;
        final double h1 = fma(x0, y1, HIGH);
        final long s2 = a0 * b2 + a1 * a1;
        final double h2 = fma(x0, y2, fma(x1, x1, HIGH));
        final long s3 = a0 * b3 + a1 * b2;
        final double h3 = fma(x0, y3, fma(x1, y2, HIGH));
        final long s4 = a0 * b4 + a1 * b3 + a2 * a2;
        final double h4 = fma(x0, y4, fma(x1, y3, fma(x2, x2, HIGH)));
        final long s5 = a1 * b4 + a2 * b3;
        final double h5 = fma(x1, y4, fma(x2, y3, HIGH));
        final long s6 = a2 * b4 + a3 * a3;
        final double h6 = fma(x2, y4, fma(x3, x3, HIGH));
        final long s7 = a3 * b4;
        final double h7 = fma(x3, y4, HIGH);
        final long s8 = a4 * a4;
        final double h8 = fma(x4, x4, HIGH);

        // five steps: m is the low limb of a column, n the same as a double, q what the column carries,
        // d = m (2^48 - 2^16)
        final long g0 = doubleToRawLongBits(h0);
        final long m0 = s0 & LIMB_MASK;
        final long q0 = (s0 - (g0 << 60)) >> RADIX;

        final double n0 = m0;
        final long d0 = (m0 << 48) - (m0 << 16);
        final long g1 = doubleToRawLongBits(fma(n0, P1, h1));
        final long v1 = s1 + UNBIAS + (g0 << 8) + (m0 << 44) + q0;
        final long m1 = v1 & LIMB_MASK;
        final long q1 = (v1 - (g1 << 60)) >> RADIX;

        final double n1 = m1;
        final long d1 = (m1 << 48) - (m1 << 16);
        final long g2 = doubleToRawLongBits(fma(n1, P1, h2));
        final long v2 = s2 + UNBIAS + (g1 << 8) + (m1 << 44) + q1;
        final long m2 = v2 & LIMB_MASK;
        final long q2 = (v2 - (g2 << 60)) >> RADIX;

        final double n2 = m2;
        final long d2 = (m2 << 48) - (m2 << 16);
        final long g3 = doubleToRawLongBits(fma(n2, P1, fma(n0, P3, h3)));
        final long v3 = s3 + (m0 << 36) + UNBIAS + (g2 << 8) + (m2 << 44) + q2;
        final long m3 = v3 & LIMB_MASK;
        final long q3 = (v3 - (g3 << 60)) >> RADIX;

        final double n3 = m3;
        final long d3 = (m3 << 48) - (m3 << 16);
        final long g4 = doubleToRawLongBits(fma(n3, P1, fma(n1, P3, fma(n0, P4, h4))));
        final long v4 = s4 + d0 + (m1 << 36) + UNBIAS + (g3 << 8) + (m3 << 44) + q3;
        final long m4 = v4 & LIMB_MASK;
        final long q4 = (v4 - (g4 << 60)) >> RADIX;

        final double n4 = m4;
        final long d4 = (m4 << 48) - (m4 << 16);
        final long g5 = doubleToRawLongBits(fma(n4, P1, fma(n2, P3, fma(n1, P4, h5))));
        final long v5 = s5 + d1 + (m2 << 36) + UNBIAS + (g4 << 8) + (m4 << 44) + q4;

        // columns 5 to 9 are the quotient; one carry
        final long g6 = doubleToRawLongBits(fma(n3, P3, fma(n2, P4, h6)));
        final long g7 = doubleToRawLongBits(fma(n4, P3, fma(n3, P4, h7)));
        final long g8 = doubleToRawLongBits(fma(n4, P4, h8));
        carry(t, r,
            v5 - (g5 << 60),
            s6 + d2 + (m3 << 36) + UNBIAS - (g6 << 60) + (g5 << 8),
            s7 + d3 + (m4 << 36) + UNBIAS - (g7 << 60) + (g6 << 8),
            s8 + d4 + UNBIAS - (g8 << 60) + (g7 << 8),
            (g8 << 8) + UNBIAS);
    }

    // as multiply, with two products in each column
    @Override
    @SuppressWarnings("checkstyle:MethodLength")
    public void multiplyMinusProduct(final long[] t, final int r, final int a, final int b, final int c, final int d)
    {
        final long a0 = t[a];
        final long a1 = t[a + 1];
        final long a2 = t[a + 2];
        final long a3 = t[a + 3];
        final long a4 = t[a + 4];
        final long b0 = t[b];
        final long b1 = t[b + 1];
        final long b2 = t[b + 2];
        final long b3 = t[b + 3];
        final long b4 = t[b + 4];
        final long c0 = t[c];
        final long c1 = t[c + 1];
        final long c2 = t[c + 2];
        final long c3 = t[c + 3];
        final long c4 = t[c + 4];
        final long e0 = t[d];
        final long e1 = t[d + 1];
        final long e2 = t[d + 2];
        final long e3 = t[d + 3];
        final long e4 = t[d + 4];
        final double x0 = a0;
        final double x1 = a1;
        final double x2 = a2;
        final double x3 = a3;
        final double x4 = a4;
        final double y0 = b0;
        final double y1 = b1;
        final double y2 = b2;
        final double y3 = b3;
        final double y4 = b4;
        final double z0 = c0;
        final double z1 = c1;
        final double z2 = c2;
        final double z3 = c3;
        final double z4 = c4;
        final double w0 = -e0;
        final double w1 = -e1;
        final double w2 = -e2;
        final double w3 = -e3;
        final double w4 = -e4;

        // the columns: low halves modulo 2^64, high halves in units of 2^60; h3 to h8 still grow
        final long s0 = a0 * b0 - c0 * e0;
        final double h0 = fma(x0, y0, fma(z0, w0, HIGH));
        final long s1 = a0 * b1 + a1 * b0 - c0 * e1 - c1 * e0;
        final double h1 = fma(x0, y1, fma(x1, y0, fma(z0, w1, fma(z1, w0, HIGH))));
        final long s2 = a0 * b2 + a1 * b1 + a2 * b0 - c0 * e2 - c1 * e1 - c2 * e0;
        final double h2 = fma(x0, y2, fma(x1, y1, fma(x2, y0, fma(z0, w2, fma(z1, w1, fma(z2, w0, HIGH))))));
        final long s3 = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 - c0 * e3 - c1 * e2 - c2 * e1 - c3 * e0;
        final double h3 = fma(x0, y3, fma(x1, y2, fma(x2, y1, fma(x3, y0, fma(z0, w3, fma(z1, w2, fma(z2, w1,
            fma(z3, w0, HIGH))))))));
        final long s4 = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 - c0 * e4 - c1 * e3 - c2 * e2 - c3 * e1 -
            c4 * e0;
        final double h4 = fma(x0, y4, fma(x1, y3, fma(x2, y2, fma(x3, y1, fma(x4, y0, fma(z0, w4, fma(z1, w3,
            fma(z2, w2, fma(z3, w1, fma(z4, w0, HIGH))))))))));
        final long s5 = a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 - c1 * e4 - c2 * e3 - c3 * e2 - c4 * e1;
        final double h5 = fma(x1, y4, fma(x2, y3, fma(x3, y2, fma(x4, y1, fma(z1, w4, fma(z2, w3, fma(z3, w2,
            fma(z4, w1, HIGH))))))));
        final long s6 = a2 * b4 + a3 * b3 + a4 * b2 - c2 * e4 - c3 * e3 - c4 * e2;
        final double h6 = fma(x2, y4, fma(x3, y3, fma(x4, y2, fma(z2, w4, fma(z3, w3, fma(z4, w2, HIGH))))));
        final long s7 = a3 * b4 + a4 * b3 - c3 * e4 - c4 * e3;
        final double h7 = fma(x3, y4, fma(x4, y3, fma(z3, w4, fma(z4, w3, HIGH))));
        final long s8 = a4 * b4 - c4 * e4;
        final double h8 = fma(x4, y4, fma(z4, w4, HIGH));

        // five steps: m is the low limb of a column, n the same as a double, q what the column carries,
        // d = m (2^48 - 2^16)
        final long g0 = doubleToRawLongBits(h0);
        final long m0 = s0 & LIMB_MASK;
        final long q0 = (s0 - (g0 << 60)) >> RADIX;

        final double n0 = m0;
        final long d0 = (m0 << 48) - (m0 << 16);
        final long g1 = doubleToRawLongBits(fma(n0, P1, h1));
        final long v1 = s1 + UNBIAS + (g0 << 8) + (m0 << 44) + q0;
        final long m1 = v1 & LIMB_MASK;
        final long q1 = (v1 - (g1 << 60)) >> RADIX;

        final double n1 = m1;
        final long d1 = (m1 << 48) - (m1 << 16);
        final long g2 = doubleToRawLongBits(fma(n1, P1, h2));
        final long v2 = s2 + UNBIAS + (g1 << 8) + (m1 << 44) + q1;
        final long m2 = v2 & LIMB_MASK;
        final long q2 = (v2 - (g2 << 60)) >> RADIX;

        final double n2 = m2;
        final long d2 = (m2 << 48) - (m2 << 16);
        final long g3 = doubleToRawLongBits(fma(n2, P1, fma(n0, P3, h3)));
        final long v3 = s3 + (m0 << 36) + UNBIAS + (g2 << 8) + (m2 << 44) + q2;
        final long m3 = v3 & LIMB_MASK;
        final long q3 = (v3 - (g3 << 60)) >> RADIX;

        final double n3 = m3;
        final long d3 = (m3 << 48) - (m3 << 16);
        final long g4 = doubleToRawLongBits(fma(n3, P1, fma(n1, P3, fma(n0, P4, h4))));
        final long v4 = s4 + d0 + (m1 << 36) + UNBIAS + (g3 << 8) + (m3 << 44) + q3;
        final long m4 = v4 & LIMB_MASK;
        final long q4 = (v4 - (g4 << 60)) >> RADIX;

        final double n4 = m4;
        final long d4 = (m4 << 48) - (m4 << 16);
        final long g5 = doubleToRawLongBits(fma(n4, P1, fma(n2, P3, fma(n1, P4, h5))));
        final long v5 = s5 + d1 + (m2 << 36) + UNBIAS + (g4 << 8) + (m4 << 44) + q4;

        // columns 5 to 9 are the quotient; one carry
        final long g6 = doubleToRawLongBits(fma(n3, P3, fma(n2, P4, h6)));
        final long g7 = doubleToRawLongBits(fma(n4, P3, fma(n3, P4, h7)));
        final long g8 = doubleToRawLongBits(fma(n4, P4, h8));
        carry(t, r,
            v5 - (g5 << 60),
            s6 + d2 + (m3 << 36) + UNBIAS - (g6 << 60) + (g5 << 8),
            s7 + d3 + (m4 << 36) + UNBIAS - (g7 << 60) + (g6 << 8),
            s8 + d4 + UNBIAS - (g8 << 60) + (g7 << 8),
            (g8 << 8) + UNBIAS);
    }

    // as multiply, with the product and eight times the square in each column: e = 2 c, f = 8 c
    @Override
    @SuppressWarnings("checkstyle:MethodLength")
    public void multiplyMinusSquareOctupled(final long[] t, final int r, final int a, final int b, final int c)
    {
        final long a0 = t[a];
        final long a1 = t[a + 1];
        final long a2 = t[a + 2];
        final long a3 = t[a + 3];
        final long a4 = t[a + 4];
        final long b0 = t[b];
        final long b1 = t[b + 1];
        final long b2 = t[b + 2];
        final long b3 = t[b + 3];
        final long b4 = t[b + 4];
        final long c0 = t[c];
        final long c1 = t[c + 1];
        final long c2 = t[c + 2];
        final long c3 = t[c + 3];
        final long c4 = t[c + 4];
        final double x0 = a0;
        final double x1 = a1;
        final double x2 = a2;
        final double x3 = a3;
        final double x4 = a4;
        final double y0 = b0;
        final double y1 = b1;
        final double y2 = b2;
        final double y3 = b3;
        final double y4 = b4;
        final double z0 = c0;
        final double z1 = c1;
        final double z2 = c2;
        final double z3 = c3;
        final double z4 = c4;
        final long e1 = c1 << 1;
        final long e2 = c2 << 1;
        final long e3 = c3 << 1;
        final long e4 = c4 << 1;
        final long f0 = c0 << 3;
        final long f1 = c1 << 3;
        final long f2 = c2 << 3;
        final long f3 = c3 << 3;
        final long f4 = c4 << 3;
        final double u1 = e1;
        final double u2 = e2;
        final double u3 = e3;
        final double u4 = e4;
        final double w0 = -f0;
        final double w1 = -f1;
        final double w2 = -f2;
        final double w3 = -f3;
        final double w4 = -f4;

        // the columns: low halves modulo 2^64, high halves in units of 2^60; h3 to h8 still grow
        final long s0 = a0 * b0 - f0 * c0;
        final double h0 = fma(x0, y0, fma(w0, z0, HIGH));
        final long s1 = a0 * b1 + a1 * b0 - f0 * e1;
        final double h1 = fma(x0, y1, fma(x1, y0, fma(w0, u1, HIGH)));
        final long s2 = a0 * b2 + a1 * b1 + a2 * b0 - f0 * e2 - f1 * c1;
        final double h2 = fma(x0, y2, fma(x1, y1, fma(x2, y0, fma(w0, u2, fma(w1, z1, HIGH)))));
        final long s3 = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 - f0 * e3 - f1 * e2;
        final double h3 = fma(x0, y3, fma(x1, y2, fma(x2, y1, fma(x3, y0, fma(w0, u3, fma(w1, u2, HIGH))))));
        final long s4 = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0 - f0 * e4 - f1 * e3 - f2 * c2;
        final double h4 = fma(x0, y4, fma(x1, y3, fma(x2, y2, fma(x3, y1, fma(x4, y0, fma(w0, u4, fma(w1, u3,
            fma(w2, z2, HIGH))))))));
        final long s5 = a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 - f1 * e4 - f2 * e3;
        final double h5 = fma(x1, y4, fma(x2, y3, fma(x3, y2, fma(x4, y1, fma(w1, u4, fma(w2, u3, HIGH))))));
        final long s6 = a2 * b4 + a3 * b3 + a4 * b2 - f2 * e4 - f3 * c3;
        final double h6 = fma(x2, y4, fma(x3, y3, fma(x4, y2, fma(w2, u4, fma(w3, z3, HIGH)))));
        final long s7 = a3 * b4 + a4 * b3 - f3 * e4;
        final double h7 = fma(x3, y4, fma(x4, y3, fma(w3, u4, HIGH)));
        final long s8 = a4 * b4 - f4 * c4;
        final double h8 = fma(x4, y4, fma(w4, z4, HIGH));

        // five steps: m is the low limb of a column, n the same as a double, q what the column carries,
        // d = m (2^48 - 2^16)
        final long g0 = doubleToRawLongBits(h0);
        final long m0 = s0 & LIMB_MASK;
        final long q0 = (s0 - (g0 << 60)) >> RADIX;

        final double n0 = m0;
        final long d0 = (m0 << 48) - (m0 << 16);
        final long g1 = doubleToRawLongBits(fma(n0, P1, h1));
        final long v1 = s1 + UNBIAS + (g0 << 8) + (m0 << 44) + q0;
        final long m1 = v1 & LIMB_MASK;
        final long q1 = (v1 - (g1 << 60)) >> RADIX;

        final double n1 = m1;
        final long d1 = (m1 << 48) - (m1 << 16);
        final long g2 = doubleToRawLongBits(fma(n1, P1, h2));
        final long v2 = s2 + UNBIAS + (g1 << 8) + (m1 << 44) + q1;
        final long m2 = v2 & LIMB_MASK;
        final long q2 = (v2 - (g2 << 60)) >> RADIX;

        final double n2 = m2;
        final long d2 = (m2 << 48) - (m2 << 16);
        final long g3 = doubleToRawLongBits(fma(n2, P1, fma(n0, P3, h3)));
        final long v3 = s3 + (m0 << 36) + UNBIAS + (g2 << 8) + (m2 << 44) + q2;
        final long m3 = v3 & LIMB_MASK;
        final long q3 = (v3 - (g3 << 60)) >> RADIX;

        final double n3 = m3;
        final long d3 = (m3 << 48) - (m3 << 16);
        final long g4 = doubleToRawLongBits(fma(n3, P1, fma(n1, P3, fma(n0, P4, h4))));
        final long v4 = s4 + d0 + (m1 << 36) + UNBIAS + (g3 << 8) + (m3 << 44) + q3;
        final long m4 = v4 & LIMB_MASK;
        final long q4 = (v4 - (g4 << 60)) >> RADIX;

        final double n4 = m4;
        final long d4 = (m4 << 48) - (m4 << 16);
        final long g5 = doubleToRawLongBits(fma(n4, P1, fma(n2, P3, fma(n1, P4, h5))));
        final long v5 = s5 + d1 + (m2 << 36) + UNBIAS + (g4 << 8) + (m4 << 44) + q4;

        // columns 5 to 9 are the quotient; one carry
        final long g6 = doubleToRawLongBits(fma(n3, P3, fma(n2, P4, h6)));
        final long g7 = doubleToRawLongBits(fma(n4, P3, fma(n3, P4, h7)));
        final long g8 = doubleToRawLongBits(fma(n4, P4, h8));
        carry(t, r,
            v5 - (g5 << 60),
            s6 + d2 + (m3 << 36) + UNBIAS - (g6 << 60) + (g5 << 8),
            s7 + d3 + (m4 << 36) + UNBIAS - (g7 << 60) + (g6 << 8),
            s8 + d4 + UNBIAS - (g8 << 60) + (g7 << 8),
            (g8 << 8) + UNBIAS);
    }

    @Override
    protected void reduce(
        final long[] t, final int r, final long v0, final long v1, final long v2, final long v3, final long v4)
    {
        // v4 is about q 2^48: take q p away, which is q (p + 1) - q
        final long q = (v4 + (1L << 47)) >> 48;
        carry(t, r, v0 + q, v1 - (q << 44), v2, v3 - (q << 36), v4 - (q << 48) + (q << 16));
    }
}
