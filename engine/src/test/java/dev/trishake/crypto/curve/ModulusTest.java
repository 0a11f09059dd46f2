// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigInteger;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Arithmetic modulo the order and the prime, and inversion, beside BigInteger. */
class ModulusTest
{
    private static final BigInteger R = BigInteger.ONE.shiftLeft(260);
    private static final BigInteger LIMIT = BigInteger.ONE.shiftLeft(256);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldDoArithmetic(final boolean isOrder)
    {
        final Modulus modulus = isOrder ? Curve.SM2.order() : Curve.SM2.prime();
        final BigInteger m = isOrder ? Numbers.N : Numbers.P;
        final long[] t = new long[20];
        Seeded.forEach(Scale.pick(2_000, 100_000), random ->
        {
            final BigInteger x = Numbers.scalar(random);
            final BigInteger y = Numbers.scalar(random);
            final BigInteger a = x.mod(m);
            final BigInteger b = y.mod(m);
            assertEquals(x.compareTo(m) < 0 ? -1 : 0, modulus.isBelow(Numbers.words(x), 0));
            assertEquals(x.compareTo(m) < 0 && x.signum() > 0 ? -1 : 0, modulus.isScalar(Numbers.words(x), 0));

            // any number below 2^256 becomes canonical
            Modulus.toLimbs(t, 0, Numbers.words(x), 0);
            modulus.reduce(t, 0, t, 0);
            Modulus.toLimbs(t, 5, Numbers.words(y), 0);
            modulus.reduce(t, 5, t, 5);
            assertEquals(a, number(t, 0));
            assertEquals(b, number(t, 5));

            modulus.add(t, 10, t, 0, t, 5);
            assertEquals(a.add(b).mod(m), number(t, 10));
            modulus.subtract(t, 10, t, 0, t, 5);
            assertEquals(a.subtract(b).mod(m), number(t, 10));
            modulus.multiply(t, 10, t, 0, t, 5);
            assertEquals(a.multiply(b).multiply(R.modInverse(m)).mod(m), number(t, 10));
            modulus.toMontgomery(t, 10, t, 0);
            assertEquals(a.multiply(R).mod(m), number(t, 10));
            if (a.signum() > 0)
            {
                final long[] complement = new long[4];
                modulus.complement(complement, 0, Numbers.words(a), 0);
                assertEquals(m.subtract(a), of(complement));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldInvert(final boolean isOrder)
    {
        final Modulus modulus = isOrder ? Curve.SM2.order() : Curve.SM2.prime();
        final BigInteger m = isOrder ? Numbers.N : Numbers.P;
        final Inversion inversion = new Inversion(modulus);
        Seeded.forEach(Scale.pick(4_000, 200_000), random ->
        {
            final BigInteger a = Numbers.scalar(random).mod(m);
            final long[] words = Numbers.words(a);
            inversion.invert(words, 0);
            assertEquals(a.signum() == 0 ? a : a.modInverse(m), of(words), a.toString(16));
        });
    }

    private static BigInteger number(final long[] t, final int at)
    {
        final long[] words = new long[4];
        Modulus.toWords(words, 0, t, at);
        BigInteger value = BigInteger.ZERO;
        for (int i = 4; i >= 0; i--)
        {
            value = value.shiftLeft(52).add(BigInteger.valueOf(t[at + i]));
        }
        assertEquals(value, of(words));
        return value;
    }

    private static BigInteger of(final long[] words)
    {
        BigInteger value = BigInteger.ZERO;
        for (int i = 3; i >= 0; i--)
        {
            value = value.shiftLeft(64).add(BigInteger.valueOf(words[i]).mod(BigInteger.ONE.shiftLeft(64)));
        }
        assert value.compareTo(LIMIT) < 0;
        return value;
    }
}
