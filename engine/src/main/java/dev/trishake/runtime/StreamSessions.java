// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.StreamCore;
import dev.trishake.session.FourTuple;
import dev.trishake.session.SessionSlab;
import dev.trishake.session.SlotQueue;
import dev.trishake.session.TimerQueue;
import dev.trishake.transport.StreamRecord;
import dev.trishake.transport.StreamResult;

import static dev.trishake.runtime.SessionFields.ABORTING;
import static dev.trishake.runtime.SessionFields.BLOCKED;
import static dev.trishake.runtime.SessionFields.CLIENT;
import static dev.trishake.runtime.SessionFields.CLOSING;
import static dev.trishake.runtime.SessionFields.COUNTED;
import static dev.trishake.runtime.SessionFields.ESTABLISHED;
import static dev.trishake.runtime.SessionFields.GONE;
import static dev.trishake.runtime.SessionFields.LEAVING;
import static dev.trishake.runtime.SessionFields.OPEN;
import static dev.trishake.runtime.SessionFields.SHUT;
import static dev.trishake.runtime.SessionFields.TOLD;

/**
 * The life of an agent's sessions over streams: from a connection below to a handler above, with a core between them or
 * none.
 *
 * <pre>
 *  OPENED ─► accepted ─► (core: handshake) ─► established ─► data both ways ─► ended, shut ─► closed
 *                │                                                                 │
 *                └──────────── deadline, peer's fault, reset, handler threw ───────┴─► failed
 * </pre>
 *
 * <p>Who can't go on for want of room waits for WRITABLE of its connection, or for the next cycle in the runnable list
 * where only the ring was full: nobody polls, and nobody waits for another's connection.
 */
final class StreamSessions implements TimerQueue.Handler
{
    private static final int NO_CORE = 0;
    private static final int CORE_SHIFT = 8;
    private static final int PORT_MASK = (1 << CORE_SHIFT) - 1;

    final SessionFields fields;
    final SessionSlab slab;
    private final int agent;
    final EngineConfig config;
    final GuardedHandler handler;
    final AgentCounters counters;
    final SendWindows windows;
    private final TimerQueue timers;
    final SlotQueue runnable;
    final SessionInput input;
    final SessionOutput output = new SessionOutput(this);
    private final PrefixLimit prefixes;
    final SessionHost host = new StreamHost(this);
    final Session session = new Session(host);
    /** For news of an end, which may come while the handler has the other one. */
    private final Session ending = new Session(host);
    private StreamPort[] ports;
    /** By number; 0 is none: bytes go between connection and handler as they are. */
    private StreamCoreDriver[] cores;
    boolean isDraining;
    long nowNs;

    StreamSessions(
        final int agent, final EngineConfig config, final GuardedHandler handler, final AgentCounters counters,
        final SendWindows windows, final int capacity, final long nowNs)
    {
        this.agent = agent;
        this.config = config;
        this.handler = handler;
        this.counters = counters;
        this.windows = windows;
        this.nowNs = nowNs;
        fields = new SessionFields(capacity);
        slab = fields.slab();
        timers = new TimerQueue(capacity, EngineConfig.TIMER_TICK_NS, nowNs);
        runnable = new SlotQueue(capacity);
        input = new SessionInput(this, new HeldInput(
            fields, new InputBuffers(config.inputBuffers(), config.inputBufferLength()), capacity));
        prefixes = new PrefixLimit(config.handshakesPerPrefix(), config.secret0(), config.secret1());
    }

    void wire(final StreamPort[] newPorts, final StreamCoreDriver[] newCores)
    {
        ports = newPorts;
        cores = newCores;
    }

    void nowNs(final long time)
    {
        nowNs = time;
    }

    long handle(final int slot)
    {
        return SessionHandle.of(slab.handle(slot), agent);
    }

    /** {@return the slot of a handle, or -1 when its session is gone, on its way out, or another agent's} */
    int resolve(final long handle)
    {
        final int slot = SessionHandle.slot(handle);
        return handle > 0 && slot < slab.capacity() && slab.isLive(slot) && isStill(slot, handle) ?
            slot : SessionSlab.NULL_SLOT;
    }

    Protocol protocol(final int slot)
    {
        final StreamCoreDriver driver = driver(slot);
        return driver == null ? Protocol.TCP : driver.protocol;
    }

    int active()
    {
        return slab.active();
    }

    int inputBuffersInUse()
    {
        return input.buffersInUse();
    }

    /** Sessions whose handler is slow may outlive their connections, so there may be less room than links have. */
    boolean hasRoomFor(final int count)
    {
        return slab.active() + count <= slab.capacity();
    }

    boolean mayAccept()
    {
        return !isDraining && handler.mayAccept();
    }

    StreamPort port(final int slot)
    {
        return ports[fields.port(slot) & PORT_MASK];
    }

    StreamCoreDriver driver(final int slot)
    {
        return cores[fields.port(slot) >>> CORE_SHIFT];
    }

    boolean isStill(final int slot, final long handle)
    {
        return slab.isLive(slot) && handle(slot) == handle && !fields.has(slot, CLOSING | ABORTING);
    }

    private int begin(final int port, final int core, final long below, final FourTuple who)
    {
        final int slot = slab.acquire();
        fields.below(slot, below);
        fields.port(slot, port | core << CORE_SHIFT);
        fields.coreSlot(slot, StreamCore.NULL_SLOT);
        fields.putTuple(slot, who);
        fields.activeNs(slot, nowNs);
        ports[port].attach(below, slot);
        timers.schedule(slot, nowNs + config.handshakeTimeoutNs());
        counters.active.incrementPlain();
        return slot;
    }

    long connect(final int port, final int core, final FourTuple who)
    {
        if (isDraining || !hasRoomFor(1))
        {
            return StreamResult.NO_CAPACITY;
        }
        final long below = ports[port].link().connect(who, nowNs);
        if (below < 0)
        {
            return below;
        }
        final int slot = begin(port, core, below, who);
        fields.raise(slot, CLIENT);
        return handle(slot);
    }

    void onAccepted(final int port, final long below, final int core, final FourTuple who)
    {
        final int slot = begin(port, core, below, who);
        final long handle = handle(slot);
        counters.accepted.incrementPlain();
        if (core != NO_CORE && prefixes.isOn())
        {
            final int prefix = prefixes.index(who);
            if (!prefixes.enter(prefix))
            {
                counters.prefixLimited.incrementPlain();
                fields.raise(slot, TOLD);
                end(slot, ABORTING);
                return;
            }
            fields.prefix(slot, prefix);
            fields.raise(slot, COUNTED);
        }
        if (!handler.onAccepted(session.wrap(slot)))
        {
            fail(slot, handle, Failure.HANDLER_ERROR, ABORTING);
        }
        else if (isStill(slot, handle))
        {
            open(slot, handle);
        }
    }

    void onConnected(final int slot, final FourTuple who)
    {
        final long handle = handle(slot);
        fields.putTuple(slot, who);
        counters.connected.incrementPlain();
        open(slot, handle);
        if (isStill(slot, handle))
        {
            input.unpause(slot);
        }
    }

    private void open(final int slot, final long handle)
    {
        fields.raise(slot, OPEN);
        final StreamCoreDriver driver = driver(slot);
        if (driver == null)
        {
            establish(slot, handle, 0);
            return;
        }
        final int coreSlot = driver.core.open(fields.below(slot), fields.has(slot, CLIENT), nowNs);
        if (coreSlot == StreamCore.NULL_SLOT)
        {
            fail(slot, handle, Failure.NO_CAPACITY, ABORTING);
            return;
        }
        fields.coreSlot(slot, coreSlot);
        driver.attach(coreSlot, slot);
        if (fields.has(slot, CLIENT))
        {
            input.after(slot, driver.core.resume(coreSlot, nowNs, port(slot).outbox()));
        }
    }

    boolean establish(final int slot, final long handle, final long parameters)
    {
        fields.raise(slot, ESTABLISHED);
        fields.parameters(slot, parameters);
        leavePrefix(slot);
        windows.open(slot, handle);
        timers.schedule(slot, nowNs + config.idleTimeoutNs());
        counters.established.incrementPlain();
        if (!handler.onEstablished(session.wrap(slot)))
        {
            fail(slot, handle, Failure.HANDLER_ERROR, ABORTING);
        }
        return isStill(slot, handle);
    }

    private void leavePrefix(final int slot)
    {
        if (fields.has(slot, COUNTED))
        {
            fields.clear(slot, COUNTED);
            prefixes.leave(fields.prefix(slot));
        }
    }

    void onWritable(final int slot)
    {
        proceed(slot);
    }

    /** Gives those a turn that asked for one before this cycle. */
    int runRunnable()
    {
        final int turns = runnable.size();
        for (int i = 0; i < turns; i++)
        {
            final int slot = runnable.remove();
            if (slab.isLive(slot))
            {
                proceed(slot);
            }
        }
        return turns;
    }

    /** Goes on with a session wherever it stopped. */
    void proceed(final int slot)
    {
        final long handle = handle(slot);
        if (fields.has(slot, CLOSING | ABORTING))
        {
            leave(slot);
            return;
        }
        output.repay(slot);
        final StreamCoreDriver driver = driver(slot);
        if (driver != null && fields.coreSlot(slot) != StreamCore.NULL_SLOT)
        {
            input.after(slot, driver.core.resume(fields.coreSlot(slot), nowNs, port(slot).outbox()));
        }
        else if (driver == null && output.tellShut(slot) && input.tellWritable(slot, handle))
        {
            input.offerHeld(slot);
        }
    }

    void resume(final int slot)
    {
        runnable.add(slot);
    }

    void close(final int slot)
    {
        if (output.sayEnd(slot))
        {
            end(slot, CLOSING);
        }
        else
        {
            fields.raise(slot, LEAVING | SHUT);
        }
    }

    void abort(final int slot)
    {
        end(slot, ABORTING);
    }

    void end(final int slot, final int how)
    {
        if (!fields.has(slot, CLOSING | ABORTING))
        {
            fields.raise(slot, how);
            leave(slot);
        }
    }

    /** Tells the link, which ends the session; in the next cycle where the ring is full. */
    private void leave(final int slot)
    {
        final int type = fields.has(slot, ABORTING) ? StreamRecord.ABORT : StreamRecord.CLOSE;
        if (fields.has(slot, GONE) || port(slot).tell(type, fields.below(slot)))
        {
            release(slot);
        }
        else
        {
            runnable.add(slot);
        }
    }

    void fail(final int slot, final long handle, final int reason, final int how)
    {
        if (isStill(slot, handle))
        {
            tell(slot, reason);
            if (isStill(slot, handle))
            {
                end(slot, how);
            }
        }
    }

    /** Tells the handler of the end, once. */
    private void tell(final int slot, final int reason)
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
            handler.onFailed(ending.wrap(slot), reason);
        }
    }

    /** The link has ended the connection. */
    void onClosed(final int slot, final int reason)
    {
        if (fields.has(slot, CLOSING | ABORTING | LEAVING))
        {
            fields.raise(slot, GONE);
            release(slot);
            return;
        }
        fields.raise(slot, GONE);
        if (reason != StreamResult.OK || !fields.has(slot, OPEN) || input.isOver(slot))
        {
            finish(slot, reason);
        }
    }

    void finish(final int slot, final int reason)
    {
        final long handle = handle(slot);
        tell(slot, reason);
        if (slab.isLive(slot) && handle(slot) == handle)
        {
            release(slot);
        }
    }

    private void release(final int slot)
    {
        tell(slot, StreamResult.OK); // the user has ended it
        final StreamCoreDriver driver = driver(slot);
        if (driver != null && fields.coreSlot(slot) != StreamCore.NULL_SLOT)
        {
            driver.core.close(fields.coreSlot(slot));
        }
        leavePrefix(slot);
        input.release(slot);
        timers.cancel(slot);
        windows.close(slot);
        port(slot).detach(fields.below(slot), slot);
        slab.release(slot);
        counters.active.getAndAddPlain(-1);
    }

    int expire(final int limit)
    {
        return timers.expire(nowNs, this, limit);
    }

    @Override
    public void onTimer(final int slot, final long timeNs)
    {
        final long handle = handle(slot);
        if (!fields.has(slot, ESTABLISHED))
        {
            counters.handshakeTimeouts.incrementPlain();
            fail(slot, handle, Failure.HANDSHAKE_TIMEOUT, ABORTING);
            return;
        }
        final long idleNs = nowNs - fields.activeNs(slot);
        if (idleNs < config.idleTimeoutNs())
        {
            timers.schedule(slot, fields.activeNs(slot) + config.idleTimeoutNs());
        }
        else
        {
            counters.idleTimeouts.incrementPlain();
            fail(slot, handle, Failure.IDLE_TIMEOUT, ABORTING);
        }
    }

    /**
     * No new sessions; of those that are, our side ends once what came was taken and what was taken is on its way, and
     * what comes afterwards is thrown away. Called until all have ended.
     */
    void drain()
    {
        isDraining = true;
        for (int slot = 0; slot < slab.capacity(); slot++)
        {
            if (slab.isLive(slot) && !fields.has(slot, CLOSING | ABORTING))
            {
                if (fields.has(slot, ESTABLISHED))
                {
                    if (input.isAllTaken(slot) && !fields.has(slot, BLOCKED))
                    {
                        output.shutdown(slot);
                    }
                }
                else
                {
                    fail(slot, handle(slot), Failure.ENGINE_CLOSED, ABORTING);
                }
            }
        }
    }

    /** What has not ended until now does. */
    void abortAll()
    {
        for (int slot = 0; slot < slab.capacity(); slot++)
        {
            if (slab.isLive(slot))
            {
                fail(slot, handle(slot), Failure.ENGINE_CLOSED, ABORTING);
            }
        }
    }
}
