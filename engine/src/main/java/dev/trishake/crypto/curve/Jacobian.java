// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

/**
 * Point formulas of curves y^2 = x^3 - 3 x + b, on one point or on eight side by side: whatever the field is.
 *
 * <p>A point is (X : Y : Z), which stands for (X / Z^2, Y / Z^3); Z = 0 is the point at infinity. P is the accumulator,
 * Q what is added to it. Doubling is right for every point. Additions are right unless P = Q, P = -Q or one of them is
 * at infinity; {@link PointMultiplier} shows that these can't happen or puts the result right. Nothing here branches.
 *
 * <p>Where points are only added, P is (X, Y, ZZ, ZZZ) with ZZ = Z^2 and ZZZ = Z^3, which saves a square each time; ZZ
 * is where Z is otherwise.
 *
 * <p>Values: a coordinate of P or Q is a product, a reduced difference or a difference of two products, so its limbs
 * stay within 2^53 and its value within 2^258.
 */
final class Jacobian
{
    /** The arena: elements at the offsets below, then room for the caller. */
    final long[] t;

    /** Offsets of P, in {@link #t}. */
    final int x;
    final int y;
    final int z;

    /** Offset of ZZZ. */
    final int zzz;

    /** Offsets of Q. */
    final int qx;
    final int qy;
    final int qz;

    /** Where the caller's room begins. */
    final int room;

    /** Offsets of what the formulas compute with, free between calls. */
    final int a;
    final int b;
    final int c;
    final int d;
    final int e;
    final int f;
    final int g;
    final int h;

    private final Field field;

    /**
     * Makes the arena.
     *
     * @param field arithmetic
     * @param extra elements of room for the caller
     */
    Jacobian(final Field field, final int extra)
    {
        final int width = field.width();
        this.field = field;
        x = 0;
        y = width;
        z = 2 * width;
        qx = 3 * width;
        qy = 4 * width;
        qz = 5 * width;
        a = 6 * width;
        b = 7 * width;
        c = 8 * width;
        d = 9 * width;
        e = 10 * width;
        f = 11 * width;
        g = 12 * width;
        h = 13 * width;
        zzz = 14 * width;
        room = 15 * width;
        t = new long[room + extra * width];
    }

    /** P = 2 P: 4 products, 4 squares. */
    void doubleP()
    {
        doublePoint(x, y, z);
    }

    /** Q = 2 Q. */
    void doubleQ()
    {
        doublePoint(qx, qy, qz);
    }

    /** P = P + Q, where Q is affine: 8 products, 3 squares. */
    void addAffine()
    {
        final Field m = field;
        m.square(t, a, z);                  // a = Z^2
        m.multiply(t, b, qx, a);            // b = x2 Z^2
        m.multiply(t, c, z, a);
        m.multiply(t, c, qy, c);            // c = y2 Z^3
        m.subtract(t, b, b, x);             // b = H, 0 where the points share x
        m.subtract(t, c, c, y);             // c = r
        m.square(t, d, b);                  // d = H^2
        m.multiply(t, z, z, b);             // Z3 = Z H
        m.multiply(t, e, x, d);             // e = V = X H^2
        m.multiply(t, f, b, d);             // f = H^3
        m.square(t, h, c);
        m.minusSumTwice(t, x, h, f, e);     // X3 = r^2 - H^3 - 2 V
        m.subtract(t, e, e, x);
        m.multiplyMinusProduct(t, y, c, e, y, f);   // Y3 = r (V - X3) - Y H^3
    }

    /** P = P + Q, where P has ZZ and ZZZ and Q is affine: 8 products, 2 squares. */
    void addAffineToZz()
    {
        final Field m = field;
        m.multiply(t, b, qx, z);            // b = x2 ZZ
        m.multiply(t, c, qy, zzz);          // c = y2 ZZZ
        m.subtract(t, b, b, x);             // b = H, 0 where the points share x
        m.subtract(t, c, c, y);             // c = r
        m.square(t, d, b);                  // d = H^2
        m.multiply(t, z, z, d);             // ZZ3 = ZZ H^2
        m.multiply(t, e, x, d);             // e = V = X H^2
        m.multiply(t, f, b, d);             // f = H^3
        m.multiply(t, zzz, zzz, f);         // ZZZ3 = ZZZ H^3
        m.square(t, h, c);
        m.minusSumTwice(t, x, h, f, e);     // X3 = r^2 - H^3 - 2 V
        m.subtract(t, e, e, x);
        m.multiplyMinusProduct(t, y, c, e, y, f);   // Y3 = r (V - X3) - Y H^3
    }

    /** P has Z again, for which ZZZ is taken: X ZZ^2 / ZZZ^2 = X / ZZ and Y ZZZ^2 / ZZZ^3 = Y / ZZZ. */
    void leaveZz()
    {
        final Field m = field;
        m.square(t, a, z);
        m.multiply(t, x, x, a);
        m.square(t, a, zzz);
        m.multiply(t, y, y, a);
        m.copy(t, z, zzz);
    }

    /** P = P + Q: 12 products, 4 squares. Leaves H, 0 where the points share x, in {@link #f} and r in {@link #h}. */
    void add()
    {
        final Field m = field;
        m.square(t, a, z);                  // a = Z1^2
        m.square(t, b, qz);                 // b = Z2^2
        m.multiply(t, c, z, a);             // c = Z1^3
        m.multiply(t, d, qz, b);            // d = Z2^3
        m.multiply(t, e, x, b);             // e = U1 = X1 Z2^2
        m.multiply(t, f, qx, a);            // f = U2 = X2 Z1^2
        m.multiply(t, g, y, d);             // g = S1 = Y1 Z2^3
        m.multiply(t, h, qy, c);            // h = S2 = Y2 Z1^3
        m.multiply(t, z, z, qz);
        m.subtract(t, f, f, e);             // f = H = U2 - U1
        m.subtract(t, h, h, g);             // h = r = S2 - S1
        m.square(t, a, f);                  // a = H^2
        m.multiply(t, z, z, f);             // Z3 = Z1 Z2 H
        m.multiply(t, b, f, a);             // b = H^3
        m.multiply(t, c, e, a);             // c = V = U1 H^2
        m.square(t, d, h);
        m.minusSumTwice(t, x, d, b, c);     // X3 = r^2 - H^3 - 2 V
        m.subtract(t, c, c, x);
        m.multiplyMinusProduct(t, y, c, h, g, b);   // Y3 = r (V - X3) - S1 H^3
    }

    /** P stays the same point and gets Q's Z, if Q = 2 P: 3 products, 1 square. */
    void scaleToDouble()
    {
        final Field m = field;
        m.add(t, d, y, y);                  // d = 2 Y, by which doubling multiplies Z
        m.square(t, a, d);
        m.multiply(t, d, d, a);
        m.multiply(t, x, x, a);
        m.multiply(t, y, y, d);
        m.copy(t, z, qz);
    }

    /**
     * P = P + Q, where both have the same Z, and Q gets the sum's (Meloni, "New point addition formulae for ECC
     * applications", 2007): 5 products, 2 squares. Leaves in {@link #a} by what Z was multiplied.
     */
    void addOfSameZ()
    {
        final Field m = field;
        m.subtract(t, a, qx, x);            // a = X2 - X1
        m.square(t, b, a);
        m.multiply(t, c, x, b);             // c = W1 = X1 a^2
        m.multiply(t, qx, qx, b);           // qx = W2 = X2 a^2
        m.subtract(t, d, qy, y);            // d = Y2 - Y1
        m.subtract(t, e, qx, c);            // e = W2 - W1 = a^3
        m.multiply(t, qy, qy, e);           // qy = Y2 a^3
        m.square(t, f, d);
        m.minusSumTwice(t, x, f, e, c);     // X3 = d^2 - a^3 - 2 W1
        m.subtract(t, e, qx, x);
        m.multiply(t, e, d, e);
        m.subtract(t, y, e, qy);            // Y3 = d (W2 - X3) - Y2 a^3
        m.multiply(t, z, z, a);
    }

    /** Q = P. */
    void copyToQ()
    {
        System.arraycopy(t, x, t, qx, qx - x);
    }

    private void doublePoint(final int px, final int py, final int pz)
    {
        final Field m = field;
        m.square(t, a, pz);                 // a = Z^2
        m.square(t, b, py);                 // b = Y^2
        m.differenceTripled(t, c, px, a);
        m.add(t, d, px, a);
        m.multiply(t, c, c, d);             // c = 3 (X - Z^2) (X + Z^2)
        m.multiply(t, e, px, b);            // e = X Y^2
        m.add(t, d, py, py);
        m.multiply(t, pz, d, pz);           // Z3 = 2 Y Z
        m.square(t, d, c);
        m.minusOctupled(t, px, d, e);       // X3 = c^2 - 8 e
        m.quadrupledMinus(t, e, e, px);
        m.multiplyMinusSquareOctupled(t, py, c, e, b);  // Y3 = c (4 e - X3) - 8 Y^4
    }
}
