// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

/**
 * The three forms of a packet's header, told apart by the first octet, gQUIC 2.3.
 */
public final class PacketForm
{
    /** Public header: Q039 and Q043. */
    public static final int PUBLIC = 0;

    /** Long header: Q044 before it is forward secure, and version negotiation about it. */
    public static final int LONG = 1;

    /** Short header: Q044, forward secure. */
    public static final int SHORT = 2;

    private static final int LONG_BIT = 0x80;
    private static final int SHORT_MASK = 0x38;
    private static final int SHORT_BITS = 0x30;

    private PacketForm()
    {
    }

    /**
     * {@return the form: {@link #PUBLIC}, {@link #LONG} or {@link #SHORT}}
     *
     * @param firstOctet of the datagram; only its low 8 bits count
     */
    public static int of(final int firstOctet)
    {
        if ((firstOctet & LONG_BIT) != 0)
        {
            return LONG;
        }
        return (firstOctet & SHORT_MASK) == SHORT_BITS ? SHORT : PUBLIC;
    }
}
