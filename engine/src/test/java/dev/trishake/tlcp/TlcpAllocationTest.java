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
    @CsvSource({"false,e053,NONE", "false,e013,WANT", "false,e051,NEED", "true,e011,NEED"})
    void shouldAllocateNothingFromHelloToClose(
        final boolean resumed, final String suiteName, final ClientAuthentication authentication)
    {
        final int suite = Integer.parseInt(suiteName, 16);
        final TlcpPair pair = TlcpHandshakeTest.pair(
            TlcpPair.clientConfig(suite).resumption(resumed ? 4 : 0, Long.MAX_VALUE / 4)
                .credentials(CipherSuite.isEcdhe(suite) ? TestIdentity.credentials(TestIdentity.CLIENT) : null),
            TlcpPair.serverConfig(suite).resumption(resumed ? 4 : 0, Long.MAX_VALUE / 4)
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
            }
            return done;
        });
    }

}
