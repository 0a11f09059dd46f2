// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import dev.trishake.soak.pkt.Script.SystemCall;
import dev.trishake.tcp.TcpConfig;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which system calls with which arguments are known, found out before a script runs. */
final class Signatures
{
    private static final long NS_PER_SECOND = 1_000_000_000;
    private static final long MAX_COUNT = 1 << 24;
    private static final int MAX_FD = 1 << 16;

    private static final Map<String, Integer> COUNTS = Map.ofEntries(
        Map.entry("socket", 3), Map.entry("bind", 3), Map.entry("listen", 2), Map.entry("accept", 3),
        Map.entry("accept4", 4), Map.entry("connect", 3), Map.entry("setsockopt", 5), Map.entry("getsockopt", 5),
        Map.entry("fcntl", 3), Map.entry("read", 3), Map.entry("write", 3), Map.entry("recv", 4),
        Map.entry("send", 4), Map.entry("close", 1), Map.entry("shutdown", 2));

    /** The core sends small segments at once and acknowledges in its own way; its buffers are all of one size. */
    private static final Set<String> OPTIONS_WITHOUT_EFFECT = Set.of(
        "SO_REUSEADDR", "SO_REUSEPORT", "TCP_NODELAY", "SO_SNDBUF", "SO_RCVBUF", "SO_PRIORITY", "SO_MARK");
    private static final Set<String> LEVELS = Set.of("SOL_SOCKET", "SOL_TCP", "IPPROTO_TCP");

    private final TcpConfig config;

    /**
     * Begins.
     *
     * @param config where socket options go that a core has for all its connections
     */
    Signatures(final TcpConfig config)
    {
        this.config = config;
    }

    void check(final int line, final SystemCall call) throws ScriptException
    {
        final Integer count = COUNTS.get(call.name());
        final int given = call.arguments().size();
        if (count == null)
        {
            throw new ScriptException(line, "the system call " + call.name() + " is not known here");
        }
        if (given != count && !(call.name().equals("fcntl") && given == 2))
        {
            throw new ScriptException(line, call.name() + " takes " + count + " arguments, not " + given);
        }
        if (call.errno() != null && Errno.of(call.errno()) == null)
        {
            throw new ScriptException(line, "the error " + call.errno() + " is not known here");
        }
        if (!(call.result() instanceof Expression.Any))
        {
            number(line, call, call.result(), -1, Integer.MAX_VALUE);
        }
        final List<Expression> arguments = call.arguments();
        if (!call.name().equals("socket"))
        {
            number(line, call, arguments.getFirst(), -1, MAX_FD);
        }
        switch (call.name())
        {
            case "socket" -> socket(line, call);
            case "setsockopt" -> setsockopt(line, call);
            case "getsockopt" -> getsockopt(line, call);
            case "listen" -> number(line, call, arguments.get(1), Integer.MIN_VALUE, Integer.MAX_VALUE);
            case "shutdown" -> number(line, call, arguments.get(1), 0, Constants.SHUT_RDWR);
            case "fcntl" -> fcntl(line, call);
            case "accept4", "recv", "send" ->
            {
                if (!call.name().equals("accept4"))
                {
                    number(line, call, arguments.get(2), 0, MAX_COUNT);
                }
                number(line, call, arguments.get(3), 0, Integer.MAX_VALUE);
            }
            case "read", "write" -> number(line, call, arguments.get(2), 0, MAX_COUNT);
            default ->
            {
            }
        }
    }

    private static long number(
        final int line, final SystemCall call, final Expression expression, final long least, final long greatest)
        throws ScriptException
    {
        final Long value = Constants.value(expression);
        if (value == null || value < least || value > greatest)
        {
            throw new ScriptException(line, "an argument or the result of " + call.name() + " is not known here");
        }
        return value;
    }

    private static void socket(final int line, final SystemCall call) throws ScriptException
    {
        final Long type = Constants.value(call.arguments().get(1));
        final Long protocol = Constants.value(call.arguments().get(2));
        final Expression family = call.arguments().getFirst();
        if (type == null || (type & 0xf) != Constants.SOCK_STREAM || protocol == null ||
            !(family instanceof Expression.Any || Constants.value(family) != null))
        {
            throw new ScriptException(line, "only socket(..., SOCK_STREAM, IPPROTO_TCP) over IPv4 is known here");
        }
    }

    private static void fcntl(final int line, final SystemCall call) throws ScriptException
    {
        final long command = number(line, call, call.arguments().get(1), Constants.F_GETFL, Constants.F_SETFL);
        if (command == Constants.F_SETFL)
        {
            if (call.arguments().size() != 3)
            {
                throw new ScriptException(line, "fcntl with F_SETFL takes 3 arguments, not 2");
            }
            number(line, call, call.arguments().get(2), 0, Integer.MAX_VALUE);
        }
    }

    private void setsockopt(final int line, final SystemCall call) throws ScriptException
    {
        final String option = option(line, call);
        final Expression value = call.arguments().get(3);
        try
        {
            switch (option)
            {
                case "SO_KEEPALIVE" -> number(line, call, value, 0, Integer.MAX_VALUE);
                case "SO_LINGER" ->
                {
                    if (!(value instanceof Expression.Struct linger) || Linger.of(linger) == null)
                    {
                        throw new ScriptException(line, "SO_LINGER takes {onoff=N, linger=N}");
                    }
                }
                case "TCP_KEEPIDLE" -> config.keepAliveIdleNs(seconds(line, call, value));
                case "TCP_KEEPINTVL" -> config.keepAliveIntervalNs(seconds(line, call, value));
                case "TCP_KEEPCNT" -> config.keepAliveProbes((int)number(line, call, value, 1, Integer.MAX_VALUE));
                case "TCP_SYNCNT" -> config.synRetries((int)number(line, call, value, 1, Integer.MAX_VALUE));
                default ->
                {
                    if (!OPTIONS_WITHOUT_EFFECT.contains(option))
                    {
                        throw new ScriptException(line, "the socket option " + option + " is not known here");
                    }
                }
            }
        }
        catch (final IllegalArgumentException ex)
        {
            throw new ScriptException(line, "the value of " + option + " is out of range");
        }
    }

    private static long seconds(final int line, final SystemCall call, final Expression value) throws ScriptException
    {
        return number(line, call, value, 0, Integer.MAX_VALUE) * NS_PER_SECOND;
    }

    private static void getsockopt(final int line, final SystemCall call) throws ScriptException
    {
        final String option = option(line, call);
        if (!option.equals("SO_ERROR"))
        {
            throw new ScriptException(line, "the socket option " + option + " can't be read here");
        }
        if (!(call.arguments().get(3) instanceof Expression.Any))
        {
            number(line, call, call.arguments().get(3), 0, Integer.MAX_VALUE);
        }
    }

    private static String option(final int line, final SystemCall call) throws ScriptException
    {
        if (call.arguments().get(1) instanceof Expression.Word(String level) && LEVELS.contains(level) &&
            call.arguments().get(2) instanceof Expression.Word(String name))
        {
            return name;
        }
        throw new ScriptException(line, call.name() + " takes options of SOL_SOCKET and SOL_TCP by name");
    }

    /** The value of SO_LINGER. */
    record Linger(boolean isOn, long seconds)
    {
        /** {@return it, or null where a field is missing} */
        static Linger of(final Expression.Struct struct)
        {
            final Expression onoff = struct.field("onoff");
            final Expression seconds = struct.field("linger");
            return onoff instanceof Expression.Int(long on) && seconds instanceof Expression.Int(long wait) ?
                new Linger(on != 0, wait) : null;
        }
    }
}
