// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import org.agrona.DirectBuffer;

/** Octets as lines of sixteen, with the characters that they are in ASCII, as {@code tcpdump -X} shows them. */
final class HexDump
{
    private static final int PER_LINE = 16;
    private static final int FIRST_PRINTABLE = 0x20;
    private static final int LAST_PRINTABLE = 0x7e;

    private HexDump()
    {
    }

    /** Appends all of a range; each line begins with a line feed and the indentation. */
    static void append(
        final StringBuilder out, final String indent, final DirectBuffer buffer, final int offset, final int length)
    {
        for (int at = 0; at < length; at += PER_LINE)
        {
            final int count = Math.min(PER_LINE, length - at);
            out.append('\n').append(indent).append("0x");
            Text.appendHexByte(out, at >>> Byte.SIZE & 0xff);
            Text.appendHexByte(out, at & 0xff);
            out.append(": ");
            for (int i = 0; i < PER_LINE; i++)
            {
                out.append(i % 2 == 0 ? " " : "");
                if (i < count)
                {
                    Text.appendHexByte(out, buffer.getByte(offset + at + i) & 0xff);
                }
                else
                {
                    out.append("  ");
                }
            }
            out.append("  ");
            for (int i = 0; i < count; i++)
            {
                final int octet = buffer.getByte(offset + at + i) & 0xff;
                out.append(octet >= FIRST_PRINTABLE && octet <= LAST_PRINTABLE ? (char)octet : '.');
            }
        }
    }
}
