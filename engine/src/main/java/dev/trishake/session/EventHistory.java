// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.session;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.UnsafeApi;

import java.nio.ByteOrder;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * The last 16 events of a session, one byte each, inside its slot: the first thing printed when anything fails.
 *
 * <pre>
 *   0        1                 14       15
 * +--------+--------+--     --+--------+--------+
 * | newest |        |   ...   |        | oldest |     0 = nothing yet
 * +--------+--------+--     --+--------+--------+
 * </pre>
 *
 * <p>Zeroed memory is an empty history. What a byte means is its protocol's to say, except that 0 is no event.
 */
public final class EventHistory
{
    /** Length of a history. */
    public static final int LENGTH = 16;

    private static final int OLDER_OFFSET = 8;

    private EventHistory()
    {
    }

    /** Gives the events of one protocol their names. */
    @FunctionalInterface
    public interface Vocabulary
    {
        /**
         * {@return the event as a person reads it}
         *
         * @param event any byte but 0
         */
        String word(byte event);
    }

    /**
     * Adds an event; the oldest of 16 is forgotten.
     *
     * @param buffer the slab's memory
     * @param offset where the history begins
     * @param event  any byte but 0
     */
    public static void record(final MutableDirectBuffer buffer, final int offset, final byte event)
    {
        assert event != 0 : "0 is no event";
        final long newer = buffer.getLong(offset, LITTLE_ENDIAN);
        final long older = buffer.getLong(offset + OLDER_OFFSET, LITTLE_ENDIAN);
        buffer.putLong(offset, newer << 8 | (event & 0xff), LITTLE_ENDIAN);
        buffer.putLong(offset + OLDER_OFFSET, older << 8 | newer >>> 56, LITTLE_ENDIAN);
    }

    /**
     * Adds an event to a history in a slot, without a check.
     *
     * @param address where the history begins, see {@link SessionSlab#address}
     * @param event   any byte but 0
     */
    public static void record(final long address, final byte event)
    {
        assert event != 0 : "0 is no event";
        final long newer = littleEndian(UnsafeApi.getLong(address));
        final long older = littleEndian(UnsafeApi.getLong(address + OLDER_OFFSET));
        UnsafeApi.putLong(address, littleEndian(newer << 8 | (event & 0xff)));
        UnsafeApi.putLong(address + OLDER_OFFSET, littleEndian(older << 8 | newer >>> 56));
    }

    private static long littleEndian(final long word)
    {
        return ByteOrder.nativeOrder() == LITTLE_ENDIAN ? word : Long.reverseBytes(word);
    }

    /**
     * {@return the events, oldest first, with a blank between two; empty when there are none}. Allocates: for messages
     * only.
     *
     * @param buffer     the slab's memory
     * @param offset     where the history begins
     * @param vocabulary what the events are called
     */
    public static String format(final DirectBuffer buffer, final int offset, final Vocabulary vocabulary)
    {
        final StringBuilder text = new StringBuilder();
        for (int i = LENGTH - 1; i >= 0; i--)
        {
            final byte event = buffer.getByte(offset + i);
            if (event != 0)
            {
                text.append(text.isEmpty() ? "" : " ").append(vocabulary.word(event));
            }
        }
        return text.toString();
    }
}
