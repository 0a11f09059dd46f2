// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.crypto.hash.Fnv1a128;
import dev.trishake.gquic.GquicLevel;
import dev.trishake.wire.gquic.FrameIterator;
import dev.trishake.wire.gquic.FrameType;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.MessageDecoder;
import dev.trishake.wire.gquic.PacketHeaderDecoder;
import dev.trishake.wire.gquic.PacketNumber;
import dev.trishake.wire.gquic.StreamFrameDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** What was captured of one connection, both directions, told as its server's log. */
final class GquicDialog
{
    /** The crypto stream. */
    private static final int CRYPTO_STREAM = 1;

    /** The hash in front of a NULL packet's frames. */
    private static final int HASH_LENGTH = 12;

    /** What of the crypto stream is put in order. */
    private static final long MAX_CRYPTO_OFFSET = 1 << 20;

    private static final DirectBuffer[] SENDERS = {
        new UnsafeBuffer("Server".getBytes(StandardCharsets.US_ASCII)),
        new UnsafeBuffer("Client".getBytes(StandardCharsets.US_ASCII))};

    private final long connectionId;
    private final GquicLog log;
    private final GquicSecrets secrets;
    private final FrameIterator frames = new FrameIterator();
    private final MessageDecoder message = new MessageDecoder();
    private final Fnv1a128 hash = new Fnv1a128();
    private final Side server = new Side();
    private final Side client = new Side();
    private int version;

    /** What is known of a sender. */
    private static final class Side
    {
        private final ByteStream crypto = new ByteStream();
        private long largest;
        private boolean isLost;

        Side()
        {
            crypto.syn(-1);
        }
    }

    GquicDialog(final long connectionId, final GquicLog log, final GquicSecrets secrets)
    {
        this.connectionId = connectionId;
        this.log = log;
        this.secrets = secrets;
    }

    long connectionId()
    {
        return connectionId;
    }

    /** Appends the lines of a packet, whose header has been read. */
    void append(
        final StringBuilder out,
        final PacketHeaderDecoder header,
        final DirectBuffer buffer,
        final boolean fromClient,
        final String peer)
    {
        switch (header.kind())
        {
            case PacketHeaderDecoder.VERSION_NEGOTIATION ->
            {
                log.negotiating(out, version);
                log.begin(out).append("\tVersionNegotiationPacket{ConnectionID: ");
                GquicText.appendConnectionId(out, connectionId);
                GquicText.appendLabels(out.append(", SupportedVersions: "), header);
                out.append("}\n");
            }
            case PacketHeaderDecoder.PUBLIC_RESET ->
            {
                GquicText.appendConnectionId(
                    log.begin(out).append(fromClient ? "<-" : "->").append(" Public Reset for connection "),
                    connectionId);
                out.append('\n');
                log.message(out, !fromClient, buffer, header.payloadOffset(), header.payloadLength());
            }
            case PacketHeaderDecoder.UNKNOWN_VERSION ->
            {
                version = header.version();
                GquicText.appendVersion(log.begin(out).append("<- a packet of version "), version);
                out.append('\n');
            }
            default -> appendData(out, header, buffer, fromClient, peer);
        }
    }

    private void appendData(
        final StringBuilder out,
        final PacketHeaderDecoder header,
        final DirectBuffer buffer,
        final boolean fromClient,
        final String peer)
    {
        if (fromClient && header.version() != GquicVersion.NONE)
        {
            version = header.version();
            log.serving(out, connectionId, version, peer);
        }
        final Side side = fromClient ? client : server;
        final long number =
            PacketNumber.expand(header.truncatedNumber(), header.numberLength(), side.largest + 1);
        side.largest = Math.max(side.largest, number);

        final int headerOffset = header.payloadOffset() - header.length();
        final int level;
        final DirectBuffer plaintext;
        final int offset;
        if (isHashed(header, buffer, fromClient))
        {
            level = GquicLevel.NULL;
            plaintext = buffer;
            offset = header.payloadOffset() + HASH_LENGTH;
        }
        else
        {
            level = secrets.open(connectionId, number, header, buffer, fromClient);
            plaintext = secrets.plaintext();
            offset = 0;
            if (level == GquicLevel.NULL)
            {
                log.sealedPacket(out, !fromClient, connectionId, number, header, buffer);
                return;
            }
        }
        final int length = header.payloadLength() - HASH_LENGTH;
        log.packet(out, !fromClient, connectionId, level, number, buffer, headerOffset, header.length(),
            plaintext, offset, length);
        takeCrypto(side, plaintext, offset, length, header.numberLength());
        appendMessages(out, side, fromClient);
    }

    /** {@return whether the hash of gQUIC 4 is right, so that the packet is not encrypted} */
    private boolean isHashed(final PacketHeaderDecoder header, final DirectBuffer buffer, final boolean fromClient)
    {
        if (header.payloadLength() < HASH_LENGTH)
        {
            return false;
        }
        final int at = header.payloadOffset();
        hash.reset();
        hash.update(buffer, at - header.length(), header.length());
        hash.update(buffer, at + HASH_LENGTH, header.payloadLength() - HASH_LENGTH);
        final DirectBuffer sender = SENDERS[fromClient ? 1 : 0];
        hash.update(sender, 0, sender.capacity());
        return buffer.getLong(at, ByteOrder.LITTLE_ENDIAN) == hash.low() &&
            buffer.getInt(at + Long.BYTES, ByteOrder.LITTLE_ENDIAN) == (int)hash.high();
    }

    private void takeCrypto(
        final Side side, final DirectBuffer plaintext, final int offset, final int length, final int width)
    {
        frames.wrap(plaintext, offset, length, width);
        for (int type = frames.next(); type > FrameIterator.END; type = frames.next())
        {
            final StreamFrameDecoder stream = frames.stream();
            if (type == FrameType.STREAM && stream.streamId() == CRYPTO_STREAM &&
                stream.byteOffset() < MAX_CRYPTO_OFFSET)
            {
                side.isLost |= !side.crypto.add(
                    (int)stream.byteOffset(), plaintext, stream.dataOffset(), stream.dataLength());
            }
        }
    }

    private void appendMessages(final StringBuilder out, final Side side, final boolean fromClient)
    {
        while (!side.isLost && side.crypto.available() > 0)
        {
            final int length = message.wrap(side.crypto.buffer(), 0, side.crypto.available());
            if (length == MessageDecoder.INCOMPLETE)
            {
                return;
            }
            if (length < 0)
            {
                log.begin(out).append(fromClient ? "Got" : "Sending").append(" a malformed message, error ")
                    .append(-length).append('\n');
                side.isLost = true;
                return;
            }
            log.message(out, !fromClient, side.crypto.buffer(), 0, length);
            side.crypto.take(length);
        }
    }
}
