// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.Sm2;
import dev.trishake.crypto.sm.Sm2Identity;
import dev.trishake.crypto.sm.Sm2KeyExchange;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Agrees on the pre-master secret of an ECDHE suite: the key exchange of SM2 between both encryption keys and both
 * ephemeral ones, with the server as initiator A.
 */
final class AgreeOperation extends TlcpOperation
{
    private final Sm2Identity identity;
    private final Sm2KeyExchange exchange;
    private final UnsafeBuffer identities = new UnsafeBuffer(new byte[2 * Sm2Identity.LENGTH]);

    AgreeOperation(final TlcpMemory memory, final Kernels kernels)
    {
        super(memory, Sm2.LANES);
        identity = new Sm2Identity(kernels);
        exchange = new Sm2KeyExchange(kernels, Tlcp.PRE_MASTER_SECRET_LENGTH);
    }

    @Override
    void execute(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            identity.add(lanes[i].memory(), encryptionKey(lanes[i]));
        }
        identity.run();
        for (int i = 0; i < count; i++)
        {
            add(i);
        }
        identity.clear();
        exchange.run();
        for (int i = 0; i < count; i++)
        {
            final TlcpSession session = lanes[i];
            session.clear(TlcpSession.RESULT_GOOD);
            if (exchange.succeeded(i))
            {
                exchange.result(i, session.memory(), session.at(TlcpSession.PRE_MASTER));
                session.raise(TlcpSession.RESULT_GOOD);
            }
            ConstantTime.wipe(session.memory(), session.at(TlcpSession.EPHEMERAL_KEY), Sm2.NUMBER_LENGTH);
        }
        exchange.clear();
    }

    private void add(final int lane)
    {
        final TlcpSession session = lanes[lane];
        final UnsafeBuffer own = session.memory();
        final TlcpCredentials credentials = memory.credentials(session);
        final boolean isServer = !session.is(TlcpSession.IS_CLIENT);
        identities.putBytes(isServer ? 0 : Sm2Identity.LENGTH, credentials.identities(),
            credentials.encryptionIdentityOffset(), Sm2Identity.LENGTH);
        identity.result(lane, identities, isServer ? Sm2Identity.LENGTH : 0);
        exchange.add(isServer, credentials.encryptionKey(), own, session.at(TlcpSession.EPHEMERAL_KEY),
            own, session.at(TlcpSession.EPHEMERAL_POINT), own, encryptionKey(session),
            own, session.at(TlcpSession.PEER_POINT), identities, 0);
    }
}
