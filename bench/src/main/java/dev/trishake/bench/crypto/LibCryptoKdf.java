// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/**
 * A key derivation of libcrypto with all that it is told, in an array of {@code OSSL_PARAM}s: <pre>
 *   name: address | type: int, 4 of padding | data: address | size: long | return size: long
 * </pre>
 */
final class LibCryptoKdf
{
    private static final MethodHandle RESET = LibCrypto.function("EVP_KDF_CTX_reset", null, ADDRESS);
    private static final MethodHandle DERIVE =
        LibCrypto.function("EVP_KDF_derive", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    private static final int PARAMETER_LENGTH = 40;
    private static final int TYPE = 8;
    private static final int DATA = 16;
    private static final int SIZE = 24;
    private static final int UTF8_STRING = 4;
    private static final int OCTET_STRING = 5;
    private static final int MOST_PARAMETERS = 8;

    private final MemorySegment context;
    private final MemorySegment out;
    // an entry without a name ends the array
    private final MemorySegment parameters = Arena.global().allocate((MOST_PARAMETERS + 1) * PARAMETER_LENGTH, TYPE);
    private final int length;
    private int count;

    /**
     * Finds the algorithm.
     *
     * @param algorithm like {@code HKDF}
     * @param digest    like {@code SHA256}
     * @param length    octets to derive
     */
    LibCryptoKdf(final String algorithm, final String digest, final int length) throws Throwable
    {
        LibCrypto.require();
        context = (MemorySegment)LibCrypto.function("EVP_KDF_CTX_new", ADDRESS, ADDRESS)
            .invokeExact(LibCrypto.fetch("EVP_KDF_fetch", algorithm));
        out = LibCrypto.memory(new byte[length]);
        this.length = length;
        add("digest", UTF8_STRING, LibCrypto.text(digest), digest.length());
    }

    /**
     * {@return this, told a secret, a salt, ...}
     *
     * @param name   what OpenSSL calls it
     * @param octets of it
     */
    LibCryptoKdf with(final String name, final byte[] octets)
    {
        add(name, OCTET_STRING, LibCrypto.memory(octets), octets.length);
        return this;
    }

    /**
     * {@return an octet of the output} Everything is told anew each time, as OpenSSL's TLS does.
     */
    byte derive() throws Throwable
    {
        RESET.invokeExact(context);
        LibCrypto.check("EVP_KDF_derive", (int)DERIVE.invokeExact(context, out, (long)length, parameters));
        return out.get(JAVA_BYTE, 0);
    }

    private void add(final String name, final int type, final MemorySegment data, final int size)
    {
        final MemorySegment parameter = parameters.asSlice((long)count++ * PARAMETER_LENGTH, PARAMETER_LENGTH);
        parameter.set(ADDRESS, 0, LibCrypto.text(name));
        parameter.set(JAVA_INT, TYPE, type);
        parameter.set(ADDRESS, DATA, data);
        parameter.set(JAVA_LONG, SIZE, size);
    }
}
