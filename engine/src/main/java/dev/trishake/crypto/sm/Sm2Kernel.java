// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.Kernel;
import dev.trishake.crypto.curve.Curve;
import dev.trishake.crypto.curve.PointMultiplier;
import dev.trishake.crypto.curve.Sm2Field;
import dev.trishake.crypto.lanes.Sm2LaneField;

/** Multiples of points of sm2p256v1 in eight lanes, as {@link dev.trishake.crypto.Kernels} knows it. */
final class Sm2Kernel implements Kernel<PointMultiplier>
{
    private static final int LANES = PointMultiplier.LANES;

    private final long[] words = new long[8];

    @Override
    public String name()
    {
        return "SM2";
    }

    @Override
    public PointMultiplier vector()
    {
        return new PointMultiplier(Curve.SM2, Sm2LaneField.create());
    }

    @Override
    public PointMultiplier scalar()
    {
        return new PointMultiplier(Curve.SM2, Sm2Field.INSTANCE);
    }

    @Override
    public void warmUp(final PointMultiplier multiplier)
    {
        for (int i = 0; i < 4; i++)
        {
            words[i] = Curve.SM2.generatorX(i);
            words[4 + i] = Curve.SM2.generatorY(i);
        }
        for (int lane = 0; lane < LANES; lane++)
        {
            multiplier.scalar(lane, words, 0);
            multiplier.factor(lane, words, 4);
            multiplier.point(lane, words, 0);
            multiplier.other(lane, words, 0);
        }
        // side by side, and alone, which goes another way
        for (int count = 2; count > 0; count--)
        {
            multiplier.multiplyBase(count);
            multiplier.multiply(count);
            multiplier.multiplyBoth(count);
        }
        multiplier.multiplySum(2);
        multiplier.clear();
    }
}
