// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.crypto;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.sm.Sm2;
import dev.trishake.crypto.sm.Sm2Decrypt;
import dev.trishake.crypto.sm.Sm2Encrypt;
import dev.trishake.crypto.sm.Sm2KeyPairs;
import dev.trishake.crypto.sm.Sm2PrivateKey;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.SM2Engine;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

/** What does it cost to decrypt the 48 octets of a pre-master secret with SM2? */
public class Sm2DecryptBenchmark extends KernelBench
{
    private static final int LENGTH = 48;
    private static final MethodHandle ENCRYPT_INIT = LibCrypto.function("EVP_PKEY_encrypt_init", JAVA_INT, ADDRESS);
    private static final MethodHandle ENCRYPT =
        LibCrypto.function("EVP_PKEY_encrypt", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle DECRYPT_INIT = LibCrypto.function("EVP_PKEY_decrypt_init", JAVA_INT, ADDRESS);
    private static final MethodHandle DECRYPT =
        LibCrypto.function("EVP_PKEY_decrypt", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);

    private final Entropy entropy = Entropy.seeded(1);
    private final Sm2Decrypt vector = new Sm2Decrypt(VECTOR, LENGTH);
    private final Sm2Decrypt scalar = new Sm2Decrypt(SCALAR, LENGTH);
    private final UnsafeBuffer pair = new UnsafeBuffer(ByteBuffer.allocateDirect(96));
    private final UnsafeBuffer ciphertext = new UnsafeBuffer(ByteBuffer.allocateDirect(97 + LENGTH));
    private final UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH));
    private final byte[] octets = new byte[97 + LENGTH];
    private Sm2PrivateKey key;
    private SM2Engine bouncyCastle;
    private Cipher kona;
    private byte[] konaCiphertext;
    private MemorySegment context;
    private MemorySegment nativeCiphertext;
    private long nativeLength;
    private MemorySegment nativePlaintext;
    private MemorySegment length;

    @Setup
    public void setup() throws GeneralSecurityException
    {
        new Sm2KeyPairs(SCALAR, entropy).take(pair, 0, pair, 32);
        key = new Sm2PrivateKey(pair, 0);
        final Sm2Encrypt encrypt = new Sm2Encrypt(SCALAR, entropy, LENGTH);
        encrypt.add(pair, 32, pair, 0, LENGTH);
        encrypt.run();
        ciphertext.putByte(0, (byte)4);
        encrypt.c1(0, ciphertext, 1);
        encrypt.c3(0, ciphertext, 65);
        encrypt.c2(0, ciphertext, 97);
        ciphertext.getBytes(0, octets);

        final Sm2Peers peers = new Sm2Peers(pair);
        bouncyCastle = new SM2Engine(SM2Engine.Mode.C1C3C2);
        bouncyCastle.init(false, peers.bouncyCastlePrivate());
        kona = Cipher.getInstance("SM2", Sm2Peers.KONA);
        kona.init(Cipher.ENCRYPT_MODE, peers.konaPublic());
        konaCiphertext = kona.doFinal(new byte[LENGTH]);
        kona.init(Cipher.DECRYPT_MODE, peers.konaPrivate());
    }

    @Benchmark
    public int trishakeOne()
    {
        return decrypt(vector, 1);
    }

    @Benchmark
    @OperationsPerInvocation(Sm2.LANES)
    public int trishakeBatch()
    {
        return decrypt(vector, Sm2.LANES);
    }

    @Benchmark
    public int trishakeScalar()
    {
        return decrypt(scalar, 1);
    }

    @Benchmark
    public byte[] bouncyCastle() throws InvalidCipherTextException
    {
        return bouncyCastle.processBlock(octets, 0, octets.length);
    }

    @Benchmark
    public byte[] kona() throws GeneralSecurityException
    {
        return kona.doFinal(konaCiphertext);
    }

    @Benchmark
    public int openssl() throws Throwable
    {
        if (context == null)
        {
            setupOpenssl();
        }
        length.set(JAVA_LONG_UNALIGNED, 0, LENGTH);
        final int done = (int)DECRYPT.invokeExact(context, nativePlaintext, length, nativeCiphertext, nativeLength);
        LibCrypto.check("EVP_PKEY_decrypt", done);
        return done;
    }

    /** OpenSSL's own memory, only for its own benchmark: the others run where it is not installed. */
    private void setupOpenssl() throws Throwable
    {
        context = Sm2Peers.opensslContext();
        nativePlaintext = LibCrypto.memory(new byte[LENGTH]);
        nativeCiphertext = LibCrypto.memory(new byte[256]);
        length = LibCrypto.memory(new byte[Long.BYTES]);
        length.set(JAVA_LONG_UNALIGNED, 0, 256);
        LibCrypto.check("EVP_PKEY_encrypt_init", (int)ENCRYPT_INIT.invokeExact(context));
        LibCrypto.check("EVP_PKEY_encrypt",
            (int)ENCRYPT.invokeExact(context, nativeCiphertext, length, nativePlaintext, (long)LENGTH));
        nativeLength = length.get(JAVA_LONG_UNALIGNED, 0);
        LibCrypto.check("EVP_PKEY_decrypt_init", (int)DECRYPT_INIT.invokeExact(context));
    }

    private int decrypt(final Sm2Decrypt decrypt, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            decrypt.add(key, ciphertext, 1, ciphertext, 65, ciphertext, 97, LENGTH);
        }
        decrypt.run();
        int decrypted = 0;
        for (int i = 0; i < count; i++)
        {
            decrypt.result(i, out, 0);
            decrypted += decrypt.succeeded(i) ? 1 : 0;
        }
        decrypt.clear();
        if (decrypted != count)
        {
            throw new IllegalStateException("a good ciphertext was refused");
        }
        return decrypted;
    }
}
