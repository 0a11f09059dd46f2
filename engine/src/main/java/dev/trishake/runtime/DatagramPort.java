// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.DatagramCore;
import dev.trishake.core.Outbox;
import dev.trishake.core.Outcome;
import dev.trishake.session.FourTuple;
import dev.trishake.session.SlotQueue;
import dev.trishake.transport.DatagramLink;
import dev.trishake.transport.DatagramRecord;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.ControlledMessageHandler.Action;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.status.AtomicCounter;

import java.net.InetSocketAddress;

/**
 * A datagram link with its rings, and the core that they are for. What the core claims the link sends as it stands.
 *
 * <pre>
 *  link ─poll─► ingress ─┬─► core ─► outbox = egress ─flush─► link
 *                        └─► forwarding ─► another agent's core
 * </pre>
 *
 * <p>Sessions whose flight was refused, and those whose crypto is done, have their turn before the next datagrams come.
 */
final class DatagramPort
{
    private static final int TIMERS_LIMIT = 1024;
    /** A last datagram of a session may need a hash, and all of them many batches. */
    private static final int LAST_TURNS = 1024;
    private static final int NO_SOCKET = -1;

    private final DatagramLink link;
    private final DatagramCore core;
    private final Connections connections;
    private final CryptoRunner runner;
    private final OneToOneRingBuffer ingress;
    private final OneToOneRingBuffer egress;
    private final Outbox outbox;
    private final SlotQueue runnable;
    private final int limit;
    private final ControlledMessageHandler onRecord = this::onRecord;
    private final ControlledMessageHandler onOwnRecord = this::onOwnRecord;
    private final CryptoRunner.Resumer resumer = this::resume;
    private DatagramSessions sessions;
    private Forwarding forwarding;
    private int agent;
    private AtomicCounter forwarded;
    private AtomicCounter notForwarded;
    /** Sockets of which each is one connection's of ours, those that no connection has; null where there are none. */
    private SlotQueue freeSockets;
    private FourTuple[] locals = {};
    private long nowNs;

    DatagramPort(
        final DatagramLink link, final DatagramProtocol parts, final EngineConfig config,
        final CounterAllocator counters)
    {
        this.link = link;
        this.core = parts.core();
        this.connections = parts.connections();
        this.limit = config.pollLimit();
        runner = new CryptoRunner(core, parts.queue(), parts.kinds(), config.cryptoBatchesPerCycle(), counters);
        ingress = Rings.ofCapacity(config.ringLength());
        egress = Rings.ofCapacity(config.ringLength());
        outbox = new Outbox(egress);
        runnable = new SlotQueue(core.capacity());
    }

    /** Where other agents have the other shares of what comes: null where all of it is this one's. */
    void forwarding(final int thisAgent, final Forwarding ways, final CounterAllocator counters)
    {
        agent = thisAgent;
        forwarding = ways;
        if (ways != null)
        {
            forwarded = counters.allocate("DatagramsForwarded");
            notForwarded = counters.allocate("DatagramsNotForwarded");
        }
    }

    /** Sockets 0 to count - 1 are connections' of ours. */
    void ownSockets(final int count)
    {
        freeSockets = new SlotQueue(count);
        locals = new FourTuple[count];
        for (int i = 0; i < count; i++)
        {
            final InetSocketAddress at = link.localAddress(i);
            locals[i] = new FourTuple().local(
                TcpAddresses.high(at.getAddress()), TcpAddresses.low(at.getAddress()), at.getPort());
            freeSockets.add(i);
        }
    }

    void sessions(final DatagramSessions whose)
    {
        sessions = whose;
    }

    DatagramSessions sessions()
    {
        return sessions;
    }

    DatagramLink link()
    {
        return link;
    }

    Connections connections()
    {
        return connections;
    }

    long nowNs()
    {
        return nowNs;
    }

    void nowNs(final long time)
    {
        nowNs = time;
    }

    long coreHandle(final int slot)
    {
        return core.handle(slot);
    }

    /** {@return a socket that no connection has, the one longest unused, with its address in the tuple; or -1} */
    int takeSocket(final FourTuple who)
    {
        if (freeSockets == null || freeSockets.size() == 0)
        {
            return NO_SOCKET;
        }
        final int socket = freeSockets.remove();
        final FourTuple local = locals[socket];
        who.local(local.localHigh(), local.localLow(), local.localPort());
        return socket;
    }

    void giveSocket(final int socket)
    {
        freeSockets.add(socket);
    }

    void resumeNextCycle(final int slot)
    {
        runnable.add(slot);
    }

    /** {@return work done} A datagram that the core can't answer now stays in the ring, and the link keeps the next. */
    int poll(final long newNowNs)
    {
        nowNs = newNowNs;
        final int turns = runnable.size();
        for (int i = 0; i < turns; i++)
        {
            final int slot = runnable.remove();
            if (core.handle(slot) != 0)
            {
                resume(slot, nowNs);
            }
        }
        int work = turns + link.poll(ingress, nowNs, limit);
        Rings.drain(ingress, onRecord, Integer.MAX_VALUE);
        work += takeForwarded();
        return work + settle();
    }

    /** {@return work done}: what was posted, what sessions want, what is due. */
    private int settle()
    {
        final int work = runner.run(nowNs, resumer);
        if (sessions != null)
        {
            sessions.proceed();
        }
        return work + core.onTimers(nowNs, TIMERS_LIMIT, outbox);
    }

    /** Ends all sessions, tells their peers, and closes the sockets. */
    void close(final long newNowNs)
    {
        nowNs = newNowNs;
        if (sessions != null)
        {
            sessions.abortAll();
        }
        int work = 1;
        for (int turn = 0; turn < LAST_TURNS && work > 0; turn++)
        {
            work = settle() + link.flush(egress, nowNs, limit);
        }
        link.close();
    }

    /** {@return datagrams that the link has taken} */
    int flush(final long newNowNs)
    {
        return link.flush(egress, newNowNs, limit);
    }

    private int takeForwarded()
    {
        int work = 0;
        for (int from = 0; forwarding != null && from < forwarding.agents(); from++)
        {
            work += from == agent ? 0 : Rings.drain(forwarding.ring(from, agent), onOwnRecord, limit);
        }
        return work;
    }

    private void resume(final int slot, final long timeNs)
    {
        final int category = Outcome.category(core.resume(slot, timeNs, outbox));
        if (category == Outcome.BACK_PRESSURED || category == Outcome.AWAIT_CERTIFICATE) // who asks once a cycle
        {
            runnable.add(slot);
        }
    }

    private Action onRecord(final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        if (forwarding != null)
        {
            final int owner = forwarding.steering().share(
                buffer, index + DatagramRecord.PAYLOAD_OFFSET, length - DatagramRecord.PAYLOAD_OFFSET);
            if (owner != agent && owner >= 0)
            {
                // the same socket of the other agent has the same address: it answers from there
                final boolean went = forwarding.ring(agent, owner).write(msgTypeId, buffer, index, length);
                (went ? forwarded : notForwarded).incrementPlain();
                return Action.CONTINUE;
            }
        }
        return onOwnRecord(msgTypeId, buffer, index, length);
    }

    private Action onOwnRecord(
        final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        final int outcome = core.onDatagram(DatagramRecord.socket(buffer, index), buffer,
            index + DatagramRecord.TUPLE_OFFSET, length - DatagramRecord.TUPLE_OFFSET, nowNs, outbox);
        return Outcome.category(outcome) == Outcome.BACK_PRESSURED ? Action.ABORT : Action.CONTINUE;
    }
}
