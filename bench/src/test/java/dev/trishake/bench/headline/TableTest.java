// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

class TableTest
{
    private static Table table()
    {
        final Table table = new Table(List.of(
            new Table.Column("benchmark", false), new Table.Column("ns/op", true), new Table.Column("goal", false)));
        table.add(List.of("trishake", "7.80 ± 0.10", "met"));
        table.add(List.of("a|b", "128.1", ""));
        return table;
    }

    @Test
    void shouldAlignTextOnTheLeftAndNumbersOnTheRight()
    {
        assertEquals("""
              benchmark        ns/op  goal
              trishake   7.80 ± 0.10  met
              a|b              128.1
            """, table().text());
    }

    @Test
    void shouldEscapeBarsInMarkdown()
    {
        assertEquals("""
            | benchmark | ns/op | goal |
            | :--- | ---: | :--- |
            | trishake | 7.80 ± 0.10 | met |
            | a\\|b | 128.1 |  |
            """, table().markdown());
    }
}
