// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

/**
 * The S-box of SM4, GB/T 32907 6.2, as a circuit of exclusive ors, ands and nots: 64 octets at a time, bit b of all of
 * them in plane b. It has no table, so its time and its memory accesses depend on nothing.
 *
 * <p>Like that of AES, the S-box is an inversion in a field of 256 elements between affine maps. Fields of one size are
 * isomorphic, so the inversion is the one of Boyar and Peralta's circuit for AES ("A depth-16 circuit for the AES
 * S-box", 2011: {@code m1} to {@code m63} are theirs), and the isomorphisms are part of the maps before it ({@code
 * a}) and behind it ({@code b}), whose common terms a search by Paar's method has found: 31 and 31 exclusive ors, the
 * fewest over all eight isomorphisms.
 */
final class Sm4Sbox
{
    /** How many planes there are. */
    static final int PLANES = 8;

    private Sm4Sbox()
    {
    }

    /**
     * Substitutes 64 octets.
     *
     * @param planes bit b of every octet is in plane b
     * @param at     where plane 0 is
     */
    // a circuit is one expression: names instead of methods
    @SuppressWarnings("checkstyle:MethodLength")
    static void substitute(final long[] planes, final int at)
    {
        final long x0 = planes[at];
        final long x1 = planes[at + 1];
        final long x2 = planes[at + 2];
        final long x3 = planes[at + 3];
        final long x4 = planes[at + 4];
        final long x5 = planes[at + 5];
        final long x6 = planes[at + 6];
        final long x7 = planes[at + 7];

        // affine map and isomorphism into the field of AES
        final long a0 = x2 ^ x4;
        final long a1 = x0 ^ x3;
        final long a2 = x1 ^ a1;
        final long a3 = x5 ^ a0;
        final long a4 = x6 ^ x7;
        final long a5 = x2 ^ x6;
        final long a6 = x5 ^ a2;
        final long a7 = x3 ^ x7;
        final long a8 = x4 ^ a4;
        final long a9 = x7 ^ a2;
        final long a10 = x7 ^ a0;
        final long a11 = x1 ^ a3;
        final long a12 = a0 ^ a1;
        final long a13 = x2 ^ x7;
        final long a14 = a1 ^ a3;
        final long a15 = x1 ^ a8;
        final long a16 = x1 ^ a5;
        final long a17 = x0 ^ a15;
        final long a18 = a2 ^ a3;
        final long a19 = x7 ^ a11;
        final long a20 = a4 ^ a11;
        final long a21 = x4 ^ a9;
        final long a22 = a0 ^ a2;
        final long a23 = x0 ^ a10;
        final long a24 = x3 ^ a3;
        final long a25 = x5 ^ a7;
        final long a26 = a5 ^ a6;
        final long a27 = a4 ^ a12;
        final long a28 = a3 ^ a4;
        final long a29 = a6 ^ a8;
        final long a30 = x1 ^ a7;
        final long na19 = ~a19;
        final long na24 = ~a24;
        final long na13 = ~a13;
        final long na25 = ~a25;
        final long na23 = ~a23;
        final long na22 = ~a22;
        final long na9 = ~a9;
        final long na17 = ~a17;

        // inversion
        final long m1 = a20 & na19;
        final long m2 = a6 & na24;
        final long m3 = na13 ^ m1;
        final long m4 = a27 & a30;
        final long m5 = m4 ^ m1;
        final long m6 = x1 & a14;
        final long m7 = a5 & na25;
        final long m8 = a18 ^ m6;
        final long m9 = a16 & na23;
        final long m10 = m9 ^ m6;
        final long m11 = a21 & na22;
        final long m12 = a28 & na9;
        final long m13 = m12 ^ m11;
        final long m14 = a26 & a10;
        final long m15 = m14 ^ m11;
        final long m16 = m3 ^ m2;
        final long m17 = m5 ^ a29;
        final long m18 = m8 ^ m7;
        final long m19 = m10 ^ m15;
        final long m20 = m16 ^ m13;
        final long m21 = m17 ^ m15;
        final long m22 = m18 ^ m13;
        final long m23 = m19 ^ na17;
        final long m24 = m22 ^ m23;
        final long m25 = m22 & m20;
        final long m26 = m21 ^ m25;
        final long m27 = m20 ^ m21;
        final long m28 = m23 ^ m25;
        final long m29 = m28 & m27;
        final long m30 = m26 & m24;
        final long m31 = m20 & m23;
        final long m32 = m27 & m31;
        final long m33 = m27 ^ m25;
        final long m34 = m21 & m22;
        final long m35 = m24 & m34;
        final long m36 = m24 ^ m25;
        final long m37 = m21 ^ m29;
        final long m38 = m32 ^ m33;
        final long m39 = m23 ^ m30;
        final long m40 = m35 ^ m36;
        final long m41 = m38 ^ m40;
        final long m42 = m37 ^ m39;
        final long m43 = m37 ^ m38;
        final long m44 = m39 ^ m40;
        final long m45 = m42 ^ m41;
        final long m46 = m44 & na19;
        final long m47 = m40 & na24;
        final long m48 = m39 & a30;
        final long m49 = m43 & a14;
        final long m50 = m38 & na25;
        final long m51 = m37 & na23;
        final long m52 = m42 & na22;
        final long m53 = m45 & na9;
        final long m54 = m41 & a10;
        final long m55 = m44 & a20;
        final long m56 = m40 & a6;
        final long m57 = m39 & a27;
        final long m58 = m43 & x1;
        final long m59 = m38 & a5;
        final long m60 = m37 & a16;
        final long m61 = m42 & a21;
        final long m62 = m45 & a28;
        final long m63 = m41 & a26;

        // isomorphism back and affine map
        final long b0 = m55 ^ m61;
        final long b1 = m52 ^ m56;
        final long b2 = m46 ^ m51;
        final long b3 = m59 ^ b1;
        final long b4 = m60 ^ b3;
        final long b5 = m63 ^ b0;
        final long b6 = m47 ^ m54;
        final long b7 = b2 ^ b6;
        final long b8 = m50 ^ b4;
        final long b9 = m62 ^ b0;
        final long b10 = m53 ^ b5;
        final long b11 = m57 ^ b8;
        final long b12 = b7 ^ b9;
        final long b13 = m59 ^ m62;
        final long b14 = m56 ^ b12;
        final long b15 = m50 ^ b12;
        final long b16 = m49 ^ m53;
        final long b17 = m46 ^ b4;
        final long b18 = b14 ^ b16;
        final long b19 = m61 ^ b13;
        final long b20 = b7 ^ b11;
        final long b21 = m47 ^ b17;
        final long b22 = m48 ^ b11;
        final long b23 = m53 ^ b22;
        final long b24 = m49 ^ b8;
        final long b25 = b2 ^ b23;
        final long b26 = m58 ^ b19;
        final long b27 = b10 ^ b21;
        final long b28 = b10 ^ b24;
        final long b29 = m57 ^ b5;
        final long b30 = b1 ^ b15;
        planes[at] = ~b18;
        planes[at + 1] = ~b20;
        planes[at + 2] = b28;
        planes[at + 3] = b29;
        planes[at + 4] = ~b30;
        planes[at + 5] = b27;
        planes[at + 6] = ~b25;
        planes[at + 7] = ~b26;
    }
}
