// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import dev.trishake.soak.pkt.Token.Kind;

import java.util.List;

/** Where a parser has come to in a script. */
final class Tokens
{
    private final String source;
    private final List<Token> tokens;
    private int position;

    Tokens(final String source) throws ScriptException
    {
        this.source = source;
        tokens = Lexer.tokens(source);
    }

    /** {@return the next token, which stays} */
    Token peek()
    {
        return tokens.get(position);
    }

    /** {@return the one behind it} */
    Token peekSecond()
    {
        return tokens.get(Math.min(position + 1, tokens.size() - 1));
    }

    /** {@return the next token, gone past; at the end of the script always END} */
    Token next()
    {
        final Token token = tokens.get(position);
        if (!token.is(Kind.END))
        {
            position++;
        }
        return token;
    }

    /** {@return whether the symbol was next; it is gone past then} */
    boolean take(final char symbol)
    {
        if (peek().is(symbol))
        {
            position++;
            return true;
        }
        return false;
    }

    /** {@return whether the word was next; it is gone past then} */
    boolean takeWord(final String word)
    {
        if (peek().isWord(word))
        {
            position++;
            return true;
        }
        return false;
    }

    void expect(final char symbol) throws ScriptException
    {
        if (!take(symbol))
        {
            throw unexpected("\"" + symbol + "\"");
        }
    }

    void expectWord(final String word) throws ScriptException
    {
        if (!takeWord(word))
        {
            throw unexpected("\"" + word + "\"");
        }
    }

    Token expect(final Kind kind, final String what) throws ScriptException
    {
        if (!peek().is(kind))
        {
            throw unexpected(what);
        }
        return next();
    }

    /** {@return the next integer, of this range} */
    long integer(final String what, final long greatest) throws ScriptException
    {
        final Token token = expect(Kind.INTEGER, what);
        if (token.value() < 0 || token.value() > greatest)
        {
            throw new ScriptException(token.line(), what + " is out of range: " + token.text());
        }
        return token.value();
    }

    /** {@return the script from this token to the one before the next, in one line} */
    String textSince(final Token first)
    {
        final int end = position == 0 ? first.end() : tokens.get(position - 1).end();
        return source.substring(first.start(), Math.max(first.end(), end)).replaceAll("\\s+", " ");
    }

    ScriptException unexpected(final String what)
    {
        return new ScriptException(peek().line(), "expected " + what + ", found " + peek().shown());
    }
}
