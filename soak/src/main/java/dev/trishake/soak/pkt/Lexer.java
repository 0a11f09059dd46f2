// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import dev.trishake.soak.pkt.Token.Kind;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Cuts a script into tokens; comments and blanks are left out. The longest match wins, as in packetdrill's lexer. */
final class Lexer
{
    private static final int MAX_DIGITS = 18;

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;

    private Lexer(final String source)
    {
        this.source = source;
    }

    /** {@return all tokens, the last one is an END} */
    static List<Token> tokens(final String source) throws ScriptException
    {
        final Lexer lexer = new Lexer(source);
        while (lexer.position < source.length())
        {
            lexer.next();
        }
        lexer.tokens.add(new Token(Kind.END, "", 0, lexer.line, source.length(), source.length()));
        return lexer.tokens;
    }

    private void next() throws ScriptException
    {
        final char first = source.charAt(position);
        if (Character.isWhitespace(first))
        {
            skip(position + 1);
        }
        else if (source.startsWith("//", position))
        {
            final int end = source.indexOf('\n', position);
            skip(end < 0 ? source.length() : end);
        }
        else if (source.startsWith("/*", position))
        {
            skip(endOf("*/", 2, "comment"));
        }
        else if (source.startsWith("%{", position))
        {
            delimited(Kind.CODE, endOf("}%", 2, "code"), 2);
        }
        else if (first == '"' || first == '`')
        {
            delimited(first == '"' ? Kind.STRING : Kind.BACK_QUOTED, endOfQuoted(first), 1);
        }
        else if (source.startsWith("...", position))
        {
            add(Kind.ELLIPSIS, 0, position + 3);
        }
        else
        {
            numberOrWord(first);
        }
    }

    private void numberOrWord(final char first) throws ScriptException
    {
        final int digits = first == '-' ? position + 1 : position;
        final int afterDigits = endOfDigits(digits);
        final int wordEnd = endOfWord(position);
        if (afterDigits < source.length() && source.charAt(afterDigits) == '.' &&
            endOfDigits(afterDigits + 1) > afterDigits + 1)
        {
            addFloat(endOfDigits(afterDigits + 1));
        }
        else if (source.startsWith("0x", position) && wordEnd > position + 2 && isHex(position + 2, wordEnd))
        {
            addInteger(Kind.HEX, position + 2, wordEnd, 16);
        }
        else if (wordEnd > afterDigits)
        {
            add(Kind.WORD, 0, wordEnd);
        }
        else if (afterDigits > digits)
        {
            addInteger(Kind.INTEGER, position, afterDigits, 10);
        }
        else if (source.startsWith("--", position) && endOfWord(position + 2) > position + 2)
        {
            add(Kind.OPTION, 0, endOfWord(position + 2));
        }
        else
        {
            add(Kind.SYMBOL, 0, position + 1);
        }
    }

    private void addInteger(final Kind kind, final int from, final int end, final int radix) throws ScriptException
    {
        if (end - from > (radix == 16 ? MAX_DIGITS - 3 : MAX_DIGITS))
        {
            throw new ScriptException(line, "the number is too long");
        }
        add(kind, Long.parseLong(source, from, end, radix), end);
    }

    private void addFloat(final int end) throws ScriptException
    {
        if (end - position > MAX_DIGITS)
        {
            throw new ScriptException(line, "the number is too long");
        }
        final BigDecimal number = new BigDecimal(source.substring(position, end));
        final BigDecimal billionths = number.multiply(BigDecimal.valueOf(Token.UNIT));
        if (billionths.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0)
        {
            throw new ScriptException(line, "the number is too large");
        }
        add(Kind.FLOAT, billionths.longValue(), end);
    }

    private void add(final Kind kind, final long value, final int end)
    {
        tokens.add(new Token(kind, source.substring(position, end), value, line, position, end));
        position = end;
    }

    private void delimited(final Kind kind, final int end, final int mark)
    {
        tokens.add(new Token(kind, source.substring(position + mark, end - mark), 0, line, position, end));
        skip(end);
    }

    private void skip(final int end)
    {
        for (; position < end; position++)
        {
            if (source.charAt(position) == '\n')
            {
                line++;
            }
        }
    }

    private int endOf(final String mark, final int head, final String what) throws ScriptException
    {
        final int found = source.indexOf(mark, position + head);
        if (found < 0)
        {
            throw new ScriptException(line, "the " + what + " has no end: " + mark + " is missing");
        }
        return found + mark.length();
    }

    private int endOfQuoted(final char quote) throws ScriptException
    {
        for (int i = position + 1; i < source.length(); i++)
        {
            if (source.charAt(i) == quote)
            {
                return i + 1;
            }
            if (source.charAt(i) == '\\')
            {
                i++;
            }
        }
        throw new ScriptException(line, "the quotation has no end: " + quote + " is missing");
    }

    private int endOfDigits(final int from)
    {
        int end = from;
        while (end < source.length() && isDigit(source.charAt(end)))
        {
            end++;
        }
        return end;
    }

    private int endOfWord(final int from)
    {
        int end = from;
        while (end < source.length() && isWordCharacter(source.charAt(end)))
        {
            end++;
        }
        return end;
    }

    private boolean isHex(final int from, final int end)
    {
        for (int i = from; i < end; i++)
        {
            if (Character.digit(source.charAt(i), 16) < 0)
            {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(final char c)
    {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordCharacter(final char c)
    {
        return isDigit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
