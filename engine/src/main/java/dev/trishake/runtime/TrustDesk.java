// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.identity.PeerName;
import dev.trishake.identity.TrustCache;
import dev.trishake.identity.Verdict;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongHashSet;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Has unknown certificates checked, on a thread of its own, behind a bounded queue: where that is full, a peer is
 * refused. Agents remember verdicts each for itself, good ones and bad ones, so a known peer costs a look.
 *
 * @param <V> what is said of certificates
 */
final class TrustDesk<V extends Verdict> implements AutoCloseable
{
    private static final int CAPACITY = 256;
    private static final int CACHED = 1024;
    private static final long TRUSTED_SECONDS = 3600;
    private static final long REFUSED_SECONDS = 60;
    private static final long MS_PER_SECOND = 1000;

    private final Checker<V> checker;
    private volatile Consumer<V> observer = verdict ->
    {
    };
    private final BlockingQueue<Request<V>> requests = new ArrayBlockingQueue<>(CAPACITY);
    private final Thread thread = new Thread(this::work, "trishake-trust");

    /** Checks certificates, on the desk's thread. */
    @FunctionalInterface
    interface Checker<V>
    {
        /** {@return the verdict on what a peer has shown, who must have a name} Never throws. */
        V check(DirectBuffer shown, PeerName name);
    }

    TrustDesk(final Checker<V> checker)
    {
        this.checker = checker;
        thread.setDaemon(true);
        thread.start();
    }

    /** Tells somebody of each verdict, on the desk's thread, before agents know it. */
    void observer(final Consumer<V> newObserver)
    {
        observer = newObserver;
    }

    /** {@return an agent's window} */
    Window<V> window()
    {
        return new Window<>(requests);
    }

    private void work()
    {
        try
        {
            while (true)
            {
                final Request<V> request = requests.take();
                final V verdict = checker.check(request.shown, request.name);
                observer.accept(verdict);
                request.answers.add(new Answer<>(request.fingerprint, request.name, verdict));
            }
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt(); // closed
        }
    }

    @Override
    public void close()
    {
        thread.interrupt();
    }

    private record Request<V>(
        DirectBuffer shown, DirectBuffer fingerprint, PeerName name, Queue<Answer<V>> answers)
    {
    }

    private record Answer<V>(DirectBuffer fingerprint, PeerName name, V verdict)
    {
    }

    /** One agent's: what it knows, and what it has asked for. */
    static final class Window<V extends Verdict>
    {
        /** What {@link #find} says while nobody is asked. */
        static final int UNKNOWN = TrustCache.UNKNOWN;
        /** What {@link #find} says when the queue is full. */
        static final int FULL = Integer.MAX_VALUE;

        private final BlockingQueue<Request<V>> requests;
        private final TrustCache<V> cache = new TrustCache<>(CACHED, TRUSTED_SECONDS, REFUSED_SECONDS);
        private final LongHashSet asked = new LongHashSet();
        private final Queue<Answer<V>> answers = new ConcurrentLinkedQueue<>();

        private Window(final BlockingQueue<Request<V>> requests)
        {
            this.requests = requests;
        }

        /** {@return an entry for {@link #verdict}, {@link #UNKNOWN} until somebody has looked, or {@link #FULL}} */
        int find(
            final PeerName name, final DirectBuffer shown, final int offset, final int length,
            final DirectBuffer fingerprint, final int fingerprintOffset)
        {
            final long nowSeconds = System.currentTimeMillis() / MS_PER_SECOND;
            takeAnswers(nowSeconds);
            final int entry = cache.find(fingerprint, fingerprintOffset, name, nowSeconds);
            if (entry != TrustCache.UNKNOWN)
            {
                return entry;
            }
            // a fingerprint is a hash: its first bits tell it from others
            final long key = fingerprint.getLong(fingerprintOffset);
            if (!asked.contains(key))
            {
                if (!requests.offer(new Request<>(copy(shown, offset, length),
                    copy(fingerprint, fingerprintOffset, TrustCache.FINGERPRINT_LENGTH), name, answers)))
                {
                    return FULL;
                }
                asked.add(key);
            }
            return UNKNOWN;
        }

        V verdict(final int entry)
        {
            return cache.verdict(entry);
        }

        private void takeAnswers(final long nowSeconds)
        {
            Answer<V> answer = answers.poll();
            while (answer != null)
            {
                cache.put(answer.fingerprint, 0, answer.name, answer.verdict, nowSeconds);
                asked.remove(answer.fingerprint.getLong(0));
                answer = answers.poll();
            }
        }

        private static DirectBuffer copy(final DirectBuffer from, final int offset, final int length)
        {
            final UnsafeBuffer to = new UnsafeBuffer(new byte[length]);
            to.putBytes(0, from, offset, length);
            return to;
        }
    }
}
