// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Entropy;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * What a client offers to go on from: the session that it was last established in, by its ID or by a ticket. A core is
 * the client of one server, so that one is enough; several connections may go on from it at once.
 *
 * <pre>
 *  0        4         8           40                     112
 * +--------+---------+-----------+----------------------+-------- - -
 * | ID's   | ticket's| session ID| ResumptionState      | ticket
 * | length | length  |           |                      |
 * +--------+---------+-----------+----------------------+-------- - -
 * </pre>
 */
final class ClientResumption
{
    private static final int ID_LENGTH = 0;
    private static final int TICKET_LENGTH = 4;
    private static final int ID = 8;
    static final int STATE = ID + Tlcp.MAX_SESSION_ID_LENGTH;
    private static final int TICKET = STATE + ResumptionState.LENGTH;
    private static final int MAX_TICKET_LENGTH = 8192;
    private static final long NS_PER_SECOND = 1_000_000_000;

    private final TlcpConfig config;
    private final Entropy entropy;
    private final UnsafeBuffer memory;
    private final int maxTicketLength;

    ClientResumption(final TlcpConfig config, final Entropy entropy)
    {
        this.config = config;
        this.entropy = entropy;
        // half a transcript: the rest of the hello must fit beside it
        maxTicketLength = asksForTickets() ? Math.min(MAX_TICKET_LENGTH, config.transcriptLength / 2) : 0;
        memory = new UnsafeBuffer(ByteBuffer.allocateDirect(TICKET + maxTicketLength));
    }

    boolean asksForTickets()
    {
        return config.ticketLifetimeNs > 0;
    }

    /** {@return where the ticket is that is offered now} */
    UnsafeBuffer memory()
    {
        return memory;
    }

    int ticketOffset()
    {
        return TICKET;
    }

    /** {@return length of the ticket that is offered now; 0 for none} */
    int ticketLength()
    {
        return memory.getInt(TICKET_LENGTH);
    }

    /**
     * Gives a session what it offers: an ID, or with a ticket one that is made up, as the server's echo alone will tell
     * that it is resumed (RFC 5077 3.4).
     */
    void offer(final TlcpSession session, final long nowNs)
    {
        keepHouse(nowNs);
        if (ResumptionState.suite(memory, STATE) == 0)
        {
            return;
        }
        final int id = session.at(TlcpSession.SESSION_ID);
        if (ticketLength() > 0)
        {
            entropy.nextBytes(session.memory(), id, Tlcp.MAX_SESSION_ID_LENGTH);
            session.set(TlcpSession.SESSION_ID_LENGTH, Tlcp.MAX_SESSION_ID_LENGTH);
        }
        else
        {
            session.memory().putBytes(id, memory, ID, memory.getInt(ID_LENGTH));
            session.set(TlcpSession.SESSION_ID_LENGTH, memory.getInt(ID_LENGTH));
        }
        ResumptionState.load(session, memory, STATE);
    }

    /** Remembers a session that has just been established, if its server gave it an ID or a ticket. */
    void remember(final TlcpSession session, final UnsafeBuffer messages, final int messagesOffset, final long nowNs)
    {
        final int ticketLength = session.get(TlcpSession.TICKET_LENGTH);
        final boolean isResumed = (session.get(TlcpSession.KIND) & TlcpFlights.RESUMED) != 0;
        if (ticketLength > 0 && ticketLength <= maxTicketLength)
        {
            wipe();
            final long hintNs = (session.get(TlcpSession.TICKET_LIFETIME) & 0xffff_ffffL) * NS_PER_SECOND;
            final long lifetimeNs = hintNs == 0 ? config.ticketLifetimeNs : Math.min(hintNs, config.ticketLifetimeNs);
            memory.putInt(TICKET_LENGTH, ticketLength);
            memory.putBytes(TICKET, messages, messagesOffset + session.get(TlcpSession.TICKET_OFFSET), ticketLength);
            ResumptionState.store(session, nowNs + lifetimeNs, memory, STATE);
        }
        else if (config.cachedSessions > 0 && !isResumed && session.get(TlcpSession.SESSION_ID_LENGTH) > 0)
        {
            wipe();
            memory.putInt(ID_LENGTH, session.get(TlcpSession.SESSION_ID_LENGTH));
            memory.putBytes(ID, session.memory(), session.at(TlcpSession.SESSION_ID), memory.getInt(ID_LENGTH));
            ResumptionState.store(session, nowNs + config.cachedSessionLifetimeNs, memory, STATE);
        }
    }

    /** Wipes what is over. */
    void keepHouse(final long nowNs)
    {
        if (ResumptionState.suite(memory, STATE) != 0 && ResumptionState.isOver(memory, STATE, nowNs))
        {
            wipe();
        }
    }

    /** Forgets the session: after a fatal alert it would be no good, and this side can't tell which one ended. */
    void wipe()
    {
        ConstantTime.wipe(memory, 0, memory.capacity());
    }
}
