// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import dev.trishake.wire.tcp.TcpFlags;

/**
 * A segment as a script tells it, numbers as they stand there.
 *
 * @param flags         see {@link TcpFlags}
 * @param seq           its first sequence number
 * @param payloadLength 0 to 65535; payloads are zeros
 * @param ack           0 where it is not told
 * @param window        0 to 65535, or {@link #ANY_WINDOW}
 * @param urgentPointer 0 where it is not told
 * @param options       on whole words, or null for any
 */
record SegmentSpec(int flags, int seq, int payloadLength, int ack, int window, int urgentPointer, OptionList options)
{
    static final int ANY_WINDOW = -1;
    private static final String FLAG_LETTERS = "FSRP.UEWA";

    boolean has(final int flag)
    {
        return (flags & flag) != 0;
    }

    boolean isSyn()
    {
        return has(TcpFlags.SYN);
    }

    boolean isSynAck()
    {
        return isSyn() && has(TcpFlags.ACK);
    }

    /** {@return the bit of a flag's letter, or 0}; their order is that of the header's bits */
    static int flag(final char letter)
    {
        final int bit = FLAG_LETTERS.indexOf(letter);
        return bit < 0 ? 0 : 1 << bit;
    }

    /** {@return flags as scripts have them, as {@code S.}; {@code -} for none} */
    static String flags(final int flags)
    {
        final StringBuilder text = new StringBuilder();
        for (final char letter : new char[] {'S', 'F', 'R', 'P', 'U', 'E', 'W', 'A', '.'})
        {
            if ((flags & flag(letter)) != 0)
            {
                text.append(letter);
            }
        }
        return text.isEmpty() ? "-" : text.toString();
    }

    /** {@return the segment as scripts have it} */
    static String text(
        final int flags, final int seq, final int payloadLength, final int ack, final int window, final String options)
    {
        final long first = Integer.toUnsignedLong(seq);
        return flags(flags) + " " + first + ":" + ((first + payloadLength) & 0xffff_ffffL) + "(" + payloadLength + ")" +
            ((flags & TcpFlags.ACK) != 0 ? " ack " + Integer.toUnsignedString(ack) : "") + " win " + window +
            (options.isEmpty() ? "" : " <" + options + ">");
    }
}
