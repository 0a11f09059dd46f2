// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.Outcome;
import dev.trishake.gquic.GquicCore;
import dev.trishake.gquic.GquicCounters;
import dev.trishake.gquic.GquicHandler;
import dev.trishake.session.FourTuple;
import dev.trishake.transport.CounterVisitor;
import dev.trishake.transport.StreamResult;
import dev.trishake.wire.gquic.GquicError;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A gQUIC core's connections as an agent's sessions want them: the core's words for ends are made the engine's. */
final class GquicConnections implements Connections, GquicHandler
{
    /** Whom clients connect to: the only entry of their core. */
    private static final int SERVER = 0;

    private final UnsafeBuffer nothing = new UnsafeBuffer(new byte[1]);
    private GquicCore core;
    private ConnectionEvents events;

    /** Sets the core, which was made with this as its handler. */
    void core(final GquicCore newCore)
    {
        core = newCore;
    }

    @Override
    public int capacity()
    {
        return core.maxConnections();
    }

    @Override
    public void events(final ConnectionEvents newEvents)
    {
        events = newEvents;
    }

    @Override
    public int connect(final long socket, final FourTuple tuple, final long nowNs)
    {
        return core.connect(socket, tuple, SERVER, nowNs);
    }

    @Override
    public int openStream(final int slot)
    {
        return core.openStream(slot);
    }

    @Override
    public int send(final int slot, final int stream, final DirectBuffer buffer, final int offset, final int length)
    {
        return core.send(slot, stream, buffer, offset, length, false);
    }

    @Override
    public int sendCapacity()
    {
        return core.sendBufferLength();
    }

    @Override
    public boolean isAllSent(final int slot)
    {
        return core.isAllAcked(slot);
    }

    @Override
    public void shutdown(final int slot, final int stream)
    {
        core.send(slot, stream, nothing, 0, 0, true);
    }

    @Override
    public void resumeStream(final int slot, final int stream)
    {
        if (stream == 0)
        {
            core.resumeStreams(slot);
        }
        else
        {
            core.resumeStream(slot, stream);
        }
    }

    @Override
    public void close(final int slot, final int reason)
    {
        core.close(slot, reason == Failure.HANDLER_ERROR ? GquicError.INTERNAL_ERROR : GquicError.PEER_GOING_AWAY);
    }

    @Override
    public long parameters(final int slot)
    {
        return core.parameters(slot);
    }

    @Override
    public void tuple(final int slot, final FourTuple tuple)
    {
        core.tuple(slot, tuple);
    }

    @Override
    public boolean mayAccept(final FourTuple who)
    {
        return events.mayAccept(who);
    }

    @Override
    public void onAccepted(final int slot)
    {
        events.onAccepted(slot);
    }

    @Override
    public void onEstablished(final int slot)
    {
        events.onEstablished(slot);
    }

    @Override
    public void onCertificate(final int slot)
    {
        events.onWaiting(slot);
    }

    @Override
    public int onStreamData(
        final int slot, final int streamId, final DirectBuffer buffer, final int offset, final int length)
    {
        return events.onStreamData(slot, streamId, buffer, offset, length);
    }

    @Override
    public void onStreamEnd(final int slot, final int streamId)
    {
        events.onStreamEnd(slot, streamId);
    }

    @Override
    public void onStreamReset(final int slot, final int streamId, final int error)
    {
        events.onStreamReset(slot, streamId, error);
    }

    @Override
    public void onWritable(final int slot, final int streamId)
    {
        events.onWritable(slot, streamId);
    }

    @Override
    public void onClosed(final int slot, final int error, final boolean byPeer)
    {
        events.onClosed(slot, reason(error, byPeer));
    }

    /** {@return why, in the engine's words: who goes away has ended in an orderly way} */
    static int reason(final int error, final boolean byPeer)
    {
        if (error == GquicError.PEER_GOING_AWAY || error == 0)
        {
            return StreamResult.OK;
        }
        if (!byPeer && error == GquicError.HANDSHAKE_TIMEOUT)
        {
            return Failure.HANDSHAKE_TIMEOUT;
        }
        return !byPeer && error == GquicError.NETWORK_IDLE_TIMEOUT ? Failure.IDLE_TIMEOUT :
            Outcome.peer((error & GquicProtocol.ERROR_MASK) | (byPeer ? GquicProtocol.RECEIVED : 0));
    }

    @Override
    public void visitCounters(final CounterVisitor visitor)
    {
        final GquicCounters counters = core.counters();
        visitor.onCounter("GquicPacketsReceived", counters.packetsReceived());
        visitor.onCounter("GquicPacketsSent", counters.packetsSent());
        visitor.onCounter("GquicPacketsMalformed", counters.packetsMalformed());
        visitor.onCounter("GquicPacketsUnknown", counters.packetsUnknown());
        visitor.onCounter("GquicPacketsUnverified", counters.packetsUnverified());
        visitor.onCounter("GquicPacketsDuplicate", counters.packetsDuplicate());
        visitor.onCounter("GquicPacketsEarly", counters.packetsEarly());
        visitor.onCounter("GquicPacketsRefused", counters.packetsRefused());
        visitor.onCounter("GquicPacketsLost", counters.packetsLost());
        visitor.onCounter("GquicHellosSplit", counters.hellosSplit());
        visitor.onCounter("GquicHellosDropped", counters.hellosDropped());
        visitor.onCounter("GquicRejectsStateless", counters.rejectsStateless());
        visitor.onCounter("GquicVersionNegotiations", counters.versionNegotiations());
        visitor.onCounter("GquicPublicResets", counters.publicResets());
        visitor.onCounter("GquicAnswersLimited", counters.answersLimited());
        visitor.onCounter("GquicConnectionsOpened", counters.sessionsOpened());
        visitor.onCounter("GquicConnectionsRefused", counters.sessionsRefused());
        visitor.onCounter("GquicConnectionsEstablished", counters.sessionsEstablished());
        visitor.onCounter("GquicConnectionsFailed", counters.sessionsFailed());
        visitor.onCounter("GquicTimeouts", counters.timeouts());
        visitor.onCounter("GquicAddressChanges", counters.addressChanges());
        visitor.onCounter("GquicStreamsRefused", counters.streamsRefused());
    }
}
