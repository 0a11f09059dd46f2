// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.crypto;

import com.tencent.kona.crypto.KonaCryptoProvider;
import dev.trishake.crypto.sm.Sm4Batch;
import dev.trishake.crypto.sm.Sm4Lanes;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.engines.SM4Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.SplittableRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

/**
 * What does a block of SM4 cost where sixteen are to be encrypted? {@code trishakeBatch} has them from sixteen sessions
 * under sixteen kept keys; {@code trishakeOne} has a text of 256 octets of one session and expands its key each time;
 * everybody else has that text and keeps the key. Bouncy Castle's and Kona's tables are not constant-time.
 */
public class Sm4Benchmark extends KernelBench
{
    private static final int BLOCKS = 16;
    private static final int LENGTH = BLOCKS * Sm4Lanes.BLOCK_LENGTH;
    private static final MethodHandle INIT =
        LibCrypto.function("EVP_EncryptInit_ex", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle UPDATE =
        LibCrypto.function("EVP_EncryptUpdate", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);

    private final Sm4Lanes lanes = VECTOR.create(Sm4Lanes.KERNEL);
    private final Sm4Lanes slices = SCALAR.create(Sm4Lanes.KERNEL);
    private final Sm4Batch batch = new Sm4Batch(VECTOR);
    private final SM4Engine bouncyCastle = new SM4Engine();
    private final byte[] blocks = new byte[LENGTH];
    private final byte[] out = new byte[LENGTH];
    private final byte[] key = new byte[Sm4Batch.KEY_LENGTH];
    private final UnsafeBuffer keyBuffer = new UnsafeBuffer(key);
    private final UnsafeBuffer text = new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH));
    private Cipher kona;
    private MemorySegment context;
    private MemorySegment nativeText;
    private MemorySegment nativeOut;
    private MemorySegment nativeLength;

    @Setup
    public void setup() throws GeneralSecurityException
    {
        new SplittableRandom(1).nextBytes(blocks);
        new SplittableRandom(2).nextBytes(key);
        lanes.expandKeys(blocks.clone(), 0);
        slices.expandKeys(blocks.clone(), 0);
        bouncyCastle.init(true, new KeyParameter(key));
        kona = Cipher.getInstance("SM4/ECB/NoPadding", new KonaCryptoProvider());
        kona.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "SM4"));
    }

    private void setupOpenssl() throws Throwable
    {
        LibCrypto.require();
        nativeText = LibCrypto.memory(blocks);
        nativeOut = LibCrypto.memory(new byte[2 * LENGTH]);
        nativeLength = LibCrypto.memory(new byte[Integer.BYTES]);
        context = LibCrypto.make("EVP_CIPHER_CTX_new");
        LibCrypto.check("EVP_EncryptInit_ex", (int)INIT.invokeExact(context, LibCrypto.make("EVP_sm4_ecb"),
            MemorySegment.NULL, LibCrypto.memory(key), MemorySegment.NULL));
    }

    @Benchmark
    @OperationsPerInvocation(BLOCKS)
    public byte trishakeBatch()
    {
        lanes.crypt(blocks);
        return blocks[0];
    }

    @Benchmark
    @OperationsPerInvocation(BLOCKS)
    public byte trishakeOne()
    {
        batch.addEcbEncryption(keyBuffer, 0, text, 0, LENGTH, text, 0);
        batch.run();
        batch.clear();
        return text.getByte(0);
    }

    @Benchmark
    @OperationsPerInvocation(BLOCKS)
    public byte trishakeScalar()
    {
        slices.crypt(blocks);
        return blocks[0];
    }

    @Benchmark
    @OperationsPerInvocation(BLOCKS)
    public byte bouncyCastle()
    {
        for (int i = 0; i < LENGTH; i += Sm4Lanes.BLOCK_LENGTH)
        {
            bouncyCastle.processBlock(blocks, i, out, i);
        }
        return out[0];
    }

    @Benchmark
    @OperationsPerInvocation(BLOCKS)
    public int kona() throws GeneralSecurityException
    {
        return kona.update(blocks, 0, LENGTH, out, 0);
    }

    @Benchmark
    @OperationsPerInvocation(BLOCKS)
    public int openssl() throws Throwable
    {
        if (context == null)
        {
            setupOpenssl();
        }
        final int done = (int)UPDATE.invokeExact(context, nativeOut, nativeLength, nativeText, LENGTH);
        LibCrypto.check("EVP_EncryptUpdate", done);
        return done;
    }
}
