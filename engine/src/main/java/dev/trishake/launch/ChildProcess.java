// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.launch;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The launched JVM as its launcher sees it: has the launcher's streams and environment, and is told to end when the
 * launcher is. As a thread it is the launcher's shutdown hook.
 */
final class ChildProcess extends Thread
{
    /** Ended by a signal before there was a child: 128 + SIGTERM. */
    private static final int TERMINATED = 143;

    /** Windows has no way to ask a process to end, but its consoles ask all of theirs. */
    private static final boolean CAN_BE_ASKED_TO_END = File.separatorChar == '/';

    private Process process;
    private boolean ending;

    ChildProcess()
    {
        super("end-child");
    }

    /**
     * Runs Trishake under the first JDK that can be started, and waits for its end.
     *
     * @param jdks        in the order to try them, not empty
     * @param launcherPid this process
     * @param userFlags   the user's JVM flags, those from the environment included
     * @param args        the user's arguments
     * @return the child's exit code; 128 and the signal when one killed it
     * @throws IOException when no JDK could be started
     */
    int run(final List<Jdk> jdks, final long launcherPid, final List<String> userFlags, final String[] args)
        throws IOException
    {
        Runtime.getRuntime().addShutdownHook(this);
        IOException failure = null;
        for (final Jdk jdk : jdks)
        {
            final List<String> command = new ArrayList<String>();
            command.add(jdk.program().getPath());
            command.addAll(Flags.merge(jdk, userFlags));
            command.add("-cp");
            command.add(System.getProperty("java.class.path"));
            command.add(Child.class.getName());
            command.add(Long.toString(launcherPid));
            Collections.addAll(command, args);
            try
            {
                return start(command) ? exitCode() : TERMINATED;
            }
            catch (final IOException ex)
            {
                failure = ex;
            }
        }
        throw failure;
    }

    /** The hook: the child has all the time it needs to end, and its exit code is ours. */
    @Override
    public void run()
    {
        synchronized (this)
        {
            ending = true;
            if (process == null)
            {
                return;
            }
        }
        if (CAN_BE_ASKED_TO_END)
        {
            process.destroy();
        }
        Runtime.getRuntime().halt(exitCode());
    }

    private synchronized boolean start(final List<String> command) throws IOException
    {
        if (!ending)
        {
            final ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            forgetFlags(builder.environment());
            process = builder.start();
        }
        return !ending;
    }

    /** The JVM has added the environment's flags to the user's: the child gets them once. */
    private static void forgetFlags(final Map<String, String> environment)
    {
        environment.remove("JAVA_TOOL_OPTIONS");
        environment.remove("_JAVA_OPTIONS");
        if (Jdk.running().feature() >= 9)
        {
            // older ones do not read it, so their child must
            environment.remove("JDK_JAVA_OPTIONS");
        }
    }

    private int exitCode()
    {
        while (true)
        {
            try
            {
                return process.waitFor();
            }
            catch (final InterruptedException ex)
            {
                // nobody interrupts the launcher, and there is nothing to do but to wait
            }
        }
    }
}
