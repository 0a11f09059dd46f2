// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.core.CryptoQueue;
import dev.trishake.core.DatagramCore;
import dev.trishake.core.Outbox;
import dev.trishake.core.Outcome;
import dev.trishake.session.FourTuple;
import dev.trishake.session.SessionSlab;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.MessageDecoder;
import dev.trishake.wire.gquic.PacketForm;
import dev.trishake.wire.gquic.PacketHeaderDecoder;
import dev.trishake.wire.gquic.Tag;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Where datagrams come in: whose each one is, and whether anybody's.
 *
 * <pre>
 *              opens with the session's keys ──────────────────────► GquicMachine
 *  datagram ─► else: packet slot ─► hash is right ─► its session ──►      "
 *                                                └─► no session ───► StatelessServer ─► REJ, or a session
 *                    │                           └─► no hello, no version ──► public reset
 *                    └─► a version that is not spoken ──► version negotiation
 * </pre>
 */
final class DatagramReceiver
{
    private final GquicMemory memory;
    private final GquicSession session;
    private final GquicMachine machine;
    private final Connections connections;
    private final CryptoQueue queue;
    private final HelloGate gate;
    private final StatelessServer stateless;
    private final int firstPacketSlot;
    private final PacketHeaderDecoder header = new PacketHeaderDecoder();
    private final FourTuple tuple = new FourTuple();
    private final MessageDecoder resetMessage = new MessageDecoder();

    DatagramReceiver(
        final GquicMemory memory, final GquicSession session, final GquicMachine machine,
        final Connections connections, final CryptoQueue queue, final HelloGate gate)
    {
        this.memory = memory;
        this.session = session;
        this.machine = machine;
        this.connections = connections;
        this.queue = queue;
        this.gate = gate;
        stateless = gate == null ? null : new StatelessServer(memory, gate);
        firstPacketSlot = memory.sessions.capacity();
    }

    private long handle(final int packet)
    {
        return GquicCore.packetHandle(memory.packets.handle(packet), firstPacketSlot);
    }

    /** Handles a datagram, see {@link DatagramCore#onDatagram}. */
    int onDatagram(
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
            if (header.payloadLength() >= StatelessServer.MIN_HELLO_PAYLOAD || memory.packets.active() > 0)
            {
                // Chromium's second hello; or what it sends behind it, which must stay behind it
                return hash(socket, buffer, offset, length);
            }
            reset(socket, buffer, offset, length, nowNs, outbox);
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
        queue.post(GquicCore.NULL_HASH, firstPacketSlot + packet, handle(packet));
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

    /** Goes on with a packet whose hash is there. */
    int resume(final int packet, final long nowNs, final Outbox outbox)
    {
        final PacketSlots packets = memory.packets;
        if (packets.isOutgoing(packet))
        {
            final int length = FourTuple.LENGTH + packets.length(packet);
            if (!outbox.reserve(packets.socket(packet), 1, length))
            {
                return Outcome.BACK_PRESSURED;
            }
            final int at = outbox.claim(DatagramCore.DATAGRAM, length);
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
        if (stateless == null)
        {
            memory.counters.packetsUnverified++;
            return false;
        }
        if (!packets.isVerified(packet))
        {
            takeUnverified(packet, nowNs, outbox);
            return false;
        }
        switch (stateless.judge(packet, header, tuple, nowNs))
        {
            case HelloGate.REJECT ->
            {
                if (stateless.writeReject(packet, header))
                {
                    queue.post(GquicCore.NULL_HASH, firstPacketSlot + packet, handle(packet));
                    return true;
                }
            }
            case HelloGate.ADMIT -> admit(packet, nowNs, outbox);
            default -> resetUnlessNamed(packet, nowNs, outbox);
        }
        return false;
    }

    /** A stranger's packet whose hash is wrong: early data, or of a connection that is gone. */
    private void takeUnverified(final int packet, final long nowNs, final Outbox outbox)
    {
        if (header.version() != GquicVersion.NONE)
        {
            memory.counters.packetsUnverified++;
            keepOrphan(memory.packets.memory(), memory.packets.tuple(packet), memory.packets.length(packet));
        }
        resetUnlessNamed(packet, nowNs, outbox);
    }

    /** Who names no version takes us for a server that knows him: he is told better, and begins anew. */
    private void resetUnlessNamed(final int packet, final long nowNs, final Outbox outbox)
    {
        if (header.version() == GquicVersion.NONE)
        {
            final PacketSlots packets = memory.packets;
            reset(packets.socket(packet), packets.memory(), packets.tuple(packet), packets.length(packet), nowNs,
                outbox);
        }
    }

    private void reset(
        final long socket, final DirectBuffer buffer, final int offset, final int length, final long nowNs,
        final Outbox outbox)
    {
        memory.counters.packetsUnknown++;
        stateless.reset(header, socket, buffer, offset, length, nowNs, outbox);
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
        if (!machine.mayAccept(tuple) || !connections.open(session, memory.packets.socket(packet), tuple,
            header.connectionId(), stateless.version(), nowNs))
        {
            memory.counters.sessionsRefused++;
            return;
        }
        if (memory.config.tap != null)
        {
            memory.config.tap.onAccepted(session.slot(), header.connectionId(), stateless.version(), tuple);
        }
        machine.begin(stateless.helloOffset(), StatelessServer.number(header), gate);
        takeOfSession(packet, nowNs);
        machine.settle(nowNs, outbox);
    }
}
