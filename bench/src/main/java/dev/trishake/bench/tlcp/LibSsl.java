// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.tlcp;

import dev.trishake.bench.UnavailableException;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/**
 * Tongsuo's libssl (BabaSSL 8.3.2, of OpenSSL 1.1.1h) through the foreign-function API, as it lies in the native half
 * of its Java SDK: all functions are exported there. The SDK's Java half knows no TLCP and is not used.
 */
@SuppressWarnings("restricted")
final class LibSsl
{
    private static final String RESOURCE = "/META-INF/native/libconscrypt_openjdk_jni-linux-x86_64.so";
    private static final String MACHINE = "Linux amd64";
    // ELF-64
    private static final int E_PHOFF = 32;
    private static final int E_PHENTSIZE = 54;
    private static final int E_PHNUM = 56;
    private static final int P_FLAGS = 4;
    private static final int PT_GNU_STACK = 0x6474_e551;
    private static final int PF_X = 1;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup SYMBOLS = load();

    private LibSsl()
    {
    }

    private static SymbolLookup load()
    {
        final String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!machine.equals(MACHINE))
        {
            throw new UnavailableException("Tongsuo's library is for " + MACHINE + ", this is " + machine);
        }
        try
        {
            final Path file = Files.createTempFile("tongsuo", ".so");
            file.toFile().deleteOnExit();
            try (InputStream in = LibSsl.class.getResourceAsStream(RESOURCE))
            {
                final byte[] library = in.readAllBytes();
                forbidExecutableStack(ByteBuffer.wrap(library).order(ByteOrder.LITTLE_ENDIAN));
                Files.write(file, library);
            }
            return SymbolLookup.libraryLookup(file, Arena.global());
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * Its assembler forgot to say that it needs no executable stack, so it seems to want one: the JVM then warns, and
     * glibc 2.41 does not load it any more.
     */
    private static void forbidExecutableStack(final ByteBuffer elf)
    {
        final int headers = (int)elf.getLong(E_PHOFF);
        for (int i = 0; i < elf.getShort(E_PHNUM); i++)
        {
            final int header = headers + i * elf.getShort(E_PHENTSIZE);
            if (elf.getInt(header) == PT_GNU_STACK)
            {
                elf.putInt(header + P_FLAGS, elf.getInt(header + P_FLAGS) & ~PF_X);
            }
        }
    }

    /**
     * {@return a function's handle, for {@code invokeExact}}
     *
     * @param name      its name
     * @param result    what it returns, or null for void
     * @param arguments what it takes
     */
    static MethodHandle link(final String name, final MemoryLayout result, final MemoryLayout... arguments)
    {
        return LINKER.downcallHandle(SYMBOLS.findOrThrow(name),
            result == null ? FunctionDescriptor.ofVoid(arguments) : FunctionDescriptor.of(result, arguments));
    }

    /**
     * {@return a method of ours as a function of C, for as long as the JVM runs}
     *
     * @param method its handle
     * @param shape  what it returns and takes
     */
    static MemorySegment callback(final MethodHandle method, final FunctionDescriptor shape)
    {
        return LINKER.upcallStub(method, shape, Arena.global());
    }

    // ---- calls of a set-up, linked each time: a String is a char*, an Integer an int, a Long a long

    /** {@return the pointer that a function returns} */
    static MemorySegment pointer(final String name, final Object... arguments)
    {
        return (MemorySegment)call(name, ADDRESS, arguments);
    }

    /** {@return the long that a function returns} */
    static long number(final String name, final Object... arguments)
    {
        return (Long)call(name, JAVA_LONG, arguments);
    }

    /** Calls a function that returns nothing, or nothing of interest. */
    static void run(final String name, final Object... arguments)
    {
        call(name, null, arguments);
    }

    /** Calls a function that returns the int 1 where all is well. */
    static void must(final String name, final Object... arguments)
    {
        if ((Integer)call(name, JAVA_INT, arguments) != 1)
        {
            throw new IllegalStateException(name + " failed");
        }
    }

    private static Object call(final String name, final MemoryLayout result, final Object... arguments)
    {
        try (Arena arena = Arena.ofConfined())
        {
            final Object[] passed = Arrays.stream(arguments)
                .map(argument -> argument instanceof String text ? arena.allocateFrom(text) : argument).toArray();
            return link(name, result, Arrays.stream(passed).map(LibSsl::layout).toArray(MemoryLayout[]::new))
                .invokeWithArguments(passed);
        }
        catch (final Throwable ex)
        {
            throw failed(name, ex);
        }
    }

    private static ValueLayout layout(final Object argument)
    {
        return argument instanceof Integer ? JAVA_INT : argument instanceof Long ? JAVA_LONG : ADDRESS;
    }

    /**
     * {@return what is thrown when a handle's call failed}
     *
     * @param name which function
     * @param ex   what the call threw
     */
    static AssertionError failed(final String name, final Throwable ex)
    {
        return new AssertionError(name + ": a downcall throws only when its signature is wrong", ex);
    }
}
