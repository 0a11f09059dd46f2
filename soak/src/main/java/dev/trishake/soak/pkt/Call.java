// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import dev.trishake.soak.pkt.Script.Event;
import dev.trishake.soak.pkt.Script.SystemCall;

/** A system call that goes on. */
final class Call
{
    private final Event event;
    private final SystemCall call;
    private final long endNs;
    /** send: octets that the core has taken. */
    int taken;

    /** What a call answered. */
    record Answer(long result, Errno errno)
    {
        static Answer of(final long result)
        {
            return new Answer(result, Errno.OK);
        }

        static Answer fail(final Errno errno)
        {
            return new Answer(-1, errno);
        }

        @Override
        public String toString()
        {
            return errno == Errno.OK ? Long.toString(result) : result + " " + errno;
        }
    }

    Call(final Event event, final SystemCall call, final long endNs)
    {
        this.event = event;
        this.call = call;
        this.endNs = endNs;
    }

    int line()
    {
        return event.line();
    }

    String name()
    {
        return call.name();
    }

    /** {@return when it is expected to return, on the script's clock} */
    long endNs()
    {
        return endNs;
    }

    boolean isBlocking()
    {
        return call.endNs() != SystemCall.NON_BLOCKING;
    }

    Expression argument(final int index)
    {
        return call.arguments().get(index);
    }

    /** {@return an argument that was found to be a number} */
    long number(final int index)
    {
        return Constants.value(argument(index));
    }

    int descriptor()
    {
        return (int)number(0);
    }

    /** {@return the descriptor that the script calls the result, or -1} */
    int expectedDescriptor()
    {
        final Long result = Constants.value(call.result());
        return result == null ? -1 : result.intValue();
    }

    /** The answer must be the script's. */
    void check(final Answer answer)
    {
        if (call.result() instanceof Expression.Any)
        {
            return;
        }
        final long result = Constants.value(call.result());
        final boolean isErrorRight = call.errno() == null ?
            result == -1 || answer.errno() == Errno.OK :
            Errno.of(call.errno()).number() == answer.errno().number();
        if (result != answer.result() || !isErrorRight)
        {
            throw failure(answer.toString());
        }
    }

    ScriptFailure failure(final String got)
    {
        return new ScriptFailure(event.line(), event.text(), got);
    }
}
