// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import dev.trishake.transport.DeviceException;
import dev.trishake.transport.packet.NetworkNamespace;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** A network namespace of its own with a thread that lives in it: what is done on that thread is done there. */
public final class Namespace implements AutoCloseable
{
    private final ExecutorService thread;

    private Namespace(final String name)
    {
        final ThreadFactory daemons = task ->
        {
            final Thread worker = new Thread(task, name);
            worker.setDaemon(true);
            return worker;
        };
        thread = Executors.newSingleThreadExecutor(daemons);
    }

    /**
     * {@return a new, empty namespace}
     *
     * @param name of its thread
     * @throws DeviceException when that can't be
     */
    public static Namespace make(final String name)
    {
        final Namespace made = new Namespace(name);
        try
        {
            made.run(NetworkNamespace::enterNew);
            return made;
        }
        catch (final RuntimeException ex)
        {
            made.close();
            throw ex;
        }
    }

    /**
     * {@return what a task answers, done there}
     *
     * @param task what it throws unchecked is thrown on
     * @param <T>  of the answer
     */
    public <T> T call(final Callable<T> task)
    {
        try
        {
            return thread.submit(task).get();
        }
        catch (final ExecutionException ex)
        {
            if (ex.getCause() instanceof final RuntimeException cause)
            {
                throw cause;
            }
            throw new IllegalStateException(ex.getCause());
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }

    /**
     * Does a task there.
     *
     * @param task what it throws is thrown on
     */
    public void run(final Runnable task)
    {
        call(Executors.callable(task));
    }

    /**
     * {@return a thread that was started there}
     *
     * @param name of it
     * @param task what it does
     */
    public Thread start(final String name, final Runnable task)
    {
        return call(() ->
        {
            final Thread started = new Thread(task, name);
            started.setDaemon(true);
            started.start();
            return started;
        });
    }

    /** Lets the thread go; the namespace ends with the last thread and socket in it. */
    @Override
    public void close()
    {
        thread.shutdownNow();
    }
}
