// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.support;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ExhaustiveTest
{
    @Test
    void shouldVisitEveryInputOnce()
    {
        final Exhaustive all = new Exhaustive();
        final Set<String> seen = new HashSet<>();
        while (all.next())
        {
            final int length = all.choose(4);
            final StringBuilder word = new StringBuilder();
            for (int i = 0; i < length; i++)
            {
                word.append((char)('a' + all.choose(3)));
            }
            assertTrue(seen.add(word.toString()), "came by twice: " + word);
        }
        assertEquals(1 + 3 + 9 + 27, seen.size());
        assertEquals(seen.size(), all.count());
    }

    @Test
    void shouldRunABodyWithoutChoicesOnce()
    {
        final Exhaustive all = new Exhaustive();
        int runs = 0;
        while (all.next())
        {
            runs++;
        }
        assertEquals(1, runs);
    }

    @Test
    void shouldRefuseABodyThatIsNotDeterministic()
    {
        final Exhaustive all = new Exhaustive();
        assertTrue(all.next());
        all.choose(2);
        assertTrue(all.next());
        assertThrows(IllegalStateException.class, () -> all.choose(3));
    }
}
