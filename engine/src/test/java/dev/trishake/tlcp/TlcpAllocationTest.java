// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.support.Allocation;
import dev.trishake.wire.tlcp.CipherSuite;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlcpAllocationTest
{
    private static final int HANDSHAKES = 20;

    @ParameterizedTest
    @CsvSource({"NO,e053,NONE", "NO,e013,WANT", "NO,e051,NEED", "ID,e011,NEED", "TICKET,e053,NONE"})
    void shouldAllocateNothingFromHelloToClose(
        final String resumption, final String suiteName, final ClientAuthentication authentication)
    {
        final boolean resumed = "ID".equals(resumption);
        final long ticketLifetimeNs = "TICKET".equals(resumption) ? Long.MAX_VALUE / 4 : 0;
        final int suite = Integer.parseInt(suiteName, 16);
        final TlcpPair pair = TlcpHandshakeTest.pair(
            TlcpPair.clientConfig(suite).resumption(resumed ? 4 : 0, Long.MAX_VALUE / 4)
                .tickets(ticketLifetimeNs).serverName("a.example").protocols("h2")
                .credentials(CipherSuite.isEcdhe(suite) ? TestIdentity.credentials(TestIdentity.CLIENT) : null),
            TlcpPair.serverConfig(suite).resumption(resumed ? 4 : 0, Long.MAX_VALUE / 4)
                .tickets(ticketLifetimeNs).protocols("http/1.1", "h2").keyLog((secrets, random, master) -> {})
                .credentials("*.example", TestIdentity.credentials(TestIdentity.SERVER))
                .clientAuthentication(authentication));
        final UnsafeBuffer text = new UnsafeBuffer(new byte[100]);
        Allocation.assertNone(HANDSHAKES, () ->
        {
            long done = 0;
            for (int i = 0; i < HANDSHAKES; i++)
            {
                final int slot = pair.open();
                pair.run();
                pair.client.core.send(slot, text, 0, text.capacity(), pair.nowNs, pair.client.outbox);
                pair.run();
                pair.server.core.send(slot, text, 0, text.capacity(), pair.nowNs, pair.server.outbox);
                pair.run();
                pair.client.core.shutdown(slot, pair.nowNs, pair.client.outbox);
                pair.run();
                done += pair.client.isEstablished(slot) && pair.server.isEstablished(slot) &&
                    pair.client.receivedLength[slot] == 100 && pair.server.receivedLength[slot] == 100 &&
                    pair.client.shut[slot] ? 1 : 0;
                pair.close(slot);
                pair.server.core.keepHouse(pair.nowNs);
            }
            return done;
        });
    }

}
