// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.launch;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** The real main of the tests' jar: says what reached it, or waits to be ended. */
final class Probe
{
    static final int TABLE_EXIT_CODE = 5;
    static final int NOBODY_ENDED_US_EXIT_CODE = 99;

    private Probe()
    {
    }

    public static void main(final String[] args) throws Exception
    {
        final String[] rest = Arrays.copyOfRange(args, 1, args.length);
        switch (args[0])
        {
            case "args" -> printArgs(rest);
            case "facts" -> printFacts();
            case "echo" ->
            {
                System.in.transferTo(System.out);
                System.err.println("to standard error");
            }
            case "exit" -> System.exit(Integer.parseInt(rest[0]));
            case "throw" -> throw new IllegalStateException("thrown by the real main");
            case "table" -> printTableAtTheEnd();
            case "fork" -> fork(rest);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /** In hexadecimal, so that no encoding of standard output is between the test and the argument. */
    private static void printArgs(final String[] args)
    {
        for (final String arg : args)
        {
            System.out.println(HexFormat.of().formatHex(arg.getBytes(StandardCharsets.UTF_8)) + ".");
        }
    }

    private static void printFacts()
    {
        final ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
        System.out.println("parent=" + parent.pid());
        System.out.println("grandparent=" + parent.parent().orElseThrow().pid());
        System.out.println("home=" + System.getProperty("java.home"));
        System.out.println("thread=" + Thread.currentThread().getName());
        System.out.println("maxMemory=" + Runtime.getRuntime().maxMemory());
        System.out.println("property=" + System.getProperty("test.property"));
        System.out.println("vector=" + ModuleLayer.boot().findModule(Jdk.VECTOR_MODULE).isPresent());
        System.out.println("unsafe=" + System.getProperty("sun.misc.unsafe.memory.access"));
        System.out.println("native=" + Probe.class.getModule().isNativeAccessEnabled());
        System.out.println("open=" +
            Object.class.getModule().isOpen("jdk.internal.misc", Probe.class.getModule()));
        ManagementFactory.getRuntimeMXBean().getInputArguments()
            .forEach(flag -> System.out.println("flag " + flag));
    }

    /** As JMH and the soak tools do: what was measured so far is printed when the run is cut short. */
    private static void printTableAtTheEnd() throws InterruptedException
    {
        Runtime.getRuntime().addShutdownHook(new Thread(() ->
        {
            try
            {
                Thread.sleep(300);
            }
            catch (final InterruptedException ex)
            {
                throw new IllegalStateException(ex);
            }
            System.out.println("final table");
            System.out.flush();
            Runtime.getRuntime().halt(TABLE_EXIT_CODE);
        }));
        ready();
    }

    private static void fork(final String[] command) throws IOException, InterruptedException
    {
        final Process grandchild = new ProcessBuilder(command).start();
        System.out.println(grandchild.pid());
        ready();
    }

    private static void ready() throws InterruptedException
    {
        System.out.println(ProcessHandle.current().pid());
        System.out.println("ready");
        // longer than any test waits; nobody ended us, so no table
        Thread.sleep(30_000);
        Runtime.getRuntime().halt(NOBODY_ENDED_US_EXIT_CODE);
    }
}
