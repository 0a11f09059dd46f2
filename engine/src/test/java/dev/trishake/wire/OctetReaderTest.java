// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire;

import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.function.ToLongFunction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OctetReaderTest
{
    private final UnsafeBuffer buffer = new UnsafeBuffer(
        Vectors.hex("ff ffff ffffff ffffffff ffffffffffffffff 01 0203 040506 0708090a 0b0c0d0e0f101112"));
    private final OctetReader in = new OctetReader();
    private final OctetReader child = new OctetReader();

    @Test
    void shouldReadUnsignedNumbersInNetworkOrder()
    {
        in.wrap(buffer, 0, buffer.capacity());
        assertEquals(0xff, in.u8());
        assertEquals(0xffff, in.u16());
        assertEquals(0xff_ffff, in.u24());
        assertEquals(0xffff_ffffL, in.u32());
        assertEquals(-1, in.u64());
        assertEquals(18, in.remaining());
        assertEquals(0x01, in.u8());
        assertEquals(0x0203, in.u16());
        assertEquals(0x040506, in.u24());
        assertEquals(0x0708090a, in.u32());
        assertFalse(in.isComplete());
        assertEquals(0x0b0c0d0e0f101112L, in.u64());
        assertTrue(in.isComplete());
        assertFalse(in.failed());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 8})
    void shouldFailOneByteShortAndReadNothingMore(final int width)
    {
        final ToLongFunction<OctetReader> read = switch (width)
        {
            case 1 -> OctetReader::u8;
            case 2 -> OctetReader::u16;
            case 3 -> OctetReader::u24;
            case 4 -> OctetReader::u32;
            default -> OctetReader::u64;
        };
        in.wrap(buffer, 3, width);
        assertTrue(read.applyAsLong(in) != 0);
        assertTrue(in.isComplete());

        in.wrap(buffer, 3, width - 1);
        assertEquals(0, read.applyAsLong(in));
        assertTrue(in.failed());
        assertFalse(in.isComplete());
        assertEquals(0, in.remaining());
        assertEquals(0, in.u8());
        assertEquals(-1, in.skip(0));
        assertFalse(in.vector8(child));
        assertTrue(child.failed());
        assertTrue(in.failed());

        in.wrap(buffer, 0, 1);
        assertFalse(in.failed());
        assertEquals(0xff, in.u8());
    }

    @Test
    void shouldCopyBytesOrNone()
    {
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[4]);
        assertSame(in, in.wrap(buffer, 18, 3).bytes(copy, 1, 3));
        assertEquals("00010203", Vectors.hex(copy.byteArray()));
        assertTrue(in.isComplete());

        in.wrap(buffer, 0, 3).bytes(copy, 0, 4);
        assertTrue(in.failed());
        assertEquals("00010203", Vectors.hex(copy.byteArray()));
    }

    @Test
    void shouldStepOverBytesThatAreLookedAtInPlace()
    {
        in.wrap(buffer, 17, 6);
        assertEquals(17, in.skip(2));
        assertEquals(19, in.offset());
        assertSame(buffer, in.buffer());
        assertEquals(19, in.skip(4));
        assertEquals(-1, in.skip(1));
        assertTrue(in.failed());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void shouldFailForLengthsThatOverflow(final int length)
    {
        in.wrap(buffer, 8, 8);
        assertEquals(-1, in.skip(length));
        assertTrue(in.failed());
        in.wrap(buffer, 8, 8);
        assertFalse(in.range(child, length));
        assertTrue(in.failed());
        assertTrue(child.failed());
        assertEquals(0, child.remaining());
    }

    @Test
    void shouldLetAChildReadNoFurtherThanItsVector()
    {
        final UnsafeBuffer bytes = new UnsafeBuffer(Vectors.hex("0002aabbcc"));
        in.wrap(bytes, 0, 5);
        assertTrue(in.vector16(child));
        assertEquals(2, child.remaining());
        assertEquals(0, child.u24());
        assertTrue(child.failed());
        assertFalse(in.failed());
        assertEquals(0xcc, in.u8());
        assertTrue(in.isComplete());
    }

    @Test
    void shouldStopWhenItsDecoderFindsAWrongValue()
    {
        in.wrap(buffer, 0, 5);
        in.u8();
        in.fail();
        assertTrue(in.failed());
        assertEquals(0, in.remaining());
        assertEquals(0, in.u8());
    }
}
