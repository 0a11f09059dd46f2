// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Runs a decoder on the same bytes in several surroundings: in a buffer that ends where they end, so that a read beyond
 * them throws, and between other bytes, which must not change what it says.
 */
public final class Enclosed
{
    private static final int MARGIN = 64;
    private static final int[] SURROUNDINGS = {0x00, 0xff, 0x45, 0x02};

    private Enclosed()
    {
    }

    /** A decoder that is tried. */
    @FunctionalInterface
    public interface Decoder
    {
        /**
         * Says all that there is to say about a range.
         *
         * @param buffer where it is
         * @param offset where it begins
         * @param length of it
         * @param facts  all that the decoder says; offsets less the range's
         */
        void decode(DirectBuffer buffer, int offset, int length, Facts facts);
    }

    /** What a decoder says, in order. */
    public static final class Facts
    {
        private final StringBuilder text = new StringBuilder();

        /**
         * Adds one.
         *
         * @param name  of the fact
         * @param value of it
         * @return this
         */
        public Facts add(final String name, final long value)
        {
            text.append(name).append('=').append(value).append(' ');
            return this;
        }

        /**
         * Adds one.
         *
         * @param name  of the fact
         * @param value of it
         * @return value
         */
        public boolean add(final String name, final boolean value)
        {
            text.append(name).append('=').append(value).append(' ');
            return value;
        }

        @Override
        public String toString()
        {
            return text.toString();
        }
    }

    /**
     * {@return what the decoder said, the same in all surroundings}
     *
     * @param bytes   to decode
     * @param decoder of them
     */
    public static String decode(final byte[] bytes, final Decoder decoder)
    {
        assertTrue(DirectBuffer.SHOULD_BOUNDS_CHECK, "bounds checks are off");
        final Facts exact = new Facts();
        decoder.decode(new UnsafeBuffer(bytes), 0, bytes.length, exact);
        final String expected = exact.toString();

        final UnsafeBuffer wide = new UnsafeBuffer(new byte[bytes.length + 2 * MARGIN]);
        for (int i = 0; i < SURROUNDINGS.length; i++)
        {
            final int offset = MARGIN - i;
            wide.setMemory(0, wide.capacity(), (byte)SURROUNDINGS[i]);
            wide.putBytes(offset, bytes);
            final Facts facts = new Facts();
            decoder.decode(wide, offset, bytes.length, facts);
            assertEquals(expected, facts.toString(), "changed by what stands around");
        }
        return expected;
    }
}
