// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import dev.trishake.soak.pkt.Script.Packet;
import dev.trishake.soak.pkt.Token.Kind;
import dev.trishake.wire.tcp.TcpFlags;
import dev.trishake.wire.tcp.TcpHeaderFlyweight;
import dev.trishake.wire.tcp.TcpOption;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Reads the packets of a script. */
final class PacketParser
{
    private static final long MAX_U32 = 0xffff_ffffL;
    private static final int MAX_U16 = 0xffff;
    private static final int MAX_U8 = 0xff;
    private static final int WORD_MASK = 3;
    private static final int IP_HEADER_LENGTH = 20;
    private static final int OPTIONS_ROOM = 2 * TcpOption.MAX_OPTIONS_LENGTH;

    private final Tokens tokens;
    /** The engine's encoder refuses what peers must not send; a script's peer may send it. */
    private final ByteBuffer options = ByteBuffer.allocate(OPTIONS_ROOM);

    PacketParser(final Tokens tokens)
    {
        this.tokens = tokens;
    }

    /** {@code < flags seq ack win urg options} or the same with {@code >}. */
    Packet packet() throws ScriptException
    {
        final Token direction = tokens.next();
        final boolean isInbound = direction.is('<');
        final int flags = flags();
        final long first = tokens.integer("a sequence number", MAX_U32);
        final int payloadLength = tokens.peek().is(':') ? payloadLength(first) : 0;
        final int ack = tokens.takeWord("ack") ? (int)tokens.integer("the acknowledgment number", MAX_U32) : 0;
        final int window =
            tokens.takeWord("win") ? (int)tokens.integer("the window", MAX_U16) : SegmentSpec.ANY_WINDOW;
        final int urgentPointer = tokens.takeWord("urg") ? (int)tokens.integer("the urgent pointer", MAX_U16) : 0;
        final OptionList list = options(direction.line());
        if (isInbound && window == SegmentSpec.ANY_WINDOW)
        {
            throw new ScriptException(direction.line(), "an inbound packet needs its window: win N");
        }
        if (isInbound && list == null)
        {
            throw new ScriptException(direction.line(), "<...> is for outbound packets only");
        }
        final int headers = IP_HEADER_LENGTH + TcpHeaderFlyweight.MIN_LENGTH + (list == null ? 0 : list.length());
        if (headers + payloadLength > MAX_U16)
        {
            throw new ScriptException(direction.line(), "the segment is too long for a packet");
        }
        return new Packet(
            isInbound, new SegmentSpec(flags, (int)first, payloadLength, ack, window, urgentPointer, list));
    }

    /** {@code S.}: letters, the dot of ACK last; {@code .} alone; {@code -} for none. */
    private int flags() throws ScriptException
    {
        if (tokens.take('-'))
        {
            return 0;
        }
        int flags = 0;
        if (tokens.peek().is(Kind.WORD))
        {
            final Token letters = tokens.next();
            for (int i = 0; i < letters.text().length(); i++)
            {
                final int flag = SegmentSpec.flag(letters.text().charAt(i));
                if (flag == 0)
                {
                    throw new ScriptException(letters.line(), "no TCP flags: " + letters.shown() +
                        " (only TCP packets are known here, flags S F R P U E W A and .)");
                }
                flags |= flag;
            }
            return tokens.take('.') ? flags | TcpFlags.ACK : flags;
        }
        if (!tokens.take('.'))
        {
            throw tokens.unexpected("TCP flags");
        }
        return TcpFlags.ACK;
    }

    private int payloadLength(final long first) throws ScriptException
    {
        final int line = tokens.peek().line();
        tokens.expect(':');
        final long last = tokens.integer("the last sequence number", MAX_U32);
        tokens.expect('(');
        final int length = (int)tokens.integer("the payload's length", MAX_U16);
        tokens.expect(')');
        if (last != first + length)
        {
            throw new ScriptException(
                line, "sequence numbers and length differ: " + first + ":" + last + "(" + length + ")");
        }
        return length;
    }

    /** {@return the options; null for {@code <...>}} */
    private OptionList options(final int line) throws ScriptException
    {
        if (!tokens.take('<'))
        {
            return new OptionList(new byte[0]);
        }
        if (tokens.peek().is(Kind.ELLIPSIS))
        {
            tokens.next();
            tokens.expect('>');
            return null;
        }
        options.clear();
        do
        {
            option();
            if (options.position() > TcpOption.MAX_OPTIONS_LENGTH)
            {
                throw new ScriptException(
                    line, "the options are longer than " + TcpOption.MAX_OPTIONS_LENGTH + " bytes");
            }
        }
        while (tokens.take(','));
        tokens.expect('>');
        if ((options.position() & WORD_MASK) != 0)
        {
            throw new ScriptException(
                line, "the options are not padded to whole words: " + options.position() + " bytes");
        }
        return new OptionList(Arrays.copyOf(options.array(), options.position()));
    }

    /** Appends an option; one at most goes past what a header has room for. */
    private void option() throws ScriptException
    {
        final Token name = tokens.expect(Kind.WORD, "a TCP option");
        switch (name.text())
        {
            case "nop" -> options.put((byte)TcpOption.NOP);
            case "eol" -> options.put((byte)TcpOption.EOL);
            case "mss" -> begin(TcpOption.MSS, TcpOption.MSS_LENGTH)
                .putShort((short)tokens.integer("the maximum segment size", MAX_U16));
            case "wscale" -> begin(TcpOption.WINDOW_SCALE, TcpOption.WINDOW_SCALE_LENGTH)
                .put((byte)tokens.integer("the window scale", MAX_U8));
            case "sackOK" -> begin(TcpOption.SACK_PERMITTED, TcpOption.SACK_PERMITTED_LENGTH);
            case "sack" -> sack();
            case "TS" -> timestamps();
            case "FO" -> fastOpen();
            default -> throw new ScriptException(name.line(), "the option " + name.shown() +
                " is not known here: mss, nop, eol, wscale, sackOK, sack, TS, FO are");
        }
    }

    private ByteBuffer begin(final int kind, final int length)
    {
        return options.put((byte)kind).put((byte)length);
    }

    private void timestamps() throws ScriptException
    {
        tokens.expectWord("val");
        final long val = tokens.integer("the timestamp value", MAX_U32);
        tokens.expectWord("ecr");
        final long ecr = tokens.integer("the timestamp echo reply", MAX_U32);
        begin(TcpOption.TIMESTAMPS, TcpOption.TIMESTAMPS_LENGTH).putInt((int)val).putInt((int)ecr);
    }

    private void sack() throws ScriptException
    {
        final List<Integer> edges = new ArrayList<>();
        do
        {
            edges.add((int)tokens.integer("a left edge", MAX_U32));
            tokens.expect(':');
            edges.add((int)tokens.integer("a right edge", MAX_U32));
            if (edges.size() > 2 * TcpOption.MAX_SACK_BLOCKS)
            {
                throw tokens.unexpected("at most " + TcpOption.MAX_SACK_BLOCKS + " SACK blocks");
            }
        }
        while (tokens.peek().is(Kind.INTEGER));
        begin(TcpOption.SACK, TcpOption.HEAD_LENGTH + edges.size() * Integer.BYTES);
        edges.forEach(options::putInt);
    }

    private void fastOpen() throws ScriptException
    {
        byte[] cookie = new byte[0];
        final Token token = tokens.peek();
        if (token.is(Kind.WORD) || token.is(Kind.INTEGER))
        {
            tokens.next();
            try
            {
                cookie = HexFormat.of().parseHex(token.text());
            }
            catch (final IllegalArgumentException ex)
            {
                throw new ScriptException(token.line(), "no hexadecimal bytes: " + token.shown());
            }
        }
        if (cookie.length > TcpOption.MAX_OPTIONS_LENGTH - TcpOption.HEAD_LENGTH)
        {
            throw new ScriptException(token.line(), "the cookie is too long");
        }
        begin(TcpOption.FAST_OPEN, TcpOption.HEAD_LENGTH + cookie.length).put(cookie);
    }
}
