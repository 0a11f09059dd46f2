// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.crypto.Kernels;
import dev.trishake.gquic.GquicConfig;
import dev.trishake.identity.GquicTrust;
import dev.trishake.identity.IdentityException;
import dev.trishake.identity.PeerName;
import dev.trishake.support.Allocation;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Two agents, each a side of gQUIC: connections opened, echoed over and closed allocate nothing on either. */
class GquicAllocationTest
{
    private static final int ROUND = 16;
    private static final int PATIENCE = 1_000_000;
    private static final UnsafeBuffer TEXT =
        new UnsafeBuffer("hello, world".getBytes(StandardCharsets.US_ASCII));

    private DatagramRig rig;

    /** Sends a text once it may, and closes when it is back. */
    private static final class Client implements SessionHandler
    {
        private int echoed;
        private int closed;
        private int failed;

        @Override
        public void onEstablished(final Session session)
        {
            session.send(TEXT, 0, TEXT.capacity());
        }

        @Override
        public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
        {
            echoed++;
            session.close();
            return length;
        }

        @Override
        public void onClosed(final Session session)
        {
            closed++;
        }

        @Override
        public void onFailed(final Session session, final int reason)
        {
            failed++;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAllocateNothing(final boolean isResuming) throws IdentityException
    {
        final SessionHandler echo = (session, buffer, offset, length) -> session.send(buffer, offset, length);
        final Client client = new Client();
        try (GquicProtocol serves = GquicProtocol.server(
                Kernels.scalar(), GquicConfig::new, GquicEngineTest.identity("ecdsa"));
            GquicProtocol dials = GquicProtocol.client(Kernels.scalar(), GquicConfig::new,
                GquicTrust.load(GquicEngineTest.pki("ca.pem")), "localhost", PeerName.ANY)
                .clientSettings(settings -> settings.resumption(isResuming));
            DatagramRig made = new DatagramRig(serves, dials, echo, client))
        {
            rig = made;
            while (client.echoed < ROUND) // the verdict on certificates takes real time, and here none passes
            {
                round(client);
            }
            final int failed = client.failed;
            Allocation.assertNone(ROUND, () -> round(client));
            assertEquals(failed, client.failed);
            assertTrue(rig.errors.isEmpty(), rig.errors::toString);
            assertEquals(client.echoed, rig.count("server SessionsEstablished"));
        }
    }

    private long round(final Client client)
    {
        final int before = client.echoed;
        for (int i = 0; i < ROUND; i++)
        {
            assertTrue(rig.connect() > 0);
            final int closed = client.closed + client.failed + 1;
            for (int turns = 0; client.closed + client.failed < closed; turns++)
            {
                assertTrue(turns < PATIENCE, "stuck");
                rig.turns(1);
            }
        }
        return (long)client.echoed - before;
    }
}
