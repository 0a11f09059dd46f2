// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

/**
 * Types of frames, gQUIC 3. Those of STREAM and ACK have fields in their type octet and are given here by a bit.
 */
public final class FrameType
{
    /** Nothing; any number of them anywhere. */
    public static final int PADDING = 0x00;

    /** A stream ends early. */
    public static final int RST_STREAM = 0x01;

    /** The connection ends. */
    public static final int CONNECTION_CLOSE = 0x02;

    /** No new streams please. */
    public static final int GOAWAY = 0x03;

    /** More may be sent on a stream or the connection. */
    public static final int WINDOW_UPDATE = 0x04;

    /** More would be sent if the window allowed it. */
    public static final int BLOCKED = 0x05;

    /** Packets below a number will not be sent again; Q039 and Q043. */
    public static final int STOP_WAITING = 0x06;

    /** Asks for an acknowledgment. */
    public static final int PING = 0x07;

    /** The bit of ACK frames; the octet's low 6 bits are fields. */
    public static final int ACK = 0x40;

    /** The bit of STREAM frames; the octet's low 7 bits are fields. */
    public static final int STREAM = 0x80;

    private FrameType()
    {
    }

    /**
     * {@return the type without its fields: one of the constants, or the octet itself where that is unknown}
     *
     * @param octet first octet of a frame, 0 to 0xff
     */
    public static int of(final int octet)
    {
        if ((octet & STREAM) != 0)
        {
            return STREAM;
        }
        return (octet & ~0x3f) == ACK ? ACK : octet;
    }

    /**
     * {@return a name for traces}
     *
     * @param type see {@link #of}
     */
    public static String nameOf(final int type)
    {
        return switch (type)
        {
            case PADDING -> "PADDING";
            case RST_STREAM -> "RST_STREAM";
            case CONNECTION_CLOSE -> "CONNECTION_CLOSE";
            case GOAWAY -> "GOAWAY";
            case WINDOW_UPDATE -> "WINDOW_UPDATE";
            case BLOCKED -> "BLOCKED";
            case STOP_WAITING -> "STOP_WAITING";
            case PING -> "PING";
            case ACK -> "ACK";
            case STREAM -> "STREAM";
            default -> "unknown";
        };
    }
}
