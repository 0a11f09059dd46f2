// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.identity.PeerName;
import dev.trishake.identity.TlcpTrust;
import dev.trishake.identity.TrustCache;
import dev.trishake.identity.TrustVerdict;
import dev.trishake.tlcp.PeerTrust;
import dev.trishake.wire.tlcp.Alert;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.LongHashSet;
import org.agrona.concurrent.UnsafeBuffer;

import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Has unknown certificates checked, on a thread of its own, behind a bounded queue: where that is full, a peer is
 * refused. Agents remember verdicts each for itself, good ones and bad ones, so a known peer costs a look.
 */
final class TrustDesk implements AutoCloseable
{
    private static final int CAPACITY = 256;
    private static final int CACHED = 1024;
    private static final long TRUSTED_SECONDS = 3600;
    private static final long REFUSED_SECONDS = 60;
    private static final long MS_PER_SECOND = 1000;

    private final TlcpTrust trust;
    private final TlcpTrust.Peer peer;
    private final PeerName name;
    private volatile Consumer<TrustVerdict> observer = verdict ->
    {
    };
    private final BlockingQueue<Request> requests = new ArrayBlockingQueue<>(CAPACITY);
    private final Thread thread = new Thread(this::work, "trishake-trust");

    TrustDesk(final TlcpTrust trust, final TlcpTrust.Peer peer, final PeerName name)
    {
        this.trust = trust;
        this.peer = peer;
        this.name = name;
        thread.setDaemon(true);
        thread.start();
    }

    /** Tells somebody of each verdict, on the desk's thread, before agents know it. */
    void observer(final Consumer<TrustVerdict> newObserver)
    {
        observer = newObserver;
    }

    /** {@return an agent's window} */
    PeerTrust window()
    {
        return new Window();
    }

    private void work()
    {
        try
        {
            while (true)
            {
                final Request request = requests.take();
                final TrustVerdict verdict = trust.verify(
                    request.certificates, 0, request.certificates.capacity(), peer, name, Instant.now());
                observer.accept(verdict);
                request.answers.add(new Answer(request.fingerprint, verdict));
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

    private record Request(DirectBuffer certificates, DirectBuffer fingerprint, Queue<Answer> answers)
    {
    }

    private record Answer(DirectBuffer fingerprint, TrustVerdict verdict)
    {
    }

    /** One agent's: what it knows, and what it has asked for. */
    private final class Window implements PeerTrust
    {
        private static final int FULL = Integer.MAX_VALUE;

        private final TrustCache<TrustVerdict> cache = new TrustCache<>(CACHED, TRUSTED_SECONDS, REFUSED_SECONDS);
        private final LongHashSet asked = new LongHashSet();
        private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

        @Override
        public int find(
            final DirectBuffer certificates, final int offset, final int length, final DirectBuffer fingerprint,
            final int fingerprintOffset, final long nowNs)
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
                if (!requests.offer(new Request(copy(certificates, offset, length),
                    copy(fingerprint, fingerprintOffset, FINGERPRINT_LENGTH), answers)))
                {
                    return FULL;
                }
                asked.add(key);
            }
            return UNKNOWN;
        }

        private void takeAnswers(final long nowSeconds)
        {
            Answer answer = answers.poll();
            while (answer != null)
            {
                cache.put(answer.fingerprint, 0, name, answer.verdict, nowSeconds);
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

        @Override
        public int alert(final int entry)
        {
            return entry == FULL ? Alert.INTERNAL_ERROR : cache.verdict(entry).alert();
        }

        @Override
        public int encryptionIndex(final int entry)
        {
            return cache.verdict(entry).encryptionIndex();
        }

        @Override
        public void copyKeys(final int entry, final MutableDirectBuffer destination, final int offset)
        {
            cache.verdict(entry).copyKeys(destination, offset);
        }
    }
}
