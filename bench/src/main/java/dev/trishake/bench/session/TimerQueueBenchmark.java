// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.session;

import dev.trishake.bench.Bench;
import dev.trishake.session.TimerQueue;
import org.agrona.DeadlineTimerWheel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * What does a deadline cost when a million others wait: to move it, and to let it fire?
 *
 * <p>{@code move} cancels a timer and schedules it anew, as every answer of a peer does; {@code fire} is a timer that
 * fires and is scheduled anew, with time going on so that one fires for each call on average, 64 of them in every 64th:
 * a duty cycle. Deadlines are one second ahead on average, evenly spread over two, in ticks of 65.5 us. Agrona's wheel
 * is given room for them all from the start, so that it does not grow.
 */
public class TimerQueueBenchmark extends Bench
{
    private static final int ORDER_LENGTH = 1 << 20;
    private static final long TICK_NS = 1 << 16;
    private static final long MEAN_DELAY_NS = 1_000_000_000L;
    private static final int TICKS_PER_WHEEL = 1 << 15;
    private static final int CYCLE = 64;
    private static final int LIMIT = 1024;

    /** Number of timers, all scheduled. */
    @Param({"100000", "1000000"})
    public int timers;

    private final int[] order = new int[ORDER_LENGTH];
    private final long[] delaysNs = new long[ORDER_LENGTH];
    private int cursor;
    private int calls;
    private long nowNs;
    private long cycleNs;

    private TimerQueue queue;
    private final TimerQueue.Handler handler = (timer, atNs) -> queue.schedule(timer, nowNs + nextDelayNs());

    private DeadlineTimerWheel wheel;
    private long[] wheelIds;
    private long[] firedIds;
    private int firedCount;
    private final DeadlineTimerWheel.TimerHandler wheelHandler = this::onWheelTimer;

    private PriorityQueue<Timer> heap;
    private Timer[] heapTimers;

    private static final class Timer implements Comparable<Timer>
    {
        private long deadlineNs;

        @Override
        public int compareTo(final Timer other)
        {
            return Long.compare(deadlineNs, other.deadlineNs);
        }
    }

    @Setup
    public void setUp()
    {
        final SplittableRandom random = new SplittableRandom(1);
        cycleNs = CYCLE * MEAN_DELAY_NS / timers;
        for (int i = 0; i < ORDER_LENGTH; i++)
        {
            order[i] = random.nextInt(timers);
            delaysNs[i] = random.nextLong(2 * MEAN_DELAY_NS);
        }

        queue = new TimerQueue(timers, TICK_NS, 0);
        wheel = new DeadlineTimerWheel(TimeUnit.NANOSECONDS, 0, TICK_NS, TICKS_PER_WHEEL,
            Integer.highestOneBit(8 * timers / TICKS_PER_WHEEL));
        wheelIds = new long[timers];
        firedIds = new long[LIMIT];
        heap = new PriorityQueue<>(timers);
        heapTimers = new Timer[timers];
        for (int timer = 0; timer < timers; timer++)
        {
            queue.schedule(timer, nextDelayNs());
            wheelIds[timer] = wheel.scheduleTimer(nextDelayNs());
            heapTimers[timer] = new Timer();
            heapTimers[timer].deadlineNs = nextDelayNs();
            heap.add(heapTimers[timer]);
        }
    }

    @Benchmark
    public boolean move()
    {
        final int timer = order[cursor & ORDER_LENGTH - 1];
        final boolean cancelled = queue.cancel(timer);
        queue.schedule(timer, nextDelayNs());
        return cancelled;
    }

    @Benchmark
    public int fire()
    {
        return isCycle() ? queue.expire(nowNs, handler, LIMIT) : 0;
    }

    @Benchmark
    public boolean moveAgronaWheel()
    {
        final int timer = order[cursor & ORDER_LENGTH - 1];
        final boolean cancelled = wheel.cancelTimer(wheelIds[timer]);
        wheelIds[timer] = wheel.scheduleTimer(nextDelayNs());
        return cancelled;
    }

    @Benchmark
    public int fireAgronaWheel()
    {
        firedCount = 0;
        if (isCycle())
        {
            while (wheel.currentTickTime() <= nowNs)
            {
                wheel.poll(nowNs, wheelHandler, LIMIT);
            }
            for (int i = 0; i < firedCount; i++)
            {
                firedIds[i] = wheel.scheduleTimer(nowNs + nextDelayNs());
            }
        }
        return firedCount;
    }

    /** To cancel takes a search through the whole heap. */
    @Benchmark
    public boolean movePriorityQueue()
    {
        final Timer timer = heapTimers[order[cursor & ORDER_LENGTH - 1]];
        final boolean cancelled = heap.remove(timer);
        timer.deadlineNs = nextDelayNs();
        heap.add(timer);
        return cancelled;
    }

    @Benchmark
    public int firePriorityQueue()
    {
        int fired = 0;
        if (isCycle())
        {
            while (heap.peek().deadlineNs <= nowNs)
            {
                final Timer timer = heap.remove();
                timer.deadlineNs = nowNs + nextDelayNs();
                heap.add(timer);
                fired++;
            }
        }
        return fired;
    }

    private boolean isCycle()
    {
        if (++calls % CYCLE != 0)
        {
            return false;
        }
        nowNs += cycleNs;
        return true;
    }

    private boolean onWheelTimer(final TimeUnit timeUnit, final long atNs, final long timer)
    {
        firedIds[firedCount++] = timer;
        return true;
    }

    private long nextDelayNs()
    {
        return delaysNs[cursor++ & ORDER_LENGTH - 1];
    }
}
