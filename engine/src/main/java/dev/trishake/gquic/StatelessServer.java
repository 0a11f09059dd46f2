// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.core.DatagramCore;
import dev.trishake.core.Outbox;
import dev.trishake.session.FourTuple;
import dev.trishake.wire.gquic.FrameEncoder;
import dev.trishake.wire.gquic.FrameIterator;
import dev.trishake.wire.gquic.FrameType;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.LongType;
import dev.trishake.wire.gquic.MessageDecoder;
import dev.trishake.wire.gquic.MessageEncoder;
import dev.trishake.wire.gquic.PacketForm;
import dev.trishake.wire.gquic.PacketHeaderDecoder;
import dev.trishake.wire.gquic.PacketHeaderEncoder;
import dev.trishake.wire.gquic.PacketNumber;
import dev.trishake.wire.gquic.StreamFrameDecoder;
import dev.trishake.wire.gquic.Tag;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * What a server answers to packets of no connection, without remembering anything: REJ, version negotiation, public
 * reset. Nobody gets more octets than he has sent, but for a REJ up to {@value #MAX_REJECT_LENGTH}: hellos are longer.
 */
final class StatelessServer
{
    /** A hello whose payload is shorter than this is not answered, gQUIC 2.8. */
    static final int MIN_HELLO_PAYLOAD = 1024;

    private static final int MAX_REJECT_LENGTH = MIN_HELLO_PAYLOAD;
    private static final int MAX_NEGOTIATION_LENGTH = 64;
    private static final int RESET_MESSAGE_LENGTH = 24;
    /** Header with a connection ID, and PRST with RNON. */
    private static final int RESET_LENGTH = 1 + PacketHeaderDecoder.CONNECTION_ID_LENGTH + RESET_MESSAGE_LENGTH;
    private static final int NEGOTIATION_HEADER_LENGTH =
        2 + GquicVersion.LABEL_LENGTH + PacketHeaderDecoder.CONNECTION_ID_LENGTH;
    private static final long LONGEST_SHORT_NUMBER = 0xffff;

    private final GquicMemory memory;
    private final HelloGate gate;
    private final RateLimit limit;
    private final FrameIterator frames = new FrameIterator();
    private final FrameEncoder encoder = new FrameEncoder();
    private final MessageDecoder hello = new MessageDecoder();
    private final MessageEncoder reset = new MessageEncoder();
    private final UnsafeBuffer header = new UnsafeBuffer(new byte[PacketHeaderEncoder.MAX_LENGTH]);
    private final UnsafeBuffer reject = new UnsafeBuffer(new byte[MAX_REJECT_LENGTH]);
    private long helloOffset;

    StatelessServer(final GquicMemory memory, final HelloGate gate)
    {
        this.memory = memory;
        this.gate = gate;
        limit = new RateLimit(memory.config.answersPerSecond);
    }

    /**
     * Judges a packet whose hash is right.
     *
     * @return {@link HelloGate#DROP}, {@link HelloGate#REJECT} or {@link HelloGate#ADMIT}
     */
    int judge(final int packet, final PacketHeaderDecoder packetHeader, final FourTuple tuple, final long nowNs)
    {
        final PacketSlots packets = memory.packets;
        final int headerLength = packetHeader.length();
        final int text = packets.datagram(packet) + headerLength + PacketSlots.HASH_LENGTH;
        final int textLength = packets.length(packet) - headerLength - PacketSlots.HASH_LENGTH;
        final long number = number(packetHeader);
        if (number < PacketNumber.FIRST || packetHeader.payloadLength() < MIN_HELLO_PAYLOAD ||
            !findHello(text, textLength, packetHeader.numberLength()))
        {
            memory.counters.hellosSplit++;
            return HelloGate.DROP;
        }
        int verdict = gate.judge(tuple, packetHeader.connectionId(), packetHeader.version(), number, helloOffset,
            hello, packets.length(packet), nowNs);
        if (!isSpoken(packetHeader, gate.version()))
        {
            verdict = HelloGate.DROP;
        }
        if (verdict != HelloGate.ADMIT) // else it is the session's, which tells of it
        {
            tell(packet, packetHeader, tuple, text, textLength);
        }
        if (verdict == HelloGate.DROP)
        {
            memory.counters.hellosDropped++;
        }
        return verdict;
    }

    /** Whether the version that a token may have named is one of ours, and that of the packet's form. */
    private boolean isSpoken(final PacketHeaderDecoder packetHeader, final int version)
    {
        return memory.config.speaks(version) &&
            GquicVersion.hasPublicHeader(version) == (packetHeader.form() == PacketForm.PUBLIC);
    }

    private void tell(
        final int packet, final PacketHeaderDecoder packetHeader, final FourTuple tuple, final int text,
        final int textLength)
    {
        final GquicTap tap = memory.config.tap;
        if (tap != null)
        {
            final PacketSlots packets = memory.packets;
            tap.onAccepted(-1, packetHeader.connectionId(), packetHeader.version(), tuple);
            tap.onReceived(-1, GquicLevel.NULL, number(packetHeader), packets.memory(), packets.datagram(packet),
                packetHeader.length(), packets.memory(), text, textLength);
            tap.onMessageReceived(-1, hello.buffer(), hello.offset(), hello.length());
        }
    }

    /** {@return the packet's number: without a connection it counts from 0} */
    static long number(final PacketHeaderDecoder packetHeader)
    {
        return PacketNumber.expand(packetHeader.truncatedNumber(), packetHeader.numberLength(), PacketNumber.FIRST);
    }

    /** {@return the version of the connection whose hello was judged last} */
    int version()
    {
        return gate.version();
    }

    /** {@return where in its stream the hello that was judged last begins} */
    long helloOffset()
    {
        return helloOffset;
    }

    /** Whether the frames are sound, and one of them is a STREAM of the crypto stream with a whole CHLO. */
    private boolean findHello(final int text, final int textLength, final int numberLength)
    {
        frames.wrap(memory.packets.memory(), text, textLength, numberLength);
        boolean found = false;
        int type = frames.next();
        while (type > FrameIterator.END)
        {
            if (type == FrameType.STREAM)
            {
                final StreamFrameDecoder stream = frames.stream();
                if (found || stream.streamId() != CryptoStream.ID || stream.fin() || hello.wrap(
                    stream.buffer(), stream.dataOffset(), stream.dataLength()) != stream.dataLength() ||
                    hello.tag() != Tag.CHLO)
                {
                    return false;
                }
                helloOffset = stream.byteOffset();
                found = true;
            }
            else if (type != FrameType.ACK && type != FrameType.STOP_WAITING && type != FrameType.PING)
            {
                return false;
            }
            type = frames.next();
        }
        return found && type == FrameIterator.END;
    }

    /**
     * Turns the packet that was judged into its answer: ACK and REJ, whose hash is still to be made. It has the number
     * of the packet that it answers, so that a hello which comes again is not answered under the same one.
     *
     * @return false when there is no room for the REJ
     */
    boolean writeReject(final int packet, final PacketHeaderDecoder packetHeader)
    {
        final long number = number(packetHeader);
        final int length = gate.writeReject(reject, 0, MAX_REJECT_LENGTH);
        if (length < 0)
        {
            return false;
        }
        final int headerLength = packetHeader.form() == PacketForm.LONG ?
            PacketHeaderEncoder.longHeader(
                header, 0, LongType.HANDSHAKE, false, packetHeader.connectionId(), number) :
            PacketHeaderEncoder.serverPublic(header, 0, packetHeader.connectionId(), null, 0, number,
                number <= LONGEST_SHORT_NUMBER ? 2 : 4);
        final PacketSlots packets = memory.packets;
        final int datagram = packets.datagram(packet);
        final int text = datagram + headerLength + PacketSlots.HASH_LENGTH;
        packets.memory().putBytes(datagram, header, 0, headerLength);
        encoder.wrap(packets.memory(), text, memory.config.datagramLength - (text - datagram));
        encoder.beginAck(number, 0, 1, 0, 1).endAck();
        encoder.stream(CryptoStream.ID, gate.sentLength(), false, false, reject, 0, length);
        if (encoder.failed())
        {
            return false;
        }
        packets.headerLength(packet, headerLength);
        packets.outgoing(packet, headerLength + PacketSlots.HASH_LENGTH + encoder.length());
        final GquicTap tap = memory.config.tap;
        if (tap != null)
        {
            tap.onMessageSent(-1, reject, 0, length);
            tap.onSent(-1, GquicLevel.NULL, number, packets.memory(), datagram, headerLength,
                packets.memory(), text, encoder.length());
        }
        memory.counters.rejectsStateless++;
        return true;
    }

    /** Says which versions there are, in the form that the client used, gQUIC 2.5. */
    void negotiate(
        final PacketHeaderDecoder packetHeader, final long socket, final DirectBuffer buffer, final int tupleOffset,
        final int length, final long nowNs, final Outbox outbox)
    {
        final int[] versions = memory.config.versions;
        final int most = NEGOTIATION_HEADER_LENGTH + versions.length * GquicVersion.LABEL_LENGTH;
        assert most <= MAX_NEGOTIATION_LENGTH;
        if (length <= most || !mayAnswer(socket, most, nowNs, outbox))
        {
            return;
        }
        final boolean isLong = packetHeader.form() == PacketForm.LONG;
        final int answer = isLong ? most : most - 1 - GquicVersion.LABEL_LENGTH;
        final int at = outbox.claim(DatagramCore.DATAGRAM, FourTuple.LENGTH + answer);
        final MutableDirectBuffer out = outbox.buffer();
        out.putBytes(at, buffer, tupleOffset, FourTuple.LENGTH);
        int next = at + FourTuple.LENGTH;
        next += PacketHeaderEncoder.versionNegotiation(out, next, packetHeader.form(),
            (int)packetHeader.connectionId(), packetHeader.connectionId());
        for (final int version : versions)
        {
            out.putInt(next, version, BIG_ENDIAN);
            next += GquicVersion.LABEL_LENGTH;
        }
        outbox.commit(at);
        memory.counters.versionNegotiations++;
        memory.counters.packetsSent++;
    }

    /** Tells a client that its connection is not known, gQUIC 2.6. */
    void reset(
        final PacketHeaderDecoder packetHeader, final long socket, final DirectBuffer buffer, final int tupleOffset,
        final int length, final long nowNs, final Outbox outbox)
    {
        if (!memory.config.publicResets || length <= RESET_LENGTH || !mayAnswer(socket, RESET_LENGTH, nowNs, outbox))
        {
            return;
        }
        final int at = outbox.claim(DatagramCore.DATAGRAM, FourTuple.LENGTH + RESET_LENGTH);
        final MutableDirectBuffer out = outbox.buffer();
        out.putBytes(at, buffer, tupleOffset, FourTuple.LENGTH);
        int next = at + FourTuple.LENGTH;
        next += PacketHeaderEncoder.publicReset(out, next, packetHeader.connectionId());
        reset.begin(out, next, RESET_MESSAGE_LENGTH, Tag.PRST, 1).u64(Tag.RNON, 0).finish();
        outbox.commit(at);
        memory.counters.publicResets++;
        memory.counters.packetsSent++;
    }

    private boolean mayAnswer(final long socket, final int length, final long nowNs, final Outbox outbox)
    {
        if (!limit.take(nowNs))
        {
            memory.counters.answersLimited++;
            return false;
        }
        return outbox.reserve(socket, 1, FourTuple.LENGTH + length);
    }
}
