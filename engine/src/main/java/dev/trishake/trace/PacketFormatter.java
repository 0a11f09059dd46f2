// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

/** Turns packets into lines, in the order in which they were captured: a line may depend on packets before it. */
public interface PacketFormatter
{
    /**
     * Appends a packet's line, without an end of line. Never fails, whatever the bytes are; takes time in proportion to
     * the length of the packet's headers.
     *
     * @param out    where to
     * @param packet what to tell of; only read during the call
     */
    void append(StringBuilder out, Packet packet);
}
