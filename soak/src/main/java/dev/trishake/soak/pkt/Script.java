// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import java.util.List;

/**
 * A script that was understood.
 *
 * @param options {@code --name=value}, in order
 * @param init    the command before the first event, or null
 * @param events  in order
 */
record Script(List<Option> options, Command init, List<Event> events)
{
    /** {@code --name=value}. */
    record Option(int line, String name, String value)
    {
    }

    /** How an event's time is given. */
    enum Timing
    {
        /** {@code 1.5}: since the beginning. */
        ABSOLUTE,
        /** {@code +0.1}: since the event before. */
        RELATIVE,
        /** {@code 1~2} or {@code +1~+2}: a packet's, in between. */
        ABSOLUTE_RANGE, RELATIVE_RANGE,
        /** {@code *}: whenever the packet comes. */
        ANY
    }

    /**
     * One event.
     *
     * @param line   where its time stands
     * @param timing how from and to count
     * @param fromNs when
     * @param toNs   until when, the same where it is no range
     * @param action what
     * @param text   the action as the script has it, in one line
     */
    record Event(int line, Timing timing, long fromNs, long toNs, Action action, String text)
    {
        boolean isAbsolute()
        {
            return timing == Timing.ABSOLUTE || timing == Timing.ABSOLUTE_RANGE;
        }
    }

    /** What happens or is expected. */
    sealed interface Action
    {
    }

    /** A segment from the peer ({@code <}), or one expected from the core ({@code >}). */
    record Packet(boolean isInbound, SegmentSpec segment) implements Action
    {
    }

    /**
     * A system call and what it answers.
     *
     * @param name      of the call
     * @param arguments in order
     * @param result    what it returns
     * @param errno     what it fails with, or null
     * @param endNs     {@code +0...0.1}: when it is expected to return; {@link #NON_BLOCKING} where it must at once
     */
    record SystemCall(String name, List<Expression> arguments, Expression result, String errno, long endNs)
        implements Action
    {
        static final long NON_BLOCKING = -1;
    }

    /** A shell command in back quotes. */
    record Command(int line, String text) implements Action
    {
    }

    /** Python in {@code %{ }%}. */
    record Code() implements Action
    {
    }
}
