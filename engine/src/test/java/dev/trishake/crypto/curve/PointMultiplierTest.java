// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.lanes.Sm2LaneField;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import org.bouncycastle.asn1.gm.GMNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.math.BigInteger;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Multiples of points beside Bouncy Castle's, in both fields. */
class PointMultiplierTest
{
    static final int LANES = PointMultiplier.LANES;
    static final ECPoint G = GMNamedCurves.getByName("sm2p256v1").getG();
    static final BigInteger N = GMNamedCurves.getByName("sm2p256v1").getN();
    static final BigInteger P = G.getCurve().getField().getCharacteristic();

    /** The two implementations. */
    enum Implementation
    {
        VECTOR, SCALAR;

        PointMultiplier create()
        {
            return new PointMultiplier(Curve.SM2, this == VECTOR ? new Sm2LaneField() : Sm2Field.INSTANCE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldMultiplyTheGenerator(final Implementation implementation)
    {
        final PointMultiplier multiplier = implementation.create();
        Seeded.forEach(Scale.pick(250, 12_500), random ->
        {
            final int count = 1 + random.nextInt(LANES);
            final BigInteger[] k = new BigInteger[count];
            for (int lane = 0; lane < count; lane++)
            {
                k[lane] = Numbers.scalar(random);
                multiplier.scalar(lane, Numbers.words(k[lane]), 0);
            }
            multiplier.multiplyBase(count);
            for (int lane = 0; lane < count; lane++)
            {
                check(multiplier, lane, isScalar(k[lane]) ? G.multiply(k[lane]) : null, k[lane]);
            }
            multiplier.clear();
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldMultiplyPoints(final Implementation implementation)
    {
        final PointMultiplier multiplier = implementation.create();
        Seeded.forEach(Scale.pick(250, 12_500), random ->
        {
            final int count = 1 + random.nextInt(LANES);
            final BigInteger[] k = new BigInteger[count];
            final ECPoint[] q = new ECPoint[count];
            for (int lane = 0; lane < count; lane++)
            {
                k[lane] = Numbers.scalar(random);
                q[lane] = Numbers.point(random);
                multiplier.scalar(lane, Numbers.words(k[lane]), 0);
                multiplier.point(lane, coordinates(random, q[lane]), 0);
            }
            multiplier.multiply(count);
            for (int lane = 0; lane < count; lane++)
            {
                final boolean good = isScalar(k[lane]) && q[lane] != null;
                check(multiplier, lane, good ? q[lane].multiply(k[lane]) : null, k[lane]);
            }
            multiplier.clear();
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldAddMultiplesOfTheGeneratorAndOfPoints(final Implementation implementation)
    {
        final PointMultiplier multiplier = implementation.create();
        Seeded.forEach(Scale.pick(150, 7_500), random ->
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
                multiplier.scalar(lane, Numbers.words(k[lane]), 0);
                multiplier.factor(lane, Numbers.words(f[lane]), 0);
                multiplier.point(lane, coordinates(random, q[lane]), 0);
            }
            multiplier.multiplyBoth(count);
            for (int lane = 0; lane < count; lane++)
            {
                final boolean good = isScalar(k[lane]) && isScalar(f[lane]) && q[lane] != null;
                check(multiplier, lane, good ? G.multiply(k[lane]).add(q[lane].multiply(f[lane])) : null, k[lane]);
            }
            multiplier.clear();
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldMultiplySums(final Implementation implementation)
    {
        final PointMultiplier multiplier = implementation.create();
        Seeded.forEach(Scale.pick(150, 7_500), random ->
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
                multiplier.scalar(lane, Numbers.words(k[lane]), 0);
                multiplier.factor(lane, Numbers.words(f[lane]), 0);
                multiplier.point(lane, coordinates(random, q[lane]), 0);
                multiplier.other(lane, coordinates(random, r[lane]), 0);
            }
            multiplier.multiplySum(count);
            for (int lane = 0; lane < count; lane++)
            {
                final boolean good = isScalar(k[lane]) && f[lane].signum() != 0 && q[lane] != null && r[lane] != null;
                final ECPoint sum = good ? q[lane].add(r[lane].multiply(f[lane])).multiply(k[lane]) : null;
                check(multiplier, lane, sum, k[lane]);
            }
            multiplier.clear();
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

    private static void check(
        final PointMultiplier multiplier, final int lane, final ECPoint expected, final BigInteger k)
    {
        final boolean none = expected == null || expected.isInfinity();
        assertEquals(none ? 0 : -1, multiplier.valid(lane), "lane " + lane + " k=" + k.toString(16));
        final long[] words = new long[8];
        multiplier.result(lane, words, 0);
        final long[] wanted = new long[8];
        if (!none)
        {
            final ECPoint affine = expected.normalize();
            System.arraycopy(Numbers.words(affine.getAffineXCoord().toBigInteger()), 0, wanted, 0, 4);
            System.arraycopy(Numbers.words(affine.getAffineYCoord().toBigInteger()), 0, wanted, 4, 4);
        }
        assertArrayEquals(wanted, words, "lane " + lane + " k=" + k.toString(16));
    }
}
