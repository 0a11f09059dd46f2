// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.lanes;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Turns sixteen columns of sixteen words, a vector for each word, into sixteen rows, a row for each lane, and back.
 *
 * <p>Four stages, each of which interleaves row r with row r + 8: <pre>
 *   stage(x)[2 r]     = x[r]0  x[r+8]0  x[r]1  x[r+8]1  ...  x[r]7  x[r+8]7
 *   stage(x)[2 r + 1] = x[r]8  x[r+8]8  x[r]9  x[r+8]9  ...  x[r]15 x[r+8]15
 * </pre>
 * An element's place is a number of eight bits, row (4) and column (4); a stage rotates that number left by one, so
 * four stages exchange row and column. They are done two at a time, with what is between in registers.
 */
final class Transpose
{
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
    private static final int SIZE = 16;
    private static final int BLOCK_LENGTH = SIZE * Integer.BYTES;
    private static final IntVector LOW = IntVector.fromArray(INTS, interleave(0), 0);
    private static final IntVector HIGH = IntVector.fromArray(INTS, interleave(SIZE / 2), 0);

    private Transpose()
    {
    }

    /**
     * Transposes sixteen columns into sixteen blocks of 64 octets, little-endian words.
     *
     * @param columns 256 words: word i of the lanes begins at 16 i
     * @param blocks  where the octets go
     * @param at      where they begin
     * @param scratch of 256 words, overwritten
     */
    static void littleEndianBlocks(final int[] columns, final byte[] blocks, final int at, final int[] scratch)
    {
        twoStages(columns, scratch, 0);
        twoStagesToOctets(scratch, blocks, at);
    }

    /**
     * Transposes sixteen blocks of 64 octets, big-endian words, into sixteen columns.
     *
     * @param blocks  holds the octets
     * @param at      where the first block begins
     * @param stride  from one block to the next
     * @param columns where 256 words go: word i of the lanes at 16 i
     * @param first   where they begin
     * @param scratch of 256 words, overwritten
     */
    static void bigEndianColumns(
        final byte[] blocks, final int at, final int stride, final int[] columns, final int first, final int[] scratch)
    {
        twoStagesOfOctets(blocks, at, stride, scratch);
        twoStages(scratch, columns, first);
    }

    /** A row and the ones four, eight and twelve behind it become four that follow each other. */
    private static void twoStages(final int[] from, final int[] to, final int first)
    {
        final IntVector low = LOW;
        final IntVector high = HIGH;
        for (int row = 0; row < SIZE / 4; row++)
        {
            final IntVector x0 = IntVector.fromArray(INTS, from, SIZE * row);
            final IntVector x4 = IntVector.fromArray(INTS, from, SIZE * (row + 4));
            final IntVector x8 = IntVector.fromArray(INTS, from, SIZE * (row + 8));
            final IntVector x12 = IntVector.fromArray(INTS, from, SIZE * (row + 12));
            final IntVector y0 = low.selectFrom(x0, x8);
            final IntVector y1 = high.selectFrom(x0, x8);
            final IntVector y8 = low.selectFrom(x4, x12);
            final IntVector y9 = high.selectFrom(x4, x12);
            final int place = first + 4 * SIZE * row;
            low.selectFrom(y0, y8).intoArray(to, place);
            high.selectFrom(y0, y8).intoArray(to, place + SIZE);
            low.selectFrom(y1, y9).intoArray(to, place + 2 * SIZE);
            high.selectFrom(y1, y9).intoArray(to, place + 3 * SIZE);
        }
    }

    /** The same from octets. */
    private static void twoStagesOfOctets(final byte[] from, final int at, final int stride, final int[] to)
    {
        final IntVector low = LOW;
        final IntVector high = HIGH;
        for (int row = 0; row < SIZE / 4; row++)
        {
            final IntVector x0 = ByteVector.fromArray(BYTES, from, at + stride * row)
                .reinterpretAsInts().lanewise(VectorOperators.REVERSE_BYTES);
            final IntVector x4 = ByteVector.fromArray(BYTES, from, at + stride * (row + 4))
                .reinterpretAsInts().lanewise(VectorOperators.REVERSE_BYTES);
            final IntVector x8 = ByteVector.fromArray(BYTES, from, at + stride * (row + 8))
                .reinterpretAsInts().lanewise(VectorOperators.REVERSE_BYTES);
            final IntVector x12 = ByteVector.fromArray(BYTES, from, at + stride * (row + 12))
                .reinterpretAsInts().lanewise(VectorOperators.REVERSE_BYTES);
            final IntVector y0 = low.selectFrom(x0, x8);
            final IntVector y1 = high.selectFrom(x0, x8);
            final IntVector y8 = low.selectFrom(x4, x12);
            final IntVector y9 = high.selectFrom(x4, x12);
            final int place = 4 * SIZE * row;
            low.selectFrom(y0, y8).intoArray(to, place);
            high.selectFrom(y0, y8).intoArray(to, place + SIZE);
            low.selectFrom(y1, y9).intoArray(to, place + 2 * SIZE);
            high.selectFrom(y1, y9).intoArray(to, place + 3 * SIZE);
        }
    }

    /** The same into octets. */
    private static void twoStagesToOctets(final int[] from, final byte[] to, final int at)
    {
        final IntVector low = LOW;
        final IntVector high = HIGH;
        for (int row = 0; row < SIZE / 4; row++)
        {
            final IntVector x0 = IntVector.fromArray(INTS, from, SIZE * row);
            final IntVector x4 = IntVector.fromArray(INTS, from, SIZE * (row + 4));
            final IntVector x8 = IntVector.fromArray(INTS, from, SIZE * (row + 8));
            final IntVector x12 = IntVector.fromArray(INTS, from, SIZE * (row + 12));
            final IntVector y0 = low.selectFrom(x0, x8);
            final IntVector y1 = high.selectFrom(x0, x8);
            final IntVector y8 = low.selectFrom(x4, x12);
            final IntVector y9 = high.selectFrom(x4, x12);
            final int place = at + 4 * BLOCK_LENGTH * row;
            low.selectFrom(y0, y8).reinterpretAsBytes().intoArray(to, place);
            high.selectFrom(y0, y8).reinterpretAsBytes().intoArray(to, place + BLOCK_LENGTH);
            low.selectFrom(y1, y9).reinterpretAsBytes().intoArray(to, place + 2 * BLOCK_LENGTH);
            high.selectFrom(y1, y9).reinterpretAsBytes().intoArray(to, place + 3 * BLOCK_LENGTH);
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
