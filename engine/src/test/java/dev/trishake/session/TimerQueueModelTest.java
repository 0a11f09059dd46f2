// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.session;

import dev.trishake.support.Exhaustive;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.Arrays;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The queue beside a model that looks at every timer at every step, and knows time as a distance from its start. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TimerQueueModelTest
{
    private static final int ALL = Integer.MAX_VALUE;

    @Test
    void shouldAgreeWithTheModelWhateverTheTimeTheTickAndTheLimit()
    {
        Seeded.forEach(Scale.pick(400, 20_000), random ->
        {
            final int capacity = 1 + random.nextInt(1 << random.nextInt(1, 9));
            final Model model = new Model(capacity, random.nextInt(31), startNs(random), random);
            for (int i = 0; i < 2000; i++)
            {
                switch (random.nextInt(8))
                {
                    case 0 -> model.cancel(random.nextInt(capacity));
                    case 1, 2 -> model.expire(random.nextInt(4) == 0 ? 0 : logUniform(random, 45), random.nextInt(12));
                    case 3 -> model.expire(model.ticks(1 + random.nextInt(100)), ALL);
                    default -> model.schedule(random.nextInt(capacity), model.someDelay());
                }
            }
            model.finish();
        });
    }

    private static long startNs(final SplittableRandom random)
    {
        return switch (random.nextInt(4))
        {
            case 0 -> Long.MAX_VALUE - logUniform(random, 50);
            case 1 -> -logUniform(random, 50);
            case 2 -> (1L << random.nextInt(64)) - random.nextInt(1000);
            default -> random.nextLong();
        };
    }

    private static long logUniform(final SplittableRandom random, final int bits)
    {
        return random.nextLong(1L << random.nextInt(1, bits + 1));
    }

    @Test
    void shouldBeRightInEveryOrderOfTwoTimers()
    {
        final long[] delays = {0, 1, 63, 64, 4097};
        final long[] steps = {0, 1, 64, 4096};
        for (final long phase : new long[] {0, 62, 4095})
        {
            // far from a carry into the upper levels, or just before one; one queue serves all, further and further on
            final Model model = new Model(2, 0, -1L << 40, new SplittableRandom(1));
            final Exhaustive all = new Exhaustive();
            while (all.next())
            {
                model.alignTo(1L << 18, phase);
                for (int i = 0; i < 5; i++)
                {
                    final int choice = all.choose(2 * delays.length + steps.length + 1);
                    if (choice < 2 * delays.length)
                    {
                        model.schedule(choice & 1, delays[choice >> 1]);
                    }
                    else if (choice < 2 * delays.length + steps.length)
                    {
                        model.expire(steps[choice - 2 * delays.length], 1);
                    }
                    else
                    {
                        model.cancel(0);
                    }
                }
                model.finish();
            }
            assertEquals(759_375, all.count());
        }
    }

    /** What a queue must do, told by looking at all timers. Times are distances from the start. */
    private static final class Model
    {
        private static final long NONE = Long.MIN_VALUE;

        private final TimerQueue queue;
        private final SplittableRandom random;
        private final int tickShift;
        private final long startNs;
        /** When a timer may fire: its deadline when that was past, else the tick at or after it; NONE: never. */
        private final long[] dueNs;
        private final long[] deadlineNs;
        /** The call of expire, or the time between two, in which it was scheduled for the past; -1: for the future. */
        private final long[] notInCall;
        private final TimerQueue.Handler handler = this::onTimer;
        private long nowNs;
        private long call;
        private int size;
        private int fired;
        private long lastDueNs = NONE;
        private boolean meddling;

        Model(final int capacity, final int tickShift, final long startNs, final SplittableRandom random)
        {
            this.tickShift = tickShift;
            this.startNs = startNs;
            this.random = random;
            queue = new TimerQueue(capacity, 1L << tickShift, startNs);
            dueNs = new long[capacity];
            deadlineNs = new long[capacity];
            notInCall = new long[capacity];
            Arrays.fill(dueNs, NONE);
        }

        long ticks(final int count)
        {
            return (long)count << tickShift;
        }

        long someDelay()
        {
            return switch (random.nextInt(4))
            {
                case 0 -> random.nextInt(3) - 1;
                case 1 -> ticks(random.nextInt(5000));
                case 2 -> 1L << random.nextInt(62);
                default -> logUniform(random, 46);
            };
        }

        void schedule(final int timer, final long delayNs)
        {
            size += dueNs[timer] == NONE ? 1 : 0;
            final long tickNs = 1L << tickShift;
            final long deadline = nowNs + delayNs;
            final long late = -(startNs + deadline) & tickNs - 1;
            deadlineNs[timer] = deadline;
            dueNs[timer] = delayNs <= 0 ? deadline : deadline + late;
            notInCall[timer] = delayNs <= 0 ? call : -1;
            queue.schedule(timer, startNs + deadline);
            check();
        }

        void cancel(final int timer)
        {
            final boolean was = dueNs[timer] != NONE;
            size -= was ? 1 : 0;
            dueNs[timer] = NONE;
            assertTrue(was == queue.cancel(timer));
            check();
        }

        void expire(final long stepNs, final int limit)
        {
            nowNs += stepNs;
            call++;
            fired = 0;
            final int dueBefore = due();
            meddling = dueNs.length > 2 && random.nextInt(3) == 0;
            final int count = queue.expire(startNs + nowNs, handler, limit);
            assertTrue(count == fired && fired <= limit);
            if (limit == ALL && !meddling)
            {
                assertTrue(fired == dueBefore && due() == 0);
            }
            meddling = false;
            call++;
            check();
        }

        private void onTimer(final int timer, final long atNs)
        {
            assertTrue(atNs == startNs + nowNs);
            assertTrue(dueNs[timer] != NONE, "fired but not scheduled");
            assertTrue(dueNs[timer] <= nowNs, "fired early");
            assertTrue(notInCall[timer] != call, "fired in the call in which it was scheduled for the past");
            assertTrue(!queue.isScheduled(timer));
            if (notInCall[timer] == -1)
            {
                assertTrue(lastDueNs <= dueNs[timer], "fired before one of an earlier tick");
                lastDueNs = dueNs[timer];
            }
            dueNs[timer] = NONE;
            size--;
            fired++;
            if (meddling)
            {
                final int other = random.nextInt(3) == 0 ? timer : random.nextInt(dueNs.length);
                if (random.nextBoolean())
                {
                    cancel(other);
                }
                else
                {
                    schedule(other, someDelay());
                }
            }
        }

        /** Everything fires in the end, in bounded calls, in the order of ticks. */
        void finish()
        {
            int calls = 0;
            while (due() != 0)
            {
                expire(0, 1 + dueNs.length);
                assertTrue(calls++ < 100, "due but does not fire");
            }
            for (int timer = 0; timer < dueNs.length; timer++)
            {
                cancel(timer);
            }
            // what a cancelled cascade left behind
            expire(0, ALL);
            assertTrue(queue.nextDeadlineNs() == startNs + nowNs + TimerQueue.MAX_DELAY_NS);
        }

        void alignTo(final long multiple, final long phase)
        {
            expire((-(startNs + nowNs) & multiple - 1) + phase, ALL);
        }

        private int due()
        {
            int count = 0;
            for (final long each : dueNs)
            {
                count += each != NONE && each <= nowNs ? 1 : 0;
            }
            return count;
        }

        private void check()
        {
            assertTrue(size == queue.size());
            final long waitNs = queue.nextDeadlineNs() - (startNs + nowNs);
            assertTrue(waitNs >= 0);
            for (int timer = 0; timer < dueNs.length; timer++)
            {
                final boolean scheduled = dueNs[timer] != NONE;
                assertTrue(scheduled == queue.isScheduled(timer));
                if (scheduled)
                {
                    assertTrue(queue.deadlineNs(timer) == startNs + deadlineNs[timer]);
                    assertTrue(waitNs <= Math.max(0, dueNs[timer] - nowNs), "would wait too long");
                }
            }
        }
    }
}
