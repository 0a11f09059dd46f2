// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

/**
 * A word of a script.
 *
 * @param kind  what it is
 * @param text  as it stands; without their marks for strings, commands, code and options
 * @param value of integers; of floating-point numbers in billionths
 * @param line  1 or more
 * @param start where it begins in the script
 * @param end   behind its last character
 */
record Token(Kind kind, String text, long value, int line, int start, int end)
{
    /** Billionths in 1. */
    static final long UNIT = 1_000_000_000;

    /** Kinds of tokens, as packetdrill's lexer tells them apart. */
    enum Kind
    {
        WORD, INTEGER, HEX, FLOAT, STRING, BACK_QUOTED, CODE, ELLIPSIS, OPTION, SYMBOL, END
    }

    boolean is(final Kind other)
    {
        return kind == other;
    }

    boolean is(final char symbol)
    {
        return kind == Kind.SYMBOL && text.charAt(0) == symbol;
    }

    boolean isWord(final String word)
    {
        return kind == Kind.WORD && text.equals(word);
    }

    /** How messages name it. */
    String shown()
    {
        return switch (kind)
        {
            case END -> "the end of the script";
            case BACK_QUOTED -> "a command in back quotes";
            case CODE -> "%{ code }%";
            default -> "\"" + (text.length() > 40 ? text.substring(0, 40) + "..." : text) + "\"";
        };
    }
}
