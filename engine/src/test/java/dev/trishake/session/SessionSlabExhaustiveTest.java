// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.session;

import dev.trishake.support.Exhaustive;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static dev.trishake.session.SessionSlab.NULL_SLOT;
import static org.junit.jupiter.api.Assertions.assertEquals;

class SessionSlabExhaustiveTest
{
    private static final int OPERATIONS = 12;

    @Test
    void shouldResolveLiveHandlesAndNoOthersWhateverHappened()
    {
        final Exhaustive all = new Exhaustive();
        while (all.next())
        {
            final SessionSlab slab = new SessionSlab(1 + all.choose(3), 8);
            final Map<Long, Integer> live = new LinkedHashMap<>();
            final List<Long> ever = new ArrayList<>();
            for (int i = 0; i < OPERATIONS; i++)
            {
                final int choice = all.choose(1 + live.size());
                if (choice == 0)
                {
                    acquire(slab, live, ever);
                }
                else
                {
                    slab.release(live.remove(List.copyOf(live.keySet()).get(choice - 1)));
                }

                assertEquals(live.size(), slab.active(), all::toString);
                for (final long handle : ever)
                {
                    assertEquals(live.getOrDefault(handle, NULL_SLOT), slab.resolve(handle), all::toString);
                }
            }
        }
        assertEquals(28_435, all.count());
    }

    private static void acquire(final SessionSlab slab, final Map<Long, Integer> live, final List<Long> ever)
    {
        final int slot = slab.acquire();
        assertEquals(live.size() == slab.capacity(), slot == NULL_SLOT);
        if (slot != NULL_SLOT)
        {
            assertEquals(false, live.containsValue(slot), "given twice");
            live.put(slab.handle(slot), slot);
            ever.add(slab.handle(slot));
        }
    }
}
