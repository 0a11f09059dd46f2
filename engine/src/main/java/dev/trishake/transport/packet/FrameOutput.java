// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import org.agrona.MutableDirectBuffer;

/** Where frames go: one is claimed, written and committed at a time. */
interface FrameOutput
{
    /** {@link #claim}: there is no room now. */
    int NO_ROOM = -1;

    /** {@return the buffer that claimed frames are written to} */
    MutableDirectBuffer buffer();

    /** {@return where a frame of this length begins, or {@link #NO_ROOM}} */
    int claim(int length);

    /** Sends the claimed frame; without, the next claim takes its place. */
    void commit();
}
