// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What a session that is resumed goes on from, the same in the cache, in a ticket and in a client's memory.
 *
 * <pre>
 *  0               48      52      56         64           72
 * +---------------+-------+-------+----------+------------+
 * | master secret | suite | flags | until    | server     |
 * |               |       |       | when, ns | name's tag |
 * +---------------+-------+-------+----------+------------+
 * </pre>
 *
 * <p>Flags: bit 0, the client has shown certificates; bits 8 to 15, which of the server's credentials were shown.
 */
final class ResumptionState
{
    static final int LENGTH = 72;

    private static final int SUITE = TlcpSession.MASTER_LENGTH;
    private static final int FLAGS = SUITE + Integer.BYTES;
    static final int UNTIL_NS = FLAGS + Integer.BYTES;
    private static final int SERVER_NAME = UNTIL_NS + Long.BYTES;
    private static final int AUTHENTICATED = 1;
    private static final int CREDENTIALS_SHIFT = 8;

    private ResumptionState()
    {
    }

    /** Writes what a session leaves. */
    static void store(
        final TlcpSession session, final long untilNs, final MutableDirectBuffer to, final int offset)
    {
        to.putBytes(offset, session.memory(), session.at(TlcpSession.MASTER), TlcpSession.MASTER_LENGTH);
        to.putInt(offset + SUITE, session.get(TlcpSession.SUITE));
        to.putInt(offset + FLAGS, (session.isClientAuthenticated() ? AUTHENTICATED : 0) |
            session.get(TlcpSession.CREDENTIALS) << CREDENTIALS_SHIFT);
        to.putLong(offset + UNTIL_NS, untilNs);
        to.putLong(offset + SERVER_NAME, session.getLong(TlcpSession.SERVER_NAME));
    }

    /** Gives a session the master secret, the suite, and whether the client was authenticated. */
    static void load(final TlcpSession session, final DirectBuffer from, final int offset)
    {
        session.memory().putBytes(session.at(TlcpSession.MASTER), from, offset, TlcpSession.MASTER_LENGTH);
        session.set(TlcpSession.SUITE, suite(from, offset));
        if (isAuthenticated(from, offset))
        {
            session.raise(TlcpSession.AUTHENTICATED);
        }
    }

    /** {@return the suite; 0 where nothing was stored} */
    static int suite(final DirectBuffer buffer, final int offset)
    {
        return buffer.getInt(offset + SUITE);
    }

    static boolean isAuthenticated(final DirectBuffer buffer, final int offset)
    {
        return (buffer.getInt(offset + FLAGS) & AUTHENTICATED) != 0;
    }

    static int credentials(final DirectBuffer buffer, final int offset)
    {
        return buffer.getInt(offset + FLAGS) >>> CREDENTIALS_SHIFT;
    }

    static long serverName(final DirectBuffer buffer, final int offset)
    {
        return buffer.getLong(offset + SERVER_NAME);
    }

    static long untilNs(final DirectBuffer buffer, final int offset)
    {
        return buffer.getLong(offset + UNTIL_NS);
    }

    static boolean isOver(final DirectBuffer buffer, final int offset, final long nowNs)
    {
        return untilNs(buffer, offset) - nowNs < 0;
    }
}
