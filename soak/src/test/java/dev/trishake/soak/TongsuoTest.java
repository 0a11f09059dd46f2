// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.soak.tongsuo.OurPeer;
import dev.trishake.soak.tongsuo.TongsuoContext;
import dev.trishake.soak.tongsuo.TongsuoPeers;
import dev.trishake.soak.tongsuo.TongsuoPeers.Greeting;
import dev.trishake.soak.tongsuo.TongsuoServer;
import dev.trishake.soak.tongsuo.TongsuoServer.Conversation;
import dev.trishake.tlcp.ClientAuthentication;
import dev.trishake.tlcp.TlcpConfig;
import dev.trishake.wire.tlcp.CipherSuite;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Live, on loopback, with Tongsuo's own libssl in this process: each suite in both roles, with a client's certificates,
 * data there and back, close_notify both ways, a second session that goes on from the first, and the same key log.
 */
class TongsuoTest
{
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);

    @TempDir
    private static Path pki;

    private static TongsuoPeers peers;

    @BeforeAll
    static void load() throws Exception
    {
        peers = TongsuoPeers.in(pki);
    }

    /** GCM by tickets, CBC by IDs: what a peer that has both does is left to the suite. */
    private static boolean byTicket(final int suite)
    {
        return CipherSuite.isGcm(suite);
    }

    @Test
    void shouldServeTongsuo() throws Exception
    {
        final List<String> theirLog = new ArrayList<>();
        final Path ourLog = pki.resolve("server.log");
        try (KeyLogFile keyLog = KeyLogFile.open(ourLog);
            OurPeer server = OurPeer.server(pki, () -> OurPeer.config().keyLog(keyLog).tickets(HOUR_NS)
                .resumption(4, HOUR_NS).clientAuthentication(ClientAuthentication.WANT)))
        {
            for (final int suite : TongsuoPeers.suites())
            {
                try (TongsuoContext client = peers.client(suite))
                {
                    final Greeting first =
                        TongsuoPeers.greet(byTicket(suite) ? client : client.withoutTickets(), server, null);
                    assertEquals(TongsuoPeers.name(suite) + " peer localhost hello bye", first.agreed());
                    assertEquals(CipherSuite.name(suite) + " authenticated, end, closed", server.session());
                    assertEquals(TongsuoPeers.name(suite) + " resumed peer localhost hello bye",
                        TongsuoPeers.greet(client, server, first).agreed());
                    assertEquals(CipherSuite.name(suite) + " resumed authenticated, end, closed", server.session());
                    theirLog.addAll(client.keyLog());
                }
            }
        }
        assertEquals(theirLog, Files.readAllLines(ourLog), "octet for octet");
    }

    @Test
    void shouldDialTongsuo() throws Exception
    {
        for (final int suite : TongsuoPeers.suites())
        {
            final TongsuoContext context = peers.server(TongsuoPeers.suites());
            final Path ourLog = pki.resolve(suite + ".log");
            try (TongsuoServer server =
                new TongsuoServer(byTicket(suite) ? context : context.withoutTickets(), Conversation.ECHO);
                KeyLogFile keyLog = KeyLogFile.open(ourLog);
                OurPeer client = OurPeer.client(pki, "client", "localhost",
                    () -> resuming(OurPeer.config().suites(suite).keyLog(keyLog), byTicket(suite))))
            {
                for (final String resumed : List.of("", " resumed"))
                {
                    client.connect(server.port(), TongsuoPeers.HELLO);
                    assertEquals(CipherSuite.name(suite) + resumed + " authenticated, end, closed", client.session());
                    assertArrayEquals(TongsuoPeers.HELLO, client.received());
                    assertEquals(TongsuoPeers.name(suite) + resumed + " peer client", server.next());
                }
                assertEquals(context.keyLog(), Files.readAllLines(ourLog), "octet for octet");
            }
        }
    }

    private static TlcpConfig resuming(final TlcpConfig config, final boolean byTicket)
    {
        return byTicket ? config.tickets(HOUR_NS) : config.resumption(1, HOUR_NS);
    }
}
