// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import org.agrona.DirectBuffer;

/** Values as Go's fmt writes them: what the log of quic-go is made of. */
final class GoText
{
    private static final int RUNE_SELF = 0x80;
    private static final int MAX_RUNE_LENGTH = 4;
    private static final int[] LEAST_RUNES = {0, 0, 0x80, 0x800, 0x10000};
    private static final int DELETE = 0x7f;
    private static final int WORD_DIGITS = 4;
    private static final int INVALID = -1;
    private static final long US = 1_000;
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final int SECONDS_PER_MINUTE = 60;

    private GoText()
    {
    }

    /**
     * As {@code strconv.Quote}: valid UTF-8 that can be printed as it is, other runes and octets as escapes.
     *
     * @param out    where to
     * @param buffer holds the octets
     * @param offset where they begin
     * @param length of them
     */
    static void appendQuoted(final StringBuilder out, final DirectBuffer buffer, final int offset, final int length)
    {
        out.append('"');
        final int limit = offset + length;
        int at = offset;
        while (at < limit)
        {
            final int octets = runeLength(buffer, at, limit);
            if (octets == INVALID)
            {
                out.append("\\x");
                Text.appendHexByte(out, buffer.getByte(at));
                at++;
            }
            else
            {
                appendRune(out, rune(buffer, at, octets));
                at += octets;
            }
        }
        out.append('"');
    }

    private static void appendRune(final StringBuilder out, final int rune)
    {
        final int escape = "\u0007\b\f\n\r\t\u000b\\\"".indexOf(rune);
        if (escape >= 0)
        {
            out.append('\\').append("abfnrtv\\\"".charAt(escape));
        }
        else if (isPrintable(rune))
        {
            out.appendCodePoint(rune);
        }
        else if (rune < ' ')
        {
            out.append("\\x");
            Text.appendHexByte(out, rune);
        }
        else
        {
            final boolean isLong = rune >>> Character.SIZE != 0;
            final String digits = Integer.toHexString(rune);
            out.append(isLong ? "\\U" : "\\u")
                .repeat('0', (isLong ? 2 * WORD_DIGITS : WORD_DIGITS) - digits.length()).append(digits);
        }
    }

    /** As {@code strconv.IsPrint}: letters, marks, numbers, punctuation, symbols, and of blanks the ASCII one. */
    private static boolean isPrintable(final int rune)
    {
        if (rune < DELETE)
        {
            return rune >= ' ';
        }
        return switch (Character.getType(rune))
        {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE,
                Character.UNASSIGNED, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }

    /** {@return how many octets the rune has that begins here, or {@link #INVALID}} */
    private static int runeLength(final DirectBuffer buffer, final int at, final int limit)
    {
        final int first = buffer.getByte(at) & 0xff;
        if (first < RUNE_SELF)
        {
            return 1;
        }
        // leading ones of the first octet, at the top of an int
        final int octets = Integer.numberOfLeadingZeros(~(first << (Integer.SIZE - Byte.SIZE)));
        if (octets < 2 || octets > MAX_RUNE_LENGTH || limit - at < octets)
        {
            return INVALID;
        }
        for (int i = 1; i < octets; i++)
        {
            if ((buffer.getByte(at + i) & 0xc0) != RUNE_SELF)
            {
                return INVALID;
            }
        }
        final int rune = rune(buffer, at, octets);
        return rune < LEAST_RUNES[octets] || !Character.isValidCodePoint(rune) ||
            Character.getType(rune) == Character.SURROGATE ? INVALID : octets;
    }

    private static int rune(final DirectBuffer buffer, final int at, final int octets)
    {
        if (octets == 1)
        {
            return buffer.getByte(at);
        }
        int rune = buffer.getByte(at) & (DELETE >> octets);
        for (int i = 1; i < octets; i++)
        {
            rune = rune << 6 | (buffer.getByte(at + i) & 0x3f);
        }
        return rune;
    }

    /**
     * As {@code time.Duration.String}: 72\u00b5s, 1.5ms, 2m3.5s.
     *
     * @param out where to
     * @param ns  nanoseconds, 0 or more
     */
    static void appendDuration(final StringBuilder out, final long ns)
    {
        if (ns < US)
        {
            out.append(ns).append(ns == 0 ? "s" : "ns");
        }
        else if (ns < MS)
        {
            appendFraction(out, ns, US).append("\u00b5s");
        }
        else if (ns < SECOND)
        {
            appendFraction(out, ns, MS).append("ms");
        }
        else
        {
            final long minutes = ns / SECOND / SECONDS_PER_MINUTE;
            final long hours = minutes / SECONDS_PER_MINUTE;
            out.append(hours > 0 ? hours + "h" : "").append(minutes > 0 ? minutes % SECONDS_PER_MINUTE + "m" : "");
            appendFraction(out, ns - minutes * SECONDS_PER_MINUTE * SECOND, SECOND).append('s');
        }
    }

    private static StringBuilder appendFraction(final StringBuilder out, final long number, final long unit)
    {
        out.append(number / unit);
        if (number % unit != 0)
        {
            out.append('.').append(Long.toString(unit + number % unit).substring(1));
            while (out.charAt(out.length() - 1) == '0')
            {
                out.setLength(out.length() - 1);
            }
        }
        return out;
    }

    /** As {@code %#x}. */
    static StringBuilder appendHex(final StringBuilder out, final long number)
    {
        return out.append("0x").append(Long.toHexString(number));
    }
}
