// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/** Numbers of 256 bits between 32 octets, big-endian, and four words, least significant first. */
public final class Words
{
    /** Words of a number. */
    public static final int LENGTH = 4;

    private Words()
    {
    }

    /**
     * Reads a number.
     *
     * @param words  where it goes
     * @param at     its first word
     * @param buffer holds it
     * @param offset where it begins
     */
    public static void get(final long[] words, final int at, final DirectBuffer buffer, final int offset)
    {
        words[at] = buffer.getLong(offset + 24, BIG_ENDIAN);
        words[at + 1] = buffer.getLong(offset + 16, BIG_ENDIAN);
        words[at + 2] = buffer.getLong(offset + 8, BIG_ENDIAN);
        words[at + 3] = buffer.getLong(offset, BIG_ENDIAN);
    }

    /**
     * Writes a number.
     *
     * @param buffer where it goes
     * @param offset where it begins
     * @param words  hold it
     * @param at     its first word
     */
    public static void put(final MutableDirectBuffer buffer, final int offset, final long[] words, final int at)
    {
        buffer.putLong(offset + 24, words[at], BIG_ENDIAN);
        buffer.putLong(offset + 16, words[at + 1], BIG_ENDIAN);
        buffer.putLong(offset + 8, words[at + 2], BIG_ENDIAN);
        buffer.putLong(offset, words[at + 3], BIG_ENDIAN);
    }
}
