// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto;

import dev.trishake.support.Seeded;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class ColumnsTest
{
    private static final int LANES = Columns.LANES;
    private static final int ROWS = 16;
    private static final int LENGTH = Integer.BYTES * ROWS;
    private static final byte[] OCTETS = Seeded.bytes(new SplittableRandom(1), LENGTH);
    private static final byte MARK = (byte)0x80;

    @Test
    void shouldWriteRangesThatEndAnywhere()
    {
        final Columns columns = new Columns(ROWS);
        for (final DirectBuffer octets : new DirectBuffer[]{onHeap(OCTETS), offHeap(OCTETS)})
        {
            for (int length = 0; length < LENGTH; length++)
            {
                for (int first = 0; first <= Math.min(length, 20); first++)
                {
                    for (int second = 0; second <= Math.min(length - first, 12); second++)
                    {
                        final int lane = length % LANES;
                        Arrays.fill(columns.words(), -1);
                        columns.begin(lane, 0);
                        columns.append(octets, 0, first);
                        columns.append(octets, first, second);
                        columns.append(octets, first + second, length - first - second);
                        columns.mark();
                        columns.end(ROWS);
                        final byte[] expected = Arrays.copyOf(Arrays.copyOf(OCTETS, length), LENGTH);
                        expected[length] = MARK;
                        assertColumn(expected, columns, lane);
                        assertOthers(-1, columns, lane);
                    }
                }
            }
        }
    }

    @Test
    void shouldBeginInAnyRowAndEndBehindTheLastOctets()
    {
        final Columns columns = new Columns(ROWS);
        columns.begin(3, 8);
        columns.append(onHeap(OCTETS), 0, 13);
        columns.end(0);
        final byte[] expected = new byte[LENGTH];
        System.arraycopy(OCTETS, 0, expected, 32, 13);
        assertColumn(expected, columns, 3);
        columns.put(3, 14, 0x0102030405060708L);
        System.arraycopy(new byte[]{1, 2, 3, 4, 5, 6, 7, 8}, 0, expected, 56, 8);
        assertColumn(expected, columns, 3);
        assertOthers(0, columns, 3);
    }

    @Test
    void shouldReadAndWriteWholeColumns()
    {
        for (final DirectBuffer octets : new DirectBuffer[]{onHeap(OCTETS), offHeap(OCTETS)})
        {
            for (int lane = 0; lane < LANES; lane++)
            {
                final Columns columns = new Columns(ROWS);
                columns.readBlock(lane, 0, octets, 0);
                assertColumn(OCTETS, columns, lane);
                assertOthers(0, columns, lane);
                final UnsafeBuffer digest = new UnsafeBuffer(new byte[34]);
                columns.writeDigest(lane, digest, 1);
                assertArrayEquals(Arrays.copyOf(OCTETS, 32), Arrays.copyOfRange(digest.byteArray(), 1, 33));

                final Columns others = new Columns(ROWS);
                others.readDigest(lane, octets, 32);
                assertColumn(Arrays.copyOf(Arrays.copyOfRange(OCTETS, 32, LENGTH), LENGTH), others, lane);
                others.copy(columns, 8, lane);
                assertColumn(Arrays.copyOf(Arrays.copyOf(OCTETS, 32), LENGTH), others, lane);
                others.copy(columns, ROWS);
                assertArrayEquals(columns.words(), others.words());
                others.wipe();
                assertArrayEquals(new int[LANES * ROWS], others.words());
            }
        }
    }

    @Test
    void shouldCheckBounds()
    {
        final Columns columns = new Columns(ROWS);
        for (final DirectBuffer octets : new DirectBuffer[]{onHeap(OCTETS), offHeap(OCTETS)})
        {
            assertThrows(IndexOutOfBoundsException.class, () -> columns.readBlock(0, 0, octets, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> columns.readDigest(0, octets, 33));
            assertThrows(IndexOutOfBoundsException.class, () -> columns.readDigest(0, octets, -1));
            columns.begin(0, 0);
            assertThrows(IndexOutOfBoundsException.class, () -> columns.append(octets, 60, 5));
            assertThrows(IndexOutOfBoundsException.class, () -> columns.append(octets, 57, 8));
            assertThrows(IndexOutOfBoundsException.class, () -> columns.append(octets, -1, 8));
        }
    }

    private static DirectBuffer onHeap(final byte[] octets)
    {
        return new UnsafeBuffer(octets);
    }

    private static DirectBuffer offHeap(final byte[] octets)
    {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(octets.length).put(octets));
    }

    private static void assertColumn(final byte[] expected, final Columns columns, final int lane)
    {
        final ByteBuffer actual = ByteBuffer.allocate(LENGTH);
        for (int row = 0; row < ROWS; row++)
        {
            actual.putInt(columns.words()[LANES * row + lane]);
        }
        assertArrayEquals(expected, actual.array());
    }

    private static void assertOthers(final int expected, final Columns columns, final int lane)
    {
        for (int i = 0; i < LANES * ROWS; i++)
        {
            if (i % LANES != lane)
            {
                assertEquals(expected, columns.words()[i]);
            }
        }
    }
}
