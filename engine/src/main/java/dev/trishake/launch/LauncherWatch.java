// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.launch;

import java.lang.reflect.Method;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Lets the launched JVM die with its launcher, and all that it started (JMH's forks) before it. A launcher that ends
 * in order takes its child along itself; this is for the one that was killed.
 *
 * <p>Asks who the parent is rather than whether the launcher lives: a dead process that nobody has reaped still looks
 * alive, but its children have another parent at once. A launcher that died before the first look is noticed, too.
 */
final class LauncherWatch extends Thread
{
    private static final long POLL_INTERVAL_MS = 200;

    /** A process may start another one while it is being killed: look again, but not for ever. */
    private static final int MAX_ROUNDS = 8;

    /** As if we had been killed, too: 128 + SIGKILL. */
    private static final int KILLED = 137;

    private final long launcherPid;

    LauncherWatch(final long launcherPid)
    {
        super("launcher-watch");
        this.launcherPid = launcherPid;
        setDaemon(true);
    }

    @Override
    public void run()
    {
        try
        {
            final Processes processes = new Processes();
            while (processes.parentPid() == launcherPid)
            {
                Thread.sleep(POLL_INTERVAL_MS);
            }
            for (int i = 0; i < MAX_ROUNDS && processes.killDescendants(); i++)
            {
                Thread.sleep(1);
            }
        }
        catch (final ReflectiveOperationException | InterruptedException ex)
        {
            System.err.println("Trishake's launcher can't be watched: " + ex);
        }
        Runtime.getRuntime().halt(KILLED);
    }

    /** {@code java.lang.ProcessHandle}, which Java 8 does not have. */
    static final class Processes
    {
        private final Method pid;
        private final Method parent;
        private final Method descendants;
        private final Method destroyForcibly;
        private final Object self;

        Processes() throws ReflectiveOperationException
        {
            final Class<?> type = Class.forName("java.lang.ProcessHandle");
            pid = type.getMethod("pid");
            parent = type.getMethod("parent");
            descendants = type.getMethod("descendants");
            destroyForcibly = type.getMethod("destroyForcibly");
            self = type.getMethod("current").invoke(null);
        }

        long pid() throws ReflectiveOperationException
        {
            return (Long)pid.invoke(self);
        }

        /** {@return the parent's process ID, -1 when it is gone} */
        long parentPid() throws ReflectiveOperationException
        {
            final Optional<?> handle = (Optional<?>)parent.invoke(self);
            return handle.isPresent() ? (Long)pid.invoke(handle.get()) : -1;
        }

        /** {@return true when there were any} */
        boolean killDescendants() throws ReflectiveOperationException
        {
            boolean any = false;
            try (Stream<?> handles = (Stream<?>)descendants.invoke(self))
            {
                for (final Iterator<?> i = handles.iterator(); i.hasNext();)
                {
                    any |= (Boolean)destroyForcibly.invoke(i.next());
                }
            }
            return any;
        }
    }
}
