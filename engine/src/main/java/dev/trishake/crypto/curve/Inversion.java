// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import java.util.Arrays;

/**
 * The inverse modulo an odd number of 256 bits in constant time, by division steps (Bernstein and Yang, "Fast
 * constant-time gcd computation and modular inversion", 2019).
 *
 * <p>One step takes (delta, f, g), f odd, to
 * <pre>
 *   (1 - delta, g, (g - f) / 2)          if delta is above 0 and g is odd
 *   (1 + delta, f, (g + (g mod 2) f) / 2)  otherwise
 * </pre>
 * From f = m, g = x and delta = 1/2, {@value #STEPS} steps bring g to 0 and f to 1 or -1 for all m and x of 256 bits
 * (590 are enough: Wuille, "safegcd bounds", 2021). Thirty steps at a time need only the low bits of f and g: they give
 * a matrix of integers that is then applied to f and g, and modulo m to d and e, where d x = f and e x = g modulo m
 * throughout. Numbers are nine signed limbs of 30 bits, so every product of a limb and an entry fits into a long.
 */
public final class Inversion
{
    /** Division steps in all. */
    static final int STEPS = 600;

    private static final int BITS = 30;
    private static final int LENGTH = 9;
    private static final int ROW_SHIFT = 32;
    private static final int BATCHES = STEPS / BITS;
    private static final long MASK = (1L << BITS) - 1;

    private final long[] modulus = new long[LENGTH];
    private final long inverse; // 1/m mod 2^30
    private final long[] f = new long[LENGTH];
    private final long[] g = new long[LENGTH];
    private final long[] d = new long[LENGTH];
    private final long[] e = new long[LENGTH];

    // the matrix of the last thirty steps, times 2^30
    private long u;
    private long v;
    private long q;
    private long r;

    /**
     * Makes room.
     *
     * @param modulus m
     */
    public Inversion(final Modulus modulus)
    {
        final long[] words = {modulus.word(0), modulus.word(1), modulus.word(2), modulus.word(3)};
        split(this.modulus, words, 0);
        long x = words[0];
        for (int i = 0; i < 5; i++)
        {
            x *= 2 - words[0] * x;
        }
        this.inverse = x & MASK;
    }

    /**
     * Replaces a number by its inverse, and 0 by 0.
     *
     * @param words four words below m, least significant first
     * @param at    where they begin
     */
    public void invert(final long[] words, final int at)
    {
        System.arraycopy(modulus, 0, f, 0, LENGTH);
        split(g, words, at);
        Arrays.fill(d, 0);
        Arrays.fill(e, 0);
        e[0] = 1;

        // zeta = -(delta + 1/2), an integer
        long zeta = -1;
        for (int i = 0; i < BATCHES; i++)
        {
            zeta = steps(zeta);
            applyModulo();
            apply();
        }
        join(words, at, f[LENGTH - 1] >> (Long.SIZE - 1));
    }

    /** Forgets the number. */
    public void wipe()
    {
        Arrays.fill(f, 0);
        Arrays.fill(g, 0);
        Arrays.fill(d, 0);
        Arrays.fill(e, 0);
        u = 0;
        v = 0;
        q = 0;
        r = 0;
    }

    /** Thirty division steps on the low bits of f and g; gives the next zeta and sets the matrix. */
    private long steps(final long first)
    {
        long zeta = first;
        long a = f[0] + (f[1] << BITS);
        long b = g[0] + (g[1] << BITS);
        // a row of the matrix is one number, u + v 2^32: neither leaves -2^30 .. 2^30, and steps are linear
        long uv = 1;
        long qr = 1L << ROW_SHIFT;
        for (int i = 0; i < BITS; i++)
        {
            final long isNegative = zeta >> (Long.SIZE - 1);
            final long isOdd = -(b & 1);
            // g, q, r += or -= f, u, v where g is odd
            b += ((a ^ isNegative) - isNegative) & isOdd;
            qr += ((uv ^ isNegative) - isNegative) & isOdd;
            // and f, u, v become what g, q, r were where delta was above 0 too: f + (g - f)
            final long swap = isNegative & isOdd;
            zeta = (zeta ^ swap) - 1;
            a += b & swap;
            uv += qr & swap;
            b >>= 1;
            uv <<= 1;
        }
        u = (int)uv;
        v = (uv - u) >> ROW_SHIFT;
        q = (int)qr;
        r = (qr - q) >> ROW_SHIFT;
        return zeta;
    }

    /** (f, g) = matrix (f, g) / 2^30, which is exact. */
    private void apply()
    {
        long sumF = u * f[0] + v * g[0];
        long sumG = q * f[0] + r * g[0];
        sumF >>= BITS;
        sumG >>= BITS;
        for (int i = 1; i < LENGTH; i++)
        {
            sumF += u * f[i] + v * g[i];
            sumG += q * f[i] + r * g[i];
            f[i - 1] = sumF & MASK;
            g[i - 1] = sumG & MASK;
            sumF >>= BITS;
            sumG >>= BITS;
        }
        f[LENGTH - 1] = sumF;
        g[LENGTH - 1] = sumG;
    }

    /** (d, e) = matrix (d, e) / 2^30 modulo m, within -2 m .. m before and after. */
    private void applyModulo()
    {
        // m is added once for each negative operand, then the multiples that make the low limbs 0
        final long signD = d[LENGTH - 1] >> (Long.SIZE - 1);
        final long signE = e[LENGTH - 1] >> (Long.SIZE - 1);
        long sumD = u * d[0] + v * e[0];
        long sumE = q * d[0] + r * e[0];
        long timesD = (u & signD) + (v & signE);
        long timesE = (q & signD) + (r & signE);
        timesD -= (inverse * sumD + timesD) & MASK;
        timesE -= (inverse * sumE + timesE) & MASK;
        sumD = (sumD + modulus[0] * timesD) >> BITS;
        sumE = (sumE + modulus[0] * timesE) >> BITS;
        for (int i = 1; i < LENGTH; i++)
        {
            sumD += u * d[i] + v * e[i] + modulus[i] * timesD;
            sumE += q * d[i] + r * e[i] + modulus[i] * timesE;
            d[i - 1] = sumD & MASK;
            e[i - 1] = sumE & MASK;
            sumD >>= BITS;
            sumE >>= BITS;
        }
        d[LENGTH - 1] = sumD;
        e[LENGTH - 1] = sumE;
    }

    private static void split(final long[] limbs, final long[] words, final int at)
    {
        for (int i = 0; i < LENGTH; i++)
        {
            final int bit = i * BITS;
            final int word = at + (bit >> 6);
            long limb = words[word] >>> (bit & 63);
            // two limbs lie across words; which ones is no secret
            if ((bit & 63) > 64 - BITS && i < LENGTH - 1)
            {
                limb |= words[word + 1] << -bit;
            }
            limbs[i] = limb & MASK;
        }
    }

    /** Negates d where f is -1, brings it into 0 .. m - 1 and writes it as words. */
    private void join(final long[] words, final int at, final long sign)
    {
        addModulusWhere(d[LENGTH - 1] >> (Long.SIZE - 1));
        for (int i = 0; i < LENGTH; i++)
        {
            d[i] = (d[i] ^ sign) - sign;
        }
        carry();
        addModulusWhere(d[LENGTH - 1] >> (Long.SIZE - 1));

        words[at] = d[0] | d[1] << 30 | d[2] << 60;
        words[at + 1] = d[2] >>> 4 | d[3] << 26 | d[4] << 56;
        words[at + 2] = d[4] >>> 8 | d[5] << 22 | d[6] << 52;
        words[at + 3] = d[6] >>> 12 | d[7] << 18 | d[8] << 48;
    }

    private void addModulusWhere(final long mask)
    {
        for (int i = 0; i < LENGTH; i++)
        {
            d[i] += modulus[i] & mask;
        }
        carry();
    }

    private void carry()
    {
        for (int i = 0; i < LENGTH - 1; i++)
        {
            d[i + 1] += d[i] >> BITS;
            d[i] &= MASK;
        }
    }
}
