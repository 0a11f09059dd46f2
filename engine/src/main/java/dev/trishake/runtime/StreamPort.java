// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.Outbox;
import dev.trishake.core.OutputCredit;
import dev.trishake.session.FourTuple;
import dev.trishake.transport.StreamCredits;
import dev.trishake.transport.StreamLink;
import dev.trishake.transport.StreamRecord;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

import java.net.InetSocketAddress;
import java.util.Arrays;

/**
 * A stream link with its rings, and whose sessions its connections are.
 *
 * <pre>
 *  link ─poll─► ingress ─► StreamSessions ─► outbox = egress ─flush─► link
 * </pre>
 *
 * <p>What is claimed for a connection since the egress ring was empty last counts against the link's credit: a flush
 * takes all, so that sum is forgotten with the next empty ring.
 */
final class StreamPort implements StreamCredits, OutputCredit
{
    private static final int NO_SLOT = -1;

    private final int index;
    private final StreamLink link;
    private final OneToOneRingBuffer ingress;
    private final OneToOneRingBuffer egress;
    private final Outbox outbox;
    private final int limit;
    private final MessageHandler onRecord = this::onRecord;
    private final FourTuple tuple = new FourTuple();
    /** By the link's slots: the session's slot, or -1. */
    private final int[] sessionOf;
    /** By the link's listeners: what is spoken there, a core's number, 0: nothing above TCP. */
    private final int[] coreOf;
    private int listeners;
    private StreamSessions sessions;
    private long epoch = 1;
    private boolean isAcceptRefused;

    StreamPort(
        final int index, final StreamLinkFactory factory, final EngineConfig config, final int agent,
        final long nowNs)
    {
        this.index = index;
        this.limit = config.pollLimit();
        this.ingress = Rings.ofCapacity(config.ringLength());
        this.egress = Rings.ofCapacity(config.ringLength());
        this.outbox = new Outbox(egress, this);
        this.coreOf = new int[EngineConfig.MAX_LISTENERS];
        this.link = factory.create(agent, this, nowNs);
        this.sessionOf = new int[link.capacity()];
        Arrays.fill(sessionOf, NO_SLOT);
    }

    void sessions(final StreamSessions whose)
    {
        sessions = whose;
    }

    StreamLink link()
    {
        return link;
    }

    Outbox outbox()
    {
        return outbox;
    }

    InetSocketAddress listen(final InetSocketAddress address, final int backlog, final int core)
    {
        final int listener = link.listen(address, backlog);
        coreOf[listener] = core;
        listeners = Math.max(listeners, listener + 1);
        return link.localAddress(listener);
    }

    void unlisten(final long nowNs)
    {
        for (int listener = 0; listener < listeners; listener++)
        {
            link.unlisten(listener, nowNs);
        }
    }

    void attach(final long below, final int slot)
    {
        sessionOf[(int)below] = slot;
    }

    /** A connection below may have taken the place of one that the link has ended. */
    void detach(final long below, final int slot)
    {
        if (sessionOf[(int)below] == slot)
        {
            sessionOf[(int)below] = NO_SLOT;
        }
    }

    int poll(final long nowNs)
    {
        if (isAcceptRefused && sessions.mayAccept())
        {
            isAcceptRefused = false;
            link.resumeAccepting();
        }
        final int work = link.poll(ingress, nowNs, limit);
        ingress.read(onRecord);
        ingress.read(onRecord); // one read of Agrona's ends where the ring wraps
        return work;
    }

    int flush(final long nowNs)
    {
        if (egress.size() == 0)
        {
            return link.flush(egress, nowNs, limit);
        }
        int work = 0;
        int taken;
        do
        {
            taken = link.flush(egress, nowNs, limit);
            work += taken;
        }
        while (taken > 0 && egress.size() > 0);
        epoch += egress.size() == 0 ? 1 : 0;
        return work;
    }

    /** Claims a record without payload; false when the ring is full. */
    boolean tell(final int msgTypeId, final long below)
    {
        if (!outbox.reserve(below, 1, 0))
        {
            return false;
        }
        outbox.commit(outbox.claim(msgTypeId, 0));
        return true;
    }

    /** Whether a flight that was refused may fit after the next flush already, because its connection has room. */
    boolean isSoonWritable(final long below)
    {
        return link.outputCredit(below) >= link.outputBufferLength() >> 1;
    }

    private void onRecord(final int msgTypeId, final MutableDirectBuffer buffer, final int offset, final int length)
    {
        final long below = StreamRecord.handle(buffer, offset);
        final int slot = sessionOf(below);
        if (msgTypeId == StreamRecord.OPENED)
        {
            StreamRecord.tuple(buffer, offset, tuple);
            final int listener = StreamRecord.listener(buffer, offset);
            if (listener != StreamRecord.CONNECTED)
            {
                sessions.onAccepted(index, below, coreOf[listener], tuple);
            }
            else if (slot != NO_SLOT)
            {
                sessions.onConnected(slot, tuple);
            }
        }
        else if (slot != NO_SLOT)
        {
            switch (msgTypeId)
            {
                case StreamRecord.DATA -> sessions.onData(slot, buffer,
                    offset + StreamRecord.PAYLOAD_OFFSET, length - StreamRecord.PAYLOAD_OFFSET);
                case StreamRecord.END -> sessions.onEnd(slot);
                case StreamRecord.WRITABLE -> sessions.onWritable(slot);
                case StreamRecord.CLOSED -> sessions.onClosed(slot, StreamRecord.reason(buffer, offset));
                default ->
                {
                }
            }
        }
    }

    private int sessionOf(final long below)
    {
        final int slot = sessionOf[(int)below];
        return slot != NO_SLOT && sessions.fields.below(slot) == below ? slot : NO_SLOT;
    }

    @Override
    public int inputCredit(final long handle)
    {
        final int slot = sessionOf(handle);
        return slot == NO_SLOT ? 0 : sessions.inputCredit(slot);
    }

    @Override
    public int acceptCredit(final int listener)
    {
        isAcceptRefused = !sessions.mayAccept();
        return isAcceptRefused ? 0 : 1;
    }

    @Override
    public int outputCredit(final long handle)
    {
        final int slot = sessionOf(handle);
        return slot == NO_SLOT ? 0 : Math.max(0, link.outputCredit(handle) - sessions.fields.claimed(slot, epoch));
    }

    @Override
    public void onClaimed(final long handle, final int length)
    {
        if (length > 0)
        {
            sessions.fields.addClaimed(sessionOf[(int)handle], epoch, length);
        }
    }
}
