// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.session.FourTuple;
import dev.trishake.session.SessionSlab;
import dev.trishake.session.SessionTable;
import dev.trishake.session.TimerQueue;

/**
 * All that has a four-tuple: connections, half-open connections and TIME-WAITs, each in a slab of its own, found by one
 * table and timed by one queue. In the table each has an id:
 *
 * <pre>
 *  id     [ connections | half-open | TIME-WAIT ]
 *  timer  [ retransmit: connections | output: connections | keep: connections | half-open | TIME-WAIT ]
 * </pre>
 */
final class Sessions
{
    /** Of a connection: retransmission, zero-window probe, SYN. */
    static final int RETRANSMIT = 0;
    /** Of a connection: a delayed acknowledgment, or output that found the outbox full. */
    static final int OUTPUT = 1;
    /** Of a connection: keepalive, or the end of FIN-WAIT-2. */
    static final int KEEP = 2;
    private static final int KINDS = 3;
    private static final long TICK_NS = 1 << 20;

    final SessionSlab connections;
    final SessionSlab halfOpens;
    final SessionSlab timeWaits;
    final SessionTable table;
    final TimerQueue timers;
    private final int firstHalfOpen;
    private final int firstTimeWait;
    private final int firstOtherTimer;

    Sessions(final TcpConfig config, final Secrets secrets, final long nowNs)
    {
        connections = new SessionSlab(config.connections, Tcb.LENGTH);
        halfOpens = new SessionSlab(config.halfOpen, HalfOpen.LENGTH);
        timeWaits = new SessionSlab(config.timeWait, TimeWaitRecord.LENGTH);
        firstHalfOpen = config.connections;
        firstTimeWait = firstHalfOpen + config.halfOpen;
        firstOtherTimer = KINDS * config.connections;
        table = new SessionTable(firstTimeWait + config.timeWait, secrets.table0, secrets.table1);
        timers = new TimerQueue(firstOtherTimer + config.halfOpen + config.timeWait, TICK_NS, nowNs);
    }

    int find(final FourTuple tuple)
    {
        return table.find(tuple);
    }

    boolean isConnection(final int id)
    {
        return id < firstHalfOpen;
    }

    boolean isHalfOpen(final int id)
    {
        return id >= firstHalfOpen && id < firstTimeWait;
    }

    int halfOpenSlot(final int id)
    {
        return id - firstHalfOpen;
    }

    int timeWaitSlot(final int id)
    {
        return id - firstTimeWait;
    }

    int halfOpenId(final int slot)
    {
        return firstHalfOpen + slot;
    }

    int timeWaitId(final int slot)
    {
        return firstTimeWait + slot;
    }

    int timer(final int kind, final int slot)
    {
        return kind * firstHalfOpen + slot;
    }

    /** The timer of a half-open connection or a TIME-WAIT. */
    int timer(final int id)
    {
        return firstOtherTimer - firstHalfOpen + id;
    }

    boolean isConnectionTimer(final int timer)
    {
        return timer < firstOtherTimer;
    }

    int kindOfTimer(final int timer)
    {
        return timer / firstHalfOpen;
    }

    int slotOfTimer(final int timer)
    {
        return timer % firstHalfOpen;
    }

    int idOfTimer(final int timer)
    {
        return timer - firstOtherTimer + firstHalfOpen;
    }

    void releaseHalfOpen(final int slot)
    {
        table.remove(halfOpenId(slot));
        timers.cancel(timer(halfOpenId(slot)));
        halfOpens.release(slot);
    }

    void releaseTimeWait(final int slot)
    {
        table.remove(timeWaitId(slot));
        timers.cancel(timer(timeWaitId(slot)));
        timeWaits.release(slot);
    }

    void cancelTimers(final int slot)
    {
        timers.cancel(timer(RETRANSMIT, slot));
        timers.cancel(timer(OUTPUT, slot));
        timers.cancel(timer(KEEP, slot));
    }
}
