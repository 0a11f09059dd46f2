// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import java.util.Arrays;

import static dev.trishake.crypto.ConstantTime.select;

/**
 * The scalars of eight lanes as signed odd digits of w bits, least significant first, for table look-ups.
 *
 * <p>A scalar k in 1 .. n - 1 that is even is replaced by n - k, which is odd, and all its digits change sign. An odd k
 * is the sum of d_i 2^(w i) with every d_i odd and within 2^w of 0: d_i is the low w + 1 bits of what is left, less
 * 2^w, and what is left after that, shifted by w, is odd again. So no digit is 0, and a table holds the odd multiples.
 *
 * <p>Digit i of lane l is at {@code 8 i + l}: the entry (|d| - 1) / 2 in {@link #index}, all ones for a negative one in
 * {@link #sign}. One path for all scalars.
 */
public final class Recoding
{
    /** Sessions side by side. */
    static final int LANES = 8;

    /** Entry of the table per digit and lane. */
    public final long[] index;

    /** Mask per digit and lane: whether the entry is to be negated. */
    public final long[] sign;

    /** The odd one of k and n - k as four words per lane, least significant first. */
    final long[] odd = new long[4 * LANES];

    /** Mask per lane: whether k was even. */
    final long[] even = new long[LANES];

    private final int bits;
    private final int count;

    /**
     * Makes room.
     *
     * @param bits   w
     * @param length of a scalar in bits
     */
    Recoding(final int bits, final int length)
    {
        this.bits = bits;
        this.count = (length + bits - 1) / bits;
        this.index = new long[count * LANES];
        this.sign = new long[count * LANES];
    }

    /**
     * {@return digits of a scalar}
     */
    int count()
    {
        return count;
    }

    /**
     * Recodes one lane's scalar.
     *
     * @param lane    0 to 7
     * @param modulus n
     * @param scalars holds k in 1 .. n - 1, odd if it is shorter than n, as four words, least significant first
     * @param at      where they begin
     */
    void recode(final int lane, final Modulus modulus, final long[] scalars, final int at)
    {
        final long k0 = scalars[at];
        final int o = 4 * lane;
        modulus.complement(odd, o, scalars, at);
        final long isEven = (k0 & 1) - 1;
        even[lane] = isEven;
        long w0 = select(isEven, odd[o], k0);
        long w1 = select(isEven, odd[o + 1], scalars[at + 1]);
        long w2 = select(isEven, odd[o + 2], scalars[at + 2]);
        long w3 = select(isEven, odd[o + 3], scalars[at + 3]);
        odd[o] = w0;
        odd[o + 1] = w1;
        odd[o + 2] = w2;
        odd[o + 3] = w3;

        final long half = 1L << bits;
        final long mask = 2 * half - 1;
        for (int i = 0, at8 = lane; i < count; i++, at8 += LANES)
        {
            // the topmost digit is all that is left, the others are centred
            final long digit = i == count - 1 ? w0 : (w0 & mask) - half;
            final long negative = digit >> (Long.SIZE - 1);
            index[at8] = ((digit ^ negative) - negative) >> 1;
            sign[at8] = negative ^ isEven;
            w0 = w0 >>> bits | w1 << -bits | 1;
            w1 = w1 >>> bits | w2 << -bits;
            w2 = w2 >>> bits | w3 << -bits;
            w3 >>>= bits;
        }
    }

    /** Forgets the scalars. */
    void wipe()
    {
        Arrays.fill(index, 0);
        Arrays.fill(sign, 0);
        Arrays.fill(odd, 0);
        Arrays.fill(even, 0);
    }
}
