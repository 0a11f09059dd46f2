// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.session.FourTuple;
import dev.trishake.session.SessionSlab;

/**
 * What the parts of one core share, and the parts. At any time it is about at most one connection: {@link #tcb} views
 * it and {@link #tuple} names it.
 */
final class Host
{
    private static final int ACCEPTABLE = 1;
    private static final int ESTABLISHED = 1 << 1;
    private static final int READABLE = 1 << 2;
    private static final int WRITABLE = 1 << 3;
    private static final int CLOSED = 1 << 4;

    final TcpConfig config;
    final TcpCounters counters;
    final Secrets secrets;
    final Sessions sessions;
    final BufferPool buffers;
    final Listeners listeners;
    final SegmentWriter writer;
    final Isn isn;
    final Limits limits;
    final Segment segment;
    final Tcb tcb;
    final FourTuple ownTuple = new FourTuple();
    FourTuple tuple = ownTuple;

    final SynAcks synAcks;
    final Replies replies;
    final Receiver receiver;
    final Sender sender;
    final Connections connections;
    final SynCookies cookies;
    final PassiveOpen passiveOpen;
    final ActiveOpen activeOpen;
    final Arrival arrival;
    final TimeWait timeWait;
    final IcmpInput icmp;
    final KeepAlive keepAlive;

    private final TcpEvents events;
    private int happened;
    private long handle;
    private int listener;
    private int reason;

    Host(final TcpConfig config, final TcpEvents events, final TcpCounters counters, final long nowNs)
    {
        this.config = config;
        this.events = events;
        this.counters = counters;
        secrets = new Secrets(config.secret0, config.secret1);
        sessions = new Sessions(config, secrets, nowNs);
        buffers = new BufferPool(config.buffers, config.bufferLength);
        listeners = new Listeners(config.listeners);
        writer = new SegmentWriter(buffers, counters);
        isn = new Isn(secrets);
        limits = new Limits(config, secrets);
        segment = new Segment(config);
        tcb = new Tcb(sessions.connections, counters);
        replies = new Replies(this);
        receiver = new Receiver(this);
        synAcks = new SynAcks(writer, replies.mss(true), config.windowScale, receiver.synWindow());
        sender = new Sender(this);
        connections = new Connections(this);
        cookies = new SynCookies(this);
        passiveOpen = new PassiveOpen(this);
        activeOpen = new ActiveOpen(this);
        arrival = new Arrival(this);
        timeWait = new TimeWait(this);
        icmp = new IcmpInput(this);
        keepAlive = new KeepAlive(this);
    }

    void count(final TcpCounter counter)
    {
        counters.increment(counter);
    }

    /** Turns to a connection; its tuple is that of the segment in hand, or is read from the table. */
    void turnTo(final int slot)
    {
        tcb.wrap(slot);
        tuple = ownTuple;
        sessions.table.keyOf(slot, ownTuple);
    }

    /** Turns to the connection of a handle that its user has: accepted, and not closed. */
    boolean turnTo(final long userHandle)
    {
        final int slot = Tcb.resolve(sessions.connections, userHandle);
        if (slot == SessionSlab.NULL_SLOT)
        {
            return false;
        }
        turnTo(slot);
        return !tcb.is(Tcb.USER_CLOSED) && tcb.get(Tcb.LISTENER) == 0;
    }

    /** What happens to a connection before it is accepted its user learns by receiving. */
    void onAcceptable(final Listener at)
    {
        happened |= ACCEPTABLE;
        listener = at.number;
    }

    void onEstablished()
    {
        happened |= ESTABLISHED;
        handle = tcb.handle();
    }

    void onReadable()
    {
        if (tcb.get(Tcb.LISTENER) == 0)
        {
            happened |= READABLE;
            handle = tcb.handle();
        }
    }

    void onWritable()
    {
        if (tcb.get(Tcb.LISTENER) == 0)
        {
            happened |= WRITABLE;
            handle = tcb.handle();
        }
    }

    void onClosed(final int why)
    {
        if (tcb.get(Tcb.LISTENER) == 0)
        {
            happened |= CLOSED;
            handle = tcb.handle();
            reason = why;
        }
    }

    /** Tells what happened, now that all of it is done: what is called may call the core, and cause more. */
    void tellEvents(final long nowNs)
    {
        if (happened == 0)
        {
            return;
        }
        final int what = happened;
        final long whose = handle;
        final int why = reason;
        final int where = listener;
        happened = 0;
        if ((what & ACCEPTABLE) != 0)
        {
            events.onAcceptable(where, nowNs);
        }
        if ((what & ESTABLISHED) != 0)
        {
            events.onEstablished(whose, nowNs);
        }
        if ((what & READABLE) != 0)
        {
            events.onReadable(whose, nowNs);
        }
        if ((what & WRITABLE) != 0)
        {
            events.onWritable(whose, nowNs);
        }
        if ((what & CLOSED) != 0)
        {
            events.onClosed(whose, why, nowNs);
        }
    }
}
