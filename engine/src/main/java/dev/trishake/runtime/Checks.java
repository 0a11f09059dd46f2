// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

/** Looks at what a configuration is given. */
final class Checks
{
    private Checks()
    {
    }

    static int powerOfTwo(final String name, final int value, final int least, final int greatest)
    {
        if (Integer.bitCount(value) != 1)
        {
            throw new IllegalArgumentException(name + " must be a power of two: " + value);
        }
        return range(name, value, least, greatest);
    }

    static int range(final String name, final int value, final int least, final int greatest)
    {
        return (int)range(name, (long)value, least, greatest);
    }

    static long range(final String name, final long value, final long least, final long greatest)
    {
        if (value < least || value > greatest)
        {
            throw new IllegalArgumentException(name + " must be " + least + " to " + greatest + ": " + value);
        }
        return value;
    }
}
