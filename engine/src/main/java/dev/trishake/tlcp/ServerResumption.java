// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Entropy;
import dev.trishake.wire.tlcp.ClientHelloDecoder;
import dev.trishake.wire.tlcp.ExtensionType;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * Whether a server goes on from an earlier session, by its ID or by a ticket, and what it remembers. What is unknown,
 * over, or not good any more is no fault: a full handshake follows.
 */
final class ServerResumption
{
    private final TlcpConfig config;
    private final TlcpSessionCache cache; // null where IDs are not remembered
    private final TlcpTicketKeys ticketKeys; // null where there are no tickets
    private final Entropy entropy;
    private final UnsafeBuffer remembered = new UnsafeBuffer(ByteBuffer.allocateDirect(ResumptionState.LENGTH));

    ServerResumption(
        final TlcpConfig config, final TlcpSessionCache cache, final TlcpTicketKeys ticketKeys, final Entropy entropy)
    {
        this.config = config;
        this.cache = cache;
        this.ticketKeys = ticketKeys;
        this.entropy = entropy;
    }

    boolean isOn()
    {
        return cache != null || ticketKeys != null;
    }

    /** {@return whether a client has sent a ticket that may be ours} */
    boolean hasTicket(final ClientHelloDecoder hello)
    {
        return ticketKeys != null && hello.extensions().length(ExtensionType.SESSION_TICKET) > 0;
    }

    /** {@return whether a client that begins anew gets a ticket} */
    boolean givesTicket(final ClientHelloDecoder hello)
    {
        return ticketKeys != null && hello.extensions().has(ExtensionType.SESSION_TICKET);
    }

    long ticketLifetimeNs()
    {
        return ticketKeys.lifetimeNs();
    }

    /** Gives a session that begins anew an ID, where it will be remembered. */
    void drawId(final TlcpSession session)
    {
        if (cache != null)
        {
            cache.drawId(config.sessionCacheShard, entropy, session.memory(), session.at(TlcpSession.SESSION_ID));
            session.set(TlcpSession.SESSION_ID_LENGTH, Tlcp.MAX_SESSION_ID_LENGTH);
        }
    }

    /** Gives a session what the one had whose ID its client sends; answers whether it goes on from there. */
    boolean resume(
        final TlcpSession session, final DirectBuffer messages, final ClientHelloDecoder hello, final long nowNs)
    {
        if (cache == null || hello.sessionIdLength() != Tlcp.MAX_SESSION_ID_LENGTH ||
            !cache.load(messages, hello.sessionIdOffset(), remembered, 0))
        {
            return false;
        }
        final boolean isGood = isGood(session, hello, remembered, 0, nowNs);
        if (isGood)
        {
            goOn(session, messages, hello, remembered, 0);
        }
        ConstantTime.wipe(remembered, 0, ResumptionState.LENGTH);
        return isGood;
    }

    /** Gives a session what its client's ticket held, now in its scratch; answers whether it goes on from there. */
    boolean resumeFromTicket(
        final TlcpSession session, final DirectBuffer messages, final ClientHelloDecoder hello, final long nowNs)
    {
        final int state = session.at(TlcpSession.SCRATCH);
        // a client tells by its own ID alone that it is resumed
        final boolean isGood = session.is(TlcpSession.RESULT_GOOD) && hello.sessionIdLength() > 0 &&
            isGood(session, hello, session.memory(), state, nowNs);
        if (isGood)
        {
            goOn(session, messages, hello, session.memory(), state);
        }
        ConstantTime.wipe(session.memory(), state, TlcpSession.SCRATCH_LENGTH);
        return isGood;
    }

    private boolean isGood(
        final TlcpSession session, final ClientHelloDecoder hello, final DirectBuffer state, final int offset,
        final long nowNs)
    {
        final int suite = ResumptionState.suite(state, offset);
        return !ResumptionState.isOver(state, offset, nowNs) && hello.offers(suite) && config.isAllowed(suite) &&
            (config.clientAuthentication != ClientAuthentication.NEED ||
                ResumptionState.isAuthenticated(state, offset)) &&
            ResumptionState.credentials(state, offset) == session.get(TlcpSession.CREDENTIALS) &&
            ResumptionState.serverName(state, offset) == session.getLong(TlcpSession.SERVER_NAME); // RFC 6066 3
    }

    private static void goOn(
        final TlcpSession session, final DirectBuffer messages, final ClientHelloDecoder hello,
        final DirectBuffer state, final int offset)
    {
        session.memory().putBytes(
            session.at(TlcpSession.SESSION_ID), messages, hello.sessionIdOffset(), hello.sessionIdLength());
        session.set(TlcpSession.SESSION_ID_LENGTH, hello.sessionIdLength());
        ResumptionState.load(session, state, offset);
    }

    /** Remembers a session that has just been established. */
    void remember(final TlcpSession session, final long nowNs)
    {
        if (cache != null && session.get(TlcpSession.SESSION_ID_LENGTH) == Tlcp.MAX_SESSION_ID_LENGTH &&
            (session.get(TlcpSession.KIND) & TlcpFlights.RESUMED) == 0) // else its time goes on
        {
            cache.remember(config.sessionCacheShard, session, nowNs);
        }
    }

    /** Forgets a session that ended by a fatal alert; a ticket can't be called back. */
    void forget(final TlcpSession session)
    {
        if (cache != null && session.get(TlcpSession.SESSION_ID_LENGTH) == Tlcp.MAX_SESSION_ID_LENGTH)
        {
            cache.forget(session.memory(), session.at(TlcpSession.SESSION_ID));
        }
    }

    void keepHouse(final long nowNs)
    {
        if (cache != null)
        {
            cache.keepHouse(config.sessionCacheShard, nowNs);
        }
        if (ticketKeys != null)
        {
            ticketKeys.keepHouse(entropy, nowNs);
        }
    }
}
