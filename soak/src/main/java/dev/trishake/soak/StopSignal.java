// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import java.util.concurrent.CountDownLatch;

/**
 * SIGTERM and Ctrl-C as a wish that a tool grants: it ends its work, prints what it has to say, and the process ends
 * with the tool's exit code instead of the signal's. An interrupt of its thread is the same wish, of this process.
 */
final class StopSignal implements AutoCloseable
{
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "stop");
    private volatile boolean requested;
    private volatile boolean interrupted;
    private volatile int exitCode;

    /** Listens until {@link #close}. */
    StopSignal()
    {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    boolean requested()
    {
        if (Thread.interrupted()) // what the tool still waits for does not find it again
        {
            interrupted = true;
        }
        return requested || interrupted;
    }

    /** What the process ends with if it was asked to stop. */
    void exitCode(final int value)
    {
        exitCode = value;
    }

    /** All is done and printed. */
    @Override
    public void close()
    {
        finished.countDown();
        if (!requested)
        {
            try
            {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
            catch (final IllegalStateException ex)
            {
                // it has begun just now
            }
        }
    }

    private void stop()
    {
        requested = true;
        try
        {
            finished.await();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(exitCode);
    }
}
