// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.support.Allocation;
import dev.trishake.support.Seeded;
import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NeighboursTest
{
    private static final long SECOND = 1_000_000_000L;
    private static final long A = 0x0200_0000_000aL;
    private static final long B = 0x0200_0000_000bL;

    private final Neighbours neighbours = new Neighbours(64, 12345);

    @Test
    void shouldKnowWhatItWasTold()
    {
        assertEquals(Neighbours.UNKNOWN, neighbours.find(1, 2, 0));
        neighbours.observe(1, 2, A, 0);
        assertEquals(A, neighbours.find(1, 2, 0));
        assertEquals(Neighbours.UNKNOWN, neighbours.find(2, 2, 0));
        assertEquals(Neighbours.UNKNOWN, neighbours.find(1, 1, 0));
        neighbours.observe(1, 2, B, 0);
        assertEquals(B, neighbours.find(1, 2, 1000 * SECOND), "the way back stays until there is another one");
        neighbours.clear();
        assertEquals(Neighbours.UNKNOWN, neighbours.find(1, 2, 0));
    }

    @Test
    void shouldNotLetAFrameChangeWhatWasConfirmed()
    {
        neighbours.confirm(0, 7, A, 0);
        neighbours.observe(0, 7, B, 0);
        assertEquals(A, neighbours.find(0, 7, 0));
        neighbours.confirm(0, 7, B, 0);
        assertEquals(B, neighbours.find(0, 7, 0));
        assertTrue(neighbours.permanent(0, 7, A));
        neighbours.confirm(0, 7, B, 0);
        assertEquals(A, neighbours.find(0, 7, 1_000_000 * SECOND));
    }

    @Test
    void shouldDoubtWhatWasConfirmedLongAgo()
    {
        neighbours.confirm(0, 7, A, 0);
        assertFalse(neighbours.isStale(0, 7, Neighbours.REACHABLE_NS / 2));
        assertTrue(neighbours.isStale(0, 7, Neighbours.REACHABLE_NS / 2 + 1));
        assertEquals(A, neighbours.find(0, 7, Neighbours.REACHABLE_NS));
        assertEquals(Neighbours.UNKNOWN, neighbours.find(0, 7, Neighbours.REACHABLE_NS + 1));
        neighbours.observe(0, 7, A, Neighbours.REACHABLE_NS); // it is alive, where it was
        assertFalse(neighbours.isStale(0, 7, Neighbours.REACHABLE_NS + SECOND));
        assertEquals(A, neighbours.find(0, 7, 2 * Neighbours.REACHABLE_NS));
    }

    @Test
    void shouldKeepWhatIsConfirmedInAFloodOfSources()
    {
        final Neighbours small = new Neighbours(4, 1);
        assertTrue(small.permanent(0, 1, A));
        small.confirm(0, 2, A, 0);
        small.confirm(0, 3, B, 0);
        for (int i = 0; i < 10_000; i++)
        {
            small.observe(5, i, B, i);
            assertEquals(B, small.find(5, i, i), "the newest");
        }
        assertEquals(A, small.find(0, 1, 0));
        assertEquals(A, small.find(0, 2, 0));
        assertEquals(B, small.find(0, 3, 0));
        for (int i = 10; i < 20; i++)
        {
            small.confirm(0, i, B, i); // the oldest of its rank goes
        }
        assertEquals(Neighbours.UNKNOWN, small.find(0, 2, 0));
        assertEquals(A, small.find(0, 1, 0));
        assertTrue(small.permanent(0, 100, A) && small.permanent(0, 101, A) && small.permanent(0, 102, A));
        assertFalse(small.permanent(0, 103, A), "a set of permanent ones is full");
        small.confirm(0, 104, A, 50);
        assertEquals(Neighbours.UNKNOWN, small.find(0, 104, 50));
    }

    @Test
    void shouldNeverNameAnotherAddress() throws Exception
    {
        Seeded.forEach(50, random ->
        {
            final Neighbours cache = new Neighbours(1 << random.nextInt(2, 8), random.nextLong());
            final Map<Long, Long> last = new HashMap<>();
            for (int i = 0; i < 1000; i++)
            {
                final long low = random.nextInt(300);
                if (random.nextBoolean())
                {
                    final long address = random.nextLong(1L << 48);
                    cache.observe(9, low, address, i);
                    last.put(low, address);
                }
                final long found = cache.find(9, low, i);
                assertTrue(found == Neighbours.UNKNOWN || found == last.get(low), "found " + found);
            }
        });
    }

    @Test
    void shouldRefuseSizesThatAreNoPowersOfTwo()
    {
        assertThrows(IllegalArgumentException.class, () -> new Neighbours(2, 0));
        assertThrows(IllegalArgumentException.class, () -> new Neighbours(12, 0));
    }

    @Test
    void shouldAllocateNothing()
    {
        Allocation.assertNone(1000, () ->
        {
            long found = 0;
            for (int i = 0; i < 1000; i++)
            {
                neighbours.observe(0, i, A, i);
                found += neighbours.find(0, i, i) == A ? 1 : 0;
            }
            return found;
        });
    }
}
