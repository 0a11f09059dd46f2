// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import org.agrona.DirectBuffer;

/**
 * One packet as it was captured, seen from its network header on.
 *
 * <pre>
 *                  offset        offset + captured     offset + length
 * +----------------+--------------------+ - - - - - - - - +
 * |  link header   |  IP, ARP ...       |  not captured   |
 * +----------------+--------------------+ - - - - - - - - +
 *  |&lt;------------------- frameLength -------------------&gt;|
 * </pre>
 */
public final class Packet
{
    /** {@link #etherType()} of what is neither IP nor ARP nor anything else that is known. */
    public static final int UNKNOWN = -1;

    private long timeNs;
    private int etherType;
    private DirectBuffer buffer;
    private int offset;
    private int captured;
    private int length;
    private int frameLength;

    /**
     * Looks at a packet.
     *
     * @param timeNs      when it was captured, nanoseconds since 1970, not negative
     * @param etherType   its network protocol, or {@link #UNKNOWN}
     * @param buffer      where it is
     * @param offset      of its network header
     * @param captured    bytes that are there from the network header on, at least 0
     * @param length      bytes that were there on the wire, at least {@code captured}
     * @param frameLength bytes on the wire with the link header, at least {@code length}
     * @return this
     */
    public Packet wrap(
        final long timeNs,
        final int etherType,
        final DirectBuffer buffer,
        final int offset,
        final int captured,
        final int length,
        final int frameLength)
    {
        assert captured >= 0 && captured <= length && length <= frameLength : "lengths of a packet";
        this.timeNs = timeNs;
        this.etherType = etherType;
        this.buffer = buffer;
        this.offset = offset;
        this.captured = captured;
        this.length = length;
        this.frameLength = frameLength;
        return this;
    }

    /**
     * {@return when it was captured, nanoseconds since 1970}
     */
    public long timeNs()
    {
        return timeNs;
    }

    /**
     * {@return its network protocol, or {@link #UNKNOWN}}
     */
    public int etherType()
    {
        return etherType;
    }

    /**
     * {@return where it is}
     */
    public DirectBuffer buffer()
    {
        return buffer;
    }

    /**
     * {@return where its network header begins}
     */
    public int offset()
    {
        return offset;
    }

    /**
     * {@return bytes that are there from the network header on}
     */
    public int captured()
    {
        return captured;
    }

    /**
     * {@return bytes that were there on the wire from the network header on}
     */
    public int length()
    {
        return length;
    }

    /**
     * {@return bytes on the wire with the link header}
     */
    public int frameLength()
    {
        return frameLength;
    }
}
