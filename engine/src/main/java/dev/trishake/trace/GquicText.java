// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.gquic.GquicLevel;
import dev.trishake.wire.gquic.AckFrameDecoder;
import dev.trishake.wire.gquic.FrameIterator;
import dev.trishake.wire.gquic.FrameType;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.LongType;
import dev.trishake.wire.gquic.MessageDecoder;
import dev.trishake.wire.gquic.PacketForm;
import dev.trishake.wire.gquic.PacketHeaderDecoder;
import dev.trishake.wire.gquic.StreamFrameDecoder;
import dev.trishake.wire.gquic.Tag;
import org.agrona.DirectBuffer;

/** Headers, frames and handshake messages in the words of quic-go 0.10. Each call knows no other. */
final class GquicText
{
    private static final int FIRST_VERSION = 0x51303030;
    private static final int LAST_VERSION = 0x51303439;
    private static final int FRAME_US_TO_NS = 1000;

    private GquicText()
    {
    }

    /** {@return how packets are protected} */
    static String levelWords(final int level)
    {
        return switch (level)
        {
            case GquicLevel.NULL -> "unencrypted";
            case GquicLevel.INITIAL -> "encrypted (not forward-secure)";
            default -> "forward-secure";
        };
    }

    static void appendVersion(final StringBuilder out, final int version)
    {
        if (version > FIRST_VERSION && version <= LAST_VERSION)
        {
            out.append("gQUIC ").append(((version - FIRST_VERSION) >>> Byte.SIZE) * 10 + (version & 0xf));
        }
        else
        {
            Text.appendUnsigned(out, version);
        }
    }

    static void appendConnectionId(final StringBuilder out, final long connectionId)
    {
        final String digits = Long.toHexString(connectionId);
        out.append("0x").repeat('0', 2 * Long.BYTES - digits.length()).append(digits);
    }

    static void appendConnectionId(final StringBuilder out, final boolean isThere, final long connectionId)
    {
        if (isThere)
        {
            appendConnectionId(out, connectionId);
        }
        else
        {
            out.append("(empty)");
        }
    }

    /**
     * Appends a header.
     *
     * @param out        where to
     * @param header     of a packet with a number, or of version negotiation
     * @param buffer     that it is in
     * @param number     all of the packet number
     * @param fromClient who sent it
     */
    static void appendHeader(
        final StringBuilder out,
        final PacketHeaderDecoder header,
        final DirectBuffer buffer,
        final long number,
        final boolean fromClient)
    {
        switch (header.form())
        {
            case PacketForm.PUBLIC -> appendPublicHeader(out, header, buffer, number);
            case PacketForm.LONG -> appendLongHeader(out, header, buffer, number, fromClient);
            default ->
            {
                out.append("Short Header{DestConnectionID: ");
                appendConnectionId(out, header.hasConnectionId(), header.connectionId());
                appendNumber(out, header, number);
                out.append(", KeyPhase: 0}");
            }
        }
    }

    private static void appendPublicHeader(
        final StringBuilder out, final PacketHeaderDecoder header, final DirectBuffer buffer, final long number)
    {
        out.append("Public Header{ConnectionID: ");
        appendConnectionId(out, header.hasConnectionId(), header.connectionId());
        appendNumber(out, header, number);
        out.append(", Version: ");
        if (header.version() == GquicVersion.NONE)
        {
            out.append("(unset)");
        }
        else
        {
            appendVersion(out, header.version());
        }
        out.append(", DiversificationNonce: []byte");
        if (header.nonceOffset() == PacketHeaderDecoder.NONE)
        {
            out.append("(nil)");
        }
        else
        {
            out.append('{');
            for (int i = 0; i < PacketHeaderDecoder.NONCE_LENGTH; i++)
            {
                out.append(i == 0 ? "" : ", ");
                GoText.appendHex(out, buffer.getByte(header.nonceOffset() + i) & 0xff);
            }
            out.append('}');
        }
        out.append('}');
    }

    private static void appendLongHeader(
        final StringBuilder out,
        final PacketHeaderDecoder header,
        final DirectBuffer buffer,
        final long number,
        final boolean fromClient)
    {
        final boolean negotiation = header.kind() == PacketHeaderDecoder.VERSION_NEGOTIATION;
        out.append(negotiation ? "VersionNegotiationPacket{" :
            "Long Header{Type: " + LongType.nameOf(header.longType()) + ", ").append("DestConnectionID: ");
        appendConnectionId(out, fromClient, header.connectionId());
        out.append(", SrcConnectionID: ");
        appendConnectionId(out, !fromClient, header.connectionId());
        if (negotiation)
        {
            out.append(", SupportedVersions: ");
            appendLabels(out, header);
        }
        else
        {
            appendNumber(out, header, number);
            if (header.nonceOffset() != PacketHeaderDecoder.NONE)
            {
                out.append(", Diversification Nonce: 0x");
                for (int i = 0; i < PacketHeaderDecoder.NONCE_LENGTH; i++)
                {
                    Text.appendHexByte(out, buffer.getByte(header.nonceOffset() + i));
                }
            }
            out.append(", Version: ");
            appendVersion(out, header.version());
        }
        out.append('}');
    }

    /** Appends the list of a version negotiation packet. */
    static void appendLabels(final StringBuilder out, final PacketHeaderDecoder header)
    {
        out.append('[');
        for (int i = 0; i < header.labelCount(); i++)
        {
            out.append(i == 0 ? "" : " ");
            appendVersion(out, header.label(i));
        }
        out.append(']');
    }

    private static void appendNumber(final StringBuilder out, final PacketHeaderDecoder header, final long number)
    {
        out.append(", PacketNumber: ");
        GoText.appendHex(out, number).append(", PacketNumberLen: ").append(header.numberLength());
    }

    /**
     * Appends the frame at which an iterator stands.
     *
     * @param out    where to
     * @param type   that it has answered
     * @param frames stands at the frame
     * @param buffer that the frames are in
     * @param number of the packet, and its octets
     * @param width  octets of the number in the header
     * @param sent   whether we sent it
     */
    static void appendFrame(
        final StringBuilder out,
        final int type,
        final FrameIterator frames,
        final DirectBuffer buffer,
        final long number,
        final int width,
        final boolean sent)
    {
        out.append(sent ? "-> " : "<- ").append("&wire.");
        switch (type)
        {
            case FrameType.STREAM -> appendStream(out, frames.stream());
            case FrameType.ACK -> appendAck(out, frames.ack());
            case FrameType.STOP_WAITING ->
            {
                GoText.appendHex(out.append("StopWaitingFrame{LeastUnacked: "), number - frames.unackedDelta());
                out.append(sent ? ", PacketNumberLen: 0x" + width : "").append('}');
            }
            case FrameType.RST_STREAM ->
            {
                GoText.appendHex(out.append("RstStreamFrame{StreamID:"), unsigned(frames.streamId()));
                // quic-go keeps 16 bits of the code
                GoText.appendHex(out.append(", ErrorCode:"), frames.errorCode() & 0xffff);
                GoText.appendHex(out.append(", ByteOffset:"), frames.byteOffset()).append('}');
            }
            case FrameType.CONNECTION_CLOSE ->
            {
                GoText.appendHex(out.append("ConnectionCloseFrame{ErrorCode:"), unsigned(frames.errorCode()));
                appendReason(out, frames, buffer);
            }
            case FrameType.GOAWAY ->
            {
                GoText.appendHex(out.append("GoawayFrame{ErrorCode:"), unsigned(frames.errorCode()));
                GoText.appendHex(out.append(", LastGoodStream:"), unsigned(frames.streamId()));
                appendReason(out, frames, buffer);
            }
            case FrameType.WINDOW_UPDATE ->
            {
                appendStreamOf(out, frames, "MaxDataFrame{", "MaxStreamDataFrame{");
                GoText.appendHex(out.append("ByteOffset:"), frames.byteOffset()).append('}');
            }
            case FrameType.BLOCKED ->
                appendStreamOf(out, frames, "BlockedFrame{", "StreamBlockedFrame{").append("Offset:0x0}");
            default -> out.append("PingFrame{}");
        }
    }

    private static void appendStream(final StringBuilder out, final StreamFrameDecoder stream)
    {
        out.append("StreamFrame{StreamID: ").append(unsigned(stream.streamId())).append(", FinBit: ")
            .append(stream.fin());
        GoText.appendHex(out.append(", Offset: "), stream.byteOffset());
        GoText.appendHex(out.append(", Data length: "), stream.dataLength());
        GoText.appendHex(out.append(", Offset + Data length: "), stream.byteOffset() + stream.dataLength());
        out.append('}');
    }

    private static void appendAck(final StringBuilder out, final AckFrameDecoder ack)
    {
        final StringBuilder ranges = new StringBuilder();
        int count = 0;
        ack.rewind();
        while (ack.nextRange())
        {
            GoText.appendHex(ranges.append(count == 0 ? "" : ", ").append("{Largest: "), ack.rangeLast());
            GoText.appendHex(ranges.append(", Smallest: "), ack.rangeFirst()).append('}');
            count++;
        }
        GoText.appendHex(out.append("AckFrame{LargestAcked: "), ack.largest());
        GoText.appendHex(out.append(", LowestAcked: "), ack.rangeFirst());
        if (count > 1)
        {
            out.append(", AckRanges: {").append(ranges).append('}');
        }
        out.append(", DelayTime: ");
        GoText.appendDuration(out, ack.delayUs() * FRAME_US_TO_NS);
        out.append('}');
    }

    private static StringBuilder appendStreamOf(
        final StringBuilder out, final FrameIterator frames, final String ofConnection, final String ofStream)
    {
        return frames.streamId() == 0 ? out.append(ofConnection) :
            GoText.appendHex(out.append(ofStream).append("StreamID:"), unsigned(frames.streamId())).append(", ");
    }

    private static void appendReason(final StringBuilder out, final FrameIterator frames, final DirectBuffer buffer)
    {
        out.append(", ReasonPhrase:");
        GoText.appendQuoted(out, buffer, frames.reasonOffset(), frames.reasonLength());
        out.append('}');
    }

    private static long unsigned(final int number)
    {
        return number & 0xffff_ffffL;
    }

    /**
     * Appends a message: its name, then a line for each value, PAD's the last one, without an end of line.
     *
     * @param out     where to
     * @param indent  of lines but the first
     * @param message which is whole
     */
    static void appendMessage(final StringBuilder out, final String indent, final MessageDecoder message)
    {
        appendTag(out, message.tag());
        out.append(':');
        for (int i = 0; i < message.count(); i++)
        {
            if (message.tag(i) != Tag.PAD)
            {
                out.append('\n').append(indent).append('\t');
                appendTag(out, message.tag(i));
                out.append(": ");
                GoText.appendQuoted(out, message.buffer(), message.valueOffset(i), message.valueLength(i));
            }
        }
        final int pad = message.find(Tag.PAD);
        if (pad != MessageDecoder.NOT_FOUND)
        {
            out.append('\n').append(indent).append("\tPAD : (").append(message.valueLength(pad)).append(" bytes)");
        }
    }

    private static void appendTag(final StringBuilder out, final int tag)
    {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE)
        {
            final int octet = tag >>> shift & 0xff;
            final boolean isControl = octet < ' ' || (octet >= 0x7f && octet < 0xa0);
            out.append(octet == 0 ? ' ' : isControl ? '.' : (char)octet);
        }
    }
}
