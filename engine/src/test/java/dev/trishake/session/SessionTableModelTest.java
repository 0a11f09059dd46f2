// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.session;

import dev.trishake.support.Exhaustive;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import static dev.trishake.session.SessionSlab.NULL_SLOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The table beside a {@link HashMap}, with tuples as they come and with tuples that an attacker chose. */
class SessionTableModelTest
{
    private static final long K0 = 0x0123_4567_89ab_cdefL;
    private static final long K1 = 0xfedc_ba98_7654_3210L;

    @Test
    void shouldAgreeWithAMap()
    {
        Seeded.forEach(Scale.pick(60, 2000), random ->
        {
            final int capacity = 1 + random.nextInt(1 << random.nextInt(1, 11));
            final FourTuple[] pool = new FourTuple[1 + 2 * capacity];
            Arrays.setAll(pool, i -> randomTuple(random));
            walk(new SessionTable(capacity, random.nextLong(), random.nextLong()), pool, 20_000, random);
        });
    }

    @Test
    void shouldAgreeWithAMapWhenTagsAreEqual()
    {
        // birthday: among 400,000 tuples some twenty pairs have all 32 bits of the tag in common
        final SplittableRandom random = new SplittableRandom(1);
        final FourTuple[] tuples = new FourTuple[400_000];
        Arrays.setAll(tuples, i -> randomTuple(random));
        final FourTuple[] colliding = withEqualTags(tuples);
        assertTrue(colliding.length >= 10, "too few to test anything: " + colliding.length);
        Seeded.forEach(Scale.pick(20, 500), each ->
            walk(new SessionTable(colliding.length, K0, K1), colliding, 20_000, each));
    }

    private static FourTuple[] withEqualTags(final FourTuple[] tuples)
    {
        final Map<Integer, List<FourTuple>> byTag = new HashMap<>();
        for (final FourTuple tuple : tuples)
        {
            byTag.computeIfAbsent((int)tuple.hash(K0, K1), tag -> new ArrayList<>()).add(tuple);
        }
        return byTag.values().stream()
            .filter(same -> same.size() > 1)
            .flatMap(List::stream)
            .toArray(FourTuple[]::new);
    }

    @Test
    void shouldAgreeWithAMapWhenHomesAreEqualAndWrapAround()
    {
        final int capacity = 32;
        final List<FourTuple> pool = new ArrayList<>();
        for (final int home : new int[] {0, 1, 62, 63})
        {
            pool.addAll(List.of(atHome(home, 2 * capacity, 16)));
        }
        Seeded.forEach(Scale.pick(40, 1000), random ->
            walk(new SessionTable(capacity, K0, K1), pool.toArray(FourTuple[]::new), 20_000, random));
    }

    @Test
    void shouldBeRightInEveryOrderOfEveryLayoutOfThree()
    {
        final int capacity = 3;
        final int buckets = 8;
        final FourTuple[][] pool = new FourTuple[buckets][];
        Arrays.setAll(pool, home -> atHome(home, buckets, capacity));
        final SessionTable table = new SessionTable(capacity, K0, K1);
        final Exhaustive all = new Exhaustive();
        while (all.next())
        {
            final FourTuple[] tuples = new FourTuple[capacity];
            Arrays.setAll(tuples, i -> pool[all.choose(buckets)][i]);
            table.clear();
            int there = 0;
            for (int i = 0; i < 6; i++)
            {
                final int slot = all.choose(capacity);
                if ((there & (1 << slot)) == 0)
                {
                    check(table.put(tuples[slot], slot), all);
                }
                else
                {
                    check(table.remove(slot), all);
                }
                there ^= 1 << slot;
                for (int j = 0; j < capacity; j++)
                {
                    check(table.find(tuples[j]) == ((there & (1 << j)) == 0 ? NULL_SLOT : j), all);
                }
            }
        }
        assertEquals(373_248, all.count());
    }

    @Test
    void shouldBeAsGoodAsNewAfterMillionsOfChanges()
    {
        // The sum of displacements in linear probing does not depend on the order of insertion (Knuth 6.4), so a table
        // without tombstones must have exactly that of a new one with the same tuples.
        final int capacity = 4096;
        final SessionTable table = new SessionTable(capacity, K0, K1);
        final FourTuple[] tuples = new FourTuple[capacity];
        final SplittableRandom random = new SplittableRandom(7);
        for (int slot = 0; slot < capacity; slot++)
        {
            tuples[slot] = randomTuple(random);
            table.put(tuples[slot], slot);
        }
        for (int i = 0; i < Scale.pick(2_000_000, 100_000_000); i++)
        {
            final int slot = random.nextInt(capacity);
            table.remove(slot);
            tuples[slot].remote(random.nextLong(), i, 80);
            table.put(tuples[slot], slot);
        }

        final SessionTable fresh = new SessionTable(capacity, K0, K1);
        for (int slot = 0; slot < capacity; slot++)
        {
            assertEquals(slot, table.find(tuples[slot]));
            assertTrue(fresh.put(tuples[slot], slot));
        }
        assertEquals(totalDisplacement(fresh), totalDisplacement(table));
        final double mean = (double)totalDisplacement(table) / capacity;
        assertTrue(mean < 0.6, "a successful search reads 1.5 entries at load 0.5, not " + (1 + mean));
    }

    @Test
    void shouldSpreadTuplesThatCollideUnderAnotherKey()
    {
        final int capacity = 512;
        final FourTuple[] attack = atHome(5, 2 * capacity, capacity);
        assertEquals(capacity - 1, longestSearch(attack, K0, K1), "the attacker knew the key");
        assertTrue(longestSearch(attack, K0 ^ 1, K1) < 40, "one bit of the first half differs");
        assertTrue(longestSearch(attack, K0, K1 ^ Long.MIN_VALUE) < 40, "one bit of the second half differs");
    }

    private static int longestSearch(final FourTuple[] tuples, final long k0, final long k1)
    {
        final SessionTable table = new SessionTable(tuples.length, k0, k1);
        int longest = 0;
        for (int slot = 0; slot < tuples.length; slot++)
        {
            assertTrue(table.put(tuples[slot], slot));
            longest = Math.max(longest, table.displacement(slot));
        }
        return longest;
    }

    private static void walk(
        final SessionTable table, final FourTuple[] pool, final int steps, final SplittableRandom random)
    {
        final Map<FourTuple, Integer> model = new HashMap<>();
        final FourTuple[] keys = new FourTuple[table.capacity()];
        final FourTuple out = new FourTuple();
        for (int i = 0; i < steps; i++)
        {
            final FourTuple tuple = pool[random.nextInt(pool.length)];
            final int slot = random.nextInt(table.capacity());
            final int known = model.getOrDefault(tuple, NULL_SLOT);
            assertEquals(known, table.find(tuple));
            if (random.nextInt(10_000) == 0)
            {
                table.clear();
                model.clear();
                Arrays.fill(keys, null);
            }
            else if (keys[slot] != null)
            {
                assertTrue(table.keyOf(slot, out));
                assertEquals(keys[slot].toString(), out.toString());
                assertTrue(table.remove(slot));
                model.remove(keys[slot]);
                keys[slot] = null;
            }
            else if (known != NULL_SLOT)
            {
                assertFalse(table.put(tuple, slot));
                assertFalse(table.remove(slot));
            }
            else
            {
                assertTrue(table.put(tuple, slot));
                model.put(tuple, slot);
                keys[slot] = tuple;
            }
            assertEquals(model.size(), table.size());
        }
        for (final FourTuple tuple : pool)
        {
            assertEquals(model.getOrDefault(tuple, NULL_SLOT), table.find(tuple));
        }
    }

    /** Tuples whose search begins at a bucket of an index: what an attacker does who knows the key. */
    private static FourTuple[] atHome(final int home, final int buckets, final int count)
    {
        final FourTuple[] tuples = new FourTuple[count];
        int number = 0;
        for (int i = 0; i < count; i++)
        {
            tuples[i] = new FourTuple().localIpv4(0xc000_0201, 443);
            do
            {
                tuples[i].remoteIpv4(number++, 1024);
            }
            while (((int)tuples[i].hash(K0, K1) & (buckets - 1)) != home);
        }
        return tuples;
    }

    private static FourTuple randomTuple(final SplittableRandom random)
    {
        return new FourTuple()
            .local(random.nextLong(), random.nextLong(), random.nextInt(65536))
            .remote(random.nextLong(), random.nextLong(), random.nextInt(65536));
    }

    private static int totalDisplacement(final SessionTable table)
    {
        int total = 0;
        for (int slot = 0; slot < table.capacity(); slot++)
        {
            total += table.displacement(slot);
        }
        return total;
    }

    private static void check(final boolean expected, final Exhaustive state)
    {
        if (!expected)
        {
            throw new AssertionError(state.toString());
        }
    }
}
