// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.core.Outbox;
import dev.trishake.core.Outcome;
import dev.trishake.session.FourTuple;
import dev.trishake.session.SessionSlab;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * TCP for servers and clients without a clock, a thread or a socket: IP packets and time come in, IP packets go out.
 *
 * <p>Output is claimed in the outbox before anything changes. What can't be claimed is said to the caller
 * ({@link Outcome#BACK_PRESSURED}, {@link TcpResult#BACK_PRESSURED}), who comes again, or is put off
 * to the next {@link #onTimers}. Each record of the outbox is one IP packet of type {@link #PACKET}.
 *
 * <p>{@code nowNs} is the caller's monotonic clock; it must not go back between calls.
 */
public final class TcpCore
{
    /** Type of the outbox's records: an IPv4 or IPv6 packet. */
    public static final int PACKET = 1;

    /** No connection: what {@link #accept} answers when none waits. */
    public static final long NULL_HANDLE = 0;

    private final TcpCounters counters = new TcpCounters();
    private final Host host;
    private final Dispatch dispatch;

    /**
     * Allocates all that this core will ever use.
     *
     * @param config must not change afterwards
     * @param events is told what happens; {@link TcpEvents#NONE} where everything is polled
     * @param nowNs  the time to begin with
     */
    public TcpCore(final TcpConfig config, final TcpEvents events, final long nowNs)
    {
        host = new Host(config, events, counters, nowNs);
        dispatch = new Dispatch(host);
    }

    /**
     * Handles one packet.
     *
     * @param buffer where it is
     * @param offset where its IP header begins
     * @param length what was received: padding behind the packet is ignored
     * @param nowNs  the time
     * @param outbox where answers go
     * @return {@link Outcome#DONE}, also for packets that are dropped; BACK_PRESSURED when the outbox is full: nothing
     * has changed, give it again
     */
    public int onPacket(
        final DirectBuffer buffer, final int offset, final int length, final long nowNs, final Outbox outbox)
    {
        host.writer.outbox(outbox);
        final int found = host.segment.wrap(buffer, offset, length);
        if (found > Segment.ICMP)
        {
            host.count(switch (found)
            {
                case Segment.DISCARDED -> TcpCounter.IP_IN_DISCARDS;
                case Segment.WRONG_CHECKSUM -> TcpCounter.IN_CSUM_ERRORS;
                default -> TcpCounter.IN_ERRS;
            });
            return Outcome.DONE;
        }
        if (!host.writer.holdReply())
        {
            return Outcome.BACK_PRESSURED;
        }
        if (found == Segment.ICMP)
        {
            host.icmp.onPacket(nowNs);
        }
        else
        {
            dispatch.onSegment(nowNs);
        }
        host.writer.endReply();
        host.tellEvents(nowNs);
        return Outcome.DONE;
    }

    /**
     * Does what is due.
     *
     * @param nowNs  the time
     * @param limit  how many timers may fire
     * @param outbox where segments go
     * @return how many fired
     */
    public int onTimers(final long nowNs, final int limit, final Outbox outbox)
    {
        host.writer.outbox(outbox);
        return host.sessions.timers.expire(nowNs, dispatch, limit);
    }

    /**
     * {@return the time before which {@link #onTimers} has nothing to do}; compare it by difference.
     */
    public long nextDeadlineNs()
    {
        return host.sessions.timers.nextDeadlineNs();
    }

    /**
     * Begins to listen.
     *
     * @param high    first eight octets of the address, 0 with a low of 0 for any address
     * @param low     last eight; IPv4: see {@link FourTuple}
     * @param port    1 to 65535
     * @param backlog how many connections may wait to be accepted, and as many half-open, each plus 1 as in Linux
     * @return the listener, 0 or more; {@link TcpResult#ADDRESS_IN_USE} or NO_CAPACITY
     */
    public int listen(final long high, final long low, final int port, final int backlog)
    {
        return host.listeners.open(high, low, port, Math.max(0, Math.min(backlog, host.config.somaxconn)));
    }

    /**
     * Stops to listen: half-open connections are forgotten, those in the accept queue are reset.
     *
     * @param listener as {@link #listen} answered
     * @param nowNs    the time
     * @param outbox   where RSTs go; those that find no room are not sent
     * @return {@link TcpResult#OK}, or CLOSED when there is no such listener
     */
    public int unlisten(final int listener, final long nowNs, final Outbox outbox)
    {
        final Listener found = host.listeners.get(listener);
        if (found == null)
        {
            return TcpResult.CLOSED;
        }
        host.writer.outbox(outbox);
        host.passiveOpen.forgetAll(found);
        while (found.dequeue(host.tcb))
        {
            host.turnTo(host.tcb.slot());
            host.connections.abort(nowNs);
        }
        host.listeners.close(found);
        return TcpResult.OK;
    }

    /**
     * {@return the connection that has waited longest in the accept queue, or {@link #NULL_HANDLE}}
     *
     * @param listener as {@link #listen} answered
     */
    public long accept(final int listener)
    {
        final Listener found = host.listeners.get(listener);
        return found != null && found.dequeue(host.tcb) ? host.tcb.handle() : NULL_HANDLE;
    }

    /**
     * Begins to open a connection: sends a SYN.
     *
     * @param tuple  both sides; a local port of 0 is replaced in it by a free one from 32768 to 60999
     * @param nowNs  the time
     * @param outbox where the SYN goes
     * @return its handle, positive; negative {@link TcpResult#ADDRESS_IN_USE}, NO_CAPACITY or BACK_PRESSURED
     */
    public long connect(final FourTuple tuple, final long nowNs, final Outbox outbox)
    {
        host.writer.outbox(outbox);
        return host.activeOpen.connect(tuple, nowNs);
    }

    /**
     * Takes bytes to send, and sends what the peer's window and the network allow.
     *
     * @param handle of the connection; before it is open bytes are taken and wait
     * @param buffer where they are
     * @param offset where they begin
     * @param length how many there are
     * @param nowNs  the time
     * @param outbox where segments go; what finds no room is sent by {@link #onTimers}
     * @return how many were taken, 0 when the buffer is full or the pool empty; negative {@link TcpResult#CLOSED},
     * RESET, REFUSED, TIMED_OUT, UNREACHABLE, SHUT_DOWN
     */
    public int send(
        final long handle, final DirectBuffer buffer, final int offset, final int length, final long nowNs,
        final Outbox outbox)
    {
        if (!host.turnTo(handle))
        {
            return TcpResult.CLOSED;
        }
        if (host.tcb.in(TcpState.CLOSED))
        {
            return host.tcb.get(Tcb.REASON) == TcpResult.OK ? TcpResult.CLOSED : host.tcb.get(Tcb.REASON);
        }
        if (host.tcb.is(Tcb.FIN_QUEUED))
        {
            return TcpResult.SHUT_DOWN;
        }
        host.writer.outbox(outbox);
        return host.sender.write(buffer, offset, length, nowNs);
    }

    /**
     * Receives bytes.
     *
     * @param handle of the connection
     * @param buffer where to
     * @param offset where they begin
     * @param length how many there is room for
     * @param nowNs  the time
     * @param outbox where the news of a window goes that was closed
     * @return how many were received, 0 when there are none yet; negative {@link TcpResult#END_OF_STREAM}, CLOSED,
     * RESET, REFUSED, TIMED_OUT, UNREACHABLE
     */
    public int receive(
        final long handle, final MutableDirectBuffer buffer, final int offset, final int length, final long nowNs,
        final Outbox outbox)
    {
        if (!host.turnTo(handle))
        {
            return TcpResult.CLOSED;
        }
        host.writer.outbox(outbox);
        final Tcb tcb = host.tcb;
        final int count = host.receiver.read(buffer, offset, length, nowNs);
        if (count > 0 || tcb.get(Tcb.RCV_LEN) > 0)
        {
            return count;
        }
        if (tcb.is(Tcb.FIN_RECEIVED))
        {
            return TcpResult.END_OF_STREAM;
        }
        return tcb.in(TcpState.CLOSED) ? tcb.get(Tcb.REASON) : 0;
    }

    /**
     * {@return how many bytes {@link #receive} would receive now}
     *
     * @param handle of the connection
     */
    public int readable(final long handle)
    {
        final int slot = Tcb.resolve(host.sessions.connections, handle);
        return slot == SessionSlab.NULL_SLOT ? 0 : host.tcb.wrap(slot).get(Tcb.RCV_LEN);
    }

    /**
     * {@return how many bytes {@link #send} would take now} A buffer is taken for it where the connection has none, and
     * kept until what was sent is acknowledged. Where it is less than half of a buffer, onWritable will come.
     *
     * @param handle of the connection
     */
    public int writable(final long handle)
    {
        if (!host.turnTo(handle) || host.tcb.in(TcpState.CLOSED) || host.tcb.is(Tcb.FIN_QUEUED))
        {
            return 0;
        }
        return host.sender.room();
    }

    /**
     * {@return the connection that {@link #accept} would take, or {@link #NULL_HANDLE}; only its tuple can be asked}
     *
     * @param listener as {@link #listen} answered
     */
    public long firstAcceptable(final int listener)
    {
        return acceptable(listener) == 0 ? NULL_HANDLE :
            host.tcb.wrap(host.listeners.get(listener).firstAccept - 1).handle();
    }

    /**
     * {@return how many connections wait in an accept queue}
     *
     * @param listener as {@link #listen} answered
     */
    public int acceptable(final int listener)
    {
        final Listener found = host.listeners.get(listener);
        return found == null ? 0 : found.acceptCount;
    }

    /**
     * Ends our side of the stream behind the bytes taken so far; the peer's side goes on.
     *
     * @param handle of the connection
     * @param nowNs  the time
     * @param outbox where the FIN goes
     * @return {@link TcpResult#OK}, CLOSED, NOT_CONNECTED or SHUT_DOWN
     */
    public int shutdown(final long handle, final long nowNs, final Outbox outbox)
    {
        if (!host.turnTo(handle))
        {
            return TcpResult.CLOSED;
        }
        if (host.tcb.is(Tcb.FIN_QUEUED))
        {
            return TcpResult.SHUT_DOWN;
        }
        if (host.tcb.in(TcpState.CLOSED) || host.tcb.in(TcpState.SYN_SENT))
        {
            return TcpResult.NOT_CONNECTED;
        }
        host.writer.outbox(outbox);
        host.connections.queueFin(nowNs);
        return TcpResult.OK;
    }

    /**
     * Ends the user's part: what was taken is still sent, then a FIN; nothing more is received. With bytes unread the
     * peer gets a RST instead, RFC 1122 4.2.2.13. The handle is good no more.
     *
     * @param handle of the connection
     * @param nowNs  the time
     * @param outbox where segments go
     * @return {@link TcpResult#OK}, CLOSED, or BACK_PRESSURED when a RST finds no room: nothing has changed
     */
    public int close(final long handle, final long nowNs, final Outbox outbox)
    {
        if (!host.turnTo(handle))
        {
            return TcpResult.CLOSED;
        }
        host.writer.outbox(outbox);
        return host.connections.close(nowNs);
    }

    /**
     * Ends the connection at once with a RST. The handle is good no more.
     *
     * @param handle of the connection
     * @param nowNs  the time
     * @param outbox where the RST goes
     * @return {@link TcpResult#OK}, CLOSED, or BACK_PRESSURED: nothing has changed
     */
    public int abort(final long handle, final long nowNs, final Outbox outbox)
    {
        if (!host.turnTo(handle))
        {
            return TcpResult.CLOSED;
        }
        host.writer.outbox(outbox);
        return host.writer.holdReply() ? host.connections.abort(nowNs) : TcpResult.BACK_PRESSURED;
    }

    /**
     * Turns keepalive probes on or off, RFC 9293 3.8.4; they are off at first.
     *
     * @param handle of the connection
     * @param on     true to probe
     * @param nowNs  the time
     * @return {@link TcpResult#OK} or CLOSED
     */
    public int keepAlive(final long handle, final boolean on, final long nowNs)
    {
        if (!host.turnTo(handle))
        {
            return TcpResult.CLOSED;
        }
        host.keepAlive.turn(on, nowNs);
        return TcpResult.OK;
    }

    /**
     * {@return the state of a connection; CLOSED when the handle is not good any more}
     *
     * @param handle of the connection
     */
    public TcpState state(final long handle)
    {
        final int slot = Tcb.resolve(host.sessions.connections, handle);
        return slot == SessionSlab.NULL_SLOT ? TcpState.CLOSED : host.tcb.wrap(slot).state();
    }

    /**
     * {@return the state of whatever has this tuple, half-open and TIME-WAIT too; else LISTEN or CLOSED}
     *
     * @param tuple both sides
     */
    public TcpState state(final FourTuple tuple)
    {
        final int id = host.sessions.find(tuple);
        if (id == SessionSlab.NULL_SLOT)
        {
            return host.passiveOpen.listenerOf(tuple) == null ? TcpState.CLOSED : TcpState.LISTEN;
        }
        if (host.sessions.isConnection(id))
        {
            return host.tcb.wrap(id).state();
        }
        return host.sessions.isHalfOpen(id) ? TcpState.SYN_RECEIVED : TcpState.TIME_WAIT;
    }

    /**
     * Reads both sides of a connection.
     *
     * @param handle of the connection
     * @param tuple  set to them
     * @return false when the handle is not good any more
     */
    public boolean tuple(final long handle, final FourTuple tuple)
    {
        final int slot = Tcb.resolve(host.sessions.connections, handle);
        return slot != SessionSlab.NULL_SLOT && host.sessions.table.keyOf(slot, tuple);
    }

    /**
     * {@return the last events of a connection, oldest first}. Allocates: for messages only.
     *
     * @param handle of the connection
     */
    public String history(final long handle)
    {
        final int slot = Tcb.resolve(host.sessions.connections, handle);
        return slot == SessionSlab.NULL_SLOT ? "" : host.tcb.wrap(slot).history();
    }

    /**
     * {@return most connections at once}
     */
    public int capacity()
    {
        return host.sessions.connections.capacity();
    }

    /**
     * {@return the length of a send buffer: the most that {@link #writable} answers}
     */
    public int bufferLength()
    {
        return host.buffers.length();
    }

    /**
     * {@return connections in use, of {@link TcpConfig#connections}}
     */
    public int connections()
    {
        return host.sessions.connections.active();
    }

    /**
     * {@return half-open connections}
     */
    public int halfOpen()
    {
        return host.sessions.halfOpens.active();
    }

    /**
     * {@return TIME-WAITs}
     */
    public int timeWaits()
    {
        return host.sessions.timeWaits.active();
    }

    /**
     * {@return send and receive buffers in use}
     */
    public int buffersInUse()
    {
        return host.buffers.inUse();
    }

    /**
     * {@return how often things happened}
     */
    public TcpCounters counters()
    {
        return counters;
    }
}
