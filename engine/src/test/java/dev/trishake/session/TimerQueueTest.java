// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.session;

import dev.trishake.support.Allocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TimerQueueTest
{
    private static final long TICK_NS = 1 << 16;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int ALL = Integer.MAX_VALUE;

    private final List<Integer> fired = new ArrayList<>();
    private final TimerQueue.Handler record = (timer, nowNs) -> fired.add(timer);

    @ParameterizedTest
    @CsvSource({"0, 1", "-1, 1", "1, 0", "1, -1", "1, 3", "1, 2147483648", "1, -9223372036854775808", "134217728, 1"})
    void shouldRejectWhatIsNoQueue(final int capacity, final long tickNs)
    {
        assertThrows(IllegalArgumentException.class, () -> new TimerQueue(capacity, tickNs, 0));
    }

    @Test
    void shouldRejectACapacityWhoseNodesOverflow()
    {
        assertThrows(IllegalArgumentException.class, () -> new TimerQueue(Integer.MAX_VALUE, 1, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 12_345_678_901_234L, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - SECOND_NS})
    void shouldFireOnceNotEarlyAndLessThanATickLate(final long startNs)
    {
        final TimerQueue queue = new TimerQueue(1, TICK_NS, startNs);
        final long deadlineNs = startNs + SECOND_NS;
        queue.schedule(0, deadlineNs);
        assertTrue(queue.isScheduled(0));
        assertEquals(deadlineNs, queue.deadlineNs(0));
        assertEquals(0, queue.expire(startNs + SECOND_NS / 2, record, ALL));
        assertEquals(0, queue.expire(deadlineNs - 1, record, ALL));
        assertEquals(1, queue.expire(deadlineNs + TICK_NS - 1, record, ALL));
        assertFalse(queue.isScheduled(0));
        assertEquals(0, queue.expire(deadlineNs + 10 * SECOND_NS, record, ALL));
        assertEquals(List.of(0), fired);
    }

    @Test
    void shouldFireExactlyWithTicksOfOneNanosecond()
    {
        final TimerQueue queue = new TimerQueue(1, 1, 0);
        queue.schedule(0, 100);
        assertEquals(0, queue.expire(99, record, ALL));
        assertEquals(1, queue.expire(100, record, ALL));
    }

    @Test
    void shouldFireInTheOrderOfDeadlines()
    {
        final TimerQueue queue = new TimerQueue(8, 1, 0);
        final long[] deadlines = {1 << 30, 5, 1 << 12, 70, 64, 1 << 18, 1L << 40, 6};
        for (int timer = 0; timer < deadlines.length; timer++)
        {
            queue.schedule(timer, deadlines[timer]);
        }
        assertEquals(8, queue.expire(1L << 41, record, ALL));
        assertEquals(List.of(1, 7, 4, 3, 2, 5, 0, 6), fired);
    }

    @Test
    void shouldMoveATimerThatIsScheduledAgain()
    {
        final TimerQueue queue = new TimerQueue(2, 1, 0);
        queue.schedule(0, 10);
        queue.schedule(0, 1000);
        assertEquals(1, queue.size());
        assertEquals(0, queue.expire(999, record, ALL));
        queue.schedule(0, 1_000_000);
        queue.schedule(0, 1001);
        assertEquals(1, queue.expire(1001, record, ALL));
        assertEquals(0, queue.size());
    }

    @Test
    void shouldNotFireACancelledTimer()
    {
        final TimerQueue queue = new TimerQueue(2, 1, 0);
        queue.schedule(0, 10);
        queue.schedule(1, 10);
        assertTrue(queue.cancel(0));
        assertFalse(queue.cancel(0));
        assertEquals(1, queue.size());
        assertEquals(1, queue.expire(100, record, ALL));
        assertEquals(List.of(1), fired);
        assertFalse(queue.cancel(1));
    }

    @Test
    void shouldFireAPassedDeadlineAtTheNextCall()
    {
        final TimerQueue queue = new TimerQueue(3, TICK_NS, 0);
        queue.expire(SECOND_NS, record, ALL);
        queue.schedule(0, SECOND_NS);
        queue.schedule(1, -SECOND_NS);
        queue.schedule(2, SECOND_NS + 1);
        assertEquals(SECOND_NS, queue.nextDeadlineNs());
        assertEquals(2, queue.expire(SECOND_NS, record, ALL));
        assertEquals(List.of(0, 1), fired);
    }

    @Test
    void shouldFireWhatTheHandlerSchedulesForThePastInTheNextCall()
    {
        final TimerQueue queue = new TimerQueue(1, 1, 0);
        final TimerQueue.Handler again = (timer, nowNs) -> queue.schedule(timer, nowNs);
        queue.schedule(0, 10);
        for (int i = 0; i < 5; i++)
        {
            assertEquals(1, queue.expire(10, again, 100));
            assertEquals(1, queue.size());
        }
    }

    @Test
    void shouldLetTheHandlerCancelAndMoveWhatIsAboutToFire()
    {
        final TimerQueue queue = new TimerQueue(4, 1, 0);
        for (int timer = 0; timer < 4; timer++)
        {
            queue.schedule(timer, 10);
        }
        final TimerQueue.Handler meddler = (timer, nowNs) ->
        {
            fired.add(timer);
            queue.cancel(1);
            queue.schedule(2, nowNs + 5);
        };
        assertEquals(2, queue.expire(10, meddler, ALL));
        assertEquals(List.of(0, 3), fired);
        assertEquals(1, queue.expire(15, record, ALL));
        assertEquals(List.of(0, 3, 2), fired);
    }

    @Test
    void shouldFireTheRestWhenTheLimitIsReached()
    {
        final TimerQueue queue = new TimerQueue(10, 1, 0);
        for (int timer = 0; timer < 10; timer++)
        {
            queue.schedule(timer, 10 + timer / 5);
        }
        assertEquals(0, queue.expire(20, record, 0));
        assertEquals(3, queue.expire(20, record, 3));
        assertEquals(20, queue.nextDeadlineNs());
        assertEquals(7, queue.size());
        assertEquals(3, queue.expire(20, record, 3));
        assertEquals(4, queue.expire(20, record, ALL));
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), fired);
    }

    @Test
    void shouldBoundTheWorkOfACallWhateverIsDue()
    {
        // one bucket high up holds all: to move them down at once would take as long as there are timers
        final int count = 100_000;
        final TimerQueue queue = new TimerQueue(count, 1, 0);
        for (int timer = 0; timer < count; timer++)
        {
            queue.schedule(timer, (1L << 40) + count - timer);
        }
        for (int call = 0; call < 1000; call++)
        {
            assertEquals(0, queue.expire(1L << 41, record, 1), "fired before all were moved: " + call);
            assertEquals(1L << 41, queue.nextDeadlineNs());
        }
        assertEquals(count, queue.expire(1L << 41, record, ALL));
        for (int i = 0; i < count; i++)
        {
            assertEquals(count - 1 - i, fired.get(i));
        }
    }

    @Test
    void shouldSkipYearsWithoutTimers()
    {
        final TimerQueue queue = new TimerQueue(2, 1, 0);
        final long yearNs = 365L * 86_400 * SECOND_NS;
        long nowNs = 0;
        for (int i = 0; i < 10_000; i++)
        {
            queue.schedule(0, nowNs + 3);
            queue.schedule(1, nowNs + yearNs);
            nowNs += 100 * yearNs;
            assertEquals(2, queue.expire(nowNs, record, ALL));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 16, 30})
    void shouldTakeTheLongestDelaysInOrderWhereTimeWraps(final int tickShift)
    {
        final long stepNs = TimerQueue.MAX_DELAY_NS / 8;
        for (int phase = 0; phase < 32; phase++)
        {
            final long startNs = phase * stepNs;
            final TimerQueue queue = new TimerQueue(8, 1L << tickShift, startNs);
            for (final int timer : new int[] {3, 7, 0, 5, 1, 6, 2, 4})
            {
                queue.schedule(timer, startNs + (timer + 1) * stepNs);
            }
            for (int timer = 0; timer < 8; timer++)
            {
                fired.clear();
                assertEquals(0, queue.expire(startNs + (timer + 1) * stepNs - 1, record, ALL));
                assertEquals(1, queue.expire(startNs + (timer + 1) * stepNs, record, ALL));
                assertEquals(List.of(timer), fired);
            }
        }
    }

    @Test
    void shouldNotGoBackInTime()
    {
        final TimerQueue queue = new TimerQueue(1, 1, 1000);
        queue.schedule(0, 1010);
        assertEquals(0, queue.expire(0, record, ALL));
        assertEquals(1010, queue.nextDeadlineNs());
        assertEquals(1, queue.expire(1010, record, ALL));
    }

    @Test
    void shouldKnowHowLongNothingFires()
    {
        final TimerQueue queue = new TimerQueue(2, TICK_NS, 5);
        assertEquals(5 + TimerQueue.MAX_DELAY_NS, queue.nextDeadlineNs());
        queue.schedule(0, 3 * TICK_NS - 7);
        assertEquals(3 * TICK_NS, queue.nextDeadlineNs());
        queue.schedule(1, TICK_NS);
        assertEquals(TICK_NS, queue.nextDeadlineNs());
        queue.cancel(1);
        assertEquals(3 * TICK_NS, queue.nextDeadlineNs());
        queue.cancel(0);
        assertEquals(5 + TimerQueue.MAX_DELAY_NS, queue.nextDeadlineNs());
    }

    @Test
    void shouldWakeAWaiterAFewTimesAtMost()
    {
        final TimerQueue queue = new TimerQueue(1, 1, 1);
        final long deadlineNs = 1L << 50 | 0x1234_5678_9abcL;
        queue.schedule(0, deadlineNs);
        int wakeUps = 0;
        long nowNs = 1;
        while (queue.size() != 0)
        {
            nowNs = queue.nextDeadlineNs();
            assertTrue(nowNs <= deadlineNs);
            queue.expire(nowNs, record, ALL);
            wakeUps++;
        }
        assertEquals(deadlineNs, nowNs);
        assertTrue(wakeUps <= 11, "once a level, not " + wakeUps);
    }

    @Test
    void shouldBringForwardWhatIsFartherThanEver()
    {
        final TimerQueue queue = new TimerQueue(2, TICK_NS, 0);
        queue.schedule(0, Long.MAX_VALUE);
        queue.schedule(1, TimerQueue.MAX_DELAY_NS);
        assertEquals(TimerQueue.MAX_DELAY_NS, queue.deadlineNs(0));
        assertEquals(0, queue.expire(TimerQueue.MAX_DELAY_NS - 1, record, ALL));
        assertEquals(2, queue.expire(TimerQueue.MAX_DELAY_NS, record, ALL));
    }

    @Test
    void shouldAssertThatATimerExistsAndIsScheduled()
    {
        final TimerQueue queue = new TimerQueue(2, 1, 0);
        assertThrows(AssertionError.class, () -> queue.schedule(2, 0));
        assertThrows(AssertionError.class, () -> queue.cancel(-1));
        assertThrows(AssertionError.class, () -> queue.deadlineNs(0));
        assertEquals(2, queue.capacity());
    }

    @Test
    void shouldAllocateNothingUnderAFloodOfAMillion()
    {
        final int capacity = 1_000_000;
        final int slice = 50_000;
        final TimerQueue queue = new TimerQueue(capacity, TICK_NS, 0);
        final SplittableRandom random = new SplittableRandom(1);
        for (int timer = 0; timer < capacity; timer++)
        {
            queue.schedule(timer, random.nextLong(SECOND_NS));
        }
        final long[] nowNs = new long[1];
        final TimerQueue.Handler again = (timer, atNs) -> queue.schedule(timer, atNs + random.nextLong(SECOND_NS));
        Allocation.assertNone(2 * slice, () ->
        {
            long work = 0;
            for (int i = 0; i < slice; i++)
            {
                final int timer = random.nextInt(capacity);
                work += queue.cancel(timer) ? 1 : 0;
                queue.schedule(timer, nowNs[0] + random.nextLong(SECOND_NS));
            }
            for (int fired = 0; fired < slice; )
            {
                nowNs[0] += TICK_NS;
                fired += queue.expire(nowNs[0], again, slice - fired);
                work += fired == slice ? slice : 0;
            }
            return work + queue.size() - capacity;
        });
    }
}
