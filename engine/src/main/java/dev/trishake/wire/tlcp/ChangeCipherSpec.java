// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** The content of a ChangeCipherSpec record: one byte, always 1. It is no handshake message. */
public final class ChangeCipherSpec
{
    /** Length of the content. */
    public static final int LENGTH = 1;

    private static final int VALUE = 1;

    private ChangeCipherSpec()
    {
    }

    /**
     * {@return whether a record's content is what it must be}
     *
     * @param buffer where it is
     * @param offset where it begins
     * @param length of it
     */
    public static boolean isValid(final DirectBuffer buffer, final int offset, final int length)
    {
        return length == LENGTH && buffer.getByte(offset) == VALUE;
    }

    /**
     * Writes the content.
     *
     * @param buffer where to
     * @param offset where it begins
     * @return {@link #LENGTH}
     */
    public static int encode(final MutableDirectBuffer buffer, final int offset)
    {
        buffer.putByte(offset, (byte)VALUE);
        return LENGTH;
    }
}
