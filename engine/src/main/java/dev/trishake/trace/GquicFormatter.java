// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.PacketForm;
import dev.trishake.wire.gquic.PacketHeaderDecoder;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.UdpFlyweight;
import org.agrona.DirectBuffer;

/**
 * Lines of another formatter, and below a datagram's line what it has of gQUIC, in the lines of {@link GquicLog} from
 * the server's side:
 *
 * <pre>
 * 21:26:02.005446 IP localhost.33356 &gt; localhost.4433: UDP, length 1072
 *         Serving new connection: 0x88c1677a196380a8, version gQUIC 44 from 127.0.0.1:33356
 *         &lt;- Reading packet 0x1 (1072 bytes) for connection 0x88c1677a196380a8, unencrypted
 *              Long Header{Type: Initial, DestConnectionID: 0x88c1677a196380a8, ...}
 *              &lt;- &amp;wire.StreamFrame{StreamID: 1, FinBit: false, Offset: 0x0, ...}
 *         Got CHLO:
 *              SNI : "localhost"
 *              ...
 * </pre>
 *
 * <p>Which datagrams are gQUIC's is told by a port, or by a first packet of a client that says one of its versions.
 * Encrypted packets are opened with the keys of a log. 65,536 conversations are remembered; the one seen longest ago is
 * forgotten.
 */
public final class GquicFormatter implements PacketFormatter
{
    /** Any port: the bytes tell. */
    public static final int ANY_PORT = 0;

    private static final String INDENT = "        ";
    private static final int LABEL_LETTER = 'Q';

    private final PacketFormatter lines;
    private final int port;
    private final GquicSecrets secrets;
    private final GquicLog log = GquicLog.indented(INDENT);
    private final Conversations<Conversation> conversations = new Conversations<>();
    private final IpPayload ip = new IpPayload();
    private final UdpFlyweight udp = new UdpFlyweight();
    private final PacketHeaderDecoder header = new PacketHeaderDecoder();

    /** What is remembered of two ports: their last connection, null until there was one. */
    private static final class Conversation
    {
        private GquicDialog dialog;
        /** Whether the client is who sends in the direction that {@link Flow#isReverse}. */
        private boolean isClientReverse;
    }

    /**
     * Adds gQUIC to another formatter's lines.
     *
     * @param lines  of packets
     * @param port   of servers, or {@link #ANY_PORT}
     * @param secrets keys to open packets with, or null
     */
    public GquicFormatter(final PacketFormatter lines, final int port, final GquicSecrets secrets)
    {
        this.lines = lines;
        this.port = port;
        this.secrets = secrets == null ? new GquicSecrets() : secrets;
    }

    @Override
    public void append(final StringBuilder out, final Packet packet)
    {
        lines.append(out, packet);
        if (ip.wrap(packet, IpProtocol.UDP) && udp.wrap(packet.buffer(), ip.offset(), ip.length()))
        {
            final Flow flow = ip.flow().withPorts(udp.srcPort(), udp.dstPort());
            if (port == ANY_PORT || flow.srcPort() == port || flow.dstPort() == port)
            {
                out.append('\n');
                append(out, flow, packet.buffer());
                // the last line's end is the caller's
                out.setLength(out.length() - 1);
            }
        }
    }

    private void append(final StringBuilder out, final Flow flow, final DirectBuffer buffer)
    {
        final Conversation conversation = conversations.of(flow, Conversation::new);
        if (conversation.dialog == null)
        {
            conversation.isClientReverse = flow.isReverse() == (port == ANY_PORT || flow.dstPort() == port);
            if (port == ANY_PORT && !isFirst(buffer))
            {
                return;
            }
        }
        final boolean fromClient = flow.isReverse() == conversation.isClientReverse;
        if (!header.wrap(buffer, udp.payloadOffset(), udp.payloadLength(), fromClient))
        {
            out.append(INDENT).append("no packet of gQUIC\n");
            return;
        }
        // a client that begins anew takes another ID
        if (conversation.dialog == null ||
            (fromClient && header.connectionId() != conversation.dialog.connectionId()))
        {
            conversation.dialog = new GquicDialog(header.connectionId(), log, secrets);
        }
        conversation.dialog.append(out, header, buffer, fromClient, text(flow, fromClient));
    }

    /** {@return whether a datagram is a client's first: it says a version that begins with Q} */
    private boolean isFirst(final DirectBuffer buffer)
    {
        return header.wrap(buffer, udp.payloadOffset(), udp.payloadLength(), true) &&
            header.form() != PacketForm.SHORT && header.version() != GquicVersion.NONE &&
            header.version() >>> (Integer.SIZE - Byte.SIZE) == LABEL_LETTER;
    }

    private static String text(final Flow flow, final boolean fromClient)
    {
        final Flow client = fromClient ? flow : flow.reversed();
        final StringBuilder text = new StringBuilder(client.v6() ? "[" : "");
        client.appendSource(text, true);
        return text.append(client.v6() ? "]:" : ":").append(client.srcPort()).toString();
    }
}
