// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

/**
 * Sequence numbers, modulo 2<sup>32</sup>: the only place that compares them. Of two numbers the one that is less than
 * 2<sup>31</sup> steps behind the other is before it (RFC 9293 3.4).
 */
final class Seq
{
    private Seq()
    {
    }

    static boolean isBefore(final int a, final int b)
    {
        return a - b < 0;
    }

    static boolean isAfter(final int a, final int b)
    {
        return a - b > 0;
    }

    /** Whether first &lt;= seq &lt; first + length; the length counts as unsigned and may be 0. */
    static boolean isInside(final int seq, final int first, final int length)
    {
        return Integer.compareUnsigned(seq - first, length) < 0;
    }

    static int max(final int a, final int b)
    {
        return a - b < 0 ? b : a;
    }

    static int min(final int a, final int b)
    {
        return a - b < 0 ? a : b;
    }
}
