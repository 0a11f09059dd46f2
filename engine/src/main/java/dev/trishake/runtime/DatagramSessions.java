// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import dev.trishake.session.SlotQueue;
import dev.trishake.transport.StreamResult;
import org.agrona.DirectBuffer;

import java.util.concurrent.TimeUnit;

import static dev.trishake.runtime.DatagramFields.CLIENT;
import static dev.trishake.runtime.DatagramFields.CLOSING;
import static dev.trishake.runtime.DatagramFields.ESTABLISHED;
import static dev.trishake.runtime.DatagramFields.LEAVING;
import static dev.trishake.runtime.DatagramFields.TOLD;

/**
 * Sessions over the connections of one core over datagrams: what the handler wants the core does, and what the core
 * tells {@link DatagramEvents} the handler is told. A session has its connection's slot, behind those of all sessions
 * before it in the agent.
 */
final class DatagramSessions implements SessionHost
{
    private static final int NO_SLOT = -1;
    /** While the engine drains, a session that says and hears nothing for so long is at its end. */
    private static final long QUIET_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final int agent;
    final int base;
    private final DatagramPort port;
    final Connections connections;
    final GuardedHandler handler;
    final AgentCounters counters;
    final SendWindows windows;
    final DatagramFields fields;
    /** Sessions of which something is due once all they have given has reached the peer: an end, or a window. */
    private final SlotQueue waiting;
    final Session session = new Session(this);
    /** For news of an end, which may come while the handler has the other one. */
    private final Session ending = new Session(this);
    boolean isDraining;
    private int active;

    /** Slots from {@code base} on are theirs, in handles and in windows. */
    DatagramSessions(
        final int agent, final int base, final DatagramPort port, final EngineConfig config,
        final GuardedHandler handler, final AgentCounters counters, final SendWindows windows)
    {
        this.agent = agent;
        this.base = base;
        this.port = port;
        this.connections = port.connections();
        this.handler = handler;
        this.counters = counters;
        this.windows = windows;
        fields = new DatagramFields(connections.capacity());
        waiting = new SlotQueue(connections.capacity());
        connections.events(new DatagramEvents(this, port, config));
    }

    int active()
    {
        return active;
    }

    @Override
    public long handle(final int slot)
    {
        return fields.handle(slot);
    }

    @Override
    public int resolve(final long handle)
    {
        final int slot = SessionHandle.slot(handle) - base;
        return handle > 0 && slot >= 0 && slot < connections.capacity() && isStill(slot, handle) ? slot : NO_SLOT;
    }

    /** {@return whether a handle is one of these sessions', alive or not} */
    boolean owns(final long handle)
    {
        final int slot = SessionHandle.slot(handle) - base;
        return slot >= 0 && slot < connections.capacity();
    }

    private boolean isStill(final int slot, final long handle)
    {
        return fields.handle(slot) == handle && !fields.has(slot, CLOSING | LEAVING);
    }

    @Override
    public Protocol protocol(final int slot)
    {
        return Protocol.GQUIC;
    }

    @Override
    public boolean isClient(final int slot)
    {
        return fields.has(slot, CLIENT);
    }

    @Override
    public boolean isEstablished(final int slot)
    {
        return fields.has(slot, ESTABLISHED);
    }

    @Override
    public long parameters(final int slot)
    {
        return fields.has(slot, ESTABLISHED) ? connections.parameters(slot) : 0; // early data comes after the keys
    }

    @Override
    public void tuple(final int slot, final FourTuple who)
    {
        connections.tuple(slot, who);
    }

    @Override
    public long attachment(final int slot)
    {
        return fields.attachment(slot);
    }

    @Override
    public void attachment(final int slot, final long value)
    {
        fields.attachment(slot, value);
    }

    void begin(final int slot, final int bits)
    {
        fields.begin(slot, SessionHandle.of(port.coreHandle(slot) + base, agent));
        fields.raise(slot, bits);
        fields.activeNs(slot, port.nowNs());
        active++;
        counters.active.incrementPlain();
    }

    /** {@return a handle, or a negative {@link StreamResult}} */
    long connect(final FourTuple who)
    {
        if (isDraining)
        {
            return StreamResult.NO_CAPACITY;
        }
        final int socket = port.takeSocket(who);
        if (socket < 0)
        {
            return StreamResult.NO_CAPACITY;
        }
        final int slot = connections.connect(socket, who, port.nowNs());
        if (slot < 0)
        {
            port.giveSocket(socket);
            return StreamResult.NO_CAPACITY;
        }
        begin(slot, CLIENT);
        fields.socket(slot, socket);
        return fields.handle(slot);
    }

    /** The connection is over. */
    void forget(final int slot)
    {
        windows.close(base + slot);
        if (fields.has(slot, CLIENT))
        {
            port.giveSocket(fields.socket(slot));
        }
        fields.end(slot);
        active--;
        counters.active.getAndAddPlain(-1);
    }

    /** Tells the handler of the end, once. */
    void tell(final int slot, final int reason)
    {
        if (fields.has(slot, TOLD))
        {
            return;
        }
        fields.raise(slot, TOLD);
        if (reason == StreamResult.OK)
        {
            counters.closed.incrementPlain();
            handler.onClosed(ending.wrap(slot));
        }
        else
        {
            counters.failed.incrementPlain();
            countTimeout(reason);
            handler.onFailed(ending.wrap(slot), reason);
        }
    }

    private void countTimeout(final int reason)
    {
        if (reason == Failure.HANDSHAKE_TIMEOUT)
        {
            counters.handshakeTimeouts.incrementPlain();
        }
        else if (reason == Failure.IDLE_TIMEOUT)
        {
            counters.idleTimeouts.incrementPlain();
        }
    }

    void fail(final int slot, final int reason)
    {
        if (!fields.has(slot, CLOSING))
        {
            end(slot, reason);
            tell(slot, reason);
        }
    }

    /** The user is gone: nothing more is told but the end. */
    void end(final int slot, final int reason)
    {
        if (!fields.has(slot, CLOSING))
        {
            fields.raise(slot, CLOSING);
            connections.close(slot, reason);
        }
    }

    /** A stream of the peer's becomes the session's own where it has none yet. */
    void own(final int slot, final int stream)
    {
        if (fields.ownStream(slot) == 0)
        {
            fields.ownStream(slot, stream);
        }
    }

    @Override
    public int openStream(final int slot)
    {
        final int stream = fields.has(slot, CLOSING) ? NO_SLOT : connections.openStream(slot);
        if (stream > 0)
        {
            own(slot, stream);
        }
        return stream;
    }

    private int streamOf(final int slot, final int stream)
    {
        return stream != 0 ? stream : fields.ownStream(slot) != 0 ? fields.ownStream(slot) : openStream(slot);
    }

    @Override
    public int send(
        final int slot, final int stream, final DirectBuffer buffer, final int offset, final int length)
    {
        final int which = length <= 0 || fields.has(slot, CLOSING | LEAVING) ? NO_SLOT : streamOf(slot, stream);
        if (which < 0)
        {
            return 0;
        }
        final int sent = connections.send(slot, which, buffer, offset, length);
        counters.bytesOut.getAndAddPlain(sent);
        fields.activeNs(slot, port.nowNs());
        counters.backPressured.getAndAddPlain(sent < length ? 1 : 0);
        return sent;
    }

    @Override
    public void shutdown(final int slot, final int stream)
    {
        final int which = fields.has(slot, CLOSING) ? NO_SLOT : streamOf(slot, stream);
        if (which > 0)
        {
            connections.shutdown(slot, which);
        }
    }

    @Override
    public void resume(final int slot, final int stream)
    {
        if (!fields.has(slot, CLOSING))
        {
            connections.resumeStream(slot, stream);
        }
    }

    @Override
    public void close(final int slot)
    {
        if (!fields.has(slot, CLOSING | LEAVING))
        {
            fields.raise(slot, LEAVING);
            waiting.add(slot);
        }
    }

    @Override
    public void abort(final int slot)
    {
        end(slot, StreamResult.OK);
    }

    @Override
    public void onSend(
        final long handle, final int stream, final DirectBuffer buffer, final int offset, final int length)
    {
        final int slot = resolve(handle);
        if (slot == NO_SLOT)
        {
            counters.commandsStale.incrementPlain();
            return;
        }
        fields.debt(slot, fields.debt(slot) + length);
        waiting.add(slot);
        if (send(slot, stream, buffer, offset, length) < length)
        {
            fail(slot, Failure.NO_CAPACITY); // a part of it can't be kept, nor be left out
        }
    }

    /** Sees to sessions that wait until all they have given has reached the peer. */
    void proceed()
    {
        for (int turns = waiting.size(); turns > 0; turns--)
        {
            final int slot = waiting.remove();
            if (fields.handle(slot) != 0 && !fields.has(slot, CLOSING))
            {
                if (!connections.isAllSent(slot))
                {
                    waiting.add(slot);
                }
                else if (fields.has(slot, LEAVING))
                {
                    end(slot, StreamResult.OK);
                }
                else
                {
                    windows.repay(base + slot, fields.debt(slot));
                    fields.debt(slot, 0);
                }
            }
        }
    }

    /** No new sessions; of those that are, who is quiet ends. Called until all have ended. */
    void drain()
    {
        isDraining = true;
        for (int slot = 0; active > 0 && slot < connections.capacity(); slot++)
        {
            if (fields.handle(slot) != 0)
            {
                if (!fields.has(slot, ESTABLISHED))
                {
                    fail(slot, Failure.ENGINE_CLOSED);
                }
                else if (port.nowNs() - fields.activeNs(slot) >= QUIET_NS && connections.isAllSent(slot))
                {
                    end(slot, StreamResult.OK);
                }
            }
        }
    }

    /** What has not ended until now does. */
    void abortAll()
    {
        isDraining = true;
        for (int slot = 0; active > 0 && slot < connections.capacity(); slot++)
        {
            if (fields.handle(slot) != 0)
            {
                fail(slot, Failure.ENGINE_CLOSED);
            }
        }
    }
}
