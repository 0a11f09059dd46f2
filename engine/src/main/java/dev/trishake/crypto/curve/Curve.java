// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import static dev.trishake.crypto.curve.Field.LIMBS;

/**
 * A curve y^2 = x^3 - 3 x + b of prime order n over a prime p, both of 256 bits, with the multiples of its generator G.
 * Immutable, shared by all threads.
 */
public final class Curve
{
    /** sm2p256v1 of GB/T 32918.5. */
    public static final Curve SM2 = new Curve(Sm2Field.INSTANCE,
        new long[] {0xFFFFFFFFFFFFFFFFL, 0xFFFFFFFF00000000L, 0xFFFFFFFFFFFFFFFFL, 0xFFFFFFFEFFFFFFFFL},
        new long[] {0x53BBF40939D54123L, 0x7203DF6B21C6052BL, 0xFFFFFFFFFFFFFFFFL, 0xFFFFFFFEFFFFFFFFL},
        new long[] {0xDDBCBD414D940E93L, 0xF39789F515AB8F92L, 0x4D5A9E4BCF6509A7L, 0x28E9FA9E9D9F5E34L},
        new long[] {0x715A4589334C74C7L, 0x8FE30BBFF2660BE1L, 0x5F9904466A39C994L, 0x32C4AE2C1F198119L},
        new long[] {0x02DF32E52139F0A0L, 0xD0A9877CC62A4740L, 0x59BDCEE36B692153L, 0xBC3736A2F4F6779CL});

    private final ScalarField field;
    private final Modulus prime;
    private final Modulus order;
    private final long[] b;
    private final long[] gx;
    private final long[] gy;
    private final long[] one = new long[LIMBS];
    private final long[] bMontgomery = new long[LIMBS];
    private final long[] square = new long[LIMBS];
    private final long[] cube = new long[LIMBS];
    private final FixedBase multiples;

    /**
     * Computes the multiples of G.
     *
     * @param field arithmetic modulo p, an element at a time
     * @param p     four words, least significant first
     * @param n     four words
     * @param b     four words
     * @param gx    four words
     * @param gy    four words
     */
    private Curve(
        final ScalarField field,
        final long[] p, final long[] n, final long[] b, final long[] gx, final long[] gy)
    {
        this.field = field;
        this.prime = new Modulus(p);
        this.order = new Modulus(n);
        this.b = b;
        this.gx = gx;
        this.gy = gy;

        final long[] unit = {1, 0, 0, 0, 0};
        prime.toMontgomery(one, 0, unit, 0);
        prime.toMontgomery(square, 0, one, 0);
        prime.toMontgomery(cube, 0, square, 0);
        Modulus.toLimbs(bMontgomery, 0, b, 0);
        prime.toMontgomery(bMontgomery, 0, bMontgomery, 0);
        this.multiples = new FixedBase(this);
    }

    /**
     * {@return arithmetic modulo p, an element at a time}
     */
    public ScalarField field()
    {
        return field;
    }

    /**
     * {@return p}
     */
    public Modulus prime()
    {
        return prime;
    }

    /**
     * {@return n}
     */
    public Modulus order()
    {
        return order;
    }

    /**
     * {@return a word of b}
     *
     * @param i 0 to 3, least significant first
     */
    public long b(final int i)
    {
        return b[i];
    }

    /**
     * {@return a word of G's x}
     *
     * @param i 0 to 3, least significant first
     */
    public long generatorX(final int i)
    {
        return gx[i];
    }

    /**
     * {@return a word of G's y}
     *
     * @param i 0 to 3, least significant first
     */
    public long generatorY(final int i)
    {
        return gy[i];
    }

    /** 1 in Montgomery's form: 2^260 mod p. */
    long[] one()
    {
        return one;
    }

    /** What a product with takes into Montgomery's form: 2^520 mod p. */
    long[] square()
    {
        return square;
    }

    /** What a product with takes the inverse of a Montgomery form into Montgomery's form: 2^780 mod p. */
    long[] cube()
    {
        return cube;
    }

    /** b in Montgomery's form. */
    long[] bMontgomery()
    {
        return bMontgomery;
    }

    /** Multiples of G. */
    FixedBase multiples()
    {
        return multiples;
    }
}
