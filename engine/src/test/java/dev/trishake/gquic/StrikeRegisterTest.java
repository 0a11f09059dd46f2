// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Entropy;
import dev.trishake.support.Allocation;
import dev.trishake.support.Seeded;
import dev.trishake.wire.gquic.RejectReason;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class StrikeRegisterTest
{
    private static final long NOW = 1_800_000_000L;
    private static final long WINDOW = 600;

    private final UnsafeBuffer nonce = new UnsafeBuffer(new byte[ClientNonce.LENGTH]);

    private static StrikeRegister register(final int shards, final int nonces)
    {
        return new StrikeRegister(shards, nonces, WINDOW, Long.MIN_VALUE, 1, 2);
    }

    private void draw(final SplittableRandom random, final long seconds)
    {
        nonce.putBytes(0, Seeded.bytes(random, ClientNonce.LENGTH));
        nonce.putInt(0, Integer.reverseBytes((int)seconds));
    }

    @Test
    void shouldReadTheTimeInEitherByteOrder()
    {
        ClientNonce.write(nonce, 0, NOW, nonce, 4, Entropy.seeded(1));
        assertEquals(0, ClientNonce.age(nonce, 0, NOW));
        assertEquals(7, ClientNonce.age(nonce, 0, NOW + 7));
        assertEquals(-7, ClientNonce.age(nonce, 0, NOW - 7));
        nonce.putInt(0, Integer.reverseBytes(nonce.getInt(0)));
        assertEquals(7, ClientNonce.age(nonce, 0, NOW + 7), "lsquic's");
    }

    @Test
    void shouldTakeANonceOnce()
    {
        final StrikeRegister register = register(1, 64);
        draw(new SplittableRandom(1), NOW);
        assertEquals(0, register.take(0, nonce, 0, NOW));
        assertEquals(RejectReason.CLIENT_NONCE_NOT_UNIQUE, register.take(0, nonce, 0, NOW + WINDOW));
        assertEquals(RejectReason.CLIENT_NONCE_INVALID_TIME, register.take(0, nonce, 0, NOW + WINDOW + 1));
        assertEquals(RejectReason.CLIENT_NONCE_INVALID_TIME, register.take(0, nonce, 0, NOW - WINDOW - 1));
    }

    @Test
    void shouldTakeNoNonceThatAnotherAgentHasTaken()
    {
        final StrikeRegister register = register(3, 64);
        draw(new SplittableRandom(1), NOW);
        assertEquals(0, register.take(2, nonce, 0, NOW));
        assertEquals(RejectReason.CLIENT_NONCE_NOT_UNIQUE, register.take(0, nonce, 0, NOW));
    }

    @Test
    void shouldTakeNoneFromBeforeItsStart()
    {
        final StrikeRegister register = new StrikeRegister(1, 64, WINDOW, NOW, 1, 2);
        draw(new SplittableRandom(1), NOW + WINDOW);
        assertEquals(RejectReason.CLIENT_NONCE_INVALID_TIME, register.take(0, nonce, 0, NOW + WINDOW),
            "its client's clock may have been ahead");
        draw(new SplittableRandom(1), NOW + WINDOW + 1);
        assertEquals(0, register.take(0, nonce, 0, NOW + WINDOW + 1));
    }

    /** However full it is, and in whatever order nonces come: none is taken twice. */
    @Test
    void shouldTakeNoneTwiceWhenItForgets()
    {
        Seeded.forEach(50, random ->
        {
            final StrikeRegister register = register(2, 16);
            final Set<UnsafeBuffer> taken = new HashSet<>();
            final UnsafeBuffer[] all = new UnsafeBuffer[200];
            long now = NOW;
            int twice = 0;
            for (int i = 0; i < 2_000; i++)
            {
                now += random.nextInt(20) == 0 ? random.nextInt(50) : 0;
                final int which = random.nextInt(all.length);
                if (all[which] == null || random.nextInt(20) == 0)
                {
                    draw(random, now + random.nextInt(-500, 500));
                    all[which] = new UnsafeBuffer(nonce.byteArray().clone());
                }
                if (register.take(random.nextInt(2), all[which], 0, now) == 0)
                {
                    twice += taken.add(all[which]) ? 0 : 1;
                }
            }
            assertEquals(0, twice);
            assertTrue(taken.size() > 16, "it goes on taking some: " + taken.size());
        });
    }

    /** Two agents are shown the same nonces at the same moment: at most one takes each. */
    @Test
    void shouldTakeNoneTwiceInTwoThreads() throws InterruptedException
    {
        final StrikeRegister register = register(2, 1 << 12);
        final int count = 300;
        final AtomicInteger[] takers = new AtomicInteger[count];
        final UnsafeBuffer[] nonces = new UnsafeBuffer[count];
        final SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < count; i++)
        {
            draw(random, NOW);
            nonces[i] = new UnsafeBuffer(nonce.byteArray().clone());
            takers[i] = new AtomicInteger();
        }
        final AtomicInteger turn = new AtomicInteger();
        final Thread[] threads = new Thread[2];
        for (int t = 0; t < 2; t++)
        {
            final int shard = t;
            threads[t] = new Thread(() ->
            {
                for (int i = 0; i < count; i++)
                {
                    turn.incrementAndGet();
                    while (turn.get() < 2 * (i + 1))
                    {
                        Thread.onSpinWait();
                    }
                    if (register.take(shard, nonces[i], 0, NOW) == 0)
                    {
                        takers[i].incrementAndGet();
                    }
                }
            });
            threads[t].start();
        }
        for (final Thread thread : threads)
        {
            thread.join();
        }
        int taken = 0;
        for (final AtomicInteger taker : takers)
        {
            assertTrue(taker.get() <= 1);
            taken += taker.get();
        }
        assertTrue(taken > 0, "none was taken");
    }

    @Test
    void shouldAllocateNothing()
    {
        final StrikeRegister register = register(2, 1 << 10);
        draw(new SplittableRandom(1), NOW);
        Allocation.assertNone(1000, () ->
        {
            int done = 0;
            for (int i = 0; i < 1000; i++)
            {
                nonce.putLong(20, nonce.getLong(20) + 1);
                done += register.take(0, nonce, 0, NOW) == RejectReason.CLIENT_NONCE_INVALID_ORBIT ? 0 : 1;
            }
            return done;
        });
    }
}
