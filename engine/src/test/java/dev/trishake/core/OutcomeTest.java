// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.core;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class OutcomeTest
{
    @Test
    void shouldKeepCategoryAndCodeApart()
    {
        for (final int code : new int[] {0, 1, 47, Outcome.MAX_CODE})
        {
            assertEquals(Outcome.PEER, Outcome.category(Outcome.peer(code)));
            assertEquals(code, Outcome.code(Outcome.peer(code)));
            assertEquals(Outcome.BUG, Outcome.category(Outcome.bug(code)));
            assertEquals(code, Outcome.code(Outcome.bug(code)));
        }
    }

    @Test
    void shouldDescribeWhatAPersonReads()
    {
        assertEquals("DONE", Outcome.describe(Outcome.DONE));
        assertEquals("AWAIT_CERTIFICATE", Outcome.describe(Outcome.AWAIT_CERTIFICATE));
        assertEquals("PEER|47", Outcome.describe(Outcome.peer(47)));
        assertEquals("UNKNOWN(9)", Outcome.describe(9 << 24));
    }
}
