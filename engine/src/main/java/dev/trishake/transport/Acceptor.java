// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

import java.net.InetSocketAddress;

/**
 * A listening TCP socket of the kernel and its accept queue.
 *
 * <p>A connection is an {@code int}. It leaves the accept queue only when {@link #poll} hands it over, so an agent that
 * can't take more asks for less and the kernel's queue fills: that is the back pressure.
 *
 * <h2>When descriptors or memory run out</h2>
 * The entry stays in the queue and the socket stays readable: asking again at once would spin. The acceptor
 * <em>pauses</em> instead. It leaves the interest set, and tries again after a connection was closed through it or
 * {@value #RETRY_DELAY_NS} ns after the failed attempt. Each pause costs one failed attempt, so attempts are bounded by
 * connections closed plus ten a second.
 *
 * <h2>Addresses</h2>
 * SO_REUSEADDR is always set. An IPv6 listener on {@code ::} takes IPv4 as well (IPV6_V6ONLY off, whatever the system's
 * default): one listener for both, whose IPv4 peers read as IPv4.
 *
 * <p>Used on one thread. Counters are plain fields of that thread. After {@link #close()}, which a handler may call
 * too, {@link #poll} and {@link #await} find nothing; connections that were handed over can still be closed.
 */
public abstract class Acceptor implements AutoCloseable
{
    /** How long a pause lasts when no connection is closed through this acceptor. */
    public static final long RETRY_DELAY_NS = 100_000_000;

    /** {@link #accept()}: the queue is empty. */
    protected static final int NONE_WAITING = -1;

    /** {@link #accept()}: the entry at the head of the queue was lost before it could be handed over. */
    protected static final int LOST = -2;

    /** {@link #accept()}: no descriptor, memory or place left; the entry is still in the queue. */
    protected static final int EXHAUSTED = -3;

    private final InetSocketAddress localAddress;
    private final PeerAddress peer;

    private boolean closed;
    private int queued;
    private boolean paused;
    private boolean closedSincePause;
    private long pausedAtNs;

    private long attempts;
    private long accepted;
    private long lost;
    private long pauses;

    /**
     * For an acceptor that listens already.
     *
     * @param localAddress where, with the port that was chosen
     * @param peer         reads the address of the connection that {@link #accept()} returned last
     */
    protected Acceptor(final InetSocketAddress localAddress, final PeerAddress peer)
    {
        this.localAddress = localAddress;
        this.peer = peer;
    }

    /**
     * Hands over connections that are in the queue now, in the order in which they were established; never waits.
     *
     * @param handler takes them
     * @param nowNs   the agent's time: ends a pause
     * @param limit   at most so many attempts, so at most so many connections
     * @return connections handed over
     */
    public final int poll(final AcceptHandler handler, final long nowNs, final int limit)
    {
        if (closed || (paused && !resume(nowNs)))
        {
            return 0;
        }
        if (queued == 0)
        {
            queued = waiting();
        }

        int count = 0;
        for (int i = 0; i < limit && queued > 0 && !closed; i++)
        {
            attempts++;
            queued--;
            final int connection = accept();
            if (connection >= 0)
            {
                count++;
                accepted++;
                handler.onAccept(connection, peer);
            }
            else if (connection == LOST)
            {
                lost++;
            }
            else
            {
                queued = 0; // what is in the queue is not what was counted
                if (connection == EXHAUSTED)
                {
                    pause(nowNs);
                }
            }
        }
        return count;
    }

    /**
     * Waits until a connection is in the queue; not while {@linkplain #isPaused() paused}, when it waits its time out.
     * Returns at once while the queue holds one: an agent that can't take any must not wait here.
     *
     * @param timeoutMs at most so long, in milliseconds; 0 and less do not wait
     * @return whether there is something to {@link #poll}
     */
    public final boolean await(final int timeoutMs)
    {
        return !closed && isReadable(Math.max(0, timeoutMs));
    }

    /**
     * Closes a connection, and lets a paused acceptor try again. Data that the kernel still holds is sent, then FIN.
     *
     * @param connection that was handed over and not closed yet
     */
    public final void close(final int connection)
    {
        release(connection);
        closedSincePause = true;
    }

    /** Stops listening: connections in the queue are reset, those that were handed over live on. */
    @Override
    public final void close()
    {
        if (!closed)
        {
            closed = true;
            stopListening();
        }
    }

    /**
     * {@return where this acceptor listens, with the port that the system chose if 0 was asked for}
     */
    public final InetSocketAddress localAddress()
    {
        return localAddress;
    }

    /**
     * {@return whether descriptors or memory had run out at the last attempt}
     */
    public final boolean isPaused()
    {
        return paused;
    }

    /**
     * {@return how many connections are known to be left in the queue: {@link #poll} finds so many without asking how
     * many there are}
     */
    public final int queued()
    {
        return queued;
    }

    /**
     * {@return how often a connection was asked of the kernel}
     */
    public final long attempts()
    {
        return attempts;
    }

    /**
     * {@return connections handed over}
     */
    public final long accepted()
    {
        return accepted;
    }

    /**
     * {@return entries of the queue that were lost before they could be handed over: reset by the peer, network down}
     */
    public final long lost()
    {
        return lost;
    }

    /**
     * {@return how often this acceptor has paused because descriptors, memory or places had run out}
     */
    public final long pauses()
    {
        return pauses;
    }

    /**
     * {@return whether the listening socket is in the interest set and a connection in the queue}
     *
     * @param timeoutMs how long to wait for that, 0 or more milliseconds
     */
    protected abstract boolean isReadable(int timeoutMs);

    /**
     * {@return how many connections are in the queue: so many attempts are made before this is asked again, so 0 costs
     * none}
     */
    protected abstract int waiting();

    /**
     * {@return the next connection, at least 0, or {@link #NONE_WAITING}, {@link #LOST} or {@link #EXHAUSTED}}
     */
    protected abstract int accept();

    /**
     * Closes a connection.
     *
     * @param connection that {@link #accept()} returned
     */
    protected abstract void release(int connection);

    /** Gives up the listening socket and all that was needed for it; called once. */
    protected abstract void stopListening();

    /**
     * Puts the listening socket into the interest set of {@link #await}, where it is at first, or takes it out.
     *
     * @param interested whether a waiting connection ends the wait
     */
    protected abstract void interest(boolean interested);

    private void pause(final long nowNs)
    {
        pauses++;
        paused = true;
        pausedAtNs = nowNs;
        closedSincePause = false;
        interest(false);
    }

    private boolean resume(final long nowNs)
    {
        if (!closedSincePause && nowNs - pausedAtNs < RETRY_DELAY_NS)
        {
            return false;
        }
        paused = false;
        interest(true);
        return true;
    }
}
