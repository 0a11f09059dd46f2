// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.tcp.TcpFlags;
import dev.trishake.wire.tcp.TcpHeaderFlyweight;
import dev.trishake.wire.tlcp.ContentType;
import dev.trishake.wire.tlcp.HandshakeType;
import dev.trishake.wire.tlcp.RecordHeaderFlyweight;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.DirectBuffer;

/**
 * Lines of another formatter, and below a packet's line the TLCP records that it completes:
 *
 * <pre>
 * 14:42:56.005446 IP localhost.64513 &gt; localhost.20001: Flags [P.], ..., length 58
 *         TLCP client &gt; server: handshake, 53 bytes
 *           ClientHello
 *             client: BEFORE (TLS_ST_BEFORE) &gt; CLIENT_WROTE_CLIENT_HELLO (TLS_ST_CW_CLNT_HELLO)
 *             server: BEFORE (TLS_ST_BEFORE) &gt; SERVER_READ_CLIENT_HELLO (TLS_ST_SR_CLNT_HELLO)
 *             {01} {00 00 31}  type ClientHello, length 49
 *             ...
 * </pre>
 *
 * <p>Which connections are TLCP's is told by a port, or by the first bytes of either side: a handshake record of
 * version 01 01. 65,536 connections are remembered; the one seen longest ago is forgotten.
 */
public final class TlcpFormatter implements PacketFormatter
{
    /** Any port: the bytes tell. */
    public static final int ANY_PORT = 0;

    private final PacketFormatter lines;
    private final int port;
    private final Conversations<Conversation> conversations = new Conversations<>();
    private final IpPayload ip = new IpPayload();
    private final TcpHeaderFlyweight tcp = new TcpHeaderFlyweight();
    private final RecordHeaderFlyweight record = new RecordHeaderFlyweight();
    private final TlcpFields fields = new TlcpFields();
    private final TlcpOpener opener;

    /** What is remembered of a TCP connection. */
    private static final class Conversation
    {
        private ByteStream[] streams = {new ByteStream(), new ByteStream()};
        /** Null until it is known to be TLCP's; the streams are null once it is known to be another protocol's. */
        private TlcpDialog dialog;
        /** Index of the client's stream: 1 when it is the direction that {@link Flow#isReverse}. */
        private int client;
    }

    /**
     * Adds TLCP to another formatter's lines.
     *
     * @param lines of packets
     * @param port  of servers, or {@link #ANY_PORT}
     */
    public TlcpFormatter(final PacketFormatter lines, final int port)
    {
        this(lines, port, TlcpSecrets.NONE);
    }

    /**
     * Adds TLCP to another formatter's lines, and what records say whose secrets are known.
     *
     * @param lines   of packets
     * @param port    of servers, or {@link #ANY_PORT}
     * @param secrets of connections
     */
    public TlcpFormatter(final PacketFormatter lines, final int port, final TlcpSecrets secrets)
    {
        this.lines = lines;
        this.port = port;
        opener = new TlcpOpener(secrets);
    }

    @Override
    public void append(final StringBuilder out, final Packet packet)
    {
        lines.append(out, packet);
        if (ip.wrap(packet, IpProtocol.TCP))
        {
            append(out, ip.flow(), packet.buffer(), ip.offset(), ip.length());
        }
    }

    private void append(
        final StringBuilder out, final Flow addresses, final DirectBuffer buffer, final int offset, final int length)
    {
        if (!tcp.wrap(buffer, offset, length))
        {
            return;
        }
        final Flow flow = addresses.withPorts(tcp.srcPort(), tcp.dstPort());
        if (port != ANY_PORT && flow.srcPort() != port && flow.dstPort() != port)
        {
            return;
        }
        final Conversation conversation = conversations.of(flow, Conversation::new);
        if (conversation.streams == null)
        {
            return;
        }
        final int direction = flow.isReverse() ? 1 : 0;
        final ByteStream stream = conversation.streams[direction];
        if ((tcp.flags() & TcpFlags.SYN) != 0)
        {
            stream.syn(tcp.seq());
        }
        else
        {
            final boolean whole = stream.add(tcp.seq(), buffer, tcp.payloadOffset(), tcp.payloadLength());
            recognise(conversation, flow, direction);
            if (conversation.dialog != null)
            {
                conversation.dialog.append(out, direction == conversation.client, stream);
                if (!whole)
                {
                    conversation.dialog.appendLost(out, direction == conversation.client);
                }
            }
        }
    }

    /** Decides once a record's header and the type of a message in it are there. */
    private void recognise(final Conversation conversation, final Flow flow, final int direction)
    {
        final ByteStream stream = conversation.streams[direction];
        if (conversation.dialog != null || stream.available() <= RecordHeaderFlyweight.LENGTH)
        {
            return;
        }
        record.wrap(stream.buffer(), 0, stream.available());
        final boolean isClient;
        if (port != ANY_PORT)
        {
            isClient = flow.dstPort() == port;
        }
        else if (record.type() == ContentType.HANDSHAKE && record.version() == Tlcp.VERSION)
        {
            isClient = stream.buffer().getByte(record.fragmentOffset()) == HandshakeType.CLIENT_HELLO;
        }
        else
        {
            conversation.streams = null;
            return;
        }
        conversation.dialog = new TlcpDialog(fields, opener);
        conversation.client = isClient ? direction : 1 - direction;
    }
}
