// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.lanes.Sm2LaneField;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.SplittableRandom;

import static dev.trishake.crypto.curve.Field.LIMBS;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Laws of the field beside BigInteger, on random and on extreme limbs; lanes beside the scalar field limb for limb. */
class FieldTest
{
    private static final int LANES = 8;
    private static final int CASES = Scale.pick(4_000, 200_000);

    private final BigInteger prime = prime();
    private final BigInteger rInverse = BigInteger.ONE.shiftLeft(260).modInverse(prime);
    private final Field lanes = lanes();
    private final Field scalar = scalar();
    private final int width = lanes.width();
    private final long[] t = new long[4 * width];
    private final long[] u = new long[4 * LIMBS];

    BigInteger prime()
    {
        return Numbers.P;
    }

    Field lanes()
    {
        return Sm2LaneField.create();
    }

    Field scalar()
    {
        return Sm2Field.INSTANCE;
    }

    /** An operation on elements 0, 1 and 2, whose result is element 3. */
    @FunctionalInterface
    private interface Operation
    {
        void apply(Field field, long[] t, int r, int a, int b, int c);
    }

    /** The same on numbers. */
    @FunctionalInterface
    private interface Law
    {
        BigInteger apply(BigInteger a, BigInteger b, BigInteger c);
    }

    @Test
    void shouldMultiply()
    {
        check(54, (f, m, r, a, b, c) -> f.multiply(m, r, a, b), (a, b, c) -> a.multiply(b).multiply(rInverse));
    }

    @Test
    void shouldSquare()
    {
        check(54, (f, m, r, a, b, c) -> f.square(m, r, a), (a, b, c) -> a.multiply(a).multiply(rInverse));
    }

    @Test
    void shouldReduceTwoProductsAtOnce()
    {
        check(53, (f, m, r, a, b, c) -> f.multiplyMinusProduct(m, r, a, b, c, a),
            (a, b, c) -> a.multiply(b).subtract(c.multiply(a)).multiply(rInverse));
        check(53, (f, m, r, a, b, c) ->
        {
            f.copy(m, r, a);
            f.multiplyMinusProduct(m, r, b, c, r, r);
        }, (a, b, c) -> b.multiply(c).subtract(a.multiply(a)).multiply(rInverse));
        check(52, (f, m, r, a, b, c) -> f.multiplyMinusSquareOctupled(m, r, a, b, c),
            (a, b, c) -> a.multiply(b).subtract(c.multiply(c).shiftLeft(3)).multiply(rInverse));
        check(52, (f, m, r, a, b, c) ->
        {
            f.copy(m, r, a);
            f.multiplyMinusSquareOctupled(m, r, b, r, r);
        }, (a, b, c) -> b.multiply(a).subtract(a.multiply(a).shiftLeft(3)).multiply(rInverse));
    }

    @Test
    void shouldMultiplyInPlace()
    {
        check(54, (f, m, r, a, b, c) ->
        {
            f.copy(m, r, a);
            f.multiply(m, r, r, r);
            f.multiply(m, r, r, b);
        }, (a, b, c) -> a.multiply(a).multiply(rInverse).multiply(b).multiply(rInverse));
    }

    @Test
    void shouldAddAndSubtract()
    {
        check(56, (f, m, r, a, b, c) ->
        {
            f.add(m, r, a, b);
            f.subtract(m, r, r, c);
        }, (a, b, c) -> a.add(b).subtract(c));
    }

    @Test
    void shouldCombineDifferences()
    {
        check(54, (f, m, r, a, b, c) -> f.differenceTripled(m, r, a, b), (a, b, c) -> a.subtract(b).multiply(of(3)));
        check(54, (f, m, r, a, b, c) -> f.quadrupledMinus(m, r, a, b), (a, b, c) -> a.multiply(of(4)).subtract(b));
        check(54, (f, m, r, a, b, c) -> f.minusOctupled(m, r, a, b), (a, b, c) -> a.subtract(b.multiply(of(8))));
        check(54, (f, m, r, a, b, c) -> f.minusSumTwice(m, r, a, b, c),
            (a, b, c) -> a.subtract(b).subtract(c).subtract(c));
    }

    @Test
    void shouldSelectAndNegate()
    {
        final long[] masks = {0, -1, 0, -1, -1, 0, 0, -1};
        Seeded.forEach(100, random ->
        {
            fill(random, 54);
            final long[] before = t.clone();
            lanes.copy(t, 3 * width, 0);
            lanes.select(t, 3 * width, width, masks, 0);
            lanes.negateWhere(t, 2 * width, masks, 0);
            for (int lane = 0; lane < LANES; lane++)
            {
                System.arraycopy(lane(before, 0, lane), 0, u, 0, LIMBS);
                System.arraycopy(lane(before, width, lane), 0, u, LIMBS, LIMBS);
                System.arraycopy(lane(before, 2 * width, lane), 0, u, 2 * LIMBS, LIMBS);
                scalar.select(u, 0, LIMBS, masks, lane);
                scalar.negateWhere(u, 2 * LIMBS, masks, lane);
                assertEquals(value(before, masks[lane] == 0 ? 0 : width, lane), value(t, 3 * width, lane));
                final BigInteger z = value(before, 2 * width, lane);
                assertEquals(masks[lane] == 0 ? z : z.negate(), value(t, 2 * width, lane));
                assertEquals(Arrays.toString(lane(t, 3 * width, lane)), Arrays.toString(Arrays.copyOf(u, LIMBS)));
                assertEquals(Arrays.toString(lane(t, 2 * width, lane)),
                    Arrays.toString(Arrays.copyOfRange(u, 2 * LIMBS, 3 * LIMBS)));
            }
        });
    }

    private void check(final int bits, final Operation operation, final Law law)
    {
        Seeded.forEach(CASES / LANES, random ->
        {
            fill(random, bits);
            final long[] before = t.clone();
            operation.apply(lanes, t, 3 * width, 0, width, 2 * width);
            for (int lane = 0; lane < LANES; lane++)
            {
                for (int i = 0; i < 3; i++)
                {
                    System.arraycopy(lane(before, i * width, lane), 0, u, i * LIMBS, LIMBS);
                }
                operation.apply(scalar, u, 3 * LIMBS, 0, LIMBS, 2 * LIMBS);
                final BigInteger expected = law.apply(
                    value(before, 0, lane), value(before, width, lane), value(before, 2 * width, lane)).mod(prime);
                assertEquals(expected, value(t, 3 * width, lane).mod(prime), "lane " + lane);
                assertEquals(Arrays.toString(Arrays.copyOfRange(u, 3 * LIMBS, 4 * LIMBS)),
                    Arrays.toString(lane(t, 3 * width, lane)), "lane " + lane);
            }
        });
    }

    private void fill(final SplittableRandom random, final int bits)
    {
        for (int i = 0; i < 3 * LIMBS; i++)
        {
            // the top limb keeps the value within 2^259
            final int width = i % LIMBS == LIMBS - 1 ? 50 : bits;
            final int kind = random.nextInt(3);
            for (int lane = 0; lane < LANES; lane++)
            {
                final long most = (1L << width) - 1;
                t[i * LANES + lane] = switch (kind == 0 ? random.nextInt(7) : kind == 1 ? 7 : random.nextInt(9))
                {
                    case 0 -> 0;
                    case 1 -> most;
                    case 2 -> -most;
                    case 3 -> 1;
                    case 4 -> -1;
                    case 5 -> Math.min(most, (1L << 52) - 1);
                    case 6 -> Math.min(most, 1L << 52);
                    default -> random.nextLong(-most, most + 1);
                };
            }
        }
    }

    private static BigInteger of(final int value)
    {
        return BigInteger.valueOf(value);
    }

    private static long[] lane(final long[] t, final int a, final int lane)
    {
        final long[] limbs = new long[LIMBS];
        for (int i = 0; i < LIMBS; i++)
        {
            limbs[i] = t[a + i * LANES + lane];
        }
        return limbs;
    }

    private static BigInteger value(final long[] t, final int a, final int lane)
    {
        BigInteger value = BigInteger.ZERO;
        for (int i = LIMBS - 1; i >= 0; i--)
        {
            value = value.shiftLeft(52).add(BigInteger.valueOf(t[a + i * LANES + lane]));
        }
        return value;
    }
}
