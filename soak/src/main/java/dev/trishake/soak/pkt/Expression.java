// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import java.util.List;

/** An argument or a result of a system call. */
sealed interface Expression
{
    /** {@code ...}: any value. */
    record Any() implements Expression
    {
    }

    /** An integer, decimal or hexadecimal. */
    record Int(long value) implements Expression
    {
    }

    /** A name: a constant of C. */
    record Word(String name) implements Expression
    {
    }

    /** A string. */
    record Text(String value) implements Expression
    {
    }

    /** {@code a | b}. */
    record Or(Expression left, Expression right) implements Expression
    {
    }

    /** {@code name = value}, a field. */
    record Field(String name, Expression value) implements Expression
    {
    }

    /** {@code [a, b]}. */
    record Array(List<Expression> elements) implements Expression
    {
    }

    /** <code>{a, b}</code>. */
    record Struct(List<Expression> elements) implements Expression
    {
        /** {@return the field's value, or null} */
        Expression field(final String name)
        {
            for (final Expression element : elements)
            {
                if (element instanceof Field(String candidate, Expression value) && candidate.equals(name))
                {
                    return value;
                }
            }
            return null;
        }
    }

    /** {@code htons(80)}, {@code inet_addr("192.0.2.1")}. */
    record Function(String name, List<Expression> arguments) implements Expression
    {
    }
}
