// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.launch;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;

/**
 * Where {@code bench.jar} and {@code soak.jar} start. Under a JDK 25 or newer that has its flags it calls the real
 * main; else it starts itself again under a JDK that it finds ({@link JdkFinder}) with the flags that it needs
 * ({@link Flags}), and stays until that child ends.
 *
 * <pre>
 *  java -Xmx1g -jar soak.jar serve           (Java 17, or 25 without flags)
 *    Launcher --------- starts ---------&gt; JDK-25/bin/java [ours] -Xmx1g -cp soak.jar Child PID serve
 *      SIGTERM, SIGINT, SIGHUP -- SIGTERM --&gt;   ends in its own time
 *      exit code  &lt;------ its exit code -----
 *      SIGKILL  ........ noticed ........&gt;   kills what it started and itself
 * </pre>
 *
 * <p>The child has the launcher's own standard streams (a terminal stays a terminal). The user's JVM flags reach it,
 * those from {@code JAVA_TOOL_OPTIONS} and its like included. A second SIGTERM changes nothing; who can't wait for the
 * child's last words sends SIGKILL.
 */
public final class Launcher
{
    /** Exit code when nothing could be started; standard error says why. */
    static final int CANNOT_START = 2;

    private Launcher()
    {
    }

    /**
     * Starts.
     *
     * @param args the user's arguments
     * @throws Throwable whatever the real main throws, when it runs in this JVM
     */
    public static void main(final String[] args) throws Throwable
    {
        final Jdk running = Jdk.running();
        if (running.feature() < Jdk.WANTED)
        {
            launch(running, JdkFinder.ofThisMachine().find(), args);
        }
        else if (!Flags.areInEffect(running))
        {
            launch(running, Collections.singletonList(running), args);
        }
        else
        {
            RealMain.call(args);
        }
    }

    private static void launch(final Jdk running, final List<Jdk> jdks, final String[] args)
    {
        int exitCode = CANNOT_START;
        if (jdks.isEmpty())
        {
            System.err.println("Trishake needs JDK " + Jdk.WANTED + " and found none (this is Java " +
                System.getProperty("java.specification.version") + ", " + running.home() +
                "): install one, for example Temurin " + Jdk.WANTED + ", or name it in JAVA_HOME.");
        }
        else
        {
            try
            {
                final List<String> userFlags = ManagementFactory.getRuntimeMXBean().getInputArguments();
                exitCode = new ChildProcess().run(jdks, pid(), userFlags, args);
            }
            catch (final IOException ex)
            {
                System.err.println("Trishake needs JDK " + Jdk.WANTED + " and could not start " +
                    jdks.get(jdks.size() - 1).home() + " (" + ex.getMessage() + "): repair it, or name another in " +
                    "JAVA_HOME.");
            }
        }
        // not exit: a recording or a log that the user asked for is the child's, and ours must not replace it
        Runtime.getRuntime().halt(exitCode);
    }

    private static long pid()
    {
        try
        {
            return new LauncherWatch.Processes().pid();
        }
        catch (final ReflectiveOperationException ex)
        {
            // Java 8: "pid@host"
            final String name = ManagementFactory.getRuntimeMXBean().getName();
            return Long.parseLong(name.substring(0, name.indexOf('@')));
        }
    }
}
