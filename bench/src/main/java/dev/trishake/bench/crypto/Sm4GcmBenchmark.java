// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.crypto;

import com.tencent.kona.crypto.KonaCryptoProvider;
import dev.trishake.bench.UnavailableException;
import dev.trishake.crypto.sm.Sm4GcmBatch;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.SM4Engine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

/**
 * What does it cost to seal the record of a Finished, 16 octets under a key that no record had before, as every TLCP
 * handshake with SM4-GCM does on each side? OpenSSL has SM4-GCM from 3.2 on; {@code openssl} says so where it is older.
 */
public class Sm4GcmBenchmark extends KernelBench
{
    private static final int LANES = Sm4GcmBatch.LANES;
    private static final int TEXT_LENGTH = 16;
    private static final int HEADER_LENGTH = 13;
    private static final int SEALED_LENGTH = TEXT_LENGTH + Sm4GcmBatch.TAG_LENGTH;

    private static final int GET_TAG = 0x10;
    private static final MethodHandle INIT =
        LibCrypto.function("EVP_EncryptInit_ex", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle UPDATE =
        LibCrypto.function("EVP_EncryptUpdate", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle FINAL =
        LibCrypto.function("EVP_EncryptFinal_ex", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle CONTROL =
        LibCrypto.function("EVP_CIPHER_CTX_ctrl", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);

    private final Sm4GcmBatch batch = new Sm4GcmBatch(VECTOR);
    private final Sm4GcmBatch scalar = new Sm4GcmBatch(SCALAR);
    private final UnsafeBuffer keys = new UnsafeBuffer(ByteBuffer.allocateDirect(LANES * Sm4GcmBatch.KEY_LENGTH));
    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(128));
    private final UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(LANES * SEALED_LENGTH));
    private final byte[] key = new byte[Sm4GcmBatch.KEY_LENGTH];
    private final byte[] nonce = new byte[Sm4GcmBatch.NONCE_LENGTH];
    private final byte[] header = new byte[HEADER_LENGTH];
    private final byte[] text = new byte[TEXT_LENGTH];
    private final byte[] sealed = new byte[SEALED_LENGTH];
    private final GCMModeCipher bouncyCastle = GCMBlockCipher.newInstance(new SM4Engine());
    private Cipher kona;
    private MemorySegment context;
    private MemorySegment nativeKey;
    private MemorySegment nativeNonce;
    private MemorySegment nativeHeader;
    private MemorySegment nativeText;
    private MemorySegment nativeSealed;
    private MemorySegment nativeLength;

    @Setup
    public void setup() throws GeneralSecurityException
    {
        kona = Cipher.getInstance("SM4/GCM/NoPadding", new KonaCryptoProvider());
    }

    @Benchmark
    public boolean trishakeOne()
    {
        return seal(batch, 1);
    }

    @Benchmark
    @OperationsPerInvocation(LANES)
    public boolean trishakeBatch()
    {
        return seal(batch, LANES);
    }

    @Benchmark
    public boolean trishakeScalar()
    {
        return seal(scalar, 1);
    }

    @Benchmark
    public int bouncyCastle() throws InvalidCipherTextException
    {
        key[0]++;
        bouncyCastle.init(true,
            new AEADParameters(new KeyParameter(key), Byte.SIZE * Sm4GcmBatch.TAG_LENGTH, nonce, header));
        final int length = bouncyCastle.processBytes(text, 0, TEXT_LENGTH, sealed, 0);
        return bouncyCastle.doFinal(sealed, length);
    }

    @Benchmark
    public int kona() throws GeneralSecurityException
    {
        key[0]++;
        kona.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "SM4"),
            new GCMParameterSpec(Byte.SIZE * Sm4GcmBatch.TAG_LENGTH, nonce));
        kona.updateAAD(header);
        return kona.doFinal(text, 0, TEXT_LENGTH, sealed, 0);
    }

    @Benchmark
    public int openssl() throws Throwable
    {
        if (context == null)
        {
            setupOpenssl();
        }
        final MemorySegment none = MemorySegment.NULL;
        nativeKey.set(JAVA_BYTE, 0, ++key[0]);
        int good = (int)INIT.invokeExact(context, none, none, nativeKey, nativeNonce);
        good &= (int)UPDATE.invokeExact(context, none, nativeLength, nativeHeader, HEADER_LENGTH);
        good &= (int)UPDATE.invokeExact(context, nativeSealed, nativeLength, nativeText, TEXT_LENGTH);
        good &= (int)FINAL.invokeExact(context, nativeSealed, nativeLength);
        good &= (int)CONTROL.invokeExact(context, GET_TAG, Sm4GcmBatch.TAG_LENGTH, nativeSealed);
        LibCrypto.check("SM4-GCM", good);
        return good;
    }

    private void setupOpenssl() throws Throwable
    {
        LibCrypto.require();
        final MemorySegment cipher = LibCrypto.fetch("EVP_CIPHER_fetch", "SM4-GCM");
        if (cipher.equals(MemorySegment.NULL))
        {
            throw new UnavailableException("this OpenSSL has no SM4-GCM (3.2 and later have)");
        }
        nativeKey = LibCrypto.memory(key);
        nativeNonce = LibCrypto.memory(nonce);
        nativeHeader = LibCrypto.memory(header);
        nativeText = LibCrypto.memory(text);
        nativeSealed = LibCrypto.memory(sealed);
        nativeLength = LibCrypto.memory(new byte[Integer.BYTES]);
        context = LibCrypto.make("EVP_CIPHER_CTX_new");
        LibCrypto.check("EVP_EncryptInit_ex",
            (int)INIT.invokeExact(context, cipher, MemorySegment.NULL, nativeKey, nativeNonce));
    }

    private boolean seal(final Sm4GcmBatch operation, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            operation.add(keys, Sm4GcmBatch.KEY_LENGTH * i, memory, 0, memory, 16, HEADER_LENGTH);
            operation.seal(memory, 32, TEXT_LENGTH, out, SEALED_LENGTH * i);
        }
        operation.run();
        final boolean done = operation.succeeded(count - 1);
        operation.clear();
        return done;
    }
}
