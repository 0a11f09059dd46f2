// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import java.util.Arrays;

import static dev.trishake.crypto.curve.Field.LIMBS;

/**
 * Inverts up to eight numbers modulo n with one inversion (Montgomery's trick): the product of all is inverted, and
 * each inverse is that of the product times all the others. Constant time; no number may be 0.
 */
final class BatchInversion
{
    private final Modulus n;
    private final Inversion inversion;
    private final long[] products;
    private final long[] words = new long[Words.LENGTH];
    private final long[] rest = new long[LIMBS];

    /**
     * Allocates the scratch.
     *
     * @param n     the modulus, a prime
     * @param lanes how many numbers at most
     */
    BatchInversion(final Modulus n, final int lanes)
    {
        this.n = n;
        this.inversion = new Inversion(n);
        this.products = new long[(lanes + 1) * LIMBS];
    }

    /**
     * Inverts numbers in place.
     *
     * @param numbers five limbs each, in Montgomery's form, 1 to n - 1; so are their inverses
     * @param count   how many
     */
    void invert(final long[] numbers, final int count)
    {
        // the first product is a plain 1, so all of them are plain numbers: a product with a Montgomery form is plain
        Arrays.fill(products, 0, LIMBS, 0);
        products[0] = 1;
        for (int i = 0; i < count; i++)
        {
            n.multiply(products, (i + 1) * LIMBS, products, i * LIMBS, numbers, i * LIMBS);
        }
        Modulus.toWords(words, 0, products, count * LIMBS);
        inversion.invert(words, 0);
        inversion.wipe();
        Modulus.toLimbs(rest, 0, words, 0);
        n.toMontgomery(rest, 0, rest, 0);
        // the rest, the inverse of the first i + 1 numbers, stays in Montgomery's form
        for (int i = count - 1; i >= 0; i--)
        {
            n.multiply(products, (i + 1) * LIMBS, rest, 0, products, i * LIMBS);
            n.multiply(rest, 0, rest, 0, numbers, i * LIMBS);
            n.toMontgomery(numbers, i * LIMBS, products, (i + 1) * LIMBS);
        }
    }

    void wipe()
    {
        Arrays.fill(products, 0);
        Arrays.fill(words, 0);
        Arrays.fill(rest, 0);
    }
}
