// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.tlcp.TlcpFlights;
import dev.trishake.tlcp.TlcpMessage;
import dev.trishake.tlcp.TlcpState;
import dev.trishake.wire.tlcp.Alert;
import dev.trishake.wire.tlcp.ChangeCipherSpec;
import dev.trishake.wire.tlcp.CipherSuite;
import dev.trishake.wire.tlcp.ContentType;
import dev.trishake.wire.tlcp.ExtensionType;
import dev.trishake.wire.tlcp.HandshakeHeaderFlyweight;
import dev.trishake.wire.tlcp.HandshakeType;
import dev.trishake.wire.tlcp.MessageLimits;
import dev.trishake.wire.tlcp.RecordHeaderFlyweight;
import dev.trishake.wire.tlcp.ServerHelloDecoder;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.DirectBuffer;

import java.util.Arrays;

/**
 * One TLCP connection as text: each record, each handshake message with its fields, and where both sides stand before
 * and after it, as the seed walks through a handshake.
 */
final class TlcpDialog
{
    private static final String RECORD = "\n        ";
    private static final String MESSAGE = "\n          ";
    private static final String STATE = "\n            ";
    private static final String DATA_INDENT = "          ";

    private final TlcpFields fields;
    private final RecordHeaderFlyweight record = new RecordHeaderFlyweight();
    private final HandshakeHeaderFlyweight header = new HandshakeHeaderFlyweight();
    private final Side client = new Side("client");
    private final Side server = new Side("server");
    private final TlcpOpener opener;
    private TlcpOpener.Keys keys;
    private byte[] clientRandom = {};
    private byte[] offeredSessionId = {};
    private int suite;
    private int kind;
    private int index;

    /** What messages say is told by fields that all dialogs share, and records are opened by one opener. */
    TlcpDialog(final TlcpFields fields, final TlcpOpener opener)
    {
        this.fields = fields;
        this.opener = opener;
    }

    /** What is known of one side. */
    private static final class Side
    {
        private final String name;
        private final ByteStream messages = new ByteStream();
        private int messageBytes;
        private TlcpState state = TlcpState.BEFORE;
        private boolean isProtected;
        private boolean broken;

        Side(final String name)
        {
            this.name = name;
        }
    }

    /** Appends the whole records at the front of a direction's bytes and takes them. */
    void append(final StringBuilder out, final boolean fromClient, final ByteStream stream)
    {
        final Side sender = fromClient ? client : server;
        while (!sender.broken && record.wrap(stream.buffer(), 0, stream.available()))
        {
            final int fault = record.fault(sender.isProtected);
            if (fault != Alert.NONE)
            {
                appendHead(out, fromClient).append("no record of TLCP: ").append(Alert.name(fault))
                    .append("; this direction is not followed any further");
                sender.broken = true;
                return;
            }
            final int length = record.fragmentLength();
            if (stream.available() < RecordHeaderFlyweight.LENGTH + length)
            {
                return;
            }
            appendRecord(out, fromClient, stream.buffer(), record.fragmentOffset(), length);
            stream.take(RecordHeaderFlyweight.LENGTH + length);
        }
    }

    /** Appends that bytes are missing. */
    void appendLost(final StringBuilder out, final boolean fromClient)
    {
        final Side sender = fromClient ? client : server;
        if (!sender.broken)
        {
            appendHead(out, fromClient).append("bytes are missing; this direction is not followed any further");
            sender.broken = true;
        }
    }

    private StringBuilder appendHead(final StringBuilder out, final boolean fromClient)
    {
        return out.append(RECORD).append("TLCP ").append(fromClient ? "client > server: " : "server > client: ");
    }

    private void appendRecord(
        final StringBuilder out,
        final boolean fromClient,
        final DirectBuffer buffer,
        final int offset,
        final int length)
    {
        final Side sender = fromClient ? client : server;
        final int type = record.type();
        appendHead(out, fromClient).append(ContentType.name(type)).append(sender.isProtected ? ", protected, " : ", ");
        appendLength(out, length);
        if (!sender.isProtected)
        {
            appendContent(out, fromClient, type, buffer, offset, length);
        }
        else if (keys != null)
        {
            appendOpened(out, fromClient, type, buffer, offset, length);
        }
        else if (type == ContentType.HANDSHAKE)
        {
            appendProtectedHandshake(out, fromClient);
        }
    }

    private static StringBuilder appendLength(final StringBuilder out, final int length)
    {
        return out.append(length).append(length == 1 ? " byte" : " bytes");
    }

    private void appendContent(
        final StringBuilder out, final boolean fromClient, final int type, final DirectBuffer buffer, final int offset,
        final int length)
    {
        switch (type)
        {
            case ContentType.HANDSHAKE -> appendMessages(out, fromClient, buffer, offset, length);
            case ContentType.CHANGE_CIPHER_SPEC -> appendChangeCipherSpec(out, fromClient, buffer, offset, length);
            case ContentType.ALERT -> appendAlert(out, buffer, offset, length);
            default ->
            {
                // application data that is not protected is no TLCP's
            }
        }
    }

    private void appendOpened(
        final StringBuilder out, final boolean fromClient, final int type, final DirectBuffer buffer, final int offset,
        final int length)
    {
        final int opened = opener.open(keys, fromClient, type, buffer, offset, length);
        if (opened == TlcpOpener.FAILED)
        {
            out.append(", does not open with the key log's secret");
            return;
        }
        appendLength(out.append(", "), opened).append(" of plaintext");
        if (type == ContentType.APPLICATION_DATA)
        {
            HexDump.append(out, DATA_INDENT, opener.plaintext(), 0, opened);
        }
        else
        {
            appendContent(out, fromClient, type, opener.plaintext(), 0, opened);
        }
    }

    private void appendProtectedHandshake(final StringBuilder out, final boolean fromClient)
    {
        final TlcpMessage finished = fromClient ? TlcpMessage.CLIENT_FINISHED : TlcpMessage.SERVER_FINISHED;
        if (TlcpFlights.learn(kind, index, finished) == TlcpFlights.UNEXPECTED)
        {
            out.append(MESSAGE).append("a handshake message after the handshake, or out of its place");
        }
        else
        {
            out.append(MESSAGE).append("Finished");
            step(out, finished);
        }
    }

    /** Messages may be cut by records, or share one. */
    private void appendMessages(
        final StringBuilder out,
        final boolean fromClient,
        final DirectBuffer buffer,
        final int offset,
        final int length)
    {
        final Side sender = fromClient ? client : server;
        sender.messages.add(sender.messageBytes, buffer, offset, length);
        sender.messageBytes += length;
        while (header.wrap(sender.messages.buffer(), 0, sender.messages.available()))
        {
            final int fault = header.fault(MessageLimits.DEFAULT);
            if (fault != Alert.NONE)
            {
                out.append(MESSAGE).append(HandshakeType.name(header.type())).append(" (").append(header.type())
                    .append("), ").append(header.bodyLength()).append(" bytes: ").append(Alert.name(fault))
                    .append("; this direction is not followed any further");
                sender.broken = true;
                return;
            }
            final int messageLength = header.messageLength();
            if (messageLength > sender.messages.available())
            {
                return;
            }
            appendMessage(out, fromClient, sender.messages.buffer(), messageLength);
            sender.messages.take(messageLength);
        }
    }

    private void appendMessage(
        final StringBuilder out, final boolean fromClient, final DirectBuffer buffer, final int length)
    {
        final int type = header.type();
        out.append(MESSAGE).append(HandshakeType.name(type));
        final TlcpMessage message = TlcpMessage.of(type, fromClient);
        final int learnt =
            message == null ? TlcpFlights.UNEXPECTED : TlcpFlights.learn(kind, index, message);
        // the states stand before the fields, but what the fields say decides how the states go on
        final StringBuilder text = new StringBuilder();
        final boolean formed = fields.append(text, buffer, 0, length, CipherSuite.isEcdhe(suite));
        if (learnt == TlcpFlights.UNEXPECTED)
        {
            out.append(", unexpected");
        }
        else
        {
            kind = learnt;
            if (formed)
            {
                learnFromContent(message, buffer);
            }
            step(out, message);
        }
        out.append(text);
    }

    /** A kind of handshake shows in what messages say, see {@link TlcpFlights}. */
    private void learnFromContent(final TlcpMessage message, final DirectBuffer buffer)
    {
        switch (message)
        {
            case CLIENT_HELLO ->
            {
                clientRandom = bytes(buffer, fields.clientHello().randomOffset(), Tlcp.RANDOM_LENGTH);
                offeredSessionId = bytes(
                    buffer, fields.clientHello().sessionIdOffset(), fields.clientHello().sessionIdLength());
            }
            case SERVER_HELLO ->
            {
                final ServerHelloDecoder hello = fields.serverHello();
                suite = hello.suite();
                keys = opener.keys(clientRandom, bytes(buffer, hello.randomOffset(), Tlcp.RANDOM_LENGTH), suite);
                final boolean resumed = offeredSessionId.length > 0 && Arrays.equals(
                    offeredSessionId, bytes(buffer, hello.sessionIdOffset(), hello.sessionIdLength()));
                kind |= resumed ? TlcpFlights.RESUMED : 0;
                kind |= hello.extensions().has(ExtensionType.SESSION_TICKET) ? TlcpFlights.TICKET : 0;
            }
            case CLIENT_CERTIFICATE -> kind |= fields.certificateCount() > 0 ? TlcpFlights.CLIENT_CERTIFICATE : 0;
            default ->
            {
                // the others tell nothing of the order
            }
        }
    }

    private void appendChangeCipherSpec(
        final StringBuilder out,
        final boolean fromClient,
        final DirectBuffer buffer,
        final int offset,
        final int length)
    {
        final Side sender = fromClient ? client : server;
        final TlcpMessage message =
            fromClient ? TlcpMessage.CLIENT_CHANGE_CIPHER_SPEC : TlcpMessage.SERVER_CHANGE_CIPHER_SPEC;
        out.append(MESSAGE).append("ChangeCipherSpec");
        if (!ChangeCipherSpec.isValid(buffer, offset, length) ||
            TlcpFlights.learn(kind, index, message) == TlcpFlights.UNEXPECTED)
        {
            out.append(", unexpected");
        }
        else
        {
            step(out, message);
        }
        fields.appendChangeCipherSpec(out, buffer, offset, length);
        sender.isProtected = true;
    }

    private static void appendAlert(
        final StringBuilder out, final DirectBuffer buffer, final int offset, final int length)
    {
        if (!Alert.isValid(buffer, offset, length))
        {
            out.append(": malformed");
            return;
        }
        final int description = Alert.description(buffer, offset);
        out.append(": ").append(Alert.level(buffer, offset) == Alert.FATAL ? "fatal " : "warning ")
            .append(Alert.name(description)).append(" (").append(description).append(')');
    }

    private void step(final StringBuilder out, final TlcpMessage message)
    {
        index++;
        final boolean isLast = index == TlcpFlights.length(kind);
        appendState(out, client, message.state(true), isLast);
        appendState(out, server, message.state(false), isLast);
    }

    private static void appendState(
        final StringBuilder out, final Side side, final TlcpState next, final boolean isLast)
    {
        out.append(STATE).append(side.name).append(": ");
        appendState(out, side.state);
        appendState(out.append(" > "), next);
        side.state = next;
        if (isLast)
        {
            side.state = TlcpState.ESTABLISHED;
            appendState(out.append(" > "), side.state);
        }
    }

    private static void appendState(final StringBuilder out, final TlcpState state)
    {
        out.append(state).append(" (").append(state.openSslName()).append(')');
    }

    private static byte[] bytes(final DirectBuffer buffer, final int offset, final int length)
    {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return bytes;
    }
}
