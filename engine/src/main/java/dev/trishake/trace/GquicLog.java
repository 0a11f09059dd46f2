// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.gquic.GquicLevel;
import dev.trishake.wire.gquic.FrameIterator;
import dev.trishake.wire.gquic.FrameType;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.MessageDecoder;
import dev.trishake.wire.gquic.PacketForm;
import dev.trishake.wire.gquic.PacketHeaderDecoder;
import org.agrona.DirectBuffer;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one side of gQUIC sees, in the lines of quic-go 0.10's log:
 *
 * <pre>
 * 2019/07/01 21:26:02 server Serving new connection: 0x88c1677a196380a8, version gQUIC 44 from 127.0.0.1:33356
 * 2019/07/01 21:26:02 server &lt;- Reading packet 0x1 (1072 bytes) for connection 0x88c1677a196380a8, unencrypted
 * 2019/07/01 21:26:02 server      Long Header{Type: Initial, ...}
 * 2019/07/01 21:26:02 server      &lt;- &amp;wire.StreamFrame{StreamID: 1, ...}
 * 2019/07/01 21:26:02 server Got CHLO:
 *      SNI : "localhost"
 *      ...
 * </pre>
 *
 * <p>Each method appends whole lines. What a line depends on is remembered of 65,536 connections, by their IDs. Only
 * the connection's name differs from quic-go, whose clients have none with Q044: here it is the ID, always.
 */
public final class GquicLog
{
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss ");
    private static final int LIMIT = 65_536;
    private static final int TAG_LENGTH = 12;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final ZoneId zone;
    private final String words;
    private final boolean isServer;
    private final PacketHeaderDecoder header = new PacketHeaderDecoder();
    private final FrameIterator frames = new FrameIterator();
    private final MessageDecoder message = new MessageDecoder();
    private final Map<Long, Connection> connections = new LinkedHashMap<>(16, 0.75f, true)
    {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<Long, Connection> eldest)
        {
            return size() > LIMIT;
        }
    };
    private long timeNs;

    /** What is remembered of a connection. */
    private static final class Connection
    {
        private boolean isServed;
        private boolean hasAcked;
    }

    private GquicLog(final ZoneId zone, final String words, final boolean isServer)
    {
        this.zone = zone;
        this.words = words;
        this.isServer = isServer;
    }

    /**
     * {@return a log with dates}
     *
     * @param zone     of the dates
     * @param isServer whose side: a server's, or a client's
     */
    public static GquicLog dated(final ZoneId zone, final boolean isServer)
    {
        return new GquicLog(zone, isServer ? "server " : "client ", isServer);
    }

    /** {@return a server's log without dates, all lines of which begin with some blanks} */
    static GquicLog indented(final String blanks)
    {
        return new GquicLog(null, blanks, true);
    }

    /**
     * {@return this, whose next lines have another time}
     *
     * @param epochNs nanoseconds since 1970
     */
    public GquicLog at(final long epochNs)
    {
        timeNs = epochNs;
        return this;
    }

    /**
     * A server has a new connection: two lines, but once only.
     *
     * @param out          where to
     * @param connectionId its ID
     * @param version      its label
     * @param peer         address and port of the client
     */
    public void serving(final StringBuilder out, final long connectionId, final int version, final String peer)
    {
        final Connection connection = of(connectionId);
        if (connection.isServed)
        {
            return;
        }
        connection.isServed = true;
        begin(out).append("Serving new connection: ");
        GquicText.appendConnectionId(out, connectionId);
        GquicText.appendVersion(out.append(", version "), version);
        out.append(" from ").append(peer).append('\n');
        begin(out).append("Creating new session. Destination Connection ID: ");
        // packets of Q044 to a client have no connection ID
        GquicText.appendConnectionId(out, GquicVersion.hasPublicHeader(version), connectionId);
        GquicText.appendConnectionId(out.append(", Source Connection ID: "), connectionId);
        out.append('\n');
    }

    /**
     * A packet was opened, or is about to be sent: a line for it, one for its header, one for each frame.
     *
     * @param out          where to
     * @param isSent       whether it is sent
     * @param connectionId of its connection
     * @param level        how it is protected, see {@link GquicLevel}
     * @param number       all of its number
     * @param buffer       holds the header
     * @param headerOffset where it begins
     * @param headerLength of it
     * @param plaintext    holds the frames
     * @param offset       where they begin
     * @param length       of them
     */
    public void packet(
        final StringBuilder out,
        final boolean isSent,
        final long connectionId,
        final int level,
        final long number,
        final DirectBuffer buffer,
        final int headerOffset,
        final int headerLength,
        final DirectBuffer plaintext,
        final int offset,
        final int length)
    {
        begin(out, isSent, number, headerLength + TAG_LENGTH + length, connectionId);
        out.append(GquicText.levelWords(level)).append('\n');
        final boolean fromClient = isSent != isServer;
        if (header.wrap(buffer, headerOffset, headerLength, fromClient))
        {
            GquicText.appendHeader(begin(out).append('\t'), header, buffer, number, fromClient);
            out.append('\n');
        }
        final Connection connection = of(connectionId);
        if (!isSent && !connection.hasAcked)
        {
            begin(out).append("\tQueueing ACK because the first packet should be acknowledged.\n");
        }
        frames.wrap(plaintext, offset, length, header.numberLength());
        for (int type = frames.next(); type != FrameIterator.END; type = frames.next())
        {
            begin(out).append('\t');
            if (type == FrameIterator.MALFORMED)
            {
                out.append(isSent ? "->" : "<-").append(" malformed, error ").append(frames.error()).append('\n');
                return;
            }
            connection.hasAcked |= isSent && type == FrameType.ACK;
            GquicText.appendFrame(out, type, frames, plaintext, number, header.numberLength(), isSent);
            out.append('\n');
        }
    }

    /** A packet that can't be opened, of a known form: a line for it, one for its header. */
    void sealedPacket(
        final StringBuilder out,
        final boolean isSent,
        final long connectionId,
        final long number,
        final PacketHeaderDecoder sealed,
        final DirectBuffer buffer)
    {
        begin(out, isSent, number, sealed.length() + sealed.payloadLength(), connectionId);
        out.append(sealed.form() == PacketForm.SHORT ? GquicText.levelWords(GquicLevel.FORWARD_SECURE) :
            sealed.nonceOffset() != PacketHeaderDecoder.NONE ? GquicText.levelWords(GquicLevel.INITIAL) : "encrypted")
            .append('\n');
        GquicText.appendHeader(begin(out).append('\t'), sealed, buffer, number, isSent != isServer);
        out.append('\n');
    }

    private void begin(
        final StringBuilder out, final boolean isSent, final long number, final int length, final long connectionId)
    {
        GoText.appendHex(begin(out).append(isSent ? "-> Sending packet " : "<- Reading packet "), number);
        out.append(" (").append(length).append(" bytes) for connection ");
        GquicText.appendConnectionId(out, connectionId);
        out.append(", ");
    }

    /**
     * A whole handshake message: a line with its name, one for each value.
     *
     * @param out    where to
     * @param isSent whether it is sent
     * @param buffer holds the message
     * @param offset where it begins
     * @param length of it
     */
    public void message(
        final StringBuilder out, final boolean isSent, final DirectBuffer buffer, final int offset, final int length)
    {
        if (message.wrap(buffer, offset, length) > 0)
        {
            begin(out).append(isSent ? "Sending " : "Got ");
            GquicText.appendMessage(out, zone == null ? words : "", message);
            out.append('\n');
        }
    }

    /**
     * The keys of a level are there.
     *
     * @param out   where to
     * @param level see {@link GquicLevel}
     */
    public void keys(final StringBuilder out, final int level)
    {
        begin(out).append("Creating AEAD for ").append(level == GquicLevel.INITIAL ? "secure" : "forward-secure")
            .append(" encryption.\n");
    }

    /**
     * A server answers a version that it does not speak.
     *
     * @param out     where to
     * @param version that was offered
     */
    public void negotiating(final StringBuilder out, final int version)
    {
        GquicText.appendVersion(begin(out).append("Client offered version "), version);
        out.append(", sending VersionNegotiationPacket\n");
    }

    /** Begins a line. */
    StringBuilder begin(final StringBuilder out)
    {
        if (zone != null)
        {
            TIME.formatTo(
                Instant.ofEpochSecond(timeNs / NS_PER_SECOND, timeNs % NS_PER_SECOND).atZone(zone), out);
        }
        return out.append(words);
    }

    private Connection of(final long connectionId)
    {
        return connections.computeIfAbsent(connectionId, key -> new Connection());
    }
}
