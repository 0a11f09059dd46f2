// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.crypto;

import com.tencent.kona.crypto.spec.SM2SignatureParameterSpec;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.sm.Sm2;
import dev.trishake.crypto.sm.Sm2KeyPairs;
import dev.trishake.crypto.sm.Sm2PrivateKey;
import dev.trishake.crypto.sm.Sm2Sign;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.signers.SM2Signer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Signature;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

/**
 * What does an SM2 signature cost, nonce included? The digest is given, except to Bouncy Castle and Kona, which hash 32
 * octets first: one hundredth of what they take.
 */
public class Sm2SignBenchmark extends KernelBench
{
    private static final MethodHandle SIGN_INIT = LibCrypto.function("EVP_PKEY_sign_init", JAVA_INT, ADDRESS);
    private static final MethodHandle SIGN =
        LibCrypto.function("EVP_PKEY_sign", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);

    private final Entropy entropy = Entropy.seeded(1);
    private final Sm2Sign vector = new Sm2Sign(VECTOR, entropy);
    private final Sm2Sign scalar = new Sm2Sign(SCALAR, entropy);
    private final UnsafeBuffer pair = new UnsafeBuffer(ByteBuffer.allocateDirect(96));
    private final UnsafeBuffer digest = new UnsafeBuffer(ByteBuffer.allocateDirect(32));
    private final UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(Sm2.SIGNATURE_LENGTH));
    private final byte[] message = new byte[32];
    private Sm2PrivateKey key;
    private SM2Signer bouncyCastle;
    private Signature kona;
    private MemorySegment context;
    private MemorySegment nativeDigest;
    private MemorySegment signature;
    private MemorySegment length;

    @Setup
    public void setup() throws GeneralSecurityException
    {
        new Sm2KeyPairs(SCALAR, entropy).take(pair, 0, pair, 32);
        entropy.nextBytes(digest, 0, 32);
        key = new Sm2PrivateKey(pair, 0);
        final Sm2Peers peers = new Sm2Peers(pair);
        bouncyCastle = new SM2Signer();
        bouncyCastle.init(true, peers.bouncyCastlePrivate());
        kona = Signature.getInstance("SM2", Sm2Peers.KONA);
        kona.setParameter(new SM2SignatureParameterSpec(Sm2Peers.ID, peers.konaPublic()));
        kona.initSign(peers.konaPrivate());
    }

    @Benchmark
    public byte trishakeOne()
    {
        return sign(vector, 1);
    }

    @Benchmark
    @OperationsPerInvocation(Sm2.LANES)
    public byte trishakeBatch()
    {
        return sign(vector, Sm2.LANES);
    }

    @Benchmark
    public byte trishakeScalar()
    {
        return sign(scalar, 1);
    }

    @Benchmark
    @OperationsPerInvocation(Sm2.LANES)
    public byte trishakeScalarBatch()
    {
        return sign(scalar, Sm2.LANES);
    }

    @Benchmark
    public byte[] bouncyCastle() throws CryptoException
    {
        bouncyCastle.update(message, 0, message.length);
        return bouncyCastle.generateSignature();
    }

    @Benchmark
    public byte[] kona() throws GeneralSecurityException
    {
        kona.update(message);
        return kona.sign();
    }

    @Benchmark
    public int openssl() throws Throwable
    {
        if (context == null)
        {
            setupOpenssl();
        }
        length.set(JAVA_LONG_UNALIGNED, 0, 80);
        final int done = (int)SIGN.invokeExact(context, signature, length, nativeDigest, 32L);
        LibCrypto.check("EVP_PKEY_sign", done);
        return done;
    }

    /** OpenSSL's own memory, only for its own benchmark: the others run where it is not installed. */
    private void setupOpenssl() throws Throwable
    {
        context = Sm2Peers.opensslContext();
        nativeDigest = LibCrypto.memory(message);
        signature = LibCrypto.memory(new byte[80]);
        length = LibCrypto.memory(new byte[Long.BYTES]);
        LibCrypto.check("EVP_PKEY_sign_init", (int)SIGN_INIT.invokeExact(context));
    }

    private byte sign(final Sm2Sign sign, final int count)
    {
        // as an agent does between its cycles
        if (entropy.reseedDue())
        {
            entropy.reseed();
        }
        for (int i = 0; i < count; i++)
        {
            sign.add(key, digest, 0);
        }
        sign.run();
        for (int i = 0; i < count; i++)
        {
            sign.result(i, out, 0);
        }
        sign.clear();
        return out.getByte(0);
    }
}
