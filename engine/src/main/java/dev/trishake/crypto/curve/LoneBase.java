// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

/**
 * k G for one session in eight lanes: lane l adds up the digits l, l + 8, l + 16 ... of k, then the lanes are added to
 * each other, halving their number three times.
 *
 * <pre>
 *   lane       0    1    2    3    4    5    6    7
 *   step 0    d0   d1   d2   d3   d4   d5   d6   d7
 *   step 1    d8   d9  d10  d11  d12  d13  d14  d15
 *     ...
 *   step 5   d40  d41  d42   -    -    -    -    -
 * </pre>
 *
 * <p>Inside a lane no addition can go wrong: what is added is larger than the sum so far, and both together are below
 * n. Between lanes additions are complete.
 */
final class LoneBase
{
    private static final int LANES = Recoding.LANES;
    private static final int STEPS = (FixedBase.DIGITS + LANES - 1) / LANES;

    private final Field field;
    private final PointSums sums;
    private final Jacobian jacobian;
    private final long[] table; // as FixedBase's, but each lane has its own digit
    private final int entries;
    private final Recoding digits = new Recoding(1, STEPS);
    private final long[] absent = new long[LANES];

    /**
     * Lays the table out.
     *
     * @param curve which one
     * @param field of eight lanes
     * @param sums  over that field
     */
    LoneBase(final Curve curve, final Field field, final PointSums sums)
    {
        this.field = field;
        this.sums = sums;
        jacobian = sums.jacobian;
        entries = FixedBase.ENTRIES * FixedBase.POINT * LANES;
        table = new long[STEPS * entries];
        final long[] point = new long[FixedBase.POINT];
        for (int digit = 0; digit < FixedBase.DIGITS; digit++)
        {
            final int to = digit / LANES * entries + digit % LANES;
            for (int entry = 0; entry < FixedBase.ENTRIES; entry++)
            {
                curve.multiples().copy(digit, entry, point, 0);
                for (int i = 0; i < FixedBase.POINT; i++)
                {
                    table[to + LANES * (entry * FixedBase.POINT + i)] = point[i];
                }
            }
        }
        for (int lane = 0; lane < LANES; lane++)
        {
            absent[lane] = (STEPS - 1) * LANES + lane < FixedBase.DIGITS ? 0 : -1;
        }
    }

    /**
     * P = k G, in every lane.
     *
     * @param scalar the digits of k are its first lane's
     */
    void multiply(final Recoding scalar)
    {
        final long[] t = jacobian.t;
        final int point = 3 * field.width();
        for (int i = 0; i < FixedBase.DIGITS; i++)
        {
            digits.index[i] = scalar.index[LANES * i];
            digits.sign[i] = scalar.sign[LANES * i];
        }

        field.lookUpAffine(t, jacobian.x, table, 0, FixedBase.ENTRIES, digits, 0);
        field.copy(t, jacobian.z, sums.one);
        for (int step = 1; step < STEPS - 1; step++)
        {
            field.lookUpAffine(t, jacobian.qx, table, step * entries, FixedBase.ENTRIES, digits, step * LANES);
            jacobian.addAffine();
        }
        sums.keepP();
        field.lookUpAffine(
            t, jacobian.qx, table, (STEPS - 1) * entries, FixedBase.ENTRIES, digits, (STEPS - 1) * LANES);
        jacobian.addAffine();
        sums.restoreP(absent);

        for (int distance = LANES / 2; distance > 0; distance /= 2)
        {
            for (int i = 0; i < point; i++)
            {
                final int lane = i % LANES;
                t[jacobian.qx + i] = t[jacobian.x + i - lane + (lane + distance) % LANES];
            }
            sums.add();
        }
        digits.wipe();
    }
}
