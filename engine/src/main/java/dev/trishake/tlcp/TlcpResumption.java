// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.wire.tlcp.CipherSuite;
import dev.trishake.wire.tlcp.ClientHelloDecoder;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * Sessions that may be resumed by their IDs: master secrets that outlive their connections, outside the heap, bounded,
 * wiped when they are given up.
 *
 * <pre>
 *  0      32       80      84          88          96       128
 * +------+--------+-------+-----------+-----------+--------+
 * | ID   | master | suite | a client  | until when|        |
 * |      | secret |       | had certs |           |        |
 * +------+--------+-------+-----------+-----------+--------+
 * </pre>
 *
 * <p>A server's IDs are its own random octets, so their first bits choose one of the sets of four places; where all are
 * taken, the one that would end first is given up. A client remembers the last session alone, in the first place.
 */
final class TlcpResumption
{
    private static final int ID_LENGTH = Tlcp.MAX_SESSION_ID_LENGTH;
    private static final int MASTER = ID_LENGTH;
    private static final int SUITE = MASTER + TlcpSession.MASTER_LENGTH;
    private static final int AUTHENTICATED = SUITE + Integer.BYTES;
    private static final int UNTIL_NS = AUTHENTICATED + Integer.BYTES;
    private static final int STRIDE = 128;
    private static final int WAYS = 4;
    private static final int NONE = -1;

    private final TlcpConfig config;
    private final int sets;
    private final UnsafeBuffer ofServers;
    private final UnsafeBuffer ofClient = new UnsafeBuffer(ByteBuffer.allocateDirect(STRIDE));

    TlcpResumption(final TlcpConfig config)
    {
        this.config = config;
        sets = Math.max(1, config.cachedSessions / WAYS);
        ofServers = new UnsafeBuffer(ByteBuffer.allocateDirect(isOn() ? sets * WAYS * STRIDE : STRIDE));
    }

    boolean isOn()
    {
        return config.cachedSessions > 0;
    }

    /** Gives a client's session what it offers; answers the length of the ID, 0 when there is none. */
    int offer(final TlcpSession session, final long nowNs)
    {
        if (!isOn() || ofClient.getInt(SUITE) == 0 || ofClient.getLong(UNTIL_NS) - nowNs < 0)
        {
            return 0;
        }
        load(session, ofClient, 0);
        return ID_LENGTH;
    }

    /** Gives a server's session what its client asks for; answers whether it goes on from there. */
    boolean resume(
        final TlcpSession session, final DirectBuffer messages, final ClientHelloDecoder hello, final long nowNs)
    {
        if (!isOn() || hello.sessionIdLength() != ID_LENGTH)
        {
            return false;
        }
        final int entry = find(messages, hello.sessionIdOffset());
        if (entry == NONE || ofServers.getLong(entry + UNTIL_NS) - nowNs < 0)
        {
            return false;
        }
        final int suite = ofServers.getInt(entry + SUITE);
        final boolean authenticated = ofServers.getInt(entry + AUTHENTICATED) != 0;
        if (!hello.offers(suite) || !isAllowed(suite) ||
            (config.clientAuthentication == ClientAuthentication.NEED && !authenticated))
        {
            return false; // an ID that is not good any more is no fault
        }
        load(session, ofServers, entry);
        return true;
    }

    private boolean isAllowed(final int suite)
    {
        for (final int allowed : config.suites)
        {
            if (allowed == suite)
            {
                return true;
            }
        }
        return false;
    }

    private static void load(final TlcpSession session, final UnsafeBuffer from, final int entry)
    {
        session.memory().putBytes(session.at(TlcpSession.SESSION_ID), from, entry, ID_LENGTH);
        session.memory().putBytes(session.at(TlcpSession.MASTER), from, entry + MASTER, TlcpSession.MASTER_LENGTH);
        session.set(TlcpSession.SESSION_ID_LENGTH, ID_LENGTH);
        session.set(TlcpSession.SUITE, from.getInt(entry + SUITE));
    }

    /** Remembers a session that has just been established, unless its server gave it no ID. */
    void remember(final TlcpSession session, final long nowNs)
    {
        if (!isOn() || session.get(TlcpSession.SESSION_ID_LENGTH) != ID_LENGTH)
        {
            return;
        }
        final boolean isClient = session.is(TlcpSession.IS_CLIENT);
        final UnsafeBuffer to = isClient ? ofClient : ofServers;
        final int known = isClient ? 0 : find(session.memory(), session.at(TlcpSession.SESSION_ID));
        if (known != NONE && !isClient)
        {
            return; // resumed: its time goes on
        }
        final int entry = isClient ? 0 : place(session);
        to.putBytes(entry, session.memory(), session.at(TlcpSession.SESSION_ID), ID_LENGTH);
        to.putBytes(
            entry + MASTER, session.memory(), session.at(TlcpSession.MASTER), TlcpSession.MASTER_LENGTH);
        to.putInt(entry + SUITE, session.get(TlcpSession.SUITE));
        to.putInt(entry + AUTHENTICATED,
            CipherSuite.isEcdhe(session.get(TlcpSession.SUITE)) ? 1 : session.get(TlcpSession.KIND) &
                TlcpFlights.CLIENT_CERTIFICATE);
        to.putLong(entry + UNTIL_NS, nowNs + config.cachedSessionLifetimeNs);
    }

    /** Forgets a session that ended by a fatal alert. */
    void forget(final TlcpSession session)
    {
        if (!isOn() || session.get(TlcpSession.SESSION_ID_LENGTH) != ID_LENGTH)
        {
            return;
        }
        if (session.is(TlcpSession.IS_CLIENT))
        {
            ConstantTime.wipe(ofClient, 0, STRIDE);
            return;
        }
        final int entry = find(session.memory(), session.at(TlcpSession.SESSION_ID));
        if (entry != NONE)
        {
            ConstantTime.wipe(ofServers, entry, STRIDE);
        }
    }

    private int first(final DirectBuffer id, final int offset)
    {
        return (id.getInt(offset) & (sets - 1)) * WAYS * STRIDE;
    }

    /** IDs are public: time may tell where they differ. */
    private int find(final DirectBuffer id, final int offset)
    {
        final int first = first(id, offset);
        for (int entry = first; entry < first + WAYS * STRIDE && isOn(); entry += STRIDE)
        {
            if (ofServers.getInt(entry + SUITE) != 0 && ConstantTime.equal(ofServers, entry, id, offset, ID_LENGTH))
            {
                return entry;
            }
        }
        return NONE;
    }

    private int place(final TlcpSession session)
    {
        final int first = first(session.memory(), session.at(TlcpSession.SESSION_ID));
        int oldest = first;
        for (int entry = first; entry < first + WAYS * STRIDE; entry += STRIDE)
        {
            if (ofServers.getInt(entry + SUITE) == 0)
            {
                return entry;
            }
            if (ofServers.getLong(entry + UNTIL_NS) - ofServers.getLong(oldest + UNTIL_NS) < 0)
            {
                oldest = entry;
            }
        }
        return oldest;
    }
}
