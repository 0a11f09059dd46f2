// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.Kernel;
import dev.trishake.crypto.lanes.P256LaneField;

/** Multiples of points of P-256 in eight lanes, as {@link dev.trishake.crypto.Kernels} knows it. */
final class P256Kernel implements Kernel<PointMultiplier>
{
    private static final int LANES = PointMultiplier.LANES;

    private final long[] words = new long[8];

    @Override
    public String name()
    {
        return "P-256";
    }

    @Override
    public PointMultiplier vector()
    {
        return new PointMultiplier(P256.CURVE, P256LaneField.create());
    }

    @Override
    public PointMultiplier scalar()
    {
        return new PointMultiplier(P256.CURVE, P256Field.INSTANCE);
    }

    @Override
    public void warmUp(final PointMultiplier multiplier)
    {
        for (int i = 0; i < 4; i++)
        {
            words[i] = P256.CURVE.generatorX(i);
            words[4 + i] = P256.CURVE.generatorY(i);
        }
        for (int lane = 0; lane < LANES; lane++)
        {
            multiplier.scalar(lane, words, 0);
            multiplier.factor(lane, words, 4);
            multiplier.point(lane, words, 0);
            multiplier.other(lane, words, 0);
        }
        // side by side as servers sign, and alone, as clients verify; a batch of verifications warms up by itself
        multiplier.multiplyBase(LANES);
        multiplier.multiplyBase(1);
        multiplier.multiply(1);
        multiplier.multiplyBoth(1);
        multiplier.clear();
    }
}
