// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.ConstantTime;

import java.util.Arrays;

import static dev.trishake.crypto.curve.Field.LIMBS;

/**
 * Inverts up to {@code capacity} elements with one inversion and three products each (Montgomery's trick), an element
 * at a time. Constant time; 0 is inverted to 0.
 */
final class Normaliser
{
    private static final int POINT = 3 * LIMBS;

    private final ScalarField field;
    private final Modulus prime;
    private final Curve curve;
    private final Inversion inversion;
    private final long[] words = new long[4];

    /** Elements, then products of the first so many, then three to work with; all of one lane. */
    private final long[] t;
    private final int products;
    private final int rest;
    private final int work;

    /**
     * Makes room.
     *
     * @param curve    of which everything but the multiples of G is set
     * @param capacity elements at a time
     */
    Normaliser(final Curve curve, final int capacity)
    {
        this.curve = curve;
        this.field = curve.field();
        this.prime = curve.prime();
        this.inversion = new Inversion(prime);
        this.products = capacity * LIMBS;
        this.rest = 2 * capacity * LIMBS;
        this.work = rest + LIMBS;
        this.t = new long[work + 2 * LIMBS];
    }

    /**
     * Sets an element that {@link #invert} is to replace.
     *
     * @param i     which one
     * @param from  holds it; its value within p of 0 .. p
     * @param at    offset of its limb 0
     * @param lanes longs from one limb to the next
     */
    void put(final int i, final long[] from, final int at, final int lanes)
    {
        for (int j = 0; j < LIMBS; j++)
        {
            t[i * LIMBS + j] = from[at + j * lanes];
        }
        prime.reduce(t, i * LIMBS, t, i * LIMBS);
    }

    /**
     * {@return all ones if an element that was put is 0}
     *
     * @param i which one
     */
    long isZero(final int i)
    {
        final int at = i * LIMBS;
        return ConstantTime.isZero(t[at] | t[at + 1] | t[at + 2] | t[at + 3] | t[at + 4]);
    }

    /**
     * Replaces elements by their inverses, in Montgomery's form both; what is 0 becomes 1 before.
     *
     * @param count how many: the first
     */
    void invert(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            final int at = i * LIMBS;
            final long zero = isZero(i);
            for (int j = 0; j < LIMBS; j++)
            {
                t[at + j] |= curve.one()[j] & zero;
            }
            if (i == 0)
            {
                field.copy(t, products, at);
            }
            else
            {
                field.multiply(t, products + at, products + at - LIMBS, at);
            }
        }

        prime.reduce(t, rest, t, products + (count - 1) * LIMBS);
        Modulus.toWords(words, 0, t, rest);
        inversion.invert(words, 0);
        Modulus.toLimbs(t, work, words, 0);
        System.arraycopy(curve.cube(), 0, t, work + LIMBS, LIMBS);
        field.multiply(t, rest, work, work + LIMBS);

        // rest is the inverse of the product of all elements up to i
        for (int i = count - 1; i > 0; i--)
        {
            final int at = i * LIMBS;
            field.multiply(t, work, rest, products + at - LIMBS);
            field.multiply(t, rest, rest, at);
            field.copy(t, at, work);
        }
        field.copy(t, 0, rest);
    }

    /**
     * Copies an inverse.
     *
     * @param i     which one
     * @param to    where it goes
     * @param at    offset of its limb 0
     * @param lanes longs from one limb to the next
     */
    void get(final int i, final long[] to, final int at, final int lanes)
    {
        for (int j = 0; j < LIMBS; j++)
        {
            to[at + j * lanes] = t[i * LIMBS + j];
        }
    }

    /**
     * Replaces points (X : Y : Z) by affine ones, canonical; for tables.
     *
     * @param points of fifteen longs
     * @param count  how many
     */
    void normalise(final long[] points, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            put(i, points, i * POINT + 2 * LIMBS, 1);
        }
        invert(count);
        for (int i = 0; i < count; i++)
        {
            final int at = i * LIMBS;
            field.square(t, work, at);
            field.multiply(t, rest, work, at);
            System.arraycopy(points, i * POINT, t, products, 2 * LIMBS);
            field.multiply(t, products, products, work);
            field.multiply(t, products + LIMBS, products + LIMBS, rest);
            prime.reduce(points, i * POINT, t, products);
            prime.reduce(points, i * POINT + LIMBS, t, products + LIMBS);
        }
    }

    /** Forgets everything. */
    void wipe()
    {
        Arrays.fill(t, 0);
        Arrays.fill(words, 0);
        inversion.wipe();
    }
}
