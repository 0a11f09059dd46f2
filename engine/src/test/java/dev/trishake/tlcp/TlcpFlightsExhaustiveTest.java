// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.support.Exhaustive;
import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Walks all sequences of messages, each until its first unexpected one, against a model that knows no table: regular
 * expressions written from the standard's picture of the handshake.
 */
class TlcpFlightsExhaustiveTest
{
    /** One letter for each message, in the order of the enum. */
    private static final String LETTERS = "hHCKRDcXVaFTAG";
    private static final List<TlcpMessage> MESSAGES = List.of(TlcpMessage.values());

    @Test
    void shouldExpectWhatTheStandardExpects()
    {
        final Exhaustive all = new Exhaustive();
        final Set<String> whole = new HashSet<>();
        int refused = 0;
        while (all.next())
        {
            // what the content of messages says: an echoed session ID, a promised ticket, an empty list
            final boolean resumed = all.flip();
            final boolean ticket = all.flip();
            final boolean empty = all.flip();
            final Pattern model = Pattern.compile(resumed ?
                "hH" + (ticket ? "T" : "") + "AGaF" :
                "hHCK(DX|RDcX" + (empty ? "" : "V") + ")aF" + (ticket ? "T" : "") + "AG");

            final StringBuilder sequence = new StringBuilder();
            int kind = 0;
            boolean expected = true;
            while (expected && !model.matcher(sequence).matches())
            {
                final int choice = all.choose(MESSAGES.size());
                final TlcpMessage message = MESSAGES.get(choice);
                final int index = sequence.length();
                sequence.append(LETTERS.charAt(choice));
                final Matcher matcher = model.matcher(sequence);
                expected = matcher.matches() || matcher.hitEnd();
                final int learnt = TlcpFlights.learn(kind, index, message);
                assertEquals(expected, learnt != TlcpFlights.UNEXPECTED, () -> sequence + " " + all);
                if (expected)
                {
                    kind = learnt | learnFromContent(message, resumed, ticket, empty);
                    assertTrue(TlcpFlights.isPossible(kind));
                }
            }
            if (expected)
            {
                assertEquals(sequence.length(), TlcpFlights.length(kind), sequence::toString);
                for (final TlcpMessage more : TlcpMessage.values())
                {
                    assertEquals(TlcpFlights.UNEXPECTED, TlcpFlights.learn(kind, sequence.length(), more));
                }
                whole.add(sequence.toString());
            }
            refused += expected ? 0 : 1;
        }
        assertEquals(Set.of(
            "hHCKDXaFAG", "hHCKDXaFTAG", "hHCKRDcXaFAG", "hHCKRDcXaFTAG", "hHCKRDcXVaFAG", "hHCKRDcXVaFTAG",
            "hHAGaF", "hHTAGaF"), whole);
        assertTrue(refused > 700, "refused sequences: " + refused);
    }

    @Test
    void shouldStandWhereOpenSslStands()
    {
        final Set<String> names = new HashSet<>();
        for (final TlcpState state : TlcpState.values())
        {
            assertTrue(names.add(state.openSslName()), state::toString);
        }
        final Set<TlcpState> reached = new HashSet<>(Set.of(TlcpState.BEFORE, TlcpState.ESTABLISHED));
        for (final TlcpMessage message : TlcpMessage.values())
        {
            for (final boolean atClient : new boolean[] {false, true})
            {
                final TlcpState state = message.state(atClient);
                assertTrue(reached.add(state), state::toString);
                // C or S for the side, W or R for what it did
                final String prefix = "TLS_ST_" + (atClient ? "C" : "S") +
                    (message.isFromClient() == atClient ? "W" : "R") + "_";
                assertTrue(state.openSslName().startsWith(prefix), state.openSslName());
                assertTrue(state.name().startsWith(atClient ? "CLIENT_" : "SERVER_"));
            }
            assertEquals(message, TlcpMessage.of(message.handshakeType(), message.isFromClient()));
        }
        assertEquals(Set.of(TlcpState.values()), reached);
        assertEquals(null, TlcpMessage.of(0, true));
        assertNotNull(TlcpMessage.of(TlcpMessage.NO_HANDSHAKE_TYPE, false));
    }

    @Test
    void shouldKnowWhichKindsThereAre()
    {
        int possible = 0;
        for (int kind = 0; kind < 16; kind++)
        {
            possible += TlcpFlights.isPossible(kind) ? 1 : 0;
        }
        assertEquals(8, possible);
        assertFalse(TlcpFlights.isPossible(TlcpFlights.CLIENT_CERTIFICATE));
        assertFalse(TlcpFlights.isPossible(TlcpFlights.RESUMED | TlcpFlights.CLIENT_AUTH));
        assertEquals(TlcpMessage.CLIENT_HELLO, TlcpFlights.at(0, 0));
    }

    private static int learnFromContent(
        final TlcpMessage message, final boolean resumed, final boolean ticket, final boolean empty)
    {
        return switch (message)
        {
            case SERVER_HELLO -> (resumed ? TlcpFlights.RESUMED : 0) | (ticket ? TlcpFlights.TICKET : 0);
            case CLIENT_CERTIFICATE -> empty ? 0 : TlcpFlights.CLIENT_CERTIFICATE;
            default -> 0;
        };
    }
}
