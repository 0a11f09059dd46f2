// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.core.Outcome;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.wire.tlcp.Alert;
import dev.trishake.wire.tlcp.CipherSuite;
import dev.trishake.wire.tlcp.ContentType;
import dev.trishake.wire.tlcp.ExtensionType;
import dev.trishake.wire.tlcp.HandshakeType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import static dev.trishake.tlcp.TlcpHandshakeTest.GCM;
import static dev.trishake.tlcp.TlcpHandshakeTest.establish;
import static dev.trishake.tlcp.TlcpHandshakeTest.exchange;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Sessions that go on from earlier ones, by their IDs and by tickets, on the same agent and on another. */
class TlcpResumptionTest
{
    private static final Kernels KERNELS = Kernels.scalar();
    private static final int CBC = CipherSuite.ECC_SM4_CBC_SM3;
    private static final long LIFETIME_NS = 10_000_000_000L;

    private final TlcpSessionCache cache = new TlcpSessionCache(2, 64, LIFETIME_NS, Entropy.seeded(11));
    private final TlcpTicketKeys keys = new TlcpTicketKeys(LIFETIME_NS, Entropy.seeded(12));

    private TlcpConfig byId(final int shard, final int... suites)
    {
        return TlcpPair.serverConfig(suites).sessionCache(cache, shard);
    }

    private TlcpConfig byTicket(final int... suites)
    {
        return TlcpPair.serverConfig(suites).tickets(LIFETIME_NS).ticketKeys(keys);
    }

    private static TlcpConfig client(final int... suites)
    {
        return TlcpPair.clientConfig(suites).credentials(TestIdentity.credentials(TestIdentity.CLIENT))
            .resumption(4, LIFETIME_NS);
    }

    private static TlcpConfig clientWithTickets(final int... suites)
    {
        return client(suites).tickets(LIFETIME_NS);
    }

    private static TlcpPair pair(final TlcpConfig client, final TlcpConfig server)
    {
        return new TlcpPair(client, server, KERNELS);
    }

    /** Shakes hands, exchanges bytes, closes; answers whether the session was resumed. */
    private static boolean isNextResumed(final TlcpPair pair)
    {
        final int slot = pair.open();
        establish(pair, slot);
        final boolean isResumed = TlcpParameters.isResumed(pair.server.core.parameters(slot));
        assertEquals(isResumed, TlcpParameters.isResumed(pair.client.core.parameters(slot)));
        exchange(pair, slot);
        pair.close(slot);
        return isResumed;
    }

    @ParameterizedTest
    @ValueSource(ints = {CipherSuite.ECC_SM4_GCM_SM3, CipherSuite.ECC_SM4_CBC_SM3, CipherSuite.ECDHE_SM4_GCM_SM3,
        CipherSuite.ECDHE_SM4_CBC_SM3})
    void shouldResumeOnAnotherAgentByIdAndByTicket(final int suite)
    {
        final TlcpPair ids = pair(client(suite), byId(0, suite));
        assertFalse(isNextResumed(ids));
        assertTrue(isNextResumed(ids.meetAnother(byId(1, suite), KERNELS)));
        assertTrue(isNextResumed(ids), "a resumed session stays in the shard of who made it");
        final TlcpPair tickets = pair(clientWithTickets(suite), byTicket(suite));
        assertFalse(isNextResumed(tickets));
        assertTrue(isNextResumed(tickets.meetAnother(byTicket(suite), KERNELS)));
        assertTrue(isNextResumed(tickets), "a ticket is good more than once");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeginAnewOnceTheTimeIsOver(final boolean tickets)
    {
        final TlcpPair pair = tickets ? pair(clientWithTickets(GCM), byTicket(GCM)) : pair(client(GCM), byId(0, GCM));
        pair.nowNs += 1;
        assertFalse(isNextResumed(pair));
        pair.nowNs += LIFETIME_NS;
        assertTrue(isNextResumed(pair), "the last moment");
        pair.nowNs += 1;
        assertFalse(isNextResumed(pair));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotLeaveTheTimeToClients(final boolean tickets)
    {
        final TlcpPair pair = tickets ? pair(clientWithTickets(GCM), byTicket(GCM)) : pair(client(GCM), byId(0, GCM));
        assertFalse(isNextResumed(pair));
        pair.nowNs += LIFETIME_NS + 1;
        pair.client.core.resumption().memory().putLong(
            ClientResumption.STATE + ResumptionState.UNTIL_NS, Long.MAX_VALUE);
        assertFalse(isNextResumed(pair), "the client offers it for ever");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldResumeOnlyWithItsSuite(final boolean tickets)
    {
        final TlcpPair pair = tickets ? pair(clientWithTickets(GCM, CBC), byTicket(GCM, CBC)) :
            pair(client(GCM, CBC), byId(0, GCM, CBC));
        assertFalse(isNextResumed(pair));
        pair.meetAnother(tickets ? byTicket(CBC) : byId(1, CBC), KERNELS);
        assertFalse(isNextResumed(pair), "the agent does not take that suite any more");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAskForCertificatesThatAreNeededToday(final boolean tickets)
    {
        final TlcpPair pair = tickets ? pair(clientWithTickets(GCM), byTicket(GCM)) : pair(client(GCM), byId(0, GCM));
        assertFalse(isNextResumed(pair));
        pair.meetAnother((tickets ? byTicket(GCM) : byId(1, GCM)).clientAuthentication(ClientAuthentication.NEED),
            KERNELS);
        assertFalse(isNextResumed(pair), "the client has shown none");
        assertTrue(isNextResumed(pair), "now it has");
    }

    @ParameterizedTest
    @EnumSource
    void shouldKnowWhetherTheClientWasAuthenticated(final ClientAuthentication policy)
    {
        for (final TlcpPair pair : List.of(
            pair(client(GCM), byId(0, GCM).clientAuthentication(policy)),
            pair(clientWithTickets(GCM), byTicket(GCM).clientAuthentication(policy))))
        {
            for (final boolean isResumed : List.of(false, true, true))
            {
                final int slot = pair.open();
                establish(pair, slot);
                for (final TlcpPair.Side side : List.of(pair.client, pair.server))
                {
                    final long parameters = side.core.parameters(slot);
                    assertEquals(isResumed, TlcpParameters.isResumed(parameters));
                    assertEquals(policy != ClientAuthentication.NONE,
                        TlcpParameters.isClientAuthenticated(parameters), "resumed: " + isResumed);
                }
                pair.close(slot);
            }
        }
    }

    @Test
    void shouldForgetWhatEndedByAFatalAlertOnAnyAgent()
    {
        final TlcpPair pair = pair(client(GCM), byId(0, GCM));
        assertFalse(isNextResumed(pair));
        pair.meetAnother(byId(1, GCM), KERNELS);
        final int slot = pair.open();
        establish(pair, slot);
        assertTrue(TlcpParameters.isResumed(pair.server.core.parameters(slot)));
        pair.client.tamper = bytes ->
        {
            bytes[bytes.length - 1] ^= 1;
            return bytes;
        };
        pair.client.send(slot, new byte[10]);
        pair.run();
        pair.client.tamper = null;
        assertEquals(Outcome.peer(Alert.BAD_RECORD_MAC), pair.server.outcome[slot]);
        pair.close(slot);
        assertTrue(holdsSecrets(0), "only its owner wipes it");
        pair.meetAnother(byId(0, GCM), KERNELS);
        pair.server.core.keepHouse(pair.nowNs);
        for (int i = 0; i < 256; i++)
        {
            pair.server.core.keepHouse(pair.nowNs);
        }
        assertFalse(holdsSecrets(0));
    }

    private boolean holdsSecrets(final int shard)
    {
        for (int entry = 0; entry < cache.memory(shard).capacity(); entry += 128)
        {
            if (cache.memory(shard).getLong(entry + 48) != 0)
            {
                return true;
            }
        }
        return false;
    }

    @Test
    void shouldWipeSessionsOnceTheyAreOverAndAtTheEnd()
    {
        final TlcpPair pair = pair(client(GCM), byId(0, GCM));
        assertFalse(isNextResumed(pair));
        assertTrue(holdsSecrets(0));
        for (int i = 0; i < 256; i++)
        {
            pair.server.core.keepHouse(pair.nowNs + LIFETIME_NS);
        }
        assertTrue(holdsSecrets(0), "it is not over");
        for (int i = 0; i < 256; i++)
        {
            pair.server.core.keepHouse(pair.nowNs + LIFETIME_NS + 1);
        }
        assertFalse(holdsSecrets(0));
        assertFalse(isNextResumed(pair));
        assertTrue(holdsSecrets(0));
        cache.close();
        assertFalse(holdsSecrets(0));
        assertFalse(isNextResumed(pair));
    }

    @Test
    void shouldOpenTicketsOfTheKeyBeforeAndNoOlderOnes()
    {
        final TlcpPair pair = pair(clientWithTickets(GCM), byTicket(GCM));
        pair.server.core.keepHouse(pair.nowNs);
        pair.nowNs += LIFETIME_NS - 10;
        assertFalse(isNextResumed(pair));
        pair.nowNs += 10;
        pair.server.core.keepHouse(pair.nowNs);
        assertTrue(isNextResumed(pair), "sealed by the key before");
        pair.server.core.keepHouse(pair.nowNs + LIFETIME_NS);
        assertFalse(isNextResumed(pair), "its key is gone, though the time of this agent is not over");
        assertTrue(isNextResumed(pair));
    }

    @Test
    void shouldBeginAnewWithATicketThatDoesNotOpen()
    {
        for (int octet = 0; octet < TicketsOperation.TICKET_LENGTH; octet += 5)
        {
            final int wrong = octet;
            final TlcpPair pair = pair(clientWithTickets(GCM), byTicket(GCM));
            assertFalse(isNextResumed(pair));
            pair.client.core.resumption().memory().putByte(pair.client.core.resumption().ticketOffset() + wrong,
                (byte)(1 ^ pair.client.core.resumption().memory().getByte(
                    pair.client.core.resumption().ticketOffset() + wrong)));
            assertFalse(isNextResumed(pair), "octet " + wrong);
            assertTrue(isNextResumed(pair), "with the new ticket");
        }
    }

    @Test
    void shouldGiveTicketsOnlyToWhoAsksAndNoIdBesides()
    {
        final List<Integer> types = new ArrayList<>();
        final Consumer<byte[]> note = bytes -> RecordList.split(bytes).stream().filter(RecordList::isMessage)
            .forEach(record -> types.add((int)record[5]));
        final TlcpPair without = pair(client(GCM), byTicket(GCM).sessionCache(cache, 0));
        without.server.tamper = bytes ->
        {
            note.accept(bytes);
            return bytes;
        };
        assertFalse(isNextResumed(without));
        assertFalse(types.contains(HandshakeType.NEW_SESSION_TICKET));
        assertTrue(isNextResumed(without), "by its ID");
        types.clear();
        final TlcpPair with = pair(clientWithTickets(GCM), byTicket(GCM).sessionCache(cache, 0));
        with.server.tamper = bytes ->
        {
            note.accept(bytes);
            if (bytes[5] == HandshakeType.SERVER_HELLO)
            {
                assertEquals(0, bytes[43], "length of the session ID");
                assertEquals(ExtensionType.SESSION_TICKET, bytes[50], "the extension's type");
            }
            return bytes;
        };
        assertFalse(isNextResumed(with));
        assertTrue(types.contains(HandshakeType.NEW_SESSION_TICKET));
    }

    /** Promised, it must come, whole, at its place; not promised, it must not. */
    @Test
    void shouldRefuseTicketsThatAreDamagedOrHaveNoPlace()
    {
        final int messageLength = 4 + Short.BYTES + TicketsOperation.TICKET_LENGTH;
        for (int length = -1; length < messageLength; length += 3)
        {
            final int cut = length;
            final TlcpPair pair = pair(clientWithTickets(GCM), byTicket(GCM));
            pair.server.tamper = bytes ->
            {
                final List<byte[]> records = RecordList.split(bytes);
                if (records.getFirst()[5] == HandshakeType.NEW_SESSION_TICKET)
                {
                    records.set(0, cut < 0 ? new byte[0] : RecordList.resize(records.getFirst(), cut));
                }
                return RecordList.join(records);
            };
            assertRefused(pair, cut < 0 ? Alert.UNEXPECTED_MESSAGE : Alert.DECODE_ERROR);
        }
        final TlcpPair pair = pair(client(GCM), byId(0, GCM));
        pair.server.tamper = bytes -> bytes[0] != ContentType.CHANGE_CIPHER_SPEC ? bytes : RecordList.join(List.of(
            RecordList.record(ContentType.HANDSHAKE, HandshakeType.NEW_SESSION_TICKET, 0, 0, 6, 0, 0, 0, 9, 0, 0),
            bytes));
        assertRefused(pair, Alert.UNEXPECTED_MESSAGE);
    }

    private static void assertRefused(final TlcpPair pair, final int alert)
    {
        final int slot = pair.open();
        pair.run();
        assertEquals(Outcome.peer(alert), pair.client.outcome[slot]);
        assertFalse(pair.client.isEstablished(slot));
        pair.close(slot);
    }

    /** Names, protocols, tickets and IDs, full and resumed, with any octets of any flight changed. */
    @Test
    void shouldSurviveWhateverIsChanged()
    {
        final TlcpPair pair = pair(
            clientWithTickets(GCM, CBC).serverName("a.example").protocols("h2", "http/1.1"),
            byTicket(GCM, CBC).sessionCache(cache, 0).protocols("http/1.1")
                .credentials("*.example", TestIdentity.credentials(TestIdentity.SERVER)));
        final int[] established = new int[2];
        Seeded.forEach(Scale.pick(400, 20_000), random ->
        {
            final int flight = random.nextInt(8); // there are four: every other handshake is left alone
            final int[] seen = new int[1];
            final UnaryOperator<byte[]> damage = bytes ->
            {
                if (seen[0]++ == flight)
                {
                    Seeded.mutate(random, bytes, 1 + random.nextInt(3));
                }
                return bytes;
            };
            pair.client.tamper = damage;
            pair.server.tamper = damage;
            final int slot = pair.open();
            pair.run();
            assertNotEquals(Outcome.peer(Alert.INTERNAL_ERROR), pair.client.outcome[slot]);
            assertNotEquals(Outcome.peer(Alert.INTERNAL_ERROR), pair.server.outcome[slot]);
            if (pair.client.isEstablished(slot) && pair.server.isEstablished(slot))
            {
                established[TlcpParameters.isResumed(pair.server.core.parameters(slot)) ? 1 : 0]++;
            }
            pair.close(slot);
        });
        assertTrue(established[0] > 10 && established[1] > 10, () -> Arrays.toString(established));
        assertEquals(0, pair.server.core.memory().transcripts.active());
    }

    @Test
    void shouldIgnoreTicketsWhereTheyAreOff()
    {
        final TlcpPair pair = pair(clientWithTickets(GCM), byTicket(GCM));
        assertFalse(isNextResumed(pair));
        assertFalse(isNextResumed(pair.meetAnother(TlcpPair.serverConfig(GCM), KERNELS)));
    }

    @Test
    void shouldSealUnderANewNonceEachTime()
    {
        final TlcpPair pair = pair(clientWithTickets(GCM), byTicket(GCM));
        final List<String> tickets = new ArrayList<>();
        for (int i = 0; i < 2; i++)
        {
            assertFalse(isNextResumed(pair));
            tickets.add(TlcpReplay.hex(pair.client.core.resumption().memory(),
                pair.client.core.resumption().ticketOffset(), TicketsOperation.TICKET_LENGTH));
            pair.client.core.close();
        }
        assertEquals(tickets.get(0).substring(0, 32), tickets.get(1).substring(0, 32), "the key's name");
        assertNotEquals(tickets.get(0).substring(32, 56), tickets.get(1).substring(32, 56), "nonces");
    }
}
