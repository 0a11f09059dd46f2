// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.support;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AllocationTest
{
    private static final long SHORT_PATIENCE_NS = 50_000_000L;

    private byte[] planted;

    @Test
    void shouldPassWorkThatAllocatesNothing()
    {
        final long[] sum = new long[1];
        Allocation.assertNone(1000, () ->
        {
            for (int i = 0; i < 1000; i++)
            {
                sum[0] += i;
            }
            return 1000;
        });
    }

    @Test
    void shouldFailWhenOneByteArrayIsPlanted()
    {
        final AssertionError error = assertThrows(AssertionError.class, () -> Allocation.assertNone(1, () ->
        {
            planted = new byte[1];
            return planted.length;
        }, SHORT_PATIENCE_NS));
        assertTrue(error.getMessage().contains("the best one 24 bytes"), error.getMessage());
    }

    @Test
    void shouldFailWhenTheWorkWasNotDone()
    {
        assertThrows(AssertionError.class, () -> Allocation.assertNone(2, () -> 1, SHORT_PATIENCE_NS));
    }
}
