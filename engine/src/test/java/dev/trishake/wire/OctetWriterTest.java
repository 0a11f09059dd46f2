// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire;

import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OctetWriterTest
{
    private final OctetWriter out = new OctetWriter();

    @Test
    void shouldWriteNumbersInNetworkOrder()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[20]);
        out.wrap(buffer, 1, 18);
        out.u8(0xf1).u16(0xf203).u24(0xf40506).u32(0xf708090aL).u64(0xfb0c0d0e0f101112L);
        assertEquals("00f1f203f40506f708090afb0c0d0e0f10111200", Vectors.hex(buffer.byteArray()));
        assertFalse(out.failed());
        assertEquals(18, out.length());
        assertEquals(0, out.remaining());
        assertEquals(19, out.offset());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8})
    void shouldFailOneByteShortAndWriteNothingMore(final int width)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[16]);
        out.wrap(buffer, 4, width - 1);
        switch (width)
        {
            case 1 -> out.u8(0xff);
            case 2 -> out.u16(0xffff);
            case 3 -> out.u24(0xff_ffff);
            case 4 -> out.u32(0xffff_ffffL);
            default -> out.u64(-1);
        }
        assertTrue(out.failed());
        if (width > 1)
        {
            out.u8(0xff);
        }
        out.bytes(new UnsafeBuffer(new byte[] {1}), 0, 1);
        assertEquals(-1, out.skip(0));
        out.endVector(out.beginVector8());
        assertTrue(out.failed());
        assertEquals("00".repeat(16), Vectors.hex(buffer.byteArray()));

        out.wrap(buffer, 4, 1);
        assertFalse(out.failed());
    }

    @ParameterizedTest
    @CsvSource({"1,255", "2,65535", "3,16777215"})
    void shouldFailWhenAVectorIsLongerThanItsPrefixCanSay(final int width, final int longest)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[longest + 1 + width]);
        final OctetReader in = new OctetReader();
        final OctetReader child = new OctetReader();
        for (int length = longest; length <= longest + 1; length++)
        {
            out.wrap(buffer, 0, buffer.capacity());
            final int mark = switch (width)
            {
                case 1 -> out.beginVector8();
                case 2 -> out.beginVector16();
                default -> out.beginVector24();
            };
            assertEquals(width, out.skip(length));
            out.endVector(mark);
            assertEquals(length > longest, out.failed());
            if (length == longest)
            {
                in.wrap(buffer, 0, out.length());
                assertTrue(switch (width)
                {
                    case 1 -> in.vector8(child);
                    case 2 -> in.vector16(child);
                    default -> in.vector24(child);
                });
                assertEquals(longest, child.remaining());
            }
        }
    }

    @Test
    void shouldWriteTheExampleOfItsDocument()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[16]);
        final UnsafeBuffer names = new UnsafeBuffer(Vectors.hex("616263"));
        out.wrap(buffer, 0, 16);
        final int extensions = out.beginVector16();
        out.u16(0x0102);
        final int name = out.beginVector16();
        out.bytes(names, 0, 3);
        out.endVector(name);
        out.endVector(extensions);
        assertEquals(9, out.length());
        assertEquals("0007" + "0102" + "0003" + "616263" + "00".repeat(7), Vectors.hex(buffer.byteArray()));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void shouldFailForLengthsThatOverflow(final int length)
    {
        out.wrap(new UnsafeBuffer(new byte[16]), 8, 8);
        assertEquals(-1, out.skip(length));
        assertTrue(out.failed());
    }

    @Test
    void shouldAssertThatAValueFitsItsField()
    {
        out.wrap(new UnsafeBuffer(new byte[16]), 0, 16);
        assertThrows(AssertionError.class, () -> out.u8(0x100));
        assertThrows(AssertionError.class, () -> out.u16(-1));
        assertThrows(AssertionError.class, () -> out.u24(0x100_0000));
        assertThrows(AssertionError.class, () -> out.u32(-1));
        assertEquals(0, out.length());
    }
}
