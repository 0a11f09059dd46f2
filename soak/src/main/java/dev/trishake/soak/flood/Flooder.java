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
 * Sends spoofed SYNs at a rate until it is stopped. What a pause of this thread has kept it from sending it does not
 * send later in one burst: it is not offered.
 */
final class Flooder implements Runnable
{
    private static final int BATCH = 64;
    private static final long LATEST_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final PacketSender socket;
    private final SynWriter syns;
    private final Rate rate;
    private final int headerLength;
    private final UnsafeBuffer frame;
    private volatile long offered;
    private volatile long refused;
    private volatile boolean stopped;

    /** Each packet goes out behind the link header; the socket must be open already. */
    Flooder(final PacketSender socket, final byte[] linkHeader, final SynWriter syns, final Rate rate)
    {
        this.socket = socket;
        this.syns = syns;
        this.rate = rate;
        headerLength = linkHeader.length;
        frame = new UnsafeBuffer(ByteBuffer.allocateDirect(headerLength + SynWriter.MAX_LENGTH));
        frame.putBytes(0, linkHeader);
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
        final int length = headerLength + syns.write(frame, headerLength);
        if (socket.send(frame, 0, length) < 0)
        {
            refused++;
        }
        offered++;
    }

    void stop()
    {
        stopped = true;
    }

    /** {@return SYNs that were given to the device} */
    long offered()
    {
        return offered;
    }

    /** {@return SYNs that it had no room for} */
    long refused()
    {
        return refused;
    }
}
