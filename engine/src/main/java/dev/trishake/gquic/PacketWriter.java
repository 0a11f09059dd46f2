// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.core.CryptoQueue;
import dev.trishake.core.DatagramCore;
import dev.trishake.core.Outbox;
import dev.trishake.crypto.aead.Aead;
import dev.trishake.session.FourTuple;
import dev.trishake.wire.gquic.FrameEncoder;
import dev.trishake.wire.gquic.LongType;
import dev.trishake.wire.gquic.PacketHeaderDecoder;
import dev.trishake.wire.gquic.PacketHeaderEncoder;
import dev.trishake.wire.gquic.PacketNumber;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Puts packets of the session under the view on their way: frames are written, then the packet is sealed into the
 * outbox, or, without keys, laid into a packet slot where it waits for its hash.
 *
 * <pre>
 * if (!writer.begin(level, outbox)) { ... there is no room, nothing has changed ... }
 * writer.frames().ping();
 * writer.end(false, outbox);
 * </pre>
 */
final class PacketWriter
{
    /** Longest packet number field, for which room is kept. */
    private static final int MAX_NUMBER_LENGTH = 4;

    private final GquicMemory memory;
    private final GquicSession session;
    private final SentPackets sent;
    private final Protection protection;
    private final CryptoQueue queue;
    private final int firstPacketSlot;
    private final UnsafeBuffer header = new UnsafeBuffer(new byte[PacketHeaderEncoder.MAX_LENGTH + Long.BYTES]);
    private final UnsafeBuffer text = new UnsafeBuffer(new byte[GquicConfig.MAX_DATAGRAM_LENGTH]);
    private final FrameEncoder frames = new FrameEncoder();
    private int level;
    private long number;
    private int numberLength;
    private long leastUnacked;

    PacketWriter(
        final GquicMemory memory, final GquicSession session, final SentPackets sent, final Protection protection,
        final CryptoQueue queue)
    {
        this.memory = memory;
        this.session = session;
        this.sent = sent;
        this.protection = protection;
        this.queue = queue;
        firstPacketSlot = memory.sessions.capacity();
    }

    /** {@return whether there is room for a packet, whose frames may then be written} */
    boolean begin(final int newLevel, final Outbox outbox)
    {
        level = newLevel;
        if (level == GquicLevel.NULL ? !memory.packets.hasFree() : !outbox.reserve(
            session.get(GquicSession.SOCKET), 1, FourTuple.LENGTH + memory.config.datagramLength))
        {
            return false;
        }
        number = session.get(GquicSession.NEXT_NUMBER);
        leastUnacked = sent.leastNumber(number);
        numberLength = session.isQ044() && level != GquicLevel.FORWARD_SECURE ?
            MAX_NUMBER_LENGTH : PacketNumber.lengthOf(number, leastUnacked);
        frames.wrap(text, 0, memory.config.datagramLength - maxHeaderLength() - Aead.SHORT_TAG_LENGTH);
        return true;
    }

    private int maxHeaderLength()
    {
        final int withNonce = !session.isClient() && level == GquicLevel.INITIAL ? PacketHeaderDecoder.NONCE_LENGTH : 0;
        return PacketHeaderEncoder.MAX_LENGTH - PacketHeaderDecoder.NONCE_LENGTH + withNonce;
    }

    /** {@return where the frames go} */
    FrameEncoder frames()
    {
        return frames;
    }

    /** {@return where the frames' octets are} */
    UnsafeBuffer text()
    {
        return text;
    }

    /** {@return the packet's number} */
    long number()
    {
        return number;
    }

    /** Writes STOP_WAITING, whose width is that of the packet number. */
    void stopWaiting()
    {
        frames.stopWaiting(number - leastUnacked, numberLength);
    }

    /** Gives up the packet that was begun. */
    void abandon(final Outbox outbox)
    {
        if (level != GquicLevel.NULL)
        {
            outbox.release();
        }
    }

    /**
     * Ends the packet.
     *
     * @param first  whether it holds the beginning of the client's crypto stream
     * @param outbox where it goes, if it has keys
     */
    void end(final boolean first, final Outbox outbox)
    {
        assert !frames.failed() && frames.length() > 0 : "frames=" + frames.length();
        final int headerLength = session.isClient() ? clientHeader(first) : serverHeader();
        final int textLength = frames.length();
        if (memory.config.tap != null)
        {
            memory.config.tap.onSent(
                session.slot(), level, number, header, 0, headerLength, text, 0, textLength);
        }
        if (level == GquicLevel.NULL)
        {
            post(headerLength, textLength);
        }
        else
        {
            seal(headerLength, textLength, outbox);
        }
        session.set(GquicSession.NEXT_NUMBER, number + 1);
    }

    private void seal(final int headerLength, final int textLength, final Outbox outbox)
    {
        final int length = FourTuple.LENGTH + headerLength + textLength + Aead.SHORT_TAG_LENGTH;
        final int at = outbox.claim(DatagramCore.DATAGRAM, length);
        final MutableDirectBuffer out = outbox.buffer();
        final int datagram = at + FourTuple.LENGTH;
        out.putBytes(at, session.memory(), session.at(GquicSession.TUPLE), FourTuple.LENGTH);
        out.putBytes(datagram, header, 0, headerLength);
        final int keys = level == GquicLevel.FORWARD_SECURE ?
            GquicSession.KEYS_FORWARD_WRITE : GquicSession.KEYS_INITIAL_WRITE;
        protection.seal(session, keys, number, header, 0, headerLength, text, 0, textLength,
            out, datagram + headerLength);
        outbox.commit(at);
        memory.counters.packetsSent++;
    }

    private void post(final int headerLength, final int textLength)
    {
        final PacketSlots packets = memory.packets;
        final int packet = packets.take(session.get(GquicSession.SOCKET));
        packets.memory().putBytes(
            packets.tuple(packet), session.memory(), session.at(GquicSession.TUPLE), FourTuple.LENGTH);
        final int datagram = packets.datagram(packet);
        packets.memory().putBytes(datagram, header, 0, headerLength);
        packets.memory().putBytes(datagram + headerLength + PacketSlots.HASH_LENGTH, text, 0, textLength);
        packets.headerLength(packet, headerLength);
        packets.outgoing(packet, headerLength + PacketSlots.HASH_LENGTH + textLength);
        final int slot = firstPacketSlot + packet;
        queue.post(GquicCore.NULL_HASH, slot, GquicCore.packetHandle(packets.handle(packet), firstPacketSlot));
    }

    private int clientHeader(final boolean first)
    {
        final long cid = session.get(GquicSession.CID);
        if (!session.isQ044())
        {
            return PacketHeaderEncoder.clientPublic(header, 0, cid,
                level == GquicLevel.FORWARD_SECURE ? 0 : session.get(GquicSession.VERSION), number, numberLength);
        }
        if (level == GquicLevel.FORWARD_SECURE)
        {
            return PacketHeaderEncoder.clientShort(header, 0, cid, number, numberLength);
        }
        return PacketHeaderEncoder.longHeader(
            header, 0, first ? LongType.INITIAL : LongType.HANDSHAKE, true, cid, number);
    }

    private int serverHeader()
    {
        final long cid = session.get(GquicSession.CID);
        final boolean withNonce = level == GquicLevel.INITIAL;
        final int nonce = session.at(GquicSession.DIVERSIFICATION);
        if (!session.isQ044())
        {
            return level == GquicLevel.FORWARD_SECURE && session.is(GquicSession.OMIT_CID) ?
                PacketHeaderEncoder.serverPublicWithoutId(header, 0, number, numberLength) :
                PacketHeaderEncoder.serverPublic(
                    header, 0, cid, withNonce ? session.memory() : null, nonce, number, numberLength);
        }
        if (level == GquicLevel.FORWARD_SECURE)
        {
            return PacketHeaderEncoder.serverShort(header, 0, number, numberLength);
        }
        return withNonce ?
            PacketHeaderEncoder.longHeaderWithNonce(header, 0, cid, session.memory(), nonce, number) :
            PacketHeaderEncoder.longHeader(header, 0, LongType.HANDSHAKE, false, cid, number);
    }
}
