// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.session.FourTuple;
import org.agrona.DirectBuffer;

/**
 * Sees what a core sees: packets without their protection, messages, keys. For traces; may allocate. Slot -1 is a
 * packet without a connection.
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
    void onReceived(
        int slot, int level, long number, DirectBuffer buffer, int headerOffset, int headerLength,
        DirectBuffer frames, int framesOffset, int framesLength);

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
    void onSent(
        int slot, int level, long number, DirectBuffer buffer, int headerOffset, int headerLength,
        DirectBuffer frames, int framesOffset, int framesLength);

    /**
     * A whole handshake message was received.
     *
     * @param slot   of the connection, -1 without one
     * @param buffer holds the message
     * @param offset where it begins
     * @param length of it
     */
    void onMessageReceived(int slot, DirectBuffer buffer, int offset, int length);

    /**
     * A handshake message was written.
     *
     * @param slot   of the connection, -1 without one
     * @param buffer holds the message
     * @param offset where it begins
     * @param length of it
     */
    void onMessageSent(int slot, DirectBuffer buffer, int offset, int length);

    /**
     * A connection has the keys of a level.
     *
     * @param slot  of the connection
     * @param level see {@link GquicLevel}
     */
    void onKeys(int slot, int level);

    /**
     * A packet with a new connection ID and a sound hello has come.
     *
     * @param slot    of the connection, -1 as long as it has none
     * @param cid     connection ID
     * @param version of the packet
     * @param tuple   both addresses
     */
    void onAccepted(int slot, long cid, int version, FourTuple tuple);
}
