// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.core.CryptoOperation;
import dev.trishake.core.CryptoQueue;
import dev.trishake.core.DatagramCore;
import dev.trishake.core.Outbox;
import dev.trishake.core.Outcome;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.session.EventHistory;
import dev.trishake.session.FourTuple;
import dev.trishake.session.TimerQueue;
import dev.trishake.wire.gquic.GquicError;
import org.agrona.DirectBuffer;

/**
 * Google QUIC, a server's side or a client's, without a clock, a thread or a socket: datagrams and time come in,
 * datagrams go out. Heavy work is posted to the crypto queue, and done for many at once.
 *
 * <pre>
 *  slots:  0 ... sessions - 1     connections
 *          sessions ...           packets that wait for the hash of their NULL protection
 * </pre>
 *
 * <p>What is sent never holds up what comes: a session whose packet finds no room has its turn in {@link #onTimers},
 * which must be called every duty cycle. Only a datagram that finds no packet slot is refused, and given again.
 *
 * <p>A server keeps nothing of a client whose address is not proven; see {@link StatelessServer}.
 */
public final class GquicCore implements DatagramCore
{
    /** Kind: hashes of packets without keys. */
    static final int NULL_HASH = 0;

    /** The first kind of the handshakes' operations. */
    static final int FIRST_HANDSHAKE_KIND = 1;

    /** How late a timer may fire, 2^20 ns: a millisecond. */
    private static final long TICK_NS = 1 << 20;

    private final GquicMemory memory;
    private final GquicSession session;
    private final GquicHandshakes handshakes;
    private final CryptoQueue queue;
    private final CryptoOperation[] operations;
    private final Protection protection;
    private final Connections connections;
    private final DatagramReceiver receiver;
    private final TimerQueue timers;
    private final GquicMachine machine;
    private final GquicStreamCalls calls;
    private final Entropy entropy;
    private final int firstPacketSlot;
    private final TimerQueue.Handler onTimer = this::onTimer;
    private Outbox timersOutbox;

    /** Makes the handshakes of a core. */
    @FunctionalInterface
    interface HandshakeFactory
    {
        /** {@return the handshakes, which work on this view, write to this stream and post to this queue} */
        GquicHandshakes create(
            GquicMemory memory, GquicSession session, CryptoStream crypto, CryptoQueue queue, Protection protection);
    }

    /**
     * Allocates all that a server will ever use.
     *
     * @param config   of connections
     * @param settings of handshakes
     * @param kernels  vectors or scalar code
     * @param entropy  the agent's
     * @param handler  whose connections they are
     * @param nowNs    the agent's time
     */
    public GquicCore(
        final GquicConfig config, final ServerSettings settings, final Kernels kernels, final Entropy entropy,
        final GquicHandler handler, final long nowNs)
    {
        this(config.client(false), kernels, entropy, handler, nowNs, HandshakeOperations.COUNT,
            (memory, session, crypto, queue, protection) -> Handshakes.ofServer(
                settings, memory, session, crypto, queue, protection, kernels, entropy));
    }

    /**
     * Allocates all that a client will ever use.
     *
     * @param config   of connections
     * @param settings of handshakes
     * @param kernels  vectors or scalar code
     * @param entropy  the agent's
     * @param handler  whose connections they are
     * @param nowNs    the agent's time
     */
    public GquicCore(
        final GquicConfig config, final ClientSettings settings, final Kernels kernels, final Entropy entropy,
        final GquicHandler handler, final long nowNs)
    {
        this(config.client(true), kernels, entropy, handler, nowNs, HandshakeOperations.COUNT,
            (memory, session, crypto, queue, protection) -> Handshakes.ofClient(
                settings, memory, session, crypto, queue, protection, kernels, entropy));
    }

    /** A core whose handshakes are made by a factory. */
    GquicCore(
        final GquicConfig config, final Kernels kernels, final Entropy entropy, final GquicHandler handler,
        final long nowNs, final int handshakeKinds, final HandshakeFactory factory)
    {
        this.entropy = entropy;
        memory = new GquicMemory(config);
        session = memory.view();
        firstPacketSlot = config.sessions;
        queue = new CryptoQueue(config.sessions + config.packets, FIRST_HANDSHAKE_KIND + handshakeKinds);
        protection = new Protection(kernels);
        connections = new Connections(memory, entropy);
        timers = new TimerQueue(config.sessions, TICK_NS, nowNs);
        final CryptoStream crypto = new CryptoStream(memory, session);
        handshakes = factory.create(memory, session, crypto, queue, protection);
        machine = new GquicMachine(memory, session, handshakes.handshake(), connections, protection, queue, timers,
            handler, crypto);
        calls = new GquicStreamCalls(memory, machine.pending());
        receiver = new DatagramReceiver(memory, session, machine, connections, queue, handshakes.gate());
        operations = new CryptoOperation[FIRST_HANDSHAKE_KIND + handshakeKinds];
        operations[NULL_HASH] = new NullHashOperation(memory.packets, firstPacketSlot, config.isClient, kernels);
        System.arraycopy(handshakes.operations(), 0, operations, FIRST_HANDSHAKE_KIND, handshakeKinds);
    }

    /**
     * {@return the queue that this core posts to}
     */
    public CryptoQueue queue()
    {
        return queue;
    }

    /**
     * {@return how many kinds of operations there are}
     */
    public int kinds()
    {
        return operations.length;
    }

    /**
     * {@return the operation of a kind}
     *
     * @param kind 0 to {@link #kinds()} - 1
     */
    public CryptoOperation operation(final int kind)
    {
        return operations[kind];
    }

    /**
     * {@return the name of a kind of operations, for counters}
     *
     * @param kind 0 to {@link #kinds()} - 1
     */
    public static String kindName(final int kind)
    {
        return "Gquic" + (kind == NULL_HASH ? "NullHash" : HandshakeOperations.NAMES[kind - FIRST_HANDSHAKE_KIND]);
    }

    /**
     * {@return connections that there may be at once: slots 0 to this - 1}
     */
    public int maxConnections()
    {
        return firstPacketSlot;
    }

    /**
     * {@return octets that a stream takes before any is acknowledged}
     */
    public int sendBufferLength()
    {
        return memory.config.sendBufferLength;
    }

    /**
     * {@return what was counted}
     */
    public GquicCounters counters()
    {
        return memory.counters;
    }

    /** {@return all memory of this core, for tests} */
    GquicMemory memory()
    {
        return memory;
    }

    @Override
    public int capacity()
    {
        return firstPacketSlot + memory.config.packets;
    }

    @Override
    public long handle(final int slot)
    {
        if (slot >= firstPacketSlot)
        {
            return packetHandle(memory.packets.handle(slot - firstPacketSlot), firstPacketSlot);
        }
        return memory.sessions.isLive(slot) ? memory.sessions.handle(slot) : 0;
    }

    /** {@return the core's handle of a packet: another than any connection's} */
    static long packetHandle(final long handle, final int firstPacketSlot)
    {
        return handle == 0 ? 0 : handle + firstPacketSlot;
    }

    /**
     * Opens a connection. Its first packet goes out in the next {@link #onTimers}.
     *
     * @param socket      that it uses
     * @param addresses   ours and the server's; no other connection has them
     * @param serverIndex the server's entry in the cache
     * @param nowNs       the agent's time
     * @return its slot, or {@link #NULL_SLOT} when there is no room
     */
    public int connect(final long socket, final FourTuple addresses, final int serverIndex, final long nowNs)
    {
        assert memory.config.isClient : "a server does not connect";
        if (!connections.open(session, socket, addresses, entropy.nextLong(), memory.config.versions[0], nowNs))
        {
            memory.counters.sessionsRefused++;
            return NULL_SLOT;
        }
        session.set(GquicSession.SERVER_INDEX, serverIndex);
        final int slot = session.slot();
        machine.start(nowNs);
        return slot;
    }

    @Override
    public int onDatagram(
        final long socket, final DirectBuffer buffer, final int offset, final int length, final long nowNs,
        final Outbox outbox)
    {
        return receiver.onDatagram(socket, buffer, offset, length, nowNs, outbox);
    }

    @Override
    public int resume(final int slot, final long nowNs, final Outbox outbox)
    {
        if (slot >= firstPacketSlot)
        {
            return receiver.resume(slot - firstPacketSlot, nowNs, outbox);
        }
        session.wrap(slot);
        machine.settle(nowNs, outbox);
        return session.is(GquicSession.CERTIFICATE_AWAITED) ? Outcome.AWAIT_CERTIFICATE : Outcome.DONE;
    }

    @Override
    public int onTimers(final long nowNs, final int limit, final Outbox outbox)
    {
        if (entropy.reseedDue()) // tokens are made without a session, so opening one is not when to look
        {
            entropy.reseed();
        }
        handshakes.onCycle(nowNs);
        timersOutbox = outbox;
        final int fired = timers.expire(nowNs, onTimer, limit);
        final int turns = machine.pending().size();
        for (int i = 0; i < turns; i++)
        {
            final int slot = machine.pending().remove();
            if (memory.sessions.isLive(slot))
            {
                session.wrap(slot);
                machine.takeTurn(nowNs, outbox);
            }
        }
        protection.clear();
        return fired + turns;
    }

    private void onTimer(final int slot, final long nowNs)
    {
        session.wrap(slot);
        machine.onTimer(nowNs, timersOutbox);
    }

    /**
     * {@return the ID of a new stream; -1 when this side may not have another one now}
     *
     * @param slot a live connection
     */
    public int openStream(final int slot)
    {
        return calls.openStream(slot);
    }

    /**
     * Takes data of a stream, and sends it as fast as the peer and the network allow.
     *
     * @param slot     a live connection
     * @param streamId of a stream that is open
     * @param buffer   holds the data
     * @param offset   where it begins
     * @param length   0 or more
     * @param fin      whether the stream ends behind it
     * @return how many octets were taken; if all, the end was taken too. {@link GquicHandler#onWritable} says when more
     * can be
     */
    public int send(
        final int slot, final int streamId, final DirectBuffer buffer, final int offset, final int length,
        final boolean fin)
    {
        return calls.send(slot, streamId, buffer, offset, length, fin);
    }

    /**
     * Offers what the handler did not take again, soon.
     *
     * @param slot     a live connection
     * @param streamId of a stream
     */
    public void resumeStream(final int slot, final int streamId)
    {
        calls.resumeStream(slot, streamId);
    }

    /**
     * Offers all that the handler did not take of any stream again, soon.
     *
     * @param slot a live connection
     */
    public void resumeStreams(final int slot)
    {
        calls.resumeStreams(slot);
    }

    /**
     * {@return whether the peer has acknowledged all that was given to the streams of a connection}
     *
     * @param slot a live connection
     */
    public boolean isAllAcked(final int slot)
    {
        return calls.isAllAcked(slot);
    }

    /**
     * Ends a connection. What was taken and is not sent is lost; {@link GquicHandler#onClosed} follows.
     *
     * @param slot  a live connection
     * @param error what the peer is told, {@link GquicError#PEER_GOING_AWAY} if nothing is wrong
     */
    public void close(final int slot, final int error)
    {
        calls.close(slot, error);
    }

    /**
     * {@return what was agreed on, see {@link GquicParameters}}
     *
     * @param slot a live connection
     */
    public long parameters(final int slot)
    {
        return GquicParameters.of(calls.view(slot));
    }

    /**
     * Reads the addresses of a connection: the peer's may change.
     *
     * @param slot a live connection
     * @param out  set to them
     */
    public void tuple(final int slot, final FourTuple out)
    {
        final GquicSession view = calls.view(slot);
        out.load(view.memory(), view.at(GquicSession.TUPLE));
    }

    /**
     * {@return the connection ID}
     *
     * @param slot a live connection
     */
    public long cid(final int slot)
    {
        return calls.view(slot).get(GquicSession.CID);
    }

    /**
     * {@return connections that live}
     */
    public int active()
    {
        return memory.sessions.active();
    }

    /**
     * {@return where a connection stands}
     *
     * @param slot a live connection
     */
    public GquicState state(final int slot)
    {
        return calls.view(slot).state();
    }

    /**
     * {@return the last states of a connection, oldest first}. Allocates: for messages only.
     *
     * @param slot a live connection
     */
    public String history(final int slot)
    {
        final GquicSession view = calls.view(slot);
        return EventHistory.format(view.memory(), view.at(GquicSession.HISTORY),
            event -> GquicState.of(event - 1).name());
    }
}
