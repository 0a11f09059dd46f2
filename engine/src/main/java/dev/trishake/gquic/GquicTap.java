// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.session.FourTuple;
import org.agrona.DirectBuffer;

/**
 * Sees what a core sees: packets without their protection, messages, keys. For traces; may allocate. Slot -1 is a
 * packet without a connection. Each method does nothing unless it is overridden.
 */
public interface GquicTap
{
    /**
     * A packet was opened.
     *
     * @param slot         of the connection, -1 without one
     * @param level        see {@link GquicLevel}
     * @param number       packet number
     * @param buffer       holds the header
     * @param headerOffset where it begins
     * @param headerLength of it
     * @param frames       holds the frames
     * @param framesOffset where they begin
     * @param framesLength of them
     */
    default void onReceived(
        final int slot, final int level, final long number, final DirectBuffer buffer, final int headerOffset,
        final int headerLength, final DirectBuffer frames, final int framesOffset, final int framesLength)
    {
    }

    /**
     * A packet is sent.
     *
     * @param slot         of the connection, -1 without one
     * @param level        see {@link GquicLevel}
     * @param number       packet number
     * @param buffer       holds the header
     * @param headerOffset where it begins
     * @param headerLength of it
     * @param frames       holds the frames
     * @param framesOffset where they begin
     * @param framesLength of them
     */
    default void onSent(
        final int slot, final int level, final long number, final DirectBuffer buffer, final int headerOffset,
        final int headerLength, final DirectBuffer frames, final int framesOffset, final int framesLength)
    {
    }

    /**
     * A whole handshake message was received.
     *
     * @param slot   of the connection, -1 without one
     * @param buffer holds the message
     * @param offset where it begins
     * @param length of it
     */
    default void onMessageReceived(final int slot, final DirectBuffer buffer, final int offset, final int length)
    {
    }

    /**
     * A handshake message was written.
     *
     * @param slot   of the connection, -1 without one
     * @param buffer holds the message
     * @param offset where it begins
     * @param length of it
     */
    default void onMessageSent(final int slot, final DirectBuffer buffer, final int offset, final int length)
    {
    }

    /**
     * A connection has the keys of a level.
     *
     * @param slot  of the connection
     * @param level see {@link GquicLevel}
     */
    default void onKeys(final int slot, final int level)
    {
    }

    /**
     * A packet with a new connection ID and a sound hello has come.
     *
     * @param slot    of the connection, -1 as long as it has none
     * @param cid     connection ID
     * @param version of the packet
     * @param tuple   both addresses
     */
    default void onAccepted(final int slot, final long cid, final int version, final FourTuple tuple)
    {
    }
}
