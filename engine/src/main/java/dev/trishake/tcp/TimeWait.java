// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.session.SessionSlab;
import dev.trishake.wire.tcp.TcpFlags;
import dev.trishake.wire.tcp.TcpOptionWords;

import static dev.trishake.tcp.TimeWaitRecord.ANSWERED;
import static dev.trishake.tcp.TimeWaitRecord.ANSWERED_NS;
import static dev.trishake.tcp.TimeWaitRecord.HAS_TIMESTAMPS;
import static dev.trishake.tcp.TimeWaitRecord.RCV_EDGE;
import static dev.trishake.tcp.TimeWaitRecord.RCV_NXT;
import static dev.trishake.tcp.TimeWaitRecord.RCV_WND;
import static dev.trishake.tcp.TimeWaitRecord.SND_NXT;
import static dev.trishake.tcp.TimeWaitRecord.TS_OFFSET;
import static dev.trishake.tcp.TimeWaitRecord.TS_RECENT;
import static dev.trishake.tcp.TimeWaitRecord.TS_RECENT_MS;

/** Both sides have closed; old segments must die, and a lost last ACK be sent again: RFC 9293 3.6.1, 6191, 1337. */
final class TimeWait
{
    /** Linux: so far behind the old connection's numbers begin those of the new one. */
    private static final int ISN_STEP = 65535 + 2;

    private final Host host;
    private final TimeWaitRecord record;

    TimeWait(final Host host)
    {
        this.host = host;
        this.record = new TimeWaitRecord(host.sessions.timeWaits);
    }

    /** Takes over from the connection in hand, whose tuple is free; where there is no record left, nothing stays. */
    void begin(final long nowNs)
    {
        final Tcb tcb = host.tcb;
        final int slot = host.sessions.timeWaits.acquire();
        if (slot == SessionSlab.NULL_SLOT)
        {
            host.count(TcpCounter.TIME_WAIT_OVERFLOW);
            return;
        }
        record.wrap(slot);
        record.set(RCV_NXT, tcb.get(Tcb.RCV_NXT));
        record.set(SND_NXT, tcb.get(Tcb.SND_MAX));
        record.set(RCV_EDGE, tcb.get(Tcb.RCV_EDGE));
        record.set(RCV_WND, Math.min(tcb.rcvWnd() >> tcb.get(Tcb.RCV_SHIFT), 0xffff));
        record.set(HAS_TIMESTAMPS, tcb.is(Tcb.TIMESTAMPS) ? 1 : 0);
        record.set(TS_RECENT, tcb.get(Tcb.TS_RECENT));
        record.set(TS_RECENT_MS, tcb.get(Tcb.TS_RECENT_MS));
        record.set(TS_OFFSET, tcb.get(Tcb.TS_OFFSET));
        host.sessions.table.put(host.tuple, host.sessions.timeWaitId(slot));
        restart(nowNs);
    }

    private void restart(final long nowNs)
    {
        host.sessions.timers.schedule(
            host.sessions.timer(host.sessions.timeWaitId(record.slot())), nowNs + host.config.timeWaitNs);
    }

    void onTimer(final int slot)
    {
        host.count(TcpCounter.TIME_WAITED);
        host.sessions.releaseTimeWait(slot);
    }

    void onSegment(final int slot, final long nowNs)
    {
        record.wrap(slot);
        final Segment segment = host.segment;
        final boolean hasTimestamps = record.get(HAS_TIMESTAMPS) != 0;
        final boolean isOld = host.arrival.isOld(
            record.get(TS_RECENT), record.get(TS_RECENT_MS), hasTimestamps, nowNs);
        if (segment.has(TcpFlags.RST))
        {
            if (!host.config.rfc1337 && segment.seq() == record.get(RCV_NXT))
            {
                host.sessions.releaseTimeWait(slot);
            }
            return;
        }
        final boolean isPureSyn =
            segment.has(TcpFlags.SYN) && !segment.has(TcpFlags.ACK) && !segment.has(TcpFlags.FIN);
        if (isPureSyn && !isOld && isNewer(hasTimestamps))
        {
            reopen(slot, nowNs);
            return;
        }
        if (segment.has(TcpFlags.SYN))
        {
            answer(nowNs);
            return;
        }
        final boolean isInWindow = Seq.isInside(
            segment.seq(), record.get(RCV_NXT), record.get(RCV_EDGE) - record.get(RCV_NXT));
        if (!segment.has(TcpFlags.ACK) && isInWindow)
        {
            return;
        }
        if (isOld || segment.segmentLength() > 0 || segment.seq() != record.get(RCV_NXT))
        {
            answer(nowNs);
        }
        if (segment.has(TcpFlags.ACK) || isOld)
        {
            restart(nowNs);
        }
    }

    /** RFC 6191 2 as Linux has it: a later number, or a later timestamp. */
    private boolean isNewer(final boolean hasTimestamps)
    {
        final Segment segment = host.segment;
        return Seq.isAfter(segment.seq(), record.get(RCV_NXT)) ||
            (hasTimestamps && segment.options().hasTimestamps() &&
                segment.options().tsVal() - record.get(TS_RECENT) > 0);
    }

    private void reopen(final int slot, final long nowNs)
    {
        final Listener listener = host.passiveOpen.listenerOf(host.segment.tuple);
        if (listener == null)
        {
            answer(nowNs);
            return;
        }
        final int isn = record.get(SND_NXT) + ISN_STEP;
        host.count(TcpCounter.TIME_WAIT_RECYCLED);
        host.sessions.releaseTimeWait(slot);
        host.passiveOpen.onReopeningSyn(listener, isn == 0 ? 1 : isn, nowNs);
    }

    /** {@code <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>}. */
    private void answer(final long nowNs)
    {
        final Segment segment = host.segment;
        if (segment.payloadLength() == 0 && !segment.has(TcpFlags.FIN) && record.get(ANSWERED) != 0 &&
            nowNs - record.get(ANSWERED_NS) < host.config.invalidRateLimitNs)
        {
            host.count(TcpCounter.ACK_SKIPPED);
            return;
        }
        record.set(ANSWERED, 1);
        record.set(ANSWERED_NS, nowNs);
        final TcpOptionWords options = host.writer.options();
        if (record.get(HAS_TIMESTAMPS) != 0)
        {
            options.timestamps(
                Isn.milliseconds(nowNs) + record.get(TS_OFFSET), record.get(TS_RECENT));
        }
        host.writer.write(
            segment.tuple, TcpFlags.ACK, record.get(SND_NXT), record.get(RCV_NXT), record.get(RCV_WND));
    }
}
