// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.lanes;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Turns sixteen columns of sixteen words, a vector for each word, into sixteen rows, a row for each lane.
 *
 * <p>Four stages, each of which interleaves row r with row r + 8: <pre>
 *   stage(x)[2 r]     = x[r]0  x[r+8]0  x[r]1  x[r+8]1  ...  x[r]7  x[r+8]7
 *   stage(x)[2 r + 1] = x[r]8  x[r+8]8  x[r]9  x[r+8]9  ...  x[r]15 x[r+8]15
 * </pre>
 * An element's place is a number of eight bits, row (4) and column (4); a stage rotates that number left by one, so
 * four stages exchange row and column.
 */
final class Transpose
{
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final int SIZE = 16;
    private static final IntVector LOW = IntVector.fromArray(INTS, interleave(0), 0);
    private static final IntVector HIGH = IntVector.fromArray(INTS, interleave(SIZE / 2), 0);

    private Transpose()
    {
    }

    /**
     * Transposes sixteen columns into sixteen blocks of 64 octets, little-endian words.
     *
     * @param columns 256 words: word i of the lanes begins at 16 i; overwritten
     * @param blocks  where the octets go
     * @param at      where they begin
     * @param scratch of 256 words, overwritten
     */
    static void littleEndianBlocks(final int[] columns, final byte[] blocks, final int at, final int[] scratch)
    {
        stage(columns, scratch);
        stage(scratch, columns);
        stage(columns, scratch);
        stage(scratch, columns);
        for (int lane = 0; lane < SIZE; lane++)
        {
            IntVector.fromArray(INTS, columns, SIZE * lane).reinterpretAsBytes()
                .intoArray(blocks, at + 4 * SIZE * lane);
        }
    }

    private static void stage(final int[] from, final int[] to)
    {
        final IntVector low = LOW;
        final IntVector high = HIGH;
        for (int row = 0; row < SIZE / 2; row++)
        {
            final IntVector upper = IntVector.fromArray(INTS, from, SIZE * row);
            final IntVector lower = IntVector.fromArray(INTS, from, SIZE * (row + SIZE / 2));
            low.selectFrom(upper, lower).intoArray(to, 2 * SIZE * row);
            high.selectFrom(upper, lower).intoArray(to, 2 * SIZE * row + SIZE);
        }
    }

    private static int[] interleave(final int first)
    {
        final int[] places = new int[SIZE];
        for (int i = 0; i < SIZE; i++)
        {
            places[i] = first + i / 2 + i % 2 * SIZE;
        }
        return places;
    }
}
