// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.Outcome;
import dev.trishake.core.StreamCore;
import dev.trishake.session.FourTuple;
import dev.trishake.session.SessionSlab;
import dev.trishake.session.SlotQueue;
import dev.trishake.session.TimerQueue;
import dev.trishake.transport.StreamRecord;
import dev.trishake.transport.StreamResult;
import org.agrona.DirectBuffer;

import static dev.trishake.runtime.SessionFields.ABORTING;
import static dev.trishake.runtime.SessionFields.BLOCKED;
import static dev.trishake.runtime.SessionFields.CLIENT;
import static dev.trishake.runtime.SessionFields.CLOSING;
import static dev.trishake.runtime.SessionFields.COUNTED;
import static dev.trishake.runtime.SessionFields.ENDED;
import static dev.trishake.runtime.SessionFields.END_TOLD;
import static dev.trishake.runtime.SessionFields.ESTABLISHED;
import static dev.trishake.runtime.SessionFields.GONE;
import static dev.trishake.runtime.SessionFields.OPEN;
import static dev.trishake.runtime.SessionFields.PAUSED;
import static dev.trishake.runtime.SessionFields.SHUT;
import static dev.trishake.runtime.SessionFields.SHUT_TOLD;

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
    private static final int AGENT_SHIFT = 24;
    private static final int SLOT_MASK = (1 << AGENT_SHIFT) - 1;
    private static final int NO_CORE = 0;
    private static final int CORE_SHIFT = 8;
    private static final int PORT_MASK = (1 << CORE_SHIFT) - 1;

    final SessionFields fields;
    private final SessionSlab slab;
    private final int agent;
    private final EngineConfig config;
    private final GuardedHandler handler;
    private final AgentCounters counters;
    private final SendWindows windows;
    private final TimerQueue timers;
    private final SlotQueue runnable;
    private final HeldInput held;
    private final PrefixLimit prefixes;
    private final Session session = new Session(this);
    private final FourTuple tuple = new FourTuple();
    private StreamPort[] ports;
    /** By number; 0 is none: bytes go between connection and handler as they are. */
    private StreamCoreDriver[] cores;
    private boolean isDraining;
    private long nowNs;

    StreamSessions(
        final int agent, final EngineConfig config, final GuardedHandler handler, final AgentCounters counters,
        final SendWindows windows, final long nowNs)
    {
        final int capacity = windows.capacity();
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
        held = new HeldInput(fields, new InputBuffers(config.inputBuffers(), config.inputBufferLength()), capacity);
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

    // ---- names

    long handle(final int slot)
    {
        final long handle = slab.handle(slot);
        return (handle & Long.MAX_VALUE) >>> Integer.SIZE << Integer.SIZE | (long)agent << AGENT_SHIFT | slot;
    }

    /** {@return the slot of a handle, or -1 when its session is gone, on its way out, or another agent's} */
    int resolve(final long handle)
    {
        final int low = (int)handle;
        final int slot = low & SLOT_MASK;
        return handle > 0 && low >>> AGENT_SHIFT == agent && slot < slab.capacity() && slab.isLive(slot) &&
            handle(slot) == handle && !fields.has(slot, CLOSING | ABORTING) ? slot : SessionSlab.NULL_SLOT;
    }

    static int agentOf(final long handle)
    {
        return (int)handle >>> AGENT_SHIFT;
    }

    static int slotOf(final long handle)
    {
        return (int)handle & SLOT_MASK;
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
        return held.inUse();
    }

    boolean mayAccept()
    {
        return !isDraining && handler.mayAccept();
    }

    private StreamPort port(final int slot)
    {
        return ports[fields.port(slot) & PORT_MASK];
    }

    private StreamCoreDriver driver(final int slot)
    {
        return cores[fields.port(slot) >>> CORE_SHIFT];
    }

    private boolean isStill(final int slot, final long handle)
    {
        return slab.isLive(slot) && handle(slot) == handle && !fields.has(slot, CLOSING | ABORTING);
    }

    // ---- beginnings

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
        if (isDraining)
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
                abort(slot);
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
        fields.putTuple(slot, who);
        counters.connected.incrementPlain();
        open(slot, handle(slot));
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
            after(slot, driver.core.resume(coreSlot, nowNs, port(slot).outbox()));
        }
    }

    private boolean establish(final int slot, final long handle, final long parameters)
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

    // ---- input

    int inputCredit(final int slot)
    {
        final StreamCoreDriver driver = driver(slot);
        final int credit = fields.has(slot, CLOSING | ABORTING) ? 0 :
            (driver == null ? held.grant(slot) : driver.core.inputCredit(fields.coreSlot(slot)));
        if (credit == 0)
        {
            fields.raise(slot, PAUSED);
        }
        return credit;
    }

    void onData(final int slot, final DirectBuffer buffer, final int offset, final int length)
    {
        if (fields.has(slot, CLOSING | ABORTING))
        {
            return;
        }
        fields.activeNs(slot, nowNs);
        counters.bytesIn.getAndAddPlain(length);
        final StreamCoreDriver driver = driver(slot);
        if (driver != null)
        {
            after(slot, driver.core.onInput(
                fields.coreSlot(slot), buffer, offset, length, nowNs, port(slot).outbox()));
            return;
        }
        final int taken = isDraining && fields.has(slot, SHUT) ? length : offer(slot, buffer, offset, length);
        if (taken >= 0)
        {
            held.keep(slot, buffer, offset + taken, length - taken);
            wakeStarved();
        }
    }

    /** {@return bytes that the handler took, or -1 when the session has ended with it} */
    private int offer(final int slot, final DirectBuffer buffer, final int offset, final int length)
    {
        final long handle = handle(slot);
        final int taken = handler.onData(session.wrap(slot), buffer, offset, length);
        if (taken == GuardedHandler.THREW)
        {
            fail(slot, handle, Failure.HANDLER_ERROR, ABORTING);
        }
        return isStill(slot, handle) ? taken : -1;
    }

    /** Offers again what the handler has not taken; where it takes all, the link may read again. */
    private boolean offerHeld(final int slot)
    {
        final int length = fields.inputLength(slot);
        if (length > 0)
        {
            final int taken = offer(slot, held.memory(), held.offset(slot), length);
            if (taken < 0)
            {
                return false;
            }
            held.take(slot, taken);
            if (taken < length)
            {
                return true;
            }
        }
        unpause(slot);
        wakeStarved();
        return tellEnd(slot);
    }

    private void unpause(final int slot)
    {
        if (fields.has(slot, PAUSED) && !fields.has(slot, GONE))
        {
            fields.clear(slot, PAUSED);
            port(slot).link().resume(fields.below(slot));
        }
    }

    private void wakeStarved()
    {
        final int starved = held.nextStarved();
        if (starved != SessionSlab.NULL_SLOT && slab.isLive(starved))
        {
            unpause(starved);
        }
    }

    void onEnd(final int slot)
    {
        if (fields.has(slot, CLOSING | ABORTING))
        {
            return;
        }
        final StreamCoreDriver driver = driver(slot);
        if (driver != null)
        {
            after(slot, driver.core.onInputEnd(fields.coreSlot(slot), nowNs, port(slot).outbox()));
            return;
        }
        fields.raise(slot, ENDED);
        tellEnd(slot);
    }

    /** Tells the handler what is due once it has taken all bytes; false when the session has ended with it. */
    private boolean tellEnd(final int slot)
    {
        final long handle = handle(slot);
        if (fields.has(slot, ENDED) && !fields.has(slot, END_TOLD) && isAllTaken(slot))
        {
            fields.raise(slot, END_TOLD);
            if (!handler.onEnd(session.wrap(slot)))
            {
                fail(slot, handle, Failure.HANDLER_ERROR, ABORTING);
            }
        }
        if (isStill(slot, handle) && fields.has(slot, GONE) && isAllTaken(slot))
        {
            finish(slot, StreamResult.OK);
        }
        return isStill(slot, handle);
    }

    private boolean isAllTaken(final int slot)
    {
        final StreamCoreDriver driver = driver(slot);
        return driver == null ? fields.inputLength(slot) == 0 :
            driver.core.contentLength(fields.coreSlot(slot)) == 0;
    }

    // ---- turns

    /** Sees to what a core's call has brought about. */
    private void after(final int slot, final int outcome)
    {
        final long handle = handle(slot);
        final StreamCoreDriver driver = driver(slot);
        final int coreSlot = fields.coreSlot(slot);
        final int status = driver.core.status(coreSlot);
        if ((status & StreamCore.ESTABLISHED) != 0 && !fields.has(slot, ESTABLISHED) &&
            !establish(slot, handle, driver.core.parameters(coreSlot)))
        {
            return;
        }
        if (!deliver(slot, driver.core, coreSlot))
        {
            return;
        }
        if ((status & StreamCore.ENDED) != 0)
        {
            fields.raise(slot, ENDED);
        }
        if (!tellEnd(slot))
        {
            return;
        }
        if ((status & StreamCore.WRITABLE) != 0 && !tellWritable(slot, handle))
        {
            return;
        }
        switch (Outcome.category(outcome))
        {
            case Outcome.BACK_PRESSURED -> waitForRoom(slot);
            case Outcome.PEER, Outcome.BUG -> fail(slot, handle, outcome, CLOSING);
            default ->
            {
            }
        }
        if (isStill(slot, handle) && fields.has(slot, PAUSED) && driver.core.inputCredit(coreSlot) > 0)
        {
            unpause(slot);
        }
    }

    /** Gives the handler what a core has decrypted; false when the session has ended with it. */
    private boolean deliver(final int slot, final StreamCore core, final int coreSlot)
    {
        int length = core.contentLength(coreSlot);
        while (length > 0)
        {
            final int taken = offer(slot, core.contentBuffer(), core.contentOffset(coreSlot), length);
            if (taken < 0)
            {
                return false;
            }
            core.consume(coreSlot, taken);
            length = taken < length ? 0 : core.contentLength(coreSlot);
        }
        return true;
    }

    private boolean tellWritable(final int slot, final long handle)
    {
        if (fields.has(slot, BLOCKED))
        {
            fields.clear(slot, BLOCKED);
            if (!handler.onWritable(session.wrap(slot)))
            {
                fail(slot, handle, Failure.HANDLER_ERROR, ABORTING);
            }
        }
        return isStill(slot, handle);
    }

    private void waitForRoom(final int slot)
    {
        if (port(slot).isSoonWritable(fields.below(slot)))
        {
            runnable.add(slot);
        }
    }

    void onWritable(final int slot)
    {
        proceed(slot);
    }

    /** Other threads may send again what was sent by the last time that there was room. */
    private void repay(final int slot)
    {
        if (fields.debt(slot) > 0)
        {
            if (port(slot).outputCredit(fields.below(slot)) >= windows.window())
            {
                windows.repay(slot, fields);
            }
            else
            {
                waitForRoom(slot);
            }
        }
    }

    /** Bytes of another thread, which were taken from the session's window. */
    void onSend(final long handle, final DirectBuffer buffer, final int offset, final int length)
    {
        final int slot = resolve(handle);
        if (slot == SessionSlab.NULL_SLOT)
        {
            counters.commandsStale.incrementPlain();
            return;
        }
        fields.debt(slot, fields.debt(slot) + length);
        if (send(slot, buffer, offset, length) < length)
        {
            fail(slot, handle, Failure.NO_CAPACITY, ABORTING); // a part of it can't be kept, nor be left out
        }
        else
        {
            repay(slot);
        }
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
        repay(slot);
        final StreamCoreDriver driver = driver(slot);
        if (driver != null && fields.coreSlot(slot) != StreamCore.NULL_SLOT)
        {
            after(slot, driver.core.resume(fields.coreSlot(slot), nowNs, port(slot).outbox()));
        }
        else if (driver == null && tellShut(slot) && tellWritable(slot, handle))
        {
            offerHeld(slot);
        }
    }

    // ---- output

    int send(final int slot, final DirectBuffer buffer, final int offset, final int length)
    {
        if (length <= 0 || !fields.has(slot, ESTABLISHED) || fields.has(slot, SHUT | CLOSING | ABORTING | GONE))
        {
            return 0;
        }
        final StreamCoreDriver driver = driver(slot);
        final int sent = driver == null ? sendPlain(slot, buffer, offset, length) : driver.core.send(
            fields.coreSlot(slot), buffer, offset, length, nowNs, port(slot).outbox());
        counters.bytesOut.getAndAddPlain(sent);
        fields.activeNs(slot, nowNs);
        if (sent < length)
        {
            counters.backPressured.incrementPlain();
            fields.raise(slot, BLOCKED);
            waitForRoom(slot);
        }
        return sent;
    }

    private int sendPlain(final int slot, final DirectBuffer buffer, final int offset, final int length)
    {
        final StreamPort port = port(slot);
        final long below = fields.below(slot);
        int sent = 0;
        int piece;
        do
        {
            piece = Math.min(Math.min(length - sent, port.outputCredit(below)), port.outbox().maxLength());
            if (piece > 0 && port.outbox().reserve(below, 1, piece))
            {
                final int index = port.outbox().claim(StreamRecord.DATA, piece);
                port.outbox().buffer().putBytes(index, buffer, offset + sent, piece);
                port.outbox().commit(index);
                sent += piece;
            }
            else
            {
                piece = 0;
            }
        }
        while (piece > 0 && sent < length);
        return sent;
    }

    void shutdown(final int slot)
    {
        if (fields.has(slot, SHUT | CLOSING | ABORTING | GONE) || !fields.has(slot, OPEN))
        {
            return;
        }
        fields.raise(slot, SHUT);
        final StreamCoreDriver driver = driver(slot);
        if (driver != null)
        {
            if (driver.core.shutdown(fields.coreSlot(slot), nowNs, port(slot).outbox()) == Outcome.BACK_PRESSURED)
            {
                waitForRoom(slot);
            }
        }
        else
        {
            tellShut(slot);
        }
    }

    private boolean tellShut(final int slot)
    {
        if (fields.has(slot, SHUT) && !fields.has(slot, SHUT_TOLD))
        {
            if (port(slot).tell(StreamRecord.SHUTDOWN, fields.below(slot)))
            {
                fields.raise(slot, SHUT_TOLD);
            }
            else
            {
                runnable.add(slot);
            }
        }
        return true;
    }

    void resume(final int slot)
    {
        runnable.add(slot);
    }

    // ---- ends

    void close(final int slot)
    {
        shutdownCore(slot);
        end(slot, CLOSING);
        counters.closed.incrementPlain();
    }

    /** What a core says at its end, if there is room for it now: close_notify. */
    private void shutdownCore(final int slot)
    {
        final StreamCoreDriver driver = driver(slot);
        if (driver != null && fields.coreSlot(slot) != StreamCore.NULL_SLOT && !fields.has(slot, SHUT))
        {
            driver.core.shutdown(fields.coreSlot(slot), nowNs, port(slot).outbox());
        }
    }

    void abort(final int slot)
    {
        end(slot, ABORTING);
        counters.closed.incrementPlain();
    }

    private void end(final int slot, final int how)
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

    private void fail(final int slot, final long handle, final int reason, final int how)
    {
        if (isStill(slot, handle))
        {
            counters.failed.incrementPlain();
            handler.onFailed(session.wrap(slot), reason);
            if (isStill(slot, handle))
            {
                end(slot, how);
            }
        }
    }

    /** The link has ended the connection. */
    void onClosed(final int slot, final int reason)
    {
        if (fields.has(slot, CLOSING | ABORTING))
        {
            fields.raise(slot, GONE);
            release(slot);
            return;
        }
        fields.raise(slot, GONE);
        if (reason != StreamResult.OK || !fields.has(slot, OPEN) || isAllTaken(slot))
        {
            finish(slot, reason);
        }
    }

    private void finish(final int slot, final int reason)
    {
        final long handle = handle(slot);
        if (reason == StreamResult.OK)
        {
            counters.closed.incrementPlain();
            handler.onClosed(session.wrap(slot));
        }
        else
        {
            counters.failed.incrementPlain();
            handler.onFailed(session.wrap(slot), reason);
        }
        if (slab.isLive(slot) && handle(slot) == handle)
        {
            release(slot);
        }
    }

    private void release(final int slot)
    {
        final StreamCoreDriver driver = driver(slot);
        if (driver != null && fields.coreSlot(slot) != StreamCore.NULL_SLOT)
        {
            driver.core.close(fields.coreSlot(slot));
        }
        leavePrefix(slot);
        held.release(slot);
        timers.cancel(slot);
        windows.close(slot);
        port(slot).detach(fields.below(slot), slot);
        slab.release(slot);
        counters.active.getAndAddPlain(-1);
        wakeStarved();
    }

    // ---- time

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
                    if (isAllTaken(slot) && !fields.has(slot, BLOCKED))
                    {
                        shutdown(slot);
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
