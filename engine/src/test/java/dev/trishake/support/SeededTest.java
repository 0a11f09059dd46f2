// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.support;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SeededTest
{
    @Test
    void shouldGiveEveryCaseItsOwnRandomness()
    {
        final List<String> seen = new ArrayList<>();
        Seeded.forEach(10, random -> seen.add(HexFormat.of().formatHex(Seeded.bytes(random, 8))));
        assertEquals(10, seen.size());
        assertEquals(10, seen.stream().distinct().count());
    }

    @Test
    void shouldNameTheSeedOfAFailingCase()
    {
        final AssertionError error = assertThrows(AssertionError.class, () -> Seeded.forEach(5, random ->
        {
            throw new IllegalStateException("broken");
        }));
        assertTrue(error.getMessage().matches("case 0 failed; run it alone with -Dtrishake.seed=-?\\d+: broken"),
            error.getMessage());
    }

    @Test
    void shouldMutateTheSameWayForTheSameSeed()
    {
        final byte[] one = new byte[64];
        final byte[] two = new byte[64];
        Seeded.mutate(new SplittableRandom(7), one, 32);
        Seeded.mutate(new SplittableRandom(7), two, 32);
        assertArrayEquals(one, two);
    }
}
