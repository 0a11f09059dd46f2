// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire;

import dev.trishake.support.Seeded;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** On the heap and off it, at any place, as the buffers' own accessors in network order. */
class WordsTest
{
    @Test
    void shouldReadAndWriteAsBuffersDo()
    {
        final UnsafeBuffer[] buffers = {
            new UnsafeBuffer(new byte[64]), new UnsafeBuffer(ByteBuffer.allocateDirect(64)),
            new UnsafeBuffer(new byte[100], 17, 64)};
        final UnsafeBuffer expected = new UnsafeBuffer(new byte[64]);
        Seeded.forEach(300, random ->
        {
            for (final UnsafeBuffer buffer : buffers)
            {
                final byte[] bytes = Seeded.bytes(random, 64);
                buffer.putBytes(0, bytes);
                expected.putBytes(0, bytes);
                final int at = random.nextInt(57);
                final byte[] array = buffer.byteArray();
                final long address = buffer.addressOffset() + at;
                assertEquals(bytes[at] & 0xff, Words.getByte(array, address));
                assertEquals(expected.getChar(at, BIG_ENDIAN), Words.getShort(array, address));
                assertEquals(expected.getInt(at, BIG_ENDIAN), Words.getInt(array, address));
                assertEquals(expected.getLong(at, BIG_ENDIAN), Words.getLong(array, address));
                final long value = random.nextLong();
                switch (random.nextInt(3))
                {
                    case 0 ->
                    {
                        expected.putShort(at, (short)value, BIG_ENDIAN);
                        Words.putShort(array, address, (int)value);
                    }
                    case 1 ->
                    {
                        expected.putInt(at, (int)value, BIG_ENDIAN);
                        Words.putInt(array, address, (int)value);
                    }
                    default ->
                    {
                        expected.putLong(at, value, BIG_ENDIAN);
                        Words.putLong(array, address, value);
                    }
                }
                assertEquals(0, expected.compareTo(buffer));
            }
        });
    }
}
