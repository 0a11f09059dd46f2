// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.lanes.Sm2LaneField;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import org.bouncycastle.math.ec.ECPoint;
import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Multiples of points beside Bouncy Castle's, in both fields. */
class PointMultiplierTest
{
    private static final int LANES = PointMultiplier.LANES;
    private static final ECPoint G = Numbers.G;
    private static final BigInteger N = Numbers.N;
    private static final BigInteger P = Numbers.P;

    /** The two implementations, which get the same inputs. */
    private final PointMultiplier[] multipliers =
        {new PointMultiplier(Curve.SM2, Sm2LaneField.create()), new PointMultiplier(Curve.SM2, Sm2Field.INSTANCE)};

    @Test
    void shouldMultiplyTheGenerator()
    {
        Seeded.forEach(Scale.pick(450, 22_500), random ->
        {
            final int count = 1 + random.nextInt(LANES);
            final BigInteger[] k = new BigInteger[count];
            for (int lane = 0; lane < count; lane++)
            {
                k[lane] = Numbers.scalar(random);
                scalar(lane, k[lane]);
            }
            for (final PointMultiplier multiplier : multipliers)
            {
                multiplier.multiplyBase(count);
            }
            for (int lane = 0; lane < count; lane++)
            {
                check(lane, isScalar(k[lane]) ? G.multiply(k[lane]) : null, k[lane]);
            }
            clear();
        });
    }

    @Test
    void shouldMultiplyPoints()
    {
        Seeded.forEach(Scale.pick(450, 22_500), random ->
        {
            final int count = 1 + random.nextInt(LANES);
            final BigInteger[] k = new BigInteger[count];
            final ECPoint[] q = new ECPoint[count];
            for (int lane = 0; lane < count; lane++)
            {
                k[lane] = Numbers.scalar(random);
                q[lane] = Numbers.point(random);
                scalar(lane, k[lane]);
                point(lane, coordinates(random, q[lane]));
            }
            for (final PointMultiplier multiplier : multipliers)
            {
                multiplier.multiply(count);
            }
            for (int lane = 0; lane < count; lane++)
            {
                final boolean good = isScalar(k[lane]) && q[lane] != null;
                check(lane, good ? q[lane].multiply(k[lane]) : null, k[lane]);
            }
            clear();
        });
    }

    @Test
    void shouldAddMultiplesOfTheGeneratorAndOfPoints()
    {
        Seeded.forEach(Scale.pick(225, 22_500), random ->
        {
            final int count = 1 + random.nextInt(LANES);
            final BigInteger[] k = new BigInteger[count];
            final BigInteger[] f = new BigInteger[count];
            final ECPoint[] q = new ECPoint[count];
            for (int lane = 0; lane < count; lane++)
            {
                k[lane] = Numbers.scalar(random);
                f[lane] = Numbers.scalar(random);
                q[lane] = Numbers.point(random);
                if (random.nextInt(3) == 0)
                {
                    // sums at infinity, and of equal points
                    final BigInteger d = Numbers.scalar(random).mod(N).max(BigInteger.ONE);
                    q[lane] = G.multiply(d).normalize();
                    k[lane] = f[lane].multiply(d).mod(N);
                    k[lane] = random.nextBoolean() ? k[lane] : N.subtract(k[lane]);
                }
                scalar(lane, k[lane]);
                factor(lane, f[lane]);
                point(lane, coordinates(random, q[lane]));
            }
            for (final PointMultiplier multiplier : multipliers)
            {
                multiplier.multiplyBoth(count);
            }
            for (int lane = 0; lane < count; lane++)
            {
                final boolean good = isScalar(k[lane]) && isScalar(f[lane]) && q[lane] != null;
                check(lane, good ? G.multiply(k[lane]).add(q[lane].multiply(f[lane])) : null, k[lane]);
            }
            clear();
        });
    }

    @Test
    void shouldMultiplySums()
    {
        Seeded.forEach(Scale.pick(225, 22_500), random ->
        {
            final int count = 1 + random.nextInt(LANES);
            final BigInteger[] k = new BigInteger[count];
            final BigInteger[] f = new BigInteger[count];
            final ECPoint[] q = new ECPoint[count];
            final ECPoint[] r = new ECPoint[count];
            for (int lane = 0; lane < count; lane++)
            {
                k[lane] = Numbers.scalar(random);
                f[lane] = Numbers.scalar(random).mod(BigInteger.ONE.shiftLeft(128));
                q[lane] = Numbers.point(random);
                r[lane] = Numbers.point(random);
                if (random.nextInt(3) == 0 && f[lane].signum() != 0)
                {
                    // P is f R, its opposite, R or its opposite: sums of equal and opposite points
                    r[lane] = G.multiply(BigInteger.valueOf(random.nextInt(1, 99))).normalize();
                    q[lane] = random.nextBoolean() ? r[lane] : r[lane].multiply(f[lane]).normalize();
                    q[lane] = random.nextBoolean() ? q[lane] : q[lane].negate();
                }
                scalar(lane, k[lane]);
                factor(lane, f[lane]);
                point(lane, coordinates(random, q[lane]));
                other(lane, coordinates(random, r[lane]));
            }
            for (final PointMultiplier multiplier : multipliers)
            {
                multiplier.multiplySum(count);
            }
            for (int lane = 0; lane < count; lane++)
            {
                final boolean good = isScalar(k[lane]) && f[lane].signum() != 0 && q[lane] != null && r[lane] != null;
                final ECPoint sum = good ? q[lane].add(r[lane].multiply(f[lane])).multiply(k[lane]) : null;
                check(lane, sum, k[lane]);
            }
            clear();
        });
    }

    private static boolean isScalar(final BigInteger k)
    {
        return k.signum() > 0 && k.compareTo(N) < 0;
    }

    /** x and y, or numbers that are no point. */
    private static long[] coordinates(final SplittableRandom random, final ECPoint point)
    {
        final long[] words = new long[8];
        BigInteger x;
        BigInteger y;
        if (point == null || point.isInfinity())
        {
            final ECPoint good = G.multiply(Numbers.scalar(random).mod(N).max(BigInteger.ONE)).normalize();
            x = good.getAffineXCoord().toBigInteger();
            y = good.getAffineYCoord().toBigInteger();
            switch (random.nextInt(5))
            {
                case 0 -> x = x.flipBit(random.nextInt(256));
                case 1 -> y = y.flipBit(random.nextInt(256));
                case 2 ->
                {
                    x = BigInteger.ZERO;
                    y = BigInteger.ZERO;
                }
                case 3 ->
                {
                    // a point, but not in coordinates below p
                    x = Numbers.SMALL_X.getAffineXCoord().toBigInteger().add(P);
                    y = Numbers.SMALL_X.getAffineYCoord().toBigInteger();
                }
                default -> y = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
            }
        }
        else
        {
            x = point.normalize().getAffineXCoord().toBigInteger();
            y = point.normalize().getAffineYCoord().toBigInteger();
        }
        System.arraycopy(Numbers.words(x), 0, words, 0, 4);
        System.arraycopy(Numbers.words(y), 0, words, 4, 4);
        return words;
    }

    private void check(final int lane, final ECPoint expected, final BigInteger k)
    {
        final boolean none = expected == null || expected.isInfinity();
        final long[] wanted = new long[8];
        if (!none)
        {
            final ECPoint affine = expected.normalize();
            System.arraycopy(Numbers.words(affine.getAffineXCoord().toBigInteger()), 0, wanted, 0, 4);
            System.arraycopy(Numbers.words(affine.getAffineYCoord().toBigInteger()), 0, wanted, 4, 4);
        }
        for (final PointMultiplier multiplier : multipliers)
        {
            final String what = "lane " + lane + " k=" + k.toString(16);
            final long[] words = new long[8];
            assertEquals(none ? 0 : -1, multiplier.valid(lane), what);
            multiplier.result(lane, words, 0);
            assertArrayEquals(wanted, words, what);
        }
    }

    private void scalar(final int lane, final BigInteger k)
    {
        for (final PointMultiplier multiplier : multipliers)
        {
            multiplier.scalar(lane, Numbers.words(k), 0);
        }
    }

    private void factor(final int lane, final BigInteger f)
    {
        for (final PointMultiplier multiplier : multipliers)
        {
            multiplier.factor(lane, Numbers.words(f), 0);
        }
    }

    private void point(final int lane, final long[] words)
    {
        for (final PointMultiplier multiplier : multipliers)
        {
            multiplier.point(lane, words, 0);
        }
    }

    private void other(final int lane, final long[] words)
    {
        for (final PointMultiplier multiplier : multipliers)
        {
            multiplier.other(lane, words, 0);
        }
    }

    private void clear()
    {
        for (final PointMultiplier multiplier : multipliers)
        {
            multiplier.clear();
        }
    }
}
