// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.crypto;

import dev.trishake.bench.UnavailableException;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/**
 * OpenSSL's libcrypto, version 3, through the foreign-function API: the peer that is written in C and assembler. What a
 * benchmark needs it links by name and keeps in {@code static final} handles of its own; contexts and memory are made
 * in {@code @Setup}, so that a call costs the call.
 */
final class LibCrypto
{
    private static final String LIBRARY = "libcrypto.so.3";
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Optional<SymbolLookup> SYMBOLS = open();
    private static final Linker.Option[] CRITICAL = {Linker.Option.critical(false)};

    private LibCrypto()
    {
    }

    /**
     * Fails where the library is not installed; for the first line of a {@code @Setup}.
     *
     * @throws UnavailableException when it is not
     */
    static void require()
    {
        if (SYMBOLS.isEmpty())
        {
            throw new UnavailableException("OpenSSL's " + LIBRARY + " is not installed");
        }
    }

    /**
     * {@return a function that is called as C would call it, without a change of the thread's state (a few ns); null
     * where there is no library or no such function in it}
     *
     * @param name      like {@code EVP_DigestUpdate}
     * @param result    what it returns, or null for void
     * @param arguments what it takes
     */
    // wrong here is wrong everywhere, so the lint stays on for the rest of the project
    @SuppressWarnings("restricted")
    static MethodHandle function(final String name, final MemoryLayout result, final MemoryLayout... arguments)
    {
        final FunctionDescriptor descriptor =
            result == null ? FunctionDescriptor.ofVoid(arguments) : FunctionDescriptor.of(result, arguments);
        return SYMBOLS.flatMap(symbols -> symbols.find(name))
            .map(symbol -> LINKER.downcallHandle(symbol, descriptor, CRITICAL))
            .orElse(null);
    }

    /**
     * {@return what a function without arguments returns: a new context, or an algorithm's constant description}
     *
     * @param name like {@code EVP_MD_CTX_new} or {@code EVP_sm3}
     */
    static MemorySegment make(final String name)
    {
        try
        {
            return (MemorySegment)function(name, ADDRESS).invokeExact();
        }
        catch (final Throwable ex)
        {
            throw failed(name, ex);
        }
    }

    /**
     * {@return an algorithm's description, or {@code NULL} where this library does not have the algorithm}
     *
     * @param fetch     like {@code EVP_CIPHER_fetch} or {@code EVP_KDF_fetch}
     * @param algorithm like {@code SM4-GCM}
     */
    static MemorySegment fetch(final String fetch, final String algorithm)
    {
        try
        {
            return (MemorySegment)function(fetch, ADDRESS, ADDRESS, ADDRESS, ADDRESS)
                .invokeExact(MemorySegment.NULL, text(algorithm), MemorySegment.NULL);
        }
        catch (final Throwable ex)
        {
            throw failed(fetch, ex);
        }
    }

    /**
     * {@return memory outside of the heap with these octets, for as long as the JVM runs}
     *
     * @param octets what it holds
     */
    static MemorySegment memory(final byte... octets)
    {
        return Arena.global().allocateFrom(ValueLayout.JAVA_BYTE, octets);
    }

    /**
     * {@return memory outside of the heap with a C string, for as long as the JVM runs}
     *
     * @param text ASCII
     */
    static MemorySegment text(final String text)
    {
        return Arena.global().allocateFrom(text);
    }

    /**
     * {@return the library's version, like {@code 0x300000f0}}
     */
    static long version()
    {
        try
        {
            return (long)function("OpenSSL_version_num", JAVA_LONG).invokeExact();
        }
        catch (final Throwable ex)
        {
            throw failed("OpenSSL_version_num", ex);
        }
    }

    /**
     * Looks at what a function of libcrypto returned.
     *
     * @param name   which function
     * @param result 1 is success
     */
    static void check(final String name, final int result)
    {
        if (result != 1)
        {
            throw new IllegalStateException(name + " returned " + result);
        }
    }

    /**
     * {@return what a benchmark throws when a handle's call failed}
     *
     * @param name which function
     * @param ex   what the call threw
     */
    static AssertionError failed(final String name, final Throwable ex)
    {
        return new AssertionError(name + ": a downcall throws only when its signature is wrong", ex);
    }

    @SuppressWarnings("restricted")
    private static Optional<SymbolLookup> open()
    {
        try
        {
            return Optional.of(SymbolLookup.libraryLookup(LIBRARY, Arena.global()));
        }
        catch (final IllegalArgumentException ex)
        {
            return Optional.empty();
        }
    }
}
