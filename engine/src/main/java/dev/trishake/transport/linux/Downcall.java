// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/** How functions of the C library are linked. */
final class Downcall
{
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

    /** For calls that never wait. */
    static final Linker.Option[] CRITICAL = {ERRNO, Linker.Option.critical(false)};
    /** For calls that may wait. */
    static final Linker.Option[] WAITING = {ERRNO};
    /** For calls that may wait and have {@code ...} behind their second argument. */
    static final Linker.Option[] WAITING_VARIADIC = {ERRNO, Linker.Option.firstVariadicArg(2)};

    private Downcall()
    {
    }

    // the one place where native code gets a Java signature: wrong here is wrong everywhere, so the lint stays on
    // for the rest of the project
    @SuppressWarnings("restricted")
    static MethodHandle link(
        final String name, final Linker.Option[] options, final ValueLayout result, final ValueLayout... arguments)
    {
        return LINKER.defaultLookup().find(name)
            .map(symbol -> LINKER.downcallHandle(symbol, FunctionDescriptor.of(result, arguments), options))
            .orElse(null);
    }

    /**
     * A critical call by its number. The C library's own read and write ask before and after whether their thread is to
     * be cancelled, which nobody does in a JVM: 20 ns of a packet's 400, which {@code syscall} does not have.
     *
     * @param name    of the function, for machines whose numbers are not here
     * @param amd64   the call's number there
     * @param aarch64 the call's number there
     */
    @SuppressWarnings("restricted")
    static MethodHandle linkDirect(
        final String name, final int amd64, final int aarch64, final ValueLayout result,
        final ValueLayout... arguments)
    {
        final String machine = System.getProperty("os.arch");
        if (!Libc.SUPPORTED || !(machine.equals("amd64") || machine.equals("aarch64")))
        {
            return link(name, CRITICAL, result, arguments);
        }
        final ValueLayout[] all = new ValueLayout[arguments.length + 1];
        all[0] = ValueLayout.JAVA_LONG;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        final MethodHandle call = link(
            "syscall", new Linker.Option[] {ERRNO, Linker.Option.critical(false), Linker.Option.firstVariadicArg(1)},
            result, all);
        return MethodHandles.insertArguments(call, 1, machine.equals("amd64") ? (long)amd64 : aarch64);
    }

    static AssertionError impossible(final Throwable ex)
    {
        return new AssertionError("a downcall throws only when its signature is wrong", ex);
    }
}
