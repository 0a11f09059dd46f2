// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.lanes.Sm2LaneField;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** The vectors and the scalar code give the same results, bit for bit, whatever they are given. */
class LanesAgainstScalarTest
{
    private static final int LANES = PointMultiplier.LANES;

    private final PointMultiplier vector = new PointMultiplier(Curve.SM2, Sm2LaneField.create());
    private final PointMultiplier scalar = new PointMultiplier(Curve.SM2, Sm2Field.INSTANCE);
    private final long[] words = new long[8];
    private final long[] results = new long[8];

    @Test
    void shouldMultiplyTheGeneratorAlike()
    {
        // 100,000 or 400,000 lanes
        Seeded.forEach(Scale.pick(12_500, 50_000), random ->
        {
            fill(random, LANES);
            vector.multiplyBase(LANES);
            scalar.multiplyBase(LANES);
            compare(LANES);
        });
    }

    @Test
    void shouldMultiplyPointsAlike()
    {
        Seeded.forEach(Scale.pick(100, 12_500), random ->
        {
            fill(random, LANES);
            vector.multiply(LANES);
            scalar.multiply(LANES);
            compare(LANES);
        });
    }

    @Test
    void shouldMultiplySumsAlike()
    {
        Seeded.forEach(Scale.pick(30, 12_500), random ->
        {
            fill(random, LANES);
            vector.multiplyBoth(LANES);
            scalar.multiplyBoth(LANES);
            compare(LANES);
            fill(random, LANES);
            vector.multiplySum(LANES);
            scalar.multiplySum(LANES);
            compare(LANES);
        });
    }

    /** A lane's result is the same whichever lane it is in and whoever its neighbours are. */
    @Test
    void shouldKeepLanesApart()
    {
        final SplittableRandom random = new SplittableRandom(9);
        for (int i = 0; i < 4; i++)
        {
            words[i] = Curve.SM2.generatorX(i);
            words[4 + i] = Curve.SM2.generatorY(i);
        }
        final long[] k = Numbers.words(Numbers.random(random).mod(Numbers.N));
        final long[] expected = new long[8];
        for (int lane = 0; lane < LANES; lane++)
        {
            for (int good = 0; good < 1 << LANES; good += 37)
            {
                for (int i = 0; i < LANES; i++)
                {
                    final boolean isGood = i == lane || (good >> i & 1) != 0;
                    vector.scalar(i, isGood ? k : new long[4], 0);
                    vector.point(i, isGood ? words : new long[] {1, 2, 3, 4, 5, 6, 7, 8}, 0);
                }
                vector.multiply(LANES);
                vector.result(lane, results, 0);
                if (lane == 0 && good == 0)
                {
                    System.arraycopy(results, 0, expected, 0, 8);
                }
                assertArrayEquals(expected, results);
                for (int i = 0; i < LANES; i++)
                {
                    final boolean isGood = i == lane || (good >> i & 1) != 0;
                    assertEquals(isGood ? -1 : 0, vector.valid(i));
                }
            }
        }
    }

    private void fill(final SplittableRandom random, final int count)
    {
        for (int lane = 0; lane < count; lane++)
        {
            final long[] k = Numbers.words(Numbers.scalar(random));
            final long[] f = Numbers.words(Numbers.scalar(random));
            vector.scalar(lane, k, 0);
            scalar.scalar(lane, k, 0);
            if (random.nextBoolean())
            {
                f[2] = 0;
                f[3] = 0;
            }
            vector.factor(lane, f, 0);
            scalar.factor(lane, f, 0);
            point(random);
            vector.point(lane, words, 0);
            scalar.point(lane, words, 0);
            point(random);
            vector.other(lane, words, 0);
            scalar.other(lane, words, 0);
        }
    }

    /** The last result that was a point, or G, or nonsense once in a while. */
    private void point(final SplittableRandom random)
    {
        System.arraycopy(results, 0, words, 0, 8);
        if (results[0] == 0)
        {
            for (int i = 0; i < 4; i++)
            {
                words[i] = Curve.SM2.generatorX(i);
                words[4 + i] = Curve.SM2.generatorY(i);
            }
        }
        if (random.nextInt(9) == 0)
        {
            words[random.nextInt(8)] ^= random.nextLong();
        }
    }

    private void compare(final int count)
    {
        for (int lane = 0; lane < count; lane++)
        {
            vector.result(lane, words, 0);
            scalar.result(lane, results, 0);
            assertArrayEquals(results, words, "lane " + lane);
            assertEquals(scalar.valid(lane), vector.valid(lane), "lane " + lane);
        }
        vector.clear();
        scalar.clear();
    }
}
