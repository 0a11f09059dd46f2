// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.wire.tcp.TcpFlags;
import dev.trishake.wire.tcp.TcpHeaderFlyweight;
import dev.trishake.wire.tcp.TcpOption;
import dev.trishake.wire.tcp.TcpOptionsIterator;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;

/** A TCP segment in tcpdump's words. */
final class TcpdumpTcp
{
    private static final int PORTS_LENGTH = 4;
    /** RFC 7413 4.1.1. */
    private static final int MIN_COOKIE_LENGTH = 4;
    private static final int MAX_COOKIE_LENGTH = 16;
    private static final String FLAG_LETTERS = "FSRP.UEWe";
    private static final int SEQUENCED = TcpFlags.SYN | TcpFlags.FIN | TcpFlags.RST;

    private final boolean numeric;
    private final boolean relative;
    private final Conversations<Origin> conversations = new Conversations<>();
    private final TcpHeaderFlyweight header = new TcpHeaderFlyweight();
    private final TcpOptionsIterator option = new TcpOptionsIterator();

    /** What tcpdump subtracts: the first numbers seen of a conversation, of the lower port's side and of the other. */
    private static final class Origin
    {
        private boolean known;
        private int seq;
        private int ack;
    }

    TcpdumpTcp(final boolean numeric, final boolean relative)
    {
        this.numeric = numeric;
        this.relative = relative;
    }

    void append(
        final StringBuilder out,
        final Flow hosts,
        final boolean withHosts,
        final DirectBuffer buffer,
        final int offset,
        final int captured,
        final int length)
    {
        if (captured < PORTS_LENGTH)
        {
            hosts.appendSource(out, numeric);
            out.append(" > ");
            hosts.appendTarget(out, numeric);
            out.append(": [|tcp]");
            return;
        }
        final Flow flow = hosts.withPorts(
            buffer.getChar(offset, ByteOrder.BIG_ENDIAN), buffer.getChar(offset + 2, ByteOrder.BIG_ENDIAN));
        appendEnds(out, flow, withHosts);
        if (captured < TcpHeaderFlyweight.MIN_LENGTH)
        {
            out.append(" [|tcp]");
            return;
        }
        final int dataOffset = (buffer.getByte(offset + 12) & 0xf0) >> 2;
        if (dataOffset < TcpHeaderFlyweight.MIN_LENGTH)
        {
            out.append(" tcp ").append(length - dataOffset).append(" [bad hdr length ").append(dataOffset)
                .append(" - too short, < 20]");
            return;
        }
        out.append("Flags [");
        appendFlags(out, buffer.getChar(offset + 12, ByteOrder.BIG_ENDIAN) & TcpFlags.ALL);
        out.append(']');
        if (!header.wrap(buffer, offset, length))
        {
            out.append(" [bad hdr length ").append(dataOffset).append(" - too long, > ").append(length).append(']');
            return;
        }
        appendSegment(out, flow, buffer, offset, captured);
    }

    private void appendSegment(
        final StringBuilder out, final Flow flow, final DirectBuffer buffer, final int offset, final int captured)
    {
        int seq = header.seq();
        int ack = header.ack();
        int sackOrigin = 0;
        if (relative && (header.flags() & TcpFlags.ACK) != 0)
        {
            final boolean reverse = flow.isReverse();
            final Origin origin = conversations.of(flow, Origin::new);
            if (!origin.known || (header.flags() & TcpFlags.SYN) != 0)
            {
                origin.known = true;
                origin.seq = reverse ? ack - 1 : seq;
                origin.ack = reverse ? seq : ack - 1;
            }
            else
            {
                seq -= reverse ? origin.ack : origin.seq;
                ack -= reverse ? origin.seq : origin.ack;
            }
            sackOrigin = reverse ? origin.seq : origin.ack;
        }

        final int payloadLength = header.payloadLength();
        if (payloadLength > 0 || (header.flags() & SEQUENCED) != 0)
        {
            out.append(", seq ");
            Text.appendUnsigned(out, seq);
            if (payloadLength > 0)
            {
                out.append(':');
                Text.appendUnsigned(out, seq + payloadLength);
            }
        }
        if ((header.flags() & TcpFlags.ACK) != 0)
        {
            out.append(", ack ");
            Text.appendUnsigned(out, ack);
        }
        out.append(", win ").append(header.window());
        if ((header.flags() & TcpFlags.URG) != 0)
        {
            out.append(", urg ").append(header.urgentPointer());
        }
        if (appendOptions(out, buffer, captured, sackOrigin))
        {
            out.append(", length ").append(payloadLength);
            Http.appendTcpdump(out, flow, buffer, header.payloadOffset(),
                Math.min(payloadLength, offset + captured - header.payloadOffset()));
        }
    }

    private void appendEnds(final StringBuilder out, final Flow flow, final boolean withHosts)
    {
        if (withHosts)
        {
            flow.appendSource(out, numeric);
            out.append('.');
        }
        appendPort(out, flow.srcPort());
        out.append(" > ");
        if (withHosts)
        {
            flow.appendTarget(out, numeric);
            out.append('.');
        }
        appendPort(out, flow.dstPort());
        out.append(": ");
    }

    private void appendPort(final StringBuilder out, final int port)
    {
        final String name = numeric ? null : Services.tcp(port);
        out.append(name == null ? Integer.toString(port) : name);
    }

    private static void appendFlags(final StringBuilder out, final int flags)
    {
        final int before = out.length();
        for (int i = 0; i < FLAG_LETTERS.length(); i++)
        {
            if ((flags & 1 << i) != 0)
            {
                out.append(FLAG_LETTERS.charAt(i));
            }
        }
        if (out.length() == before)
        {
            out.append("none");
        }
    }

    /** {@return false when they are bad or cut off: nothing follows them then} */
    private boolean appendOptions(
        final StringBuilder out, final DirectBuffer buffer, final int captured, final int sackOrigin)
    {
        if (header.optionsLength() == 0)
        {
            return true;
        }
        out.append(", options [");
        if (captured < header.dataOffset())
        {
            out.append(" [|tcp]");
            return false;
        }
        option.wrap(buffer, header.optionsOffset(), header.optionsLength());
        String separator = "";
        while (option.next())
        {
            out.append(separator);
            if (option.isMalformed())
            {
                out.append("[bad opt]").append(separator.isEmpty() ? "" : "]");
                return false;
            }
            if (!appendOption(out, buffer, sackOrigin))
            {
                out.append("[bad opt]").append(separator.isEmpty() ? "" : "]");
                return false;
            }
            separator = ",";
        }
        out.append(']');
        return true;
    }

    private boolean appendOption(final StringBuilder out, final DirectBuffer buffer, final int sackOrigin)
    {
        final int value = option.offset() + TcpOption.HEAD_LENGTH;
        final int length = option.length();
        switch (option.kind())
        {
            case TcpOption.EOL -> out.append("eol");
            case TcpOption.NOP -> out.append("nop");
            case TcpOption.MSS ->
            {
                out.append("mss");
                return appendNumber(out, buffer, value, TcpOption.MSS_LENGTH);
            }
            case TcpOption.WINDOW_SCALE ->
            {
                out.append("wscale");
                return appendNumber(out, buffer, value, TcpOption.WINDOW_SCALE_LENGTH);
            }
            case TcpOption.SACK_PERMITTED ->
            {
                out.append("sackOK");
                appendExcess(out, TcpOption.SACK_PERMITTED_LENGTH);
            }
            case TcpOption.SACK -> appendSack(out, buffer, value, sackOrigin);
            case TcpOption.TIMESTAMPS ->
            {
                out.append("TS");
                if (length < TcpOption.TIMESTAMPS_LENGTH)
                {
                    return false;
                }
                out.append(" val ");
                Text.appendUnsigned(out, buffer.getInt(value, ByteOrder.BIG_ENDIAN));
                out.append(" ecr ");
                Text.appendUnsigned(out, buffer.getInt(value + Integer.BYTES, ByteOrder.BIG_ENDIAN));
                appendExcess(out, TcpOption.TIMESTAMPS_LENGTH);
            }
            default -> appendOther(out, buffer, value);
        }
        return true;
    }

    /** A number of one or two bytes. */
    private boolean appendNumber(
        final StringBuilder out, final DirectBuffer buffer, final int value, final int optionLength)
    {
        if (option.length() < optionLength)
        {
            return false;
        }
        out.append(' ').append(optionLength == TcpOption.WINDOW_SCALE_LENGTH ?
            buffer.getByte(value) & 0xff : buffer.getChar(value, ByteOrder.BIG_ENDIAN));
        appendExcess(out, optionLength);
        return true;
    }

    private void appendExcess(final StringBuilder out, final int expected)
    {
        if (option.length() != expected)
        {
            out.append("[len ").append(option.length()).append(']');
        }
    }

    private void appendSack(
        final StringBuilder out, final DirectBuffer buffer, final int value, final int sackOrigin)
    {
        out.append("sack");
        final int length = option.length() - TcpOption.HEAD_LENGTH;
        if (length % TcpOption.SACK_BLOCK_LENGTH != 0)
        {
            out.append(" invalid sack");
            return;
        }
        out.append(' ').append(length / TcpOption.SACK_BLOCK_LENGTH).append(' ');
        for (int i = 0; i < length; i += TcpOption.SACK_BLOCK_LENGTH)
        {
            out.append('{');
            Text.appendUnsigned(out, buffer.getInt(value + i, ByteOrder.BIG_ENDIAN) - sackOrigin);
            out.append(':');
            Text.appendUnsigned(out, buffer.getInt(value + i + Integer.BYTES, ByteOrder.BIG_ENDIAN) - sackOrigin);
            out.append('}');
        }
    }

    private void appendOther(final StringBuilder out, final DirectBuffer buffer, final int value)
    {
        final int length = option.length() - TcpOption.HEAD_LENGTH;
        if (option.kind() == TcpOption.FAST_OPEN)
        {
            out.append("tfo ");
            if (length == 0)
            {
                out.append(" cookiereq");
                return;
            }
            if (length % 2 != 0 || length < MIN_COOKIE_LENGTH || length > MAX_COOKIE_LENGTH)
            {
                out.append(" (invalid)");
                return;
            }
            out.append(" cookie ");
        }
        else
        {
            out.append("unknown-").append(option.kind()).append(length == 0 ? "" : " 0x");
        }
        for (int i = 0; i < length; i++)
        {
            Text.appendHexByte(out, buffer.getByte(value + i));
        }
    }
}
