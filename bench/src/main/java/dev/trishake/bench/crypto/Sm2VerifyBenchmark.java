// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.crypto;

import com.tencent.kona.crypto.spec.SM2SignatureParameterSpec;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.sm.Sm2;
import dev.trishake.crypto.sm.Sm2KeyPairs;
import dev.trishake.crypto.sm.Sm2PrivateKey;
import dev.trishake.crypto.sm.Sm2Sign;
import dev.trishake.crypto.sm.Sm2Verify;
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
 * What does it cost to verify an SM2 signature? The digest is given, except to Bouncy Castle and Kona, which hash 32
 * octets first.
 */
public class Sm2VerifyBenchmark extends KernelBench
{
    private static final MethodHandle SIGN_INIT = LibCrypto.function("EVP_PKEY_sign_init", JAVA_INT, ADDRESS);
    private static final MethodHandle SIGN =
        LibCrypto.function("EVP_PKEY_sign", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle VERIFY_INIT = LibCrypto.function("EVP_PKEY_verify_init", JAVA_INT, ADDRESS);
    private static final MethodHandle VERIFY =
        LibCrypto.function("EVP_PKEY_verify", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG);

    private final Entropy entropy = Entropy.seeded(1);
    private final Sm2Verify vector = new Sm2Verify(VECTOR);
    private final Sm2Verify scalar = new Sm2Verify(SCALAR);
    private final UnsafeBuffer pair = new UnsafeBuffer(ByteBuffer.allocateDirect(96));
    private final UnsafeBuffer digest = new UnsafeBuffer(ByteBuffer.allocateDirect(32));
    private final UnsafeBuffer signature = new UnsafeBuffer(ByteBuffer.allocateDirect(Sm2.SIGNATURE_LENGTH));
    private final byte[] message = new byte[32];
    private SM2Signer bouncyCastle;
    private byte[] bouncyCastleSignature;
    private Signature kona;
    private byte[] konaSignature;
    private MemorySegment context;
    private MemorySegment nativeDigest;
    private MemorySegment nativeSignature;
    private long nativeLength;

    @Setup
    public void setup() throws GeneralSecurityException, CryptoException
    {
        new Sm2KeyPairs(SCALAR, entropy).take(pair, 0, pair, 32);
        entropy.nextBytes(digest, 0, 32);
        final Sm2Sign sign = new Sm2Sign(SCALAR, entropy);
        sign.add(new Sm2PrivateKey(pair, 0), digest, 0);
        sign.run();
        sign.result(0, signature, 0);

        final Sm2Peers peers = new Sm2Peers(pair);
        bouncyCastle = new SM2Signer();
        bouncyCastle.init(true, peers.bouncyCastlePrivate());
        bouncyCastle.update(message, 0, message.length);
        bouncyCastleSignature = bouncyCastle.generateSignature();
        bouncyCastle.init(false, peers.bouncyCastlePublic());
        kona = Signature.getInstance("SM2", Sm2Peers.KONA);
        kona.setParameter(new SM2SignatureParameterSpec(Sm2Peers.ID, peers.konaPublic()));
        kona.initSign(peers.konaPrivate());
        kona.update(message);
        konaSignature = kona.sign();
        kona.initVerify(peers.konaPublic());
    }

    @Benchmark
    public int trishakeOne()
    {
        return verify(vector, 1);
    }

    @Benchmark
    @OperationsPerInvocation(Sm2.LANES)
    public int trishakeBatch()
    {
        return verify(vector, Sm2.LANES);
    }

    @Benchmark
    public int trishakeScalar()
    {
        return verify(scalar, 1);
    }

    @Benchmark
    public boolean bouncyCastle()
    {
        bouncyCastle.update(message, 0, message.length);
        final boolean verified = bouncyCastle.verifySignature(bouncyCastleSignature);
        require(verified);
        return verified;
    }

    @Benchmark
    public boolean kona() throws GeneralSecurityException
    {
        kona.update(message);
        final boolean verified = kona.verify(konaSignature);
        require(verified);
        return verified;
    }

    @Benchmark
    public int openssl() throws Throwable
    {
        if (context == null)
        {
            setupOpenssl();
        }
        final int done = (int)VERIFY.invokeExact(context, nativeSignature, nativeLength, nativeDigest, 32L);
        LibCrypto.check("EVP_PKEY_verify", done);
        return done;
    }

    /** OpenSSL's own memory, only for its own benchmark: the others run where it is not installed. */
    private void setupOpenssl() throws Throwable
    {
        context = Sm2Peers.opensslContext();
        nativeDigest = LibCrypto.memory(message);
        nativeSignature = LibCrypto.memory(new byte[80]);
        final MemorySegment length = LibCrypto.memory(new byte[Long.BYTES]);
        length.set(JAVA_LONG_UNALIGNED, 0, 80);
        LibCrypto.check("EVP_PKEY_sign_init", (int)SIGN_INIT.invokeExact(context));
        LibCrypto.check("EVP_PKEY_sign", (int)SIGN.invokeExact(context, nativeSignature, length, nativeDigest, 32L));
        nativeLength = length.get(JAVA_LONG_UNALIGNED, 0);
        LibCrypto.check("EVP_PKEY_verify_init", (int)VERIFY_INIT.invokeExact(context));
    }

    private int verify(final Sm2Verify verify, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            verify.add(pair, 32, digest, 0, signature, 0);
        }
        verify.run();
        int verified = 0;
        for (int i = 0; i < count; i++)
        {
            verified += verify.succeeded(i) ? 1 : 0;
        }
        verify.clear();
        require(verified == count);
        return verified;
    }

    private static void require(final boolean verified)
    {
        if (!verified)
        {
            throw new IllegalStateException("a good signature was refused");
        }
    }
}
