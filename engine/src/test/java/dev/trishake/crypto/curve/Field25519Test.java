// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The field's operations beside BigInteger, on random limbs and on those at the ends of what the bounds allow. */
class Field25519Test
{
    private static final int LANES = 1;
    private static final int A = 0;
    private static final int B = 5 * LANES;
    private static final int R = 10 * LANES;
    private static final int FREE = 15 * LANES;
    private static final int CASES = Scale.pick(4000, 100_000);
    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger A24 = BigInteger.valueOf(121665);

    private final long[] t = new long[35 * LANES];
    private final long[] words = new long[4 * LANES];

    @Test
    void shouldMultiply()
    {
        Seeded.forEach(CASES, random ->
        {
            fill(random, 52);
            final BigInteger[] a = values(A);
            final BigInteger[] b = values(B);
            Field25519.multiply(t, R, t, A, t, B);
            for (int lane = 0; lane < LANES; lane++)
            {
                check(a[lane].multiply(b[lane]), lane);
            }
        });
    }

    @Test
    void shouldSquare()
    {
        Seeded.forEach(CASES, random ->
        {
            fill(random, 52);
            Field25519.square(t, R, t, A);
            for (int lane = 0; lane < LANES; lane++)
            {
                check(values(A)[lane].pow(2), lane);
            }
        });
    }

    @Test
    void shouldMultiplyByTheLaddersConstant()
    {
        Seeded.forEach(CASES, random ->
        {
            fill(random, 51);
            Field25519.multiplyAdd121665(t, R, t, A, t, B);
            for (int lane = 0; lane < LANES; lane++)
            {
                check(values(A)[lane].add(values(B)[lane].multiply(A24)), lane);
            }
        });
    }

    @Test
    void shouldInvert()
    {
        Seeded.forEach(CASES / 40, random ->
        {
            fill(random, 51);
            Field25519.invert(t, R, A, FREE);
            for (int lane = 0; lane < LANES; lane++)
            {
                check(values(A)[lane].modPow(P.subtract(BigInteger.TWO), P), lane);
            }
        });
    }

    /** Around 0, p and 2^255, in limbs that are carried and that are not. */
    @Test
    void shouldPackTheOneValueBelowP()
    {
        final BigInteger[] bases = {BigInteger.ZERO, P, BigInteger.TWO.pow(255)};
        for (final BigInteger base : bases)
        {
            for (int near = -40; near <= 40; near++)
            {
                final BigInteger value = base.add(BigInteger.valueOf(near));
                for (int borrow = 0; borrow < 32; borrow++)
                {
                    for (int lane = 0; lane < LANES; lane++)
                    {
                        spread(value, borrow, lane);
                    }
                    Field25519.pack(words, 0, 1, t, R, 1);
                    for (int lane = 0; lane < LANES; lane++)
                    {
                        assertEquals(value.mod(P), packed(lane), value + ", borrow " + borrow);
                    }
                }
            }
        }
    }

    /** Limbs of a value; each bit of {@code borrow} takes 1 from a limb and gives 2^51 to the one below. */
    private void spread(final BigInteger value, final int borrow, final int lane)
    {
        BigInteger rest = value;
        for (int i = 0; i < 5; i++)
        {
            t[R + i * LANES + lane] =
                i < 4 ? rest.and(BigInteger.valueOf((1L << 51) - 1)).longValue() : rest.longValue();
            rest = rest.shiftRight(51);
        }
        for (int i = 1; i < 5; i++)
        {
            if ((borrow >> i & 1) != 0)
            {
                t[R + i * LANES + lane]--;
                t[R + (i - 1) * LANES + lane] += 1L << 51;
            }
        }
    }

    private void fill(final SplittableRandom random, final int bits)
    {
        final long bound = 1L << bits;
        for (int i = 0; i < R; i++)
        {
            t[i] = switch (random.nextInt(8))
            {
                case 0 -> bound;
                case 1 -> -bound;
                case 2 -> random.nextInt(3) - 1;
                case 3 -> (1L << 51) - 1;
                default -> random.nextLong(-bound, bound + 1);
            };
        }
    }

    private BigInteger[] values(final int at)
    {
        final BigInteger[] values = new BigInteger[LANES];
        for (int lane = 0; lane < LANES; lane++)
        {
            values[lane] = BigInteger.ZERO;
            for (int i = 4; i >= 0; i--)
            {
                values[lane] = values[lane].shiftLeft(51).add(BigInteger.valueOf(t[at + i * LANES + lane]));
            }
        }
        return values;
    }

    private void check(final BigInteger expected, final int lane)
    {
        assertEquals(expected.mod(P), values(R)[lane].mod(P), "lane " + lane);
        Field25519.pack(words, 0, 1, t, R, 1);
        assertEquals(expected.mod(P), packed(lane), "lane " + lane);
    }

    private BigInteger packed(final int lane)
    {
        BigInteger value = BigInteger.ZERO;
        for (int i = 3; i >= 0; i--)
        {
            value = value.shiftLeft(64).add(new BigInteger(Long.toUnsignedString(words[i * LANES + lane])));
        }
        return value;
    }
}
