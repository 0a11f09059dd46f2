// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * Calls a handler so that what it throws is counted and logged, and nobody else's trouble. Each call says whether it
 * went well; if not, the session that it was about is lost.
 */
final class GuardedHandler
{
    /** {@link #onData}: the handler threw. */
    static final int THREW = -1;

    private final SessionHandler handler;
    private final ErrorHandler errors;
    private final AtomicCounter counter;

    GuardedHandler(final SessionHandler handler, final ErrorHandler errors, final AtomicCounter counter)
    {
        this.handler = handler;
        this.errors = errors;
        this.counter = counter;
    }

    boolean mayAccept()
    {
        try
        {
            return handler.mayAccept();
        }
        catch (final Throwable ex)
        {
            return threw(ex);
        }
    }

    int doWork(final long nowNs)
    {
        try
        {
            return handler.doWork(nowNs);
        }
        catch (final Throwable ex)
        {
            threw(ex);
            return 0;
        }
    }

    void onStart(final AgentContext context)
    {
        handler.onStart(context); // at launch: what it throws the engine throws
    }

    void onConnecting(final long correlationId, final long result)
    {
        try
        {
            handler.onConnecting(correlationId, result);
        }
        catch (final Throwable ex)
        {
            threw(ex);
        }
    }

    boolean onAccepted(final Session session)
    {
        try
        {
            handler.onAccepted(session);
            return true;
        }
        catch (final Throwable ex)
        {
            return threw(ex);
        }
    }

    boolean onEstablished(final Session session)
    {
        try
        {
            handler.onEstablished(session);
            return true;
        }
        catch (final Throwable ex)
        {
            return threw(ex);
        }
    }

    /** {@return bytes taken, or {@link #THREW}} */
    int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
    {
        try
        {
            final int taken = handler.onData(session, buffer, offset, length);
            if (taken < 0 || taken > length)
            {
                throw new IllegalStateException("onData answered " + taken + " of " + length);
            }
            return taken;
        }
        catch (final Throwable ex)
        {
            threw(ex);
            return THREW;
        }
    }

    boolean onEnd(final Session session)
    {
        try
        {
            handler.onEnd(session);
            return true;
        }
        catch (final Throwable ex)
        {
            return threw(ex);
        }
    }

    boolean onStreamReset(final Session session, final int error)
    {
        try
        {
            handler.onStreamReset(session, error);
            return true;
        }
        catch (final Throwable ex)
        {
            return threw(ex);
        }
    }

    boolean onWritable(final Session session)
    {
        try
        {
            handler.onWritable(session);
            return true;
        }
        catch (final Throwable ex)
        {
            return threw(ex);
        }
    }

    void onClosed(final Session session)
    {
        try
        {
            handler.onClosed(session);
        }
        catch (final Throwable ex)
        {
            threw(ex);
        }
    }

    void onFailed(final Session session, final int reason)
    {
        try
        {
            handler.onFailed(session, reason);
        }
        catch (final Throwable ex)
        {
            threw(ex);
        }
    }

    private boolean threw(final Throwable ex)
    {
        counter.incrementPlain();
        errors.onError(ex);
        return false;
    }
}
