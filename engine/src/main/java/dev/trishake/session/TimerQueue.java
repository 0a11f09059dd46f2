// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.session;

import org.agrona.BitUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The deadlines of an agent's sessions: a hierarchical timing wheel whose lists run through the timers themselves, so
 * that a flood of them costs no more memory than was allocated at start.
 *
 * <p>A timer is a number, 0 to capacity - 1 (a slot, or slot * kinds + kind), with at most one deadline. Scheduling and
 * cancelling take constant time. A timer never fires before its deadline, and fires less than one tick after it as long
 * as {@link #expire} is called often enough with a limit that is not reached.
 *
 * <pre>
 *  nodes: capacity timers, then a head of a circular list for every bucket, then the heads of FIRING and DUE
 *  0        4          8                16
 * +--------+----------+----------------+
 * |  next  | previous |   deadlineNs   |     next is -1 when the timer is not scheduled
 * +--------+----------+----------------+
 *
 *  a time in ns, for ticks of 2^shift ns: level 0 counts ticks, each level above counts 64 of the level below
 *
 *   63                                                       shift       0
 *  +-- - - --+-----------+-----------+-----------+-----------+-----------+
 *  |   top   |    ...    |  level 2  |  level 1  |  level 0  |   zeros   |
 *  +-- - - --+-----------+-----------+-----------+-----------+-----------+
 *   1 to 6 bits     6           6           6           6
 * </pre>
 *
 * <p>A timer lies in the level of the highest digit in which its time (the deadline, rounded up to a tick) differs from
 * the time the wheel has come to, in that digit's bucket. So all timers of a level are due before all of the next
 * level; when the wheel comes to a bucket above level 0 its timers move to levels below ({@code cascade}). Bit maps of
 * the occupied buckets let it skip any stretch without timers. The levels hold all 64 bits: there is no last bucket
 * that collects what is far away, and times may be negative and wrap, as those of {@code System.nanoTime} may.
 */
public final class TimerQueue
{
    /** Deadlines farther ahead than this, 146 years, are brought forward to it. */
    public static final long MAX_DELAY_NS = 1L << 62;

    /** Longest tick: 2<sup>30</sup> ns, about a second. */
    public static final long MAX_TICK_NS = 1L << 30;

    private static final int NEXT_OFFSET = 0;
    private static final int PREVIOUS_OFFSET = 4;
    private static final int DEADLINE_OFFSET = 8;
    private static final int NODE_LENGTH = 16;

    private static final int NOT_SCHEDULED = -1;
    private static final int NO_BUCKET = -1;
    private static final int DIGIT_BITS = 6;
    private static final int BUCKETS_PER_LEVEL = 1 << DIGIT_BITS;
    private static final int DIGIT_MASK = BUCKETS_PER_LEVEL - 1;

    private final int capacity;
    private final int tickShift;
    private final int levels;
    /** Buckets beside the wheel: the timers that fire now, and those scheduled for the past, which fire next time. */
    private final int firing;
    private final int due;
    private final UnsafeBuffer nodes;
    private final long nodesAddress;
    /** A bit for each bucket that is not empty, a word for each level, the last one for FIRING and DUE. */
    private final long[] occupied;

    private int size;
    /** The latest time that anyone told, and the tick that the wheel has come to: never later. */
    private long clockNs;
    private long wheelNs;
    /** The bucket whose cascade was cut short: it comes before everything else. */
    private int cascading = NO_BUCKET;

    /** Is told which timers fire. */
    @FunctionalInterface
    public interface Handler
    {
        /**
         * Called when a timer fires; it is no longer scheduled then. May schedule and cancel any timer, this one too.
         *
         * @param timer 0 to capacity - 1
         * @param nowNs the time given to {@link TimerQueue#expire}
         */
        void onTimer(int timer, long nowNs);
    }

    /**
     * Allocates all that this queue will ever use.
     *
     * @param capacity number of timers, at least 1
     * @param tickNs   how late a timer may fire, a power of two from 1 to {@link #MAX_TICK_NS}
     * @param nowNs    the time to begin with
     * @throws IllegalArgumentException when a parameter is out of range; the limit of capacity is some 134 million
     */
    public TimerQueue(final int capacity, final long tickNs, final long nowNs)
    {
        if (tickNs < 1 || tickNs > MAX_TICK_NS || !BitUtil.isPowerOfTwo(tickNs))
        {
            throw new IllegalArgumentException("tick must be a power of two from 1 to 2^30 ns: " + tickNs);
        }
        this.capacity = Memory.checkCapacity(capacity);
        tickShift = Long.numberOfTrailingZeros(tickNs);
        levels = (Long.SIZE - tickShift + DIGIT_BITS - 1) / DIGIT_BITS;
        occupied = new long[levels + 1];
        firing = levels << DIGIT_BITS;
        due = firing + 1;
        nodes = Memory.allocate("timer queue", (long)capacity + due + 1, NODE_LENGTH);
        nodesAddress = nodes.addressOffset();
        for (int timer = 0; timer < capacity; timer++)
        {
            UnsafeApi.putInt(node(timer) + NEXT_OFFSET, NOT_SCHEDULED);
        }
        for (int bucket = 0; bucket <= due; bucket++)
        {
            link(head(bucket), head(bucket));
        }
        clockNs = nowNs;
        wheelNs = roundDown(nowNs);
    }

    /**
     * Schedules a timer, or moves it when it is scheduled. A deadline that has passed fires at the next call of
     * {@link #expire}: never in the one that is going on.
     *
     * @param timer      0 to capacity - 1
     * @param deadlineNs when it is to fire
     */
    public void schedule(final int timer, final long deadlineNs)
    {
        if (isScheduled(timer))
        {
            unlink(timer);
        }
        else
        {
            size++;
        }
        final long delayNs = deadlineNs - clockNs;
        final long nearNs = delayNs > MAX_DELAY_NS ? clockNs + MAX_DELAY_NS : deadlineNs;
        UnsafeApi.putLong(node(timer) + DEADLINE_OFFSET, nearNs);
        if (delayNs <= 0)
        {
            append(due, timer);
        }
        else
        {
            place(timer, roundUp(nearNs));
        }
    }

    /**
     * Cancels a timer.
     *
     * @param timer 0 to capacity - 1
     * @return false when it was not scheduled
     */
    public boolean cancel(final int timer)
    {
        if (!isScheduled(timer))
        {
            return false;
        }
        remove(timer);
        return true;
    }

    /**
     * {@return whether the timer has a deadline and has not fired}
     *
     * @param timer 0 to capacity - 1
     */
    public boolean isScheduled(final int timer)
    {
        assert timer >= 0 && timer < capacity : "no such timer: " + timer;
        nodes.boundsCheck(timer * NODE_LENGTH, NODE_LENGTH); // of all numbers only this one is the caller's
        return next(timer) != NOT_SCHEDULED;
    }

    /**
     * {@return the deadline as it was given, or {@link #MAX_DELAY_NS} ahead}
     *
     * @param timer one that is scheduled
     */
    public long deadlineNs(final int timer)
    {
        assert isScheduled(timer) : "not scheduled: " + timer;
        return UnsafeApi.getLong(node(timer) + DEADLINE_OFFSET);
    }

    /**
     * Fires the timers that are due, in the order of their ticks, those that were scheduled for the past before them.
     * The time a call takes is bounded by its limit whatever the number of timers and however long the last call is
     * past: what was not reached fires at the next call.
     *
     * @param nowNs   the time, at most {@link #MAX_DELAY_NS} later than at the last call; an earlier one counts as
     *                that of the last call
     * @param handler is told of each timer
     * @param limit   how many timers may fire
     * @return how many fired; less than limit does not say that none is left: {@link #nextDeadlineNs} does
     */
    public int expire(final long nowNs, final Handler handler, final int limit)
    {
        if (nowNs - clockNs > 0)
        {
            clockNs = nowNs;
        }
        moveAll(due, firing);
        // A timer moves at most once a level, so that in the long run moving can't be what keeps timers from firing.
        advance((long)limit * levels);

        int fired = 0;
        final int head = head(firing);
        for (int timer = next(head); timer != head && fired < limit; timer = next(head))
        {
            remove(timer);
            fired++;
            handler.onTimer(timer, clockNs);
        }
        return fired;
    }

    /**
     * {@return a time before which no timer fires: wait until then unless something is scheduled meanwhile}. It is the
     * time of the last call of {@link #expire} when there is still work for another, {@link #MAX_DELAY_NS} after it
     * when nothing is scheduled, and for deadlines far ahead earlier than they are. Compare it by difference.
     */
    public long nextDeadlineNs()
    {
        if (occupied[levels] != 0 || cascading != NO_BUCKET)
        {
            return clockNs;
        }
        final int bucket = nextBucket();
        if (bucket == NO_BUCKET)
        {
            return clockNs + MAX_DELAY_NS;
        }
        final long startNs = startNs(bucket);
        return startNs - clockNs > 0 ? startNs : clockNs;
    }

    /**
     * {@return the number of scheduled timers}
     */
    public int size()
    {
        return size;
    }

    /**
     * {@return the number of timers that there can be}
     */
    public int capacity()
    {
        return capacity;
    }

    /** Brings the wheel up to the clock, and what it passes to FIRING; a step is a move of a timer or of a bucket. */
    private void advance(final long stepLimit)
    {
        long steps = stepLimit;
        while (true)
        {
            if (cascading != NO_BUCKET)
            {
                steps = cascade(steps);
                if (cascading != NO_BUCKET)
                {
                    return;
                }
            }

            final int bucket = nextBucket();
            if (bucket == NO_BUCKET || startNs(bucket) - clockNs > 0)
            {
                wheelNs = roundDown(clockNs);
                return;
            }
            if (steps <= 0)
            {
                return;
            }

            wheelNs = startNs(bucket);
            if (bucket < BUCKETS_PER_LEVEL)
            {
                moveAll(bucket, firing);
                steps--;
            }
            else
            {
                cascading = bucket;
            }
        }
    }

    /** Moves the timers of the bucket that the wheel has come to where they belong now; returns the steps left. */
    private long cascade(final long stepLimit)
    {
        final int head = head(cascading);
        long steps = stepLimit;
        for (int timer = next(head); timer != head; timer = next(head))
        {
            if (steps <= 0)
            {
                return 0;
            }
            steps--;
            unlink(timer);
            place(timer, roundUp(UnsafeApi.getLong(node(timer) + DEADLINE_OFFSET)));
        }
        cascading = NO_BUCKET;
        return steps;
    }

    /** Appends a timer to the bucket of its time, which is not before the wheel's. */
    private void place(final int timer, final long timeNs)
    {
        final long difference = timeNs ^ wheelNs;
        if (difference == 0)
        {
            append(firing, timer);
        }
        else
        {
            final int level = (Long.SIZE - 1 - Long.numberOfLeadingZeros(difference) - tickShift) / DIGIT_BITS;
            append(level << DIGIT_BITS | digit(level, timeNs), timer);
        }
    }

    /** The bucket of the wheel that it comes to next. */
    private int nextBucket()
    {
        for (int level = 0; level < levels; level++)
        {
            if (occupied[level] != 0)
            {
                // the digits after the wheel's own; in the top level, where time wraps, those below it are after it too
                final int first = digit(level, wheelNs) + 1;
                final int digit = first + Long.numberOfTrailingZeros(Long.rotateRight(occupied[level], first));
                return level << DIGIT_BITS | (digit & DIGIT_MASK);
            }
        }
        return NO_BUCKET;
    }

    /** The first time of a bucket that the wheel comes to. */
    private long startNs(final int bucket)
    {
        final int shift = shift(bucket >>> DIGIT_BITS);
        return (wheelNs & -1L << shift << DIGIT_BITS) | (long)(bucket & DIGIT_MASK) << shift;
    }

    private int digit(final int level, final long timeNs)
    {
        return (int)(timeNs >>> shift(level)) & DIGIT_MASK;
    }

    private int shift(final int level)
    {
        return tickShift + level * DIGIT_BITS;
    }

    private long roundDown(final long timeNs)
    {
        return timeNs & -1L << tickShift;
    }

    private long roundUp(final long timeNs)
    {
        return roundDown(timeNs + (1L << tickShift) - 1);
    }

    /** Unlinks a timer, which is scheduled no longer. */
    private void remove(final int timer)
    {
        unlink(timer);
        UnsafeApi.putInt(node(timer) + NEXT_OFFSET, NOT_SCHEDULED);
        size--;
    }

    private void unlink(final int timer)
    {
        final int previous = previous(timer);
        final int next = next(timer);
        link(previous, next);
        if (previous == next)
        {
            markEmpty(next - capacity);
        }
    }

    private void append(final int bucket, final int timer)
    {
        final int head = head(bucket);
        link(previous(head), timer);
        link(timer, head);
        markOccupied(bucket);
    }

    /** Appends all timers of one bucket to another. */
    private void moveAll(final int from, final int to)
    {
        final int head = head(from);
        final int first = next(head);
        if (first != head)
        {
            link(previous(head(to)), first);
            link(previous(head), head(to));
            link(head, head);
            markEmpty(from);
            markOccupied(to);
        }
    }

    private void markOccupied(final int bucket)
    {
        occupied[bucket >>> DIGIT_BITS] |= 1L << bucket;
    }

    private void markEmpty(final int bucket)
    {
        occupied[bucket >>> DIGIT_BITS] &= ~(1L << bucket);
    }

    private int head(final int bucket)
    {
        return capacity + bucket;
    }

    private void link(final int node, final int next)
    {
        UnsafeApi.putInt(node(node) + NEXT_OFFSET, next);
        UnsafeApi.putInt(node(next) + PREVIOUS_OFFSET, node);
    }

    private long node(final int number)
    {
        return nodesAddress + (long)number * NODE_LENGTH;
    }

    private int next(final int node)
    {
        return UnsafeApi.getInt(node(node) + NEXT_OFFSET);
    }

    private int previous(final int node)
    {
        return UnsafeApi.getInt(node(node) + PREVIOUS_OFFSET);
    }
}
