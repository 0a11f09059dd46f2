// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import dev.trishake.soak.report.Rate;
import dev.trishake.transport.packet.PacketSender;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends spoofed packets at a rate until it is stopped. What a pause of this thread has kept it from sending it does not
 * send later in one burst: it is not offered.
 */
public final class Flooder implements Runnable
{
    private static final int BATCH = 64;
    private static final long LATEST_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final Gun gun;
    private final Rate rate;
    private volatile long offered;
    private volatile long refused;
    private volatile boolean stopped;

    /** Sends packets. */
    @FunctionalInterface
    public interface Gun
    {
        /**
         * Sends the next one, or keeps it until {@link #flush}.
         *
         * @return false where there was no room for it
         */
        boolean fire();

        /** Sends what is kept. */
        default void flush()
        {
        }
    }

    /**
     * Begins with {@link #run}.
     *
     * @param gun  is set up already
     * @param rate how many packets a second
     */
    public Flooder(final Gun gun, final Rate rate)
    {
        this.gun = gun;
        this.rate = rate;
    }

    /** {@return who sends SYNs, each behind a link header, by a socket that is open already} */
    static Flooder ofSyns(
        final PacketSender socket, final byte[] linkHeader, final SynWriter syns, final Rate rate)
    {
        final int headerLength = linkHeader.length;
        final UnsafeBuffer frame =
            new UnsafeBuffer(ByteBuffer.allocateDirect(headerLength + SynWriter.MAX_LENGTH));
        frame.putBytes(0, linkHeader);
        return new Flooder(
            () -> socket.send(frame, 0, headerLength + syns.write(frame, headerLength)) >= 0, rate);
    }

    @Override
    public void run()
    {
        long startNs = System.nanoTime();
        long sent = 0;
        while (!stopped)
        {
            final long nowNs = System.nanoTime();
            long due = BATCH;
            if (!rate.isUnlimited())
            {
                if (nowNs - startNs - sent * SECOND_NS / rate.perSecond() > LATEST_NS)
                {
                    startNs = nowNs - LATEST_NS;
                    sent = 0;
                }
                due = Math.min(BATCH, (nowNs - startNs) * rate.perSecond() / SECOND_NS - sent);
            }
            for (int i = 0; i < due; i++)
            {
                send();
            }
            gun.flush();
            sent += due;
            if (due <= 0)
            {
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes, others look
    private void send()
    {
        if (!gun.fire())
        {
            refused++;
        }
        offered++;
    }

    /** Ends it soon. */
    public void stop()
    {
        stopped = true;
    }

    /**
     * {@return packets that were given to the device}
     */
    public long offered()
    {
        return offered;
    }

    /**
     * {@return packets that it had no room for}
     */
    public long refused()
    {
        return refused;
    }
}
