// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import org.agrona.DirectBuffer;

/** Lines of fields in groups of hexadecimal digits, as in {@code {00 04} {e0 13 00 ff}  cipher_suites}. */
final class HexGroups
{
    private static final int MAX_SHOWN = 32;
    private static final int SHOWN_OF_LONG = 8;

    private final String indent;
    private StringBuilder out;
    private DirectBuffer buffer;
    private int at;
    private int end;

    HexGroups(final String indent)
    {
        this.indent = indent;
    }

    /** Begins to tell of a range. */
    HexGroups wrap(final StringBuilder out, final DirectBuffer buffer, final int offset, final int length)
    {
        this.out = out;
        this.buffer = buffer;
        this.at = offset;
        this.end = offset + length;
        return this;
    }

    /** Begins a line; it ends with {@link #is}. */
    HexGroups line()
    {
        out.append('\n').append(indent);
        return this;
    }

    /** Shows the next bytes as one group, the first of them when they are many. */
    HexGroups group(final int length)
    {
        final int shown = Math.min(length, end - at);
        out.append('{');
        for (int i = 0; i < (shown > MAX_SHOWN ? SHOWN_OF_LONG : shown); i++)
        {
            out.append(i == 0 ? "" : " ");
            Text.appendHexByte(out, buffer.getByte(at + i) & 0xff);
        }
        out.append(shown > MAX_SHOWN ? " ...} " : "} ");
        at += shown;
        return this;
    }

    /** {@return the next bytes as a number, which are then shown as a group} */
    int number(final int length)
    {
        int number = 0;
        for (int i = 0; i < Math.min(length, end - at); i++)
        {
            number = number << 8 | (buffer.getByte(at + i) & 0xff);
        }
        group(length);
        return number;
    }

    /** Ends a line with what it is. */
    StringBuilder is(final String name)
    {
        return out.append(' ').append(name);
    }

    /** {@return where the next byte is} */
    int offset()
    {
        return at;
    }

    /** {@return how many bytes remain} */
    int remaining()
    {
        return end - at;
    }

    /** Shows what remains as a group, if anything does. */
    void rest(final String name)
    {
        final int length = remaining();
        if (length > 0)
        {
            line().group(length).is(name).append(", ").append(length).append(" bytes");
        }
    }
}
