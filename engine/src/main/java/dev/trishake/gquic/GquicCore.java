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
import dev.trishake.session.SessionSlab;
import dev.trishake.session.TimerQueue;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.MessageDecoder;
import dev.trishake.wire.gquic.PacketForm;
import dev.trishake.wire.gquic.PacketHeaderDecoder;
import dev.trishake.wire.gquic.Tag;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

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
    private final StatelessServer stateless;
    private final TimerQueue timers;
    private final GquicMachine machine;
    private final GquicStreamCalls calls;
    private final Entropy entropy;
    private final int firstPacketSlot;
    private final PacketHeaderDecoder header = new PacketHeaderDecoder();
    private final FourTuple tuple = new FourTuple();
    private final MessageDecoder resetMessage = new MessageDecoder();
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
        stateless = handshakes.gate() == null ? null : new StatelessServer(memory, handshakes.gate());
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
        final int datagram = offset + FourTuple.LENGTH;
        final int datagramLength = length - FourTuple.LENGTH;
        if (datagramLength > GquicConfig.MAX_DATAGRAM_LENGTH || datagramLength < 1 ||
            !header.wrap(buffer, datagram, datagramLength, !memory.config.isClient))
        {
            memory.counters.packetsReceived++;
            memory.counters.packetsMalformed++;
            return Outcome.DONE;
        }
        tuple.load(buffer, offset);
        final int slot = connections.find(tuple, header.connectionId());
        session.wrap(slot);
        final boolean isKnown = slot != SessionSlab.NULL_SLOT;
        final int outcome;
        if (header.kind() == PacketHeaderDecoder.DATA)
        {
            outcome = isKnown ? onSessionPacket(socket, buffer, offset, datagramLength, nowNs, outbox) :
                onUnknownPacket(socket, buffer, offset, datagramLength, nowNs, outbox);
        }
        else
        {
            outcome = Outcome.DONE;
            onOther(isKnown, socket, buffer, offset, datagramLength, nowNs, outbox);
        }
        if (outcome != Outcome.BACK_PRESSURED)
        {
            memory.counters.packetsReceived++;
        }
        return outcome;
    }

    private int onSessionPacket(
        final long socket, final DirectBuffer buffer, final int offset, final int length, final long nowNs,
        final Outbox outbox)
    {
        if (!isOfSession())
        {
            memory.counters.packetsUnknown++;
            return Outcome.DONE;
        }
        if (machine.receive(header, tuple, buffer, offset, length, true, nowNs))
        {
            return hash(socket, buffer, offset, length);
        }
        machine.settle(nowNs, outbox);
        return Outcome.DONE;
    }

    /** Whether version, form and connection ID are the session's. */
    private boolean isOfSession()
    {
        return (header.version() == GquicVersion.NONE || header.version() == session.get(GquicSession.VERSION)) &&
            (!header.hasConnectionId() || header.connectionId() == session.get(GquicSession.CID)) &&
            session.isQ044() == (header.form() != PacketForm.PUBLIC);
    }

    private int onUnknownPacket(
        final long socket, final DirectBuffer buffer, final int offset, final int length, final long nowNs,
        final Outbox outbox)
    {
        if (stateless == null || header.form() == PacketForm.SHORT)
        {
            memory.counters.packetsUnknown++;
        }
        else if (header.version() == GquicVersion.NONE)
        {
            memory.counters.packetsUnknown++;
            stateless.reset(header, socket, buffer, offset, length, nowNs, outbox);
        }
        else if (!memory.config.speaks(header.version()))
        {
            stateless.negotiate(header, socket, buffer, offset, length, nowNs, outbox);
        }
        else if (header.payloadLength() >= StatelessServer.MIN_HELLO_PAYLOAD)
        {
            return hash(socket, buffer, offset, length);
        }
        else
        {
            keepOrphan(buffer, offset, length);
        }
        return Outcome.DONE;
    }

    /** No hello is so short: data under initial keys may have overtaken its hello. */
    private void keepOrphan(final DirectBuffer buffer, final int offset, final int length)
    {
        memory.counters.packetsUnknown++;
        if (memory.config.zeroRtt)
        {
            machine.early().keepOrphan(header.connectionId(), buffer, offset, length);
        }
    }

    /** Lays a packet into a slot, where it waits until its hash is there. */
    private int hash(final long socket, final DirectBuffer buffer, final int offset, final int length)
    {
        if (header.payloadLength() <= PacketSlots.HASH_LENGTH)
        {
            memory.counters.packetsMalformed++;
            return Outcome.DONE;
        }
        final int packet = memory.packets.take(socket);
        if (packet == PacketSlots.NONE)
        {
            return Outcome.BACK_PRESSURED;
        }
        memory.packets.fill(packet, buffer, offset, length);
        memory.packets.headerLength(packet, header.length());
        final int slot = firstPacketSlot + packet;
        queue.post(NULL_HASH, slot, handle(slot));
        return Outcome.AWAIT_CRYPTO;
    }

    /** A packet that is not protected: version negotiation, a public reset, or one of a version nobody knows. */
    private void onOther(
        final boolean isKnown, final long socket, final DirectBuffer buffer, final int offset, final int length,
        final long nowNs, final Outbox outbox)
    {
        if (header.kind() == PacketHeaderDecoder.UNKNOWN_VERSION)
        {
            if (stateless != null && !isKnown)
            {
                stateless.negotiate(header, socket, buffer, offset, length, nowNs, outbox);
            }
            return;
        }
        if (!isKnown || !session.isClient() || header.connectionId() != session.get(GquicSession.CID) ||
            session.is(GquicSession.CLOSED) || session.get(GquicSession.OPENED_LEVEL) > GquicLevel.NULL)
        {
            memory.counters.packetsUnknown++;
            return;
        }
        if (header.kind() == PacketHeaderDecoder.PUBLIC_RESET)
        {
            if (resetMessage.wrap(buffer, header.payloadOffset(), header.payloadLength()) > 0 &&
                resetMessage.tag() == Tag.PRST)
            {
                session.fail(GquicError.PUBLIC_RESET, GquicSession.CLOSED_BY_PEER);
            }
        }
        else if (!session.is(GquicSession.HEARD | GquicSession.NEGOTIATED | GquicSession.POSTED))
        {
            renegotiate(nowNs);
        }
        machine.settle(nowNs, outbox);
    }

    /** The server does not speak the client's version: the client takes its own first choice among the others. */
    private void renegotiate(final long nowNs)
    {
        int count = 0;
        for (int i = 0; i < header.labelCount(); i++)
        {
            final int label = header.label(i);
            if (label == session.get(GquicSession.VERSION))
            {
                return;
            }
            if (!GquicVersion.isReserved(label) && count < GquicSession.MAX_LABELS)
            {
                session.set(GquicSession.LABELS + count++ * GquicVersion.LABEL_LENGTH, label);
            }
        }
        session.set(GquicSession.LABEL_COUNT, count);
        for (final int version : memory.config.versions)
        {
            for (int i = 0; i < count; i++)
            {
                if (session.get(GquicSession.LABELS + i * GquicVersion.LABEL_LENGTH) == version)
                {
                    machine.restart(version, nowNs);
                    return;
                }
            }
        }
        session.fail(GquicError.INVALID_VERSION, GquicSession.CLOSED_SILENTLY);
    }

    @Override
    public int resume(final int slot, final long nowNs, final Outbox outbox)
    {
        if (slot >= firstPacketSlot)
        {
            return resumePacket(slot - firstPacketSlot, nowNs, outbox);
        }
        session.wrap(slot);
        machine.settle(nowNs, outbox);
        return Outcome.DONE;
    }

    private int resumePacket(final int packet, final long nowNs, final Outbox outbox)
    {
        final PacketSlots packets = memory.packets;
        if (packets.isOutgoing(packet))
        {
            final int length = FourTuple.LENGTH + packets.length(packet);
            if (!outbox.reserve(packets.socket(packet), 1, length))
            {
                return Outcome.BACK_PRESSURED;
            }
            final int at = outbox.claim(DATAGRAM, length);
            final MutableDirectBuffer out = outbox.buffer();
            out.putBytes(at, packets.memory(), packets.tuple(packet), length);
            outbox.commit(at);
            memory.counters.packetsSent++;
            packets.release(packet);
            return Outcome.DONE;
        }
        tuple.load(packets.memory(), packets.tuple(packet));
        if (header.wrap(packets.memory(), packets.datagram(packet), packets.length(packet), !memory.config.isClient) &&
            takeHashed(packet, nowNs, outbox))
        {
            return Outcome.AWAIT_CRYPTO;
        }
        packets.release(packet);
        return Outcome.DONE;
    }

    /** {@return whether the packet's slot holds an answer that waits for its hash} */
    private boolean takeHashed(final int packet, final long nowNs, final Outbox outbox)
    {
        final PacketSlots packets = memory.packets;
        final int slot = connections.find(tuple, header.connectionId());
        session.wrap(slot);
        if (slot != SessionSlab.NULL_SLOT)
        {
            if (isOfSession())
            {
                takeOfSession(packet, nowNs);
                machine.settle(nowNs, outbox);
            }
            return false;
        }
        if (!packets.isVerified(packet) || stateless == null)
        {
            memory.counters.packetsUnverified++;
            if (stateless != null)
            {
                keepOrphan(packets.memory(), packets.tuple(packet), packets.length(packet));
            }
            return false;
        }
        switch (stateless.judge(packet, header, tuple, nowNs))
        {
            case HelloGate.REJECT ->
            {
                if (stateless.writeReject(packet, header))
                {
                    queue.post(NULL_HASH, firstPacketSlot + packet, handle(firstPacketSlot + packet));
                    return true;
                }
            }
            case HelloGate.ADMIT -> admit(packet, nowNs, outbox);
            default ->
            {
            }
        }
        return false;
    }

    private void takeOfSession(final int packet, final long nowNs)
    {
        final PacketSlots packets = memory.packets;
        if (packets.isVerified(packet))
        {
            machine.receiveVerified(
                header, tuple, packets.memory(), packets.datagram(packet), packets.length(packet), nowNs);
        }
        else
        {
            machine.receive(
                header, tuple, packets.memory(), packets.tuple(packet), packets.length(packet), false, nowNs);
        }
    }

    /** A client whose address is proven gets a session, which then takes the packet as any other. */
    private void admit(final int packet, final long nowNs, final Outbox outbox)
    {
        if (!connections.open(session, memory.packets.socket(packet), tuple, header.connectionId(),
            header.version(), nowNs))
        {
            memory.counters.sessionsRefused++;
            return;
        }
        if (memory.config.tap != null)
        {
            memory.config.tap.onAccepted(session.slot(), header.connectionId(), header.version(), tuple);
        }
        machine.begin(stateless.helloOffset(), StatelessServer.number(header), handshakes.gate());
        takeOfSession(packet, nowNs);
        machine.settle(nowNs, outbox);
    }

    @Override
    public int onTimers(final long nowNs, final int limit, final Outbox outbox)
    {
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
