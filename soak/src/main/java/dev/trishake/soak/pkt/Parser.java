// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import dev.trishake.soak.pkt.Script.Action;
import dev.trishake.soak.pkt.Script.Code;
import dev.trishake.soak.pkt.Script.Command;
import dev.trishake.soak.pkt.Script.Event;
import dev.trishake.soak.pkt.Script.Option;
import dev.trishake.soak.pkt.Script.Packet;
import dev.trishake.soak.pkt.Script.SystemCall;
import dev.trishake.soak.pkt.Script.Timing;
import dev.trishake.soak.pkt.Token.Kind;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads a script by packetdrill's grammar, as far as it is about TCP. */
final class Parser
{
    private static final long MAX_SECONDS = 1_000_000;
    private static final int MAX_DEPTH = 32;
    private static final int MAX_NOTE_TOKENS = 32;
    private static final Set<String> FUNCTIONS = Set.of("htons", "inet_addr");

    private final Tokens tokens;
    private final PacketParser packets;
    private int depth;

    private Parser(final String source) throws ScriptException
    {
        tokens = new Tokens(source);
        packets = new PacketParser(tokens);
    }

    static Script parse(final String source) throws ScriptException
    {
        return new Parser(source).script();
    }

    private Script script() throws ScriptException
    {
        final List<Option> options = new ArrayList<>();
        while (tokens.peek().is(Kind.OPTION))
        {
            options.add(option());
        }
        final Command init = tokens.peek().is(Kind.BACK_QUOTED) ? command() : null;
        final List<Event> events = new ArrayList<>();
        Event before = null;
        while (!tokens.peek().is(Kind.END) && !(before != null && tokens.peek().is(Kind.BACK_QUOTED)))
        {
            final Event event = event();
            check(before, event);
            events.add(event);
            before = event;
        }
        if (before == null)
        {
            throw new ScriptException(tokens.peek().line(), "the script has no events");
        }
        if (tokens.peek().is(Kind.BACK_QUOTED))
        {
            tokens.next(); // the clean-up command: nothing outlives the run
            tokens.expect(Kind.END, "the end of the script behind the clean-up command");
        }
        return new Script(options, init, events);
    }

    private Option option() throws ScriptException
    {
        final Token name = tokens.next();
        final StringBuilder value = new StringBuilder();
        if (tokens.take('='))
        {
            value.append(tokens.next().text());
        }
        return new Option(name.line(), name.text(), value.toString());
    }

    private Command command()
    {
        final Token token = tokens.next();
        return new Command(token.line(), token.text());
    }

    private static void check(final Event before, final Event event) throws ScriptException
    {
        if (before == null && event.fromNs() != 0)
        {
            throw new ScriptException(event.line(), "the first event must be at time 0");
        }
        if (before != null && before.isAbsolute() && event.isAbsolute() && event.fromNs() < before.fromNs())
        {
            throw new ScriptException(event.line(), "time goes backward");
        }
        final boolean isOutbound = event.action() instanceof Packet(boolean isInbound, SegmentSpec any) && !isInbound;
        if (!isOutbound && event.timing() != Timing.ABSOLUTE && event.timing() != Timing.RELATIVE)
        {
            throw new ScriptException(event.line(), "a range of time, or *, is for outbound packets only");
        }
    }

    private Event event() throws ScriptException
    {
        final Token first = tokens.peek();
        final Timing timing;
        long fromNs = 0;
        long toNs = 0;
        if (tokens.take('*'))
        {
            timing = Timing.ANY;
        }
        else
        {
            final boolean isRelative = tokens.take('+');
            fromNs = time("a time: 0, +N, N or *");
            toNs = fromNs;
            final boolean isRange = tokens.take('~');
            if (isRange)
            {
                if (isRelative)
                {
                    tokens.expect('+');
                }
                toNs = time("the end of the range of time");
            }
            if (toNs < fromNs)
            {
                throw new ScriptException(first.line(), "the range of time is backwards");
            }
            timing = isRelative ? isRange ? Timing.RELATIVE_RANGE : Timing.RELATIVE :
                isRange ? Timing.ABSOLUTE_RANGE : Timing.ABSOLUTE;
        }
        final Token begin = tokens.peek();
        final Action action = action();
        return new Event(first.line(), timing, fromNs, toNs, action, tokens.textSince(begin));
    }

    private long time(final String what) throws ScriptException
    {
        final Token token = tokens.peek();
        if (!token.is(Kind.INTEGER) && !token.is(Kind.FLOAT))
        {
            throw tokens.unexpected(what);
        }
        tokens.next();
        final long seconds = token.is(Kind.FLOAT) ? token.value() / Token.UNIT : token.value();
        if (token.text().charAt(0) == '-' || seconds > MAX_SECONDS)
        {
            throw new ScriptException(token.line(), "a time must be 0 to " + MAX_SECONDS + ": " + token.text());
        }
        return token.is(Kind.FLOAT) ? token.value() : token.value() * Token.UNIT;
    }

    private Action action() throws ScriptException
    {
        final Token token = tokens.peek();
        return switch (token.kind())
        {
            case BACK_QUOTED -> command();
            case CODE ->
            {
                tokens.next();
                yield new Code();
            }
            case WORD, ELLIPSIS -> systemCall();
            default ->
            {
                if (!token.is('<') && !token.is('>'))
                {
                    throw tokens.unexpected("<, >, a system call, a command or code");
                }
                yield packets.packet();
            }
        };
    }

    private SystemCall systemCall() throws ScriptException
    {
        long endNs = SystemCall.NON_BLOCKING;
        if (tokens.peek().is(Kind.ELLIPSIS))
        {
            tokens.next();
            endNs = time("the time when the call returns");
        }
        final String name = tokens.expect(Kind.WORD, "a system call").text();
        tokens.expect('(');
        final List<Expression> arguments = expressions(')');
        tokens.expect('=');
        final Expression result = expression();
        String errno = null;
        if (tokens.peek().is(Kind.WORD))
        {
            errno = tokens.next().text();
        }
        if (tokens.peek().is('('))
        {
            note();
        }
        return new SystemCall(name, arguments, result, errno, endNs);
    }

    /** What strerror says of the error, for the reader. */
    private void note() throws ScriptException
    {
        tokens.expect('(');
        for (int i = 0; !tokens.take(')'); i++)
        {
            if (i == MAX_NOTE_TOKENS || tokens.peek().is(Kind.END))
            {
                throw tokens.unexpected("\")\" behind a note");
            }
            tokens.next();
        }
    }

    private List<Expression> expressions(final char end) throws ScriptException
    {
        final List<Expression> expressions = new ArrayList<>();
        if (!tokens.take(end))
        {
            do
            {
                expressions.add(expression());
            }
            while (tokens.take(','));
            tokens.expect(end);
        }
        return expressions;
    }

    private Expression expression() throws ScriptException
    {
        if (depth == MAX_DEPTH)
        {
            throw new ScriptException(tokens.peek().line(), "expressions are nested too deep");
        }
        depth++;
        Expression left = term();
        while (tokens.take('|'))
        {
            left = new Expression.Or(left, term());
        }
        depth--;
        return left;
    }

    private Expression term() throws ScriptException
    {
        final Token token = tokens.next();
        return switch (token.kind())
        {
            case ELLIPSIS -> new Expression.Any();
            case INTEGER, HEX -> new Expression.Int(token.value());
            case STRING -> text(token);
            case WORD -> word(token);
            default ->
            {
                if (token.is('['))
                {
                    yield new Expression.Array(expressions(']'));
                }
                if (token.is('{'))
                {
                    yield new Expression.Struct(expressions('}'));
                }
                throw new ScriptException(token.line(), "expected a value, found " + token.shown());
            }
        };
    }

    private Expression text(final Token first)
    {
        final StringBuilder text = new StringBuilder(first.text());
        while (tokens.peek().is(Kind.STRING))
        {
            text.append(tokens.next().text());
        }
        if (tokens.peek().is(Kind.ELLIPSIS)) // only the beginning matters
        {
            tokens.next();
        }
        return new Expression.Text(text.toString());
    }

    private Expression word(final Token token) throws ScriptException
    {
        if (FUNCTIONS.contains(token.text()) && tokens.take('('))
        {
            return new Expression.Function(token.text(), expressions(')'));
        }
        return tokens.take('=') ?
            new Expression.Field(token.text(), expression()) : new Expression.Word(token.text());
    }
}
