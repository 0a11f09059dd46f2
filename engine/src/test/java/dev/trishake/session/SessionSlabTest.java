// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.session;

import dev.trishake.support.Allocation;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.WithoutAssertions;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import static dev.trishake.session.SessionSlab.NULL_SLOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SessionSlabTest
{
    @ParameterizedTest
    @CsvSource({"0, 8", "-1, 8", "1, 0", "1, -8", "1, 12"})
    void shouldRejectWhatIsNoSlab(final int capacity, final int stride)
    {
        assertThrows(IllegalArgumentException.class, () -> new SessionSlab(capacity, stride));
    }

    @Test
    void shouldRejectMoreThanOneBufferCanHold()
    {
        final String message = assertThrows(IllegalArgumentException.class, () -> new SessionSlab(1 << 20, 2048))
            .getMessage();
        assertEquals("session slab: 1048576 x 2048 bytes = 2147483648, more than one buffer's 2147483583", message);
        assertThrows(IllegalArgumentException.class,
            () -> new SessionSlab(Integer.MAX_VALUE, Integer.MAX_VALUE & ~7));
    }

    @Test
    void shouldGiveEverySlotOnceAndNoneAtCapacity()
    {
        final SessionSlab slab = new SessionSlab(5, 16);
        for (int i = 0; i < 5; i++)
        {
            assertEquals(i, slab.active());
            assertEquals(i, slab.acquire());
            assertEquals(16 * i, slab.offset(i));
        }
        assertEquals(NULL_SLOT, slab.acquire());
        assertEquals(5, slab.active());
        assertEquals(5, slab.capacity());
        assertEquals(16, slab.stride());
    }

    @Test
    void shouldReuseTheSlotThatWasReleasedLast()
    {
        final SessionSlab slab = new SessionSlab(5, 8);
        for (int i = 0; i < 5; i++)
        {
            slab.acquire();
        }
        slab.release(3);
        slab.release(1);
        assertEquals(1, slab.acquire());
        assertEquals(3, slab.acquire());
    }

    @Test
    void shouldBeginAtACacheLine()
    {
        assertEquals(0, new SessionSlab(3, 8).memory().addressOffset() % Memory.CACHE_LINE_LENGTH);
    }

    @Test
    void shouldWipeEveryByteOfAReleasedSlotAndNoOther()
    {
        final int capacity = 7;
        final int stride = 136;
        final SessionSlab slab = new SessionSlab(capacity, stride);
        final UnsafeBuffer memory = slab.memory();
        assertEquals(capacity * stride, memory.capacity());
        for (int i = 0; i < capacity; i++)
        {
            slab.acquire();
        }
        for (int released = 0; released < capacity; released++)
        {
            for (int i = 0; i < memory.capacity(); i++)
            {
                memory.putByte(i, (byte)0xa5);
            }
            slab.release(released);
            for (int i = 0; i < memory.capacity(); i++)
            {
                assertEquals(i / stride == released ? 0 : (byte)0xa5, memory.getByte(i), "byte " + i);
            }
            assertEquals(released, slab.acquire());
        }
    }

    @Test
    void shouldTakeBackAsItIsWhatItsUserHasZeroedAndNothingElse()
    {
        final SessionSlab slab = new SessionSlab(2, 24);
        final int slot = slab.acquire();
        final long handle = slab.handle(slot);
        for (int i = 0; i < 24; i++)
        {
            slab.memory().putByte(slab.offset(slot) + i, (byte)1);
            assertThrows(AssertionError.class, () -> slab.releaseZeroed(slot));
            slab.memory().putByte(slab.offset(slot) + i, (byte)0);
        }
        slab.releaseZeroed(slot);
        assertEquals(NULL_SLOT, slab.resolve(handle));
        assertEquals(slot, slab.acquire());
    }

    @Test
    void shouldNotResolveTheHandleOfAReleasedSlot()
    {
        final SessionSlab slab = new SessionSlab(2, 8);
        final int slot = slab.acquire();
        final long handle = slab.handle(slot);
        assertEquals(slot, slab.resolve(handle));

        slab.release(slot);
        assertEquals(NULL_SLOT, slab.resolve(handle));
        assertFalse(slab.isLive(slot));

        assertEquals(slot, slab.acquire());
        assertTrue(slab.isLive(slot));
        assertEquals(NULL_SLOT, slab.resolve(handle));
        assertNotEquals(handle, slab.handle(slot));
        assertEquals(slot, slab.resolve(slab.handle(slot)));
    }

    @Test
    void shouldNeverTakeZeroedMemoryForAHandle()
    {
        final SessionSlab slab = new SessionSlab(1, 8);
        assertEquals(NULL_SLOT, slab.resolve(0L));
        for (int i = 0; i < 1000; i++)
        {
            assertEquals(0, slab.acquire());
            assertNotEquals(0L, slab.handle(0));
            assertEquals(NULL_SLOT, slab.resolve(0L));
            slab.release(0);
            assertEquals(NULL_SLOT, slab.resolve(0L));
        }
    }

    @Test
    void shouldResolveNoForgedHandle()
    {
        Seeded.forEach(Scale.pick(20, 1000), random ->
        {
            final SessionSlab slab = new SessionSlab(1 + random.nextInt(8), 8);
            final Map<Long, Integer> live = someLive(slab, random);
            for (int i = 0; i < 20_000; i++)
            {
                final long forged = switch (random.nextInt(3))
                {
                    case 0 -> random.nextLong();
                    case 1 -> (long)random.nextInt(16) << 32 | random.nextInt(slab.capacity());
                    default -> (long)random.nextInt(16) << 32 | (random.nextInt(-2, 12) & 0xffff_ffffL);
                };
                assertEquals(live.getOrDefault(forged, NULL_SLOT), slab.resolve(forged), Long.toHexString(forged));
            }
        });
    }

    private static Map<Long, Integer> someLive(final SessionSlab slab, final SplittableRandom random)
    {
        final Map<Long, Integer> live = new HashMap<>();
        for (int round = 0; round < 4; round++)
        {
            for (int slot = slab.acquire(); slot != NULL_SLOT; slot = slab.acquire())
            {
                live.put(slab.handle(slot), slot);
            }
            for (final long handle : live.keySet().toArray(Long[]::new))
            {
                if (random.nextBoolean())
                {
                    slab.release(live.remove(handle));
                }
            }
        }
        return live;
    }

    @Test
    void shouldAgreeWithAMapOfHandles()
    {
        Seeded.forEach(Scale.pick(10, 200), random ->
        {
            final SessionSlab slab = new SessionSlab(1 + random.nextInt(100), 8);
            final Map<Long, Integer> live = new HashMap<>();
            final List<Long> all = new ArrayList<>();
            for (int i = 0; i < 20_000; i++)
            {
                if (random.nextBoolean())
                {
                    final int slot = slab.acquire();
                    assertEquals(live.size() == slab.capacity(), slot == NULL_SLOT);
                    if (slot != NULL_SLOT)
                    {
                        assertEquals(0, slab.memory().getLong(slab.offset(slot)), "a new slot is all zeros");
                        slab.memory().putLong(slab.offset(slot), slab.handle(slot));
                        assertEquals(null, live.put(slab.handle(slot), slot), "a handle comes once");
                        all.add(slab.handle(slot));
                    }
                }
                else if (!all.isEmpty())
                {
                    final long handle = all.get(random.nextInt(all.size()));
                    final int slot = slab.resolve(handle);
                    assertEquals(live.getOrDefault(handle, NULL_SLOT), slot);
                    if (slot != NULL_SLOT)
                    {
                        assertEquals(handle, slab.memory().getLong(slab.offset(slot)), "nobody else writes there");
                        slab.release(slot);
                        live.remove(handle);
                    }
                }
                assertEquals(live.size(), slab.active());
            }
        });
    }

    @Test
    void shouldAssertThatAReleasedSlotLives()
    {
        final SessionSlab slab = new SessionSlab(2, 8);
        final int slot = slab.acquire();
        slab.release(slot);
        assertThrows(AssertionError.class, () -> slab.release(slot));
        assertThrows(AssertionError.class, () -> slab.handle(slot));
    }

    @Test
    void shouldIgnoreASecondReleaseWithoutAssertions() throws Exception
    {
        WithoutAssertions.run(SecondRelease.class);
    }

    @Test
    @Tag("full")
    void shouldResolveAnOldHandleAgainOnlyAfter2To31Lives()
    {
        final SessionSlab slab = new SessionSlab(1, 8);
        slab.acquire();
        final long handle = slab.handle(0);
        for (long lives = 1; lives <= 1L << 31; lives++)
        {
            slab.release(0);
            slab.acquire();
            if (slab.resolve(0) != NULL_SLOT || slab.resolve(handle) != (lives == 1L << 31 ? 0 : NULL_SLOT))
            {
                throw new AssertionError("after " + lives + " lives");
            }
        }
    }

    @Test
    void shouldAllocateNothing()
    {
        final int capacity = 1000;
        final SessionSlab slab = new SessionSlab(capacity, 256);
        final long[] handles = new long[capacity];
        Allocation.assertNone(2 * capacity, () ->
        {
            int work = 0;
            for (int slot = slab.acquire(); slot != NULL_SLOT; slot = slab.acquire())
            {
                handles[slot] = slab.handle(slot);
                work++;
            }
            for (int i = 0; i < capacity; i++)
            {
                final int slot = slab.resolve(handles[i]);
                slab.release(slot);
                work += slab.resolve(handles[i]) == NULL_SLOT ? 1 : 0;
            }
            return work;
        });
    }

    public static final class SecondRelease implements Runnable
    {
        @Override
        public void run()
        {
            final SessionSlab slab = new SessionSlab(2, 8);
            assertEquals(0, slab.acquire());
            slab.release(0);
            slab.release(0);
            assertEquals(0, slab.acquire());
            assertEquals(1, slab.acquire());
            assertEquals(NULL_SLOT, slab.acquire());
        }
    }
}
