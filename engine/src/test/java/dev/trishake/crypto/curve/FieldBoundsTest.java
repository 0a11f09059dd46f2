// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The point formulas on intervals: whatever points they are given, no value leaves its bounds. */
class FieldBoundsTest
{
    private static final int MOST_ROUNDS = 400;

    private final IntervalField field = new IntervalField();
    private final Jacobian jacobian = new Jacobian(field, 0);
    private final long[] t = jacobian.t;
    private final int point = 3 * field.width();

    @Test
    void shouldKeepEveryValueInBounds()
    {
        final long[] last = settled();
        // what Jacobian promises
        for (int i = 0; i < point; i++)
        {
            assertTrue(Math.abs(last[i]) <= 1L << 53, "limb " + i + ": " + last[i]);
        }
        for (int i = 0; i < 3; i++)
        {
            assertTrue(field.value(last, i * field.width()).bitLength() <= 258);
        }
        assertTrue(field.widestColumn.bitLength() <= 111);
    }

    /** {@return the coordinates that any number of doublings and additions stay within} */
    private long[] settled()
    {
        // coordinates of P and Q are among these, first those that a table or a product gives
        long[] coordinates = new long[point];
        field.lookUpShared(coordinates, 0, null, 0, null, 0);
        field.lookUpShared(coordinates, field.width(), null, 0, null, 0);

        long[] before = null;
        for (int round = 0; !Arrays.equals(before, coordinates); round++)
        {
            assertTrue(round < MOST_ROUNDS, "coordinates keep growing: " + Arrays.toString(coordinates));
            before = coordinates;
            coordinates = coordinates.clone();

            given(before);
            jacobian.doubleP();
            widen(coordinates);
            given(before);
            jacobian.add();
            widen(coordinates);
            given(before);
            field.lookUpShared(t, jacobian.qx, null, 0, null, 0);
            jacobian.addAffine();
            widen(coordinates);
            given(before);
            field.lookUpAffine(t, jacobian.qx, null, 0, 0, null, 0);
            jacobian.addAffine();
            widen(coordinates);
        }
        return coordinates;
    }

    /** A table is made of a P that may be anything above, with additions of the same Z. */
    @Test
    void shouldKeepTablesInBounds()
    {
        System.arraycopy(settled(), 0, t, jacobian.x, point);
        jacobian.copyToQ();
        jacobian.doubleQ();
        jacobian.scaleToDouble();
        for (int i = 0; i < 15; i++)
        {
            jacobian.addOfSameZ();
            for (final int coordinate : new int[] {jacobian.x, jacobian.y, jacobian.a})
            {
                field.multiply(t, jacobian.h, coordinate, coordinate);
            }
        }
        assertTrue(field.widestColumn.bitLength() <= 111);
    }

    /** Multiples of G are sums of points of a table, with ZZ and ZZZ. */
    @Test
    void shouldKeepSumsInBounds()
    {
        field.lookUpShared(t, jacobian.x, null, 0, null, 0);
        field.copy(t, jacobian.z, jacobian.x);
        field.copy(t, jacobian.zzz, jacobian.x);
        for (int i = 0; i < MOST_ROUNDS; i++)
        {
            field.lookUpShared(t, jacobian.qx, null, 0, null, 0);
            jacobian.addAffineToZz();
        }
        jacobian.leaveZz();
        assertTrue(field.widestColumn.bitLength() <= 111);
    }

    @Test
    void shouldNoticeFactorsThatAreTooLarge()
    {
        // the test above could pass because it looks at nothing: sums of sums must fail sooner or later
        final long[] x = new long[2 * field.width()];
        field.lookUpShared(x, 0, null, 0, null, 0);
        boolean failed = false;
        for (int i = 0; i < 12 && !failed; i++)
        {
            field.add(x, 0, 0, 0);
        }
        final long[] unchanged = x.clone();
        try
        {
            field.multiply(x, 0, 0, 0);
        }
        catch (final AssertionError ex)
        {
            failed = true;
        }
        assertTrue(failed);
        assertArrayEquals(unchanged, x);
    }

    private void given(final long[] coordinates)
    {
        System.arraycopy(coordinates, 0, t, jacobian.x, point);
        System.arraycopy(coordinates, 0, t, jacobian.qx, point);
        field.negateWhere(t, jacobian.qy, null, 0);
    }

    private void widen(final long[] coordinates)
    {
        for (int i = 0; i < point; i += 2)
        {
            coordinates[i] = Math.min(coordinates[i], t[jacobian.x + i]);
            coordinates[i + 1] = Math.max(coordinates[i + 1], t[jacobian.x + i + 1]);
        }
    }
}
