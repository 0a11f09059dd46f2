// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.core.StreamCore;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.TlcpConnections;
import dev.trishake.crypto.sm.TlcpConnections.Connection;
import dev.trishake.crypto.sm.TlcpConnections.Message;
import dev.trishake.crypto.sm.TlcpConnections.ProtectedRecord;
import dev.trishake.support.Vectors;
import dev.trishake.wire.tlcp.ContentType;
import dev.trishake.wire.tlcp.HandshakeType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Recorded connections of four foreign stacks, each played again by our server and by our client. */
class TlcpCaptureTest
{
    private static final byte[] CHANGE_CIPHER_SPEC = {1};

    static List<Connection> fullConnections()
    {
        return TlcpConnections.all().stream()
            .filter(connection -> connection.messages().stream().anyMatch(
                message -> message.octets()[0] == HandshakeType.CLIENT_KEY_EXCHANGE))
            .toList();
    }

    private static boolean hasTicket(final Connection connection)
    {
        return connection.messages().stream()
            .anyMatch(message -> message.octets()[0] == HandshakeType.NEW_SESSION_TICKET);
    }

    @ParameterizedTest
    @MethodSource("fullConnections")
    void shouldServeRecordedClients(final Connection connection)
    {
        final TlcpReplay server = new TlcpReplay(connection, false, Kernels.scalar());
        boolean changed = false;
        for (final Message message : connection.messages())
        {
            if (message.byClient() && !message.isFinished())
            {
                server.feed(ContentType.HANDSHAKE, message.octets());
                if (message.octets()[0] == HandshakeType.CLIENT_HELLO)
                {
                    assertServerFlight(connection, server);
                    server.replaceServerFlight();
                }
            }
            if (message.byClient() && message.isFinished() && !changed)
            {
                changed = true;
                server.feed(ContentType.CHANGE_CIPHER_SPEC, CHANGE_CIPHER_SPEC);
                feedRecords(connection, server, true);
            }
        }
        assertEstablished(connection, server);
        if (!hasTicket(connection))
        {
            assertArrayEquals(
                server.message(HandshakeType.FINISHED, false).octets(), server.ownFinished, "our Finished");
        }
    }

    /** Determined are all messages but a CertificateRequest's types and names, and extensions of ServerHello. */
    private static void assertServerFlight(final Connection connection, final TlcpReplay server)
    {
        final List<Message> recorded = connection.messages().stream()
            .filter(message -> !message.byClient() && !message.isFinished() &&
                message.octets()[0] != HandshakeType.NEW_SESSION_TICKET).toList();
        assertEquals(recorded.size(), server.sentMessages.size());
        for (int i = 0; i < recorded.size(); i++)
        {
            final int type = recorded.get(i).octets()[0];
            final String expected = Vectors.hex(recorded.get(i).octets());
            final String sent = server.sentMessages.get(i);
            if (type == HandshakeType.CERTIFICATE_REQUEST ||
                (type == HandshakeType.SERVER_HELLO && expected.length() != sent.length()))
            {
                assertEquals(expected.substring(0, 2), sent.substring(0, 2));
            }
            else
            {
                assertEquals(expected, sent);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fullConnections")
    void shouldBeServedByRecordedServers(final Connection connection)
    {
        final TlcpReplay client = new TlcpReplay(connection, true, Kernels.scalar());
        for (final Message message : connection.messages())
        {
            if (!message.byClient() && !message.isFinished())
            {
                client.feed(ContentType.HANDSHAKE, message.octets());
            }
        }
        final List<String> expected = connection.messages().stream()
            .filter(message -> message.byClient() && !message.isFinished() &&
                message.octets()[0] != HandshakeType.CLIENT_HELLO)
            .map(message -> Vectors.hex(message.octets())).toList();
        assertEquals(expected, client.sentMessages);
        assertArrayEquals(client.message(HandshakeType.FINISHED, true).octets(), client.ownFinished, "our Finished");

        client.feed(ContentType.CHANGE_CIPHER_SPEC, CHANGE_CIPHER_SPEC);
        feedRecords(connection, client, false);
        assertEstablished(connection, client);
        if (hasTicket(connection))
        {
            final String recorded = Vectors.hex(client.message(HandshakeType.NEW_SESSION_TICKET, false).octets());
            final ClientResumption next = client.core.resumption();
            assertTrue(next.ticketLength() > 100, "tickets of foreign stacks are remembered");
            assertEquals(recorded.substring(recorded.length() - 2 * next.ticketLength()),
                TlcpReplay.hex(next.memory(), next.ticketOffset(), next.ticketLength()));
        }
    }

    private static void feedRecords(final Connection connection, final TlcpReplay side, final boolean byClient)
    {
        final ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (final ProtectedRecord record : connection.records())
        {
            if (record.byClient() == byClient)
            {
                side.feed(record.contentType(), record.fragment());
                if (record.contentType() == ContentType.APPLICATION_DATA)
                {
                    content.writeBytes(record.plaintext());
                }
            }
        }
        assertArrayEquals(content.toByteArray(), side.content.toByteArray(), "application data");
    }

    private static void assertEstablished(final Connection connection, final TlcpReplay side)
    {
        assertTrue((side.core.status(side.slot) & StreamCore.ESTABLISHED) != 0,
            () -> Integer.toHexString(side.outcome) + " " + side.core.history(side.slot));
        assertEquals(
            Integer.parseInt(connection.suite(), 16), TlcpParameters.suite(side.core.parameters(side.slot)));
        assertEquals(List.of("CLIENT_RANDOM " + Vectors.hex(connection.value("client_random")) + " " +
            Vectors.hex(connection.value("master_secret"))), side.keyLog);
    }
}
