// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

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

    static AssertionError impossible(final Throwable ex)
    {
        return new AssertionError("a downcall throws only when its signature is wrong", ex);
    }
}
