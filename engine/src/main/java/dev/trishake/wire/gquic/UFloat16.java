// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

/**
 * Unsigned floating point of 16 bits, gQUIC 3: 5 bits exponent, 11 bits mantissa. ACK frames say their delay with it.
 *
 * <pre>
 * exponent 0 or 1: the value is the 12 low bits           exponent e: (2048 + mantissa) * 2^(e - 1)
 * </pre>
 */
public final class UFloat16
{
    /** Greatest value: what {@code 0xffff} stands for; greater ones are clamped to it. */
    public static final long MAX_VALUE = 4095L << 30;

    private static final int MANTISSA_BITS = 11;
    private static final int MANTISSA_MASK = (1 << MANTISSA_BITS) - 1;
    private static final int EXACT_LIMIT = 2 << MANTISSA_BITS;
    private static final int MAX_BITS = 0xffff;

    private UFloat16()
    {
    }

    /**
     * {@return the value, 0 to {@link #MAX_VALUE}}
     *
     * @param bits 0 to 0xffff
     */
    public static long decode(final int bits)
    {
        if (bits < EXACT_LIMIT)
        {
            return bits;
        }
        final int exponent = bits >> MANTISSA_BITS;
        return (long)((1 << MANTISSA_BITS) | (bits & MANTISSA_MASK)) << (exponent - 1);
    }

    /**
     * {@return the bits of the greatest value that is not above this one}
     *
     * @param value 0 or more
     */
    public static int encode(final long value)
    {
        if (value < EXACT_LIMIT)
        {
            return (int)value;
        }
        if (value >= MAX_VALUE)
        {
            return MAX_BITS;
        }
        final int shift = Long.SIZE - MANTISSA_BITS - 1 - Long.numberOfLeadingZeros(value);
        return ((shift + 1) << MANTISSA_BITS) + (int)(value >>> shift & MANTISSA_MASK);
    }
}
