// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.crypto;

import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.aead.Aead;
import dev.trishake.crypto.aead.Aes128Gcm;
import dev.trishake.crypto.aead.ChaCha20Poly1305;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.AEADCipher;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

/**
 * What does it cost to seal a packet with 20 octets of header and a tag of 12 (ChaCha20-Poly1305 elsewhere: 16)? Each
 * has a nonce of its own. The key is kept where a peer can keep it; {@code FreshKey} takes a new one for each packet.
 * There is no {@code trishakeBatch}: one packet fills the lanes, so packets are sealed one by one.
 */
public class AeadBenchmark extends KernelBench
{
    private static final int AAD_LENGTH = 20;
    private static final int GET_TAG = 0x10;
    private static final MethodHandle INIT =
        LibCrypto.function("EVP_EncryptInit_ex", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle UPDATE =
        LibCrypto.function("EVP_EncryptUpdate", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle FINAL =
        LibCrypto.function("EVP_EncryptFinal_ex", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle CONTROL =
        LibCrypto.function("EVP_CIPHER_CTX_ctrl", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);

    @Param({"AES-128-GCM", "ChaCha20-Poly1305"})
    private String algorithm;

    @Param({"64", "1200"})
    private int length;

    private final UnsafeBuffer schedule = new UnsafeBuffer(ByteBuffer.allocateDirect(Aes128Gcm.SCHEDULE_LENGTH));
    private final UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(2048));
    private final byte[] text = new byte[2048];
    private final byte[] out = new byte[2048];
    private final byte[] aad = new byte[AAD_LENGTH];
    private final byte[] nonce = new byte[Aead.NONCE_LENGTH];
    private final UnsafeBuffer nonceView = new UnsafeBuffer(nonce);
    private boolean gcm;
    private Aead vector;
    private Aead scalar;
    private AEADCipher bouncyCastle;
    private Cipher jdk;
    private SecretKeySpec jdkKey;
    private byte[] key;
    private long packetNumber;
    private MemorySegment context;
    private MemorySegment nativeMemory;
    private MemorySegment nativeNonce;

    @Setup
    public void setup() throws GeneralSecurityException
    {
        gcm = algorithm.startsWith("AES");
        vector = aead(VECTOR);
        scalar = aead(SCALAR);
        vector.expandKey(packet, 0, schedule, 0);
        key = new byte[vector.keyLength()];
        bouncyCastle = gcm ? GCMBlockCipher.newInstance(AESEngine.newInstance()) :
            new org.bouncycastle.crypto.modes.ChaCha20Poly1305();
        jdk = Cipher.getInstance(gcm ? "AES/GCM/NoPadding" : "ChaCha20-Poly1305");
        jdkKey = new SecretKeySpec(key, gcm ? "AES" : "ChaCha20");
    }

    @Benchmark
    public byte trishakeOne()
    {
        return seal(vector);
    }

    @Benchmark
    public byte trishakeFreshKey()
    {
        packet.putLong(1600, packetNumber);
        vector.expandKey(packet, 1600, schedule, 0);
        return seal(vector);
    }

    @Benchmark
    public byte trishakeScalar()
    {
        return seal(scalar);
    }

    @Benchmark
    public byte bouncyCastle() throws InvalidCipherTextException
    {
        nextNonce();
        bouncyCastle.init(true, new AEADParameters(new KeyParameter(key), gcm ? 96 : 128, nonce, aad));
        bouncyCastle.doFinal(out, bouncyCastle.processBytes(text, 0, length, out, 0));
        return out[0];
    }

    @Benchmark
    public byte jdk() throws GeneralSecurityException
    {
        return sealByJdk(jdkKey);
    }

    @Benchmark
    public byte jdkFreshKey() throws GeneralSecurityException
    {
        key[0]++;
        return sealByJdk(new SecretKeySpec(key, gcm ? "AES" : "ChaCha20"));
    }

    @Benchmark
    public int openssl() throws Throwable
    {
        if (context == null)
        {
            setupOpenssl();
        }
        final MemorySegment count = nativeMemory.asSlice(4000);
        final MemorySegment none = MemorySegment.NULL;
        int good = (int)INIT.invokeExact(context, none, none, none, nativeNonce);
        good &= (int)UPDATE.invokeExact(context, none, count, nativeMemory, AAD_LENGTH);
        good &= (int)UPDATE.invokeExact(context, nativeMemory, count, nativeMemory, length);
        good &= (int)FINAL.invokeExact(context, nativeMemory, count);
        good &= (int)CONTROL.invokeExact(context, GET_TAG, Aead.SHORT_TAG_LENGTH, nativeMemory);
        LibCrypto.check(algorithm, good);
        return good;
    }

    private byte seal(final Aead aead)
    {
        aead.seal(schedule, 0, 1, packetNumber++,
            packet, 0, AAD_LENGTH, packet, AAD_LENGTH, length, packet, AAD_LENGTH);
        return packet.getByte(AAD_LENGTH);
    }

    private byte sealByJdk(final SecretKeySpec secretKey) throws GeneralSecurityException
    {
        nextNonce();
        final AlgorithmParameterSpec parameters = gcm ? new GCMParameterSpec(96, nonce) : new IvParameterSpec(nonce);
        jdk.init(Cipher.ENCRYPT_MODE, secretKey, parameters);
        jdk.updateAAD(aad);
        jdk.doFinal(text, 0, length, out, 0);
        return out[0];
    }

    private void nextNonce()
    {
        nonceView.putLong(0, packetNumber++);
    }

    private Aead aead(final Kernels kernels)
    {
        return gcm ? new Aes128Gcm(kernels, Aead.SHORT_TAG_LENGTH) :
            new ChaCha20Poly1305(kernels, Aead.SHORT_TAG_LENGTH);
    }

    private void setupOpenssl() throws Throwable
    {
        LibCrypto.require();
        nativeMemory = LibCrypto.memory(new byte[4096]);
        nativeNonce = LibCrypto.memory(nonce);
        context = LibCrypto.make("EVP_CIPHER_CTX_new");
        LibCrypto.check("EVP_EncryptInit_ex", (int)INIT.invokeExact(context,
            LibCrypto.make(gcm ? "EVP_aes_128_gcm" : "EVP_chacha20_poly1305"), MemorySegment.NULL,
            LibCrypto.memory(key), nativeNonce));
    }
}
