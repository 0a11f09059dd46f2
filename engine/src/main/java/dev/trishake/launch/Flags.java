// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.launch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The flags that Trishake's JVMs need: the vector lanes, system calls without a warning, Agrona's and JMH's use of
 * {@code Unsafe} without a warning, the package that Agrona reaches into, and how system calls and kernels are
 * compiled.
 */
final class Flags
{
    private static final String VECTOR = "--add-modules=" + Jdk.VECTOR_MODULE;
    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";
    private static final String UNSAFE_ACCESS = "--sun-misc-unsafe-memory-access=";
    private static final String UNSAFE_ACCESS_ALLOWED = UNSAFE_ACCESS + "allow";
    private static final String OPENED_PACKAGE = "jdk.internal.misc";
    private static final String OPENED = "--add-opens=java.base/" + OPENED_PACKAGE + "=ALL-UNNAMED";

    /**
     * System calls stay out of line: C2 gives up in a caller of several, which then allocates 80 bytes a call. A vector
     * formula goes to C2 after 10 calls instead of 5,000, and its caller waits: what else would run is a hundred times
     * slower, makes garbage, and has C2 compile each method of the vector API by itself, which nobody needs later. It
     * is compiled on its own too: within its callers it would be compiled again, and C2 might give up in them.
     *
     * <p>They do no more than that, so a JVM without them is not started again.
     */
    private static final String[] COMPILATION = {
        "-XX:CompileCommand=quiet",
        "-XX:CompileCommand=dontinline,dev.trishake.transport.linux.Libc::*",
        "-XX:CompileCommand=dontinline,dev.trishake.transport.linux.FileCalls::*",
        "-XX:CompileCommand=dontinline,dev.trishake.transport.linux.EpollCalls::*",
        "-XX:CompileCommand=dontinline,dev.trishake.transport.linux.MessageCalls::*",
        "-XX:CompileCommand=dontinline,dev.trishake.crypto.lanes.*::*",
        "-XX:CompileCommand=CompileThresholdScaling,dev.trishake.crypto.lanes.*::*,0.002",
        "-XX:CompileCommand=BackgroundCompilation,dev.trishake.crypto.lanes.*::*,false"};

    private Flags()
    {
    }

    /**
     * {@return the flags that a JDK needs to run Trishake}
     *
     * @param jdk {@link Jdk#WANTED} or newer
     */
    static List<String> neededBy(final Jdk jdk)
    {
        final List<String> flags = new ArrayList<String>();
        if (jdk.hasVectorModule())
        {
            flags.add(VECTOR);
        }
        flags.add(NATIVE_ACCESS);
        flags.add(UNSAFE_ACCESS_ALLOWED);
        flags.add(OPENED);
        flags.addAll(Arrays.asList(COMPILATION));
        return flags;
    }

    /**
     * {@return the flags to start a JDK with: ours, where the user has not decided, then the user's, which win because
     * they come later}
     *
     * @param jdk  what is started
     * @param user the user's flags as the JVM reports them: one string a flag, {@code --name=value}
     */
    static List<String> merge(final Jdk jdk, final List<String> user)
    {
        final List<String> flags = new ArrayList<String>();
        for (final String flag : neededBy(jdk))
        {
            if (!isDecided(flag, user))
            {
                flags.add(flag);
            }
        }
        flags.addAll(user);
        return flags;
    }

    /**
     * {@return true when this JVM runs as if it had been started with {@link #neededBy}, by whatever means: the command
     * line, the environment, the jar's manifest}
     *
     * @param running this JVM, {@link Jdk#WANTED} or newer
     */
    static boolean areInEffect(final Jdk running)
    {
        return "allow".equals(System.getProperty("sun.misc.unsafe.memory.access")) &&
            (!running.hasVectorModule() || isVectorModuleLoaded()) &&
            isModuleOpenAndNative();
    }

    private static boolean isDecided(final String flag, final List<String> user)
    {
        // this one has one value; the others add to each other, so only the same again would be too much
        final String decision = flag.startsWith(UNSAFE_ACCESS) ? UNSAFE_ACCESS : flag;
        for (final String given : user)
        {
            if (given.startsWith(decision))
            {
                return true;
            }
        }
        return false;
    }

    private static boolean isVectorModuleLoaded()
    {
        try
        {
            Class.forName(Jdk.VECTOR_MODULE + ".Vector", false, null);
            return true;
        }
        catch (final ClassNotFoundException ex)
        {
            return false;
        }
    }

    /** Asks {@code Module}, which Java 8 does not have: {@code isOpen} (9) and {@code isNativeAccessEnabled} (22). */
    private static boolean isModuleOpenAndNative()
    {
        try
        {
            final Class<?> type = Class.forName("java.lang.Module");
            final Object ours = Class.class.getMethod("getModule").invoke(Flags.class);
            final Object base = Class.class.getMethod("getModule").invoke(Object.class);
            return
                (Boolean)type.getMethod("isOpen", String.class, type).invoke(base, OPENED_PACKAGE, ours) &&
                (Boolean)type.getMethod("isNativeAccessEnabled").invoke(ours);
        }
        catch (final ReflectiveOperationException ex)
        {
            return false;
        }
    }
}
