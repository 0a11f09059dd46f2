// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire;

import dev.trishake.support.Exhaustive;
import dev.trishake.support.Scale;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** All short byte strings against a reading of vector prefixes that shares no code with the cursors. */
class OctetExhaustiveTest
{
    private static final byte[] ALPHABET = {0, 1, 2, 3, (byte)0x80, (byte)0xff};

    @Test
    void shouldReadAVectorExactlyWhenItIsWholeAndWithinItsBounds()
    {
        final Exhaustive all = new Exhaustive();
        final OctetReader in = new OctetReader();
        final OctetReader child = new OctetReader();
        int whole = 0;
        while (all.next())
        {
            final int width = 1 + all.choose(3);
            final int min = all.choose(3);
            final int max = all.choose(4);
            final byte[] bytes = new byte[all.choose(Scale.pick(6, 7))];
            for (int i = 0; i < bytes.length; i++)
            {
                bytes[i] = ALPHABET[all.choose(ALPHABET.length)];
            }

            long length = 0;
            for (int i = 0; i < width && i < bytes.length; i++)
            {
                length = length * 256 + Byte.toUnsignedInt(bytes[i]);
            }
            final boolean expected =
                bytes.length >= width + length && length >= min && length <= max && bytes.length >= width;

            in.wrap(new UnsafeBuffer(bytes), 0, bytes.length);
            final boolean read = switch (width)
            {
                case 1 -> in.vector8(child, min, max);
                case 2 -> in.vector16(child, min, max);
                default -> in.vector24(child, min, max);
            };
            assertEquals(expected, read, all::toString);
            assertEquals(!expected, in.failed(), all::toString);
            assertEquals(!expected, child.failed(), all::toString);
            assertEquals(expected ? length : 0, child.remaining(), all::toString);
            assertEquals(expected ? bytes.length - width - length : 0, in.remaining(), all::toString);
            if (expected)
            {
                assertEquals(width, child.offset(), all::toString);
                whole++;
            }
        }
        assertTrue(whole > 1000, "too few whole vectors to tell: " + whole);
    }

    @Test
    void shouldReadNestedVectorsAsTheyWereWritten()
    {
        final Exhaustive all = new Exhaustive();
        final OctetWriter out = new OctetWriter();
        final OctetReader in = new OctetReader();
        while (all.next())
        {
            final int outer = 1 + all.choose(3);
            final int inner = 1 + all.choose(3);
            final int before = all.choose(3);
            final int within = all.choose(3);
            final int after = all.choose(3);
            final int needed = outer + before + inner + within + after;
            final int room = needed - all.choose(needed + 1);
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[room]);

            out.wrap(buffer, 0, room);
            final int outerMark = begin(out, outer);
            fill(out, before, 0xb0);
            final int innerMark = begin(out, inner);
            fill(out, within, 0xc0);
            out.endVector(innerMark);
            fill(out, after, 0xa0);
            out.endVector(outerMark);

            assertEquals(room < needed, out.failed(), all::toString);
            if (room == needed)
            {
                final OctetReader content = new OctetReader();
                final OctetReader nested = new OctetReader();
                in.wrap(buffer, 0, room);
                assertTrue(vector(in, outer, content) && in.isComplete(), all::toString);
                expect(content, before, 0xb0);
                assertTrue(vector(content, inner, nested), all::toString);
                expect(nested, within, 0xc0);
                assertTrue(nested.isComplete(), all::toString);
                expect(content, after, 0xa0);
                assertTrue(content.isComplete(), all::toString);
                assertEquals(needed, out.length());
            }
        }
    }

    private static int begin(final OctetWriter out, final int width)
    {
        return switch (width)
        {
            case 1 -> out.beginVector8();
            case 2 -> out.beginVector16();
            default -> out.beginVector24();
        };
    }

    private static boolean vector(final OctetReader in, final int width, final OctetReader content)
    {
        return switch (width)
        {
            case 1 -> in.vector8(content);
            case 2 -> in.vector16(content);
            default -> in.vector24(content);
        };
    }

    private static void fill(final OctetWriter out, final int count, final int first)
    {
        for (int i = 0; i < count; i++)
        {
            out.u8(first + i);
        }
    }

    private static void expect(final OctetReader in, final int count, final int first)
    {
        for (int i = 0; i < count; i++)
        {
            assertEquals(first + i, in.u8());
        }
    }
}
