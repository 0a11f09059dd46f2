// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import java.util.Map;

/** Values of C's names, as far as calls here take them as numbers. */
final class Constants
{
    static final int O_NONBLOCK = 0x800;
    static final int O_RDWR = 2;
    static final int MSG_DONTWAIT = 0x40;
    static final int SHUT_RD = 0;
    static final int SHUT_WR = 1;
    static final int SHUT_RDWR = 2;
    static final int SOCK_STREAM = 1;
    static final int SOCK_NONBLOCK = 0x800;
    static final int F_GETFL = 3;
    static final int F_SETFL = 4;

    private static final Map<String, Integer> VALUES = Map.ofEntries(
        Map.entry("O_NONBLOCK", O_NONBLOCK), Map.entry("O_RDWR", O_RDWR),
        Map.entry("MSG_DONTWAIT", MSG_DONTWAIT), Map.entry("MSG_NOSIGNAL", 0x4000),
        Map.entry("SHUT_RD", SHUT_RD), Map.entry("SHUT_WR", SHUT_WR), Map.entry("SHUT_RDWR", SHUT_RDWR),
        Map.entry("SOCK_STREAM", SOCK_STREAM), Map.entry("SOCK_NONBLOCK", SOCK_NONBLOCK),
        Map.entry("SOCK_CLOEXEC", 0x80000), Map.entry("AF_INET", 2), Map.entry("PF_INET", 2),
        Map.entry("IPPROTO_IP", 0), Map.entry("IPPROTO_TCP", 6),
        Map.entry("F_GETFL", F_GETFL), Map.entry("F_SETFL", F_SETFL));

    private Constants()
    {
    }

    /** {@return the value of an expression, or null where it has none here} */
    static Long value(final Expression expression)
    {
        return switch (expression)
        {
            case Expression.Int(long value) -> value;
            case Expression.Word(String name) -> named(name);
            case Expression.Or(Expression left, Expression right) ->
            {
                final Long first = value(left);
                final Long second = value(right);
                yield first == null || second == null ? null : Long.valueOf(first | second);
            }
            case Expression.Array(var elements) when elements.size() == 1 -> value(elements.getFirst());
            default -> null;
        };
    }

    private static Long named(final String name)
    {
        final Integer value = VALUES.get(name);
        if (value != null)
        {
            return value.longValue();
        }
        final Errno errno = Errno.of(name);
        return errno == null ? null : Long.valueOf(errno.number());
    }
}
