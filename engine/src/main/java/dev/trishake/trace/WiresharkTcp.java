// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.wire.tcp.TcpFlags;
import dev.trishake.wire.tcp.TcpHeaderFlyweight;
import dev.trishake.wire.tcp.TcpOption;
import dev.trishake.wire.tcp.TcpOptionsDecoder;
import dev.trishake.wire.tcp.TcpOptionsIterator;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;

/** A TCP segment in the words of Wireshark's Info column. */
final class WiresharkTcp
{
    private static final String[] FLAG_NAMES = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"};

    private final Conversations<Conversation> conversations = new Conversations<>();
    private final TcpHeaderFlyweight header = new TcpHeaderFlyweight();
    private final TcpOptionsDecoder options = new TcpOptionsDecoder();
    private final TcpOptionsIterator option = new TcpOptionsIterator();

    /** What is known of one side of a conversation. */
    private static final class Side
    {
        private boolean known;
        private int base;
        private int windowScale = TcpOptionsDecoder.NO_WINDOW_SCALE;

        private void begin(final int sequenceNumber)
        {
            known = true;
            base = sequenceNumber;
        }
    }

    private static final class Conversation
    {
        private final Side one = new Side();
        private final Side two = new Side();
    }

    /** {@return what to show as the protocol} */
    String append(
        final StringBuilder info,
        final Flow hosts,
        final DirectBuffer buffer,
        final int offset,
        final int captured,
        final int length)
    {
        if (captured < TcpHeaderFlyweight.MIN_LENGTH || !header.wrap(buffer, offset, length))
        {
            info.append("[Malformed Packet]");
            return "TCP";
        }
        final boolean hasOptions = captured >= header.dataOffset();
        options.parse(buffer, header.optionsOffset(), hasOptions ? header.optionsLength() : 0);
        final Flow flow = hosts.withPorts(header.srcPort(), header.dstPort());
        final Conversation conversation = conversations.of(flow, Conversation::new);
        final Side sender = flow.isReverse() ? conversation.two : conversation.one;
        final Side receiver = flow.isReverse() ? conversation.one : conversation.two;
        learn(sender, receiver);

        final int payloadCaptured = Math.min(captured, length) - header.dataOffset();
        final String line = payloadCaptured <= 0 ? null :
            Http.firstLine(buffer, header.payloadOffset(), payloadCaptured);
        if (line != null)
        {
            info.append(line);
            return "HTTP";
        }

        appendSegment(info, sender, receiver);
        if (hasOptions)
        {
            appendOptions(info, buffer, receiver);
        }
        return "TCP";
    }

    private void learn(final Side sender, final Side receiver)
    {
        final boolean isSyn = (header.flags() & TcpFlags.SYN) != 0;
        final boolean isAck = (header.flags() & TcpFlags.ACK) != 0;
        if (isSyn && (!sender.known || sender.base != header.seq()))
        {
            sender.begin(header.seq());
            sender.windowScale = options.windowScale();
            if (!isAck)
            {
                // the ports are used again: nothing of the old conversation holds
                receiver.known = false;
                receiver.windowScale = TcpOptionsDecoder.NO_WINDOW_SCALE;
            }
        }
        if (!sender.known)
        {
            sender.begin(header.seq() - 1);
        }
        if (isAck && !receiver.known)
        {
            receiver.begin(header.ack() - 1);
        }
    }

    private void appendSegment(final StringBuilder info, final Side sender, final Side receiver)
    {
        info.append(header.srcPort()).append(" → ").append(header.dstPort()).append(" [");
        appendFlags(info);
        info.append("] Seq=");
        Text.appendUnsigned(info, header.seq() - sender.base);
        if ((header.flags() & TcpFlags.ACK) != 0)
        {
            info.append(" Ack=");
            Text.appendUnsigned(info, header.ack() - receiver.base);
        }
        // RFC 7323 2.2: the window of a SYN is never scaled, and scaling needs both sides' option
        final boolean scaled = (header.flags() & TcpFlags.SYN) == 0 &&
            sender.windowScale != TcpOptionsDecoder.NO_WINDOW_SCALE &&
            receiver.windowScale != TcpOptionsDecoder.NO_WINDOW_SCALE;
        info.append(" Win=").append(header.window() << (scaled ? sender.windowScale : 0));
        if ((header.flags() & TcpFlags.URG) != 0)
        {
            info.append(" Urg=").append(header.urgentPointer());
        }
        info.append(" Len=").append(header.payloadLength());
    }

    private void appendFlags(final StringBuilder info)
    {
        final int before = info.length();
        for (int i = 0; i < FLAG_NAMES.length; i++)
        {
            if ((header.flags() & 1 << i) != 0)
            {
                info.append(info.length() == before ? "" : ", ").append(FLAG_NAMES[i]);
            }
        }
        if (info.length() == before)
        {
            info.append("<None>");
        }
    }

    private void appendOptions(final StringBuilder info, final DirectBuffer buffer, final Side receiver)
    {
        option.wrap(buffer, header.optionsOffset(), header.optionsLength());
        while (option.next() && !option.isMalformed())
        {
            final int value = option.offset() + TcpOption.HEAD_LENGTH;
            switch (option.kind())
            {
                case TcpOption.MSS -> info.append(option.length() != TcpOption.MSS_LENGTH ? "" :
                    " MSS=" + (int)buffer.getChar(value, ByteOrder.BIG_ENDIAN));
                case TcpOption.WINDOW_SCALE -> info.append(option.length() != TcpOption.WINDOW_SCALE_LENGTH ? "" :
                    " WS=" + (1 << Math.min(buffer.getByte(value) & 0xff, TcpOption.MAX_WINDOW_SCALE)));
                case TcpOption.SACK_PERMITTED -> info.append(" SACK_PERM=1");
                case TcpOption.TIMESTAMPS -> info.append(option.length() != TcpOption.TIMESTAMPS_LENGTH ? "" :
                    " TSval=" + Integer.toUnsignedString(buffer.getInt(value, ByteOrder.BIG_ENDIAN)) +
                    " TSecr=" + Integer.toUnsignedString(buffer.getInt(value + 4, ByteOrder.BIG_ENDIAN)));
                case TcpOption.SACK -> appendSack(info, buffer, value, receiver);
                default ->
                {
                    // Wireshark names no others in its Info column
                }
            }
        }
    }

    private void appendSack(final StringBuilder info, final DirectBuffer buffer, final int value, final Side receiver)
    {
        final int length = option.length() - TcpOption.HEAD_LENGTH;
        for (int i = 0; i + TcpOption.SACK_BLOCK_LENGTH <= length; i += TcpOption.SACK_BLOCK_LENGTH)
        {
            info.append(" SLE=");
            Text.appendUnsigned(info, buffer.getInt(value + i, ByteOrder.BIG_ENDIAN) - receiver.base);
            info.append(" SRE=");
            Text.appendUnsigned(info, buffer.getInt(value + i + 4, ByteOrder.BIG_ENDIAN) - receiver.base);
        }
    }
}
