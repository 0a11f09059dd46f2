// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.crypto;

import com.tencent.kona.crypto.KonaCryptoProvider;
import dev.trishake.crypto.sm.Sm3;
import dev.trishake.crypto.sm.Sm3Batch;
import dev.trishake.crypto.sm.Sm3Lanes;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.SplittableRandom;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/**
 * What does an SM3 digest cost? One message, or sixteen messages of sixteen sessions side by side, each of one block
 * and padding in one more (64 octets) or of sixteen blocks and one (1 KiB). {@code trishakeBlocks} is the compression
 * alone of a block that lies in columns already, as those of HMAC and the PRF do; a length means nothing to it.
 */
public class Sm3Benchmark extends KernelBench
{
    private static final int LANES = 16;
    private static final int ALL = 0xffff;
    private static final MethodHandle INIT =
        LibCrypto.function("EVP_DigestInit_ex", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle UPDATE =
        LibCrypto.function("EVP_DigestUpdate", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle FINAL =
        LibCrypto.function("EVP_DigestFinal_ex", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);

    @Param({"64", "1024"})
    private int length;

    private final Sm3Lanes lanes = VECTOR.create(Sm3Lanes.KERNEL);
    private final int[] chaining = new int[Sm3Lanes.WORDS * LANES];
    private final int[] columns = new int[Sm3Lanes.BLOCK_WORDS * LANES];
    private final Sm3Batch batch = new Sm3Batch(VECTOR, LANES);
    private final Sm3 sm3 = new Sm3();
    private final SM3Digest bouncyCastle = new SM3Digest();
    private final UnsafeBuffer messages = new UnsafeBuffer(ByteBuffer.allocateDirect(LANES * 1024));
    private final UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(LANES * Sm3.DIGEST_LENGTH));
    private final byte[] digest = new byte[Sm3.DIGEST_LENGTH];
    private byte[] message;
    private MessageDigest kona;
    private MemorySegment context;
    private MemorySegment nativeMessage;
    private MemorySegment nativeDigest;

    @Setup
    public void setup() throws NoSuchAlgorithmException
    {
        message = new byte[length];
        new SplittableRandom(1).nextBytes(message);
        for (int i = 0; i < LANES; i++)
        {
            messages.putBytes(length * i, message);
        }
        kona = MessageDigest.getInstance("SM3", new KonaCryptoProvider());
    }

    /** OpenSSL's own memory, only for its own benchmark: the others run where it is not installed. */
    private void setupOpenssl() throws Throwable
    {
        LibCrypto.require();
        nativeMessage = LibCrypto.memory(message);
        nativeDigest = LibCrypto.memory(digest);
        context = LibCrypto.make("EVP_MD_CTX_new");
        LibCrypto.check("EVP_DigestInit_ex",
            (int)INIT.invokeExact(context, LibCrypto.make("EVP_sm3"), MemorySegment.NULL));
    }

    @Benchmark
    public byte trishakeOne()
    {
        batch.add(messages, 0, length);
        batch.run();
        batch.result(0, out, 0);
        batch.clear();
        return out.getByte(0);
    }

    @Benchmark
    @OperationsPerInvocation(LANES)
    public byte trishakeBatch()
    {
        for (int i = 0; i < LANES; i++)
        {
            batch.add(messages, length * i, length);
        }
        batch.run();
        for (int i = 0; i < LANES; i++)
        {
            batch.result(i, out, Sm3.DIGEST_LENGTH * i);
        }
        batch.clear();
        return out.getByte(0);
    }

    @Benchmark
    @OperationsPerInvocation(LANES)
    public int trishakeBlocks()
    {
        lanes.compress(chaining, columns, 0, ALL);
        return chaining[0];
    }

    @Benchmark
    public byte trishakeScalar()
    {
        sm3.hash(messages, 0, length, out, 0);
        return out.getByte(0);
    }

    @Benchmark
    public byte bouncyCastle()
    {
        bouncyCastle.update(message, 0, length);
        bouncyCastle.doFinal(digest, 0);
        return digest[0];
    }

    @Benchmark
    public byte kona() throws DigestException
    {
        kona.update(message, 0, length);
        kona.digest(digest, 0, digest.length);
        return digest[0];
    }

    @Benchmark
    public int openssl() throws Throwable
    {
        if (context == null)
        {
            setupOpenssl();
        }
        final int begun = (int)INIT.invokeExact(context, MemorySegment.NULL, MemorySegment.NULL);
        final int updated = (int)UPDATE.invokeExact(context, nativeMessage, (long)length);
        final int done = (int)FINAL.invokeExact(context, nativeDigest, MemorySegment.NULL);
        LibCrypto.check("SM3", begun & updated & done);
        return done;
    }
}
