// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.crypto;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.curve.P256;
import dev.trishake.crypto.curve.P256Agreement;
import dev.trishake.crypto.curve.P256Sign;
import dev.trishake.crypto.curve.P256Verify;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import javax.crypto.KeyAgreement;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

/** What do ECDSA signing and verifying and ECDH over P-256 cost? Digests are given. */
public class P256Benchmark extends KernelBench
{
    private static final int LANES = P256.LANES;
    private static final int NID_P256 = 415;
    private static final MethodHandle SIGN =
        LibCrypto.function("ECDSA_sign", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle VERIFY =
        LibCrypto.function("ECDSA_verify", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);

    private final Entropy entropy = Entropy.seeded(1);
    private final P256Sign vector = new P256Sign(VECTOR, entropy);
    private final P256Sign scalar = new P256Sign(SCALAR, entropy);
    private final P256Verify vectorVerify = new P256Verify(VECTOR);
    private final P256Verify scalarVerify = new P256Verify(SCALAR);
    private final P256Agreement vectorAgreement = new P256Agreement(VECTOR);
    private final UnsafeBuffer key = new UnsafeBuffer(ByteBuffer.allocateDirect(P256.NUMBER_LENGTH));
    private final UnsafeBuffer publicKey = new UnsafeBuffer(ByteBuffer.allocateDirect(P256.POINT_LENGTH));
    private final UnsafeBuffer digest = new UnsafeBuffer(ByteBuffer.allocateDirect(P256.NUMBER_LENGTH));
    private final UnsafeBuffer signature = new UnsafeBuffer(ByteBuffer.allocateDirect(P256.SIGNATURE_LENGTH));
    private final byte[] octets = new byte[P256.NUMBER_LENGTH];
    private ECDSASigner bouncyCastle;
    private Signature jdk;
    private Signature jdkVerifier;
    private byte[] jdkSignature;
    private KeyAgreement jdkAgreement;
    private KeyPair jdkPair;
    private MemorySegment nativeKey;
    private MemorySegment nativeDigest;
    private MemorySegment nativeSignature;
    private MemorySegment nativeLength;

    @Setup
    public void setup() throws GeneralSecurityException
    {
        key.setMemory(0, P256.NUMBER_LENGTH, (byte)0x5a);
        digest.setMemory(0, P256.NUMBER_LENGTH, (byte)0xa5);
        vectorAgreement.add(key, 0, publicKey, 0);
        vectorAgreement.runPublicKeys();
        vectorAgreement.publicKey(0, publicKey, 0);
        vectorAgreement.clear();
        sign(vector, 1);

        final ECDomainParameters domain = new ECDomainParameters(CustomNamedCurves.getByName("secp256r1"));
        bouncyCastle = new ECDSASigner();
        bouncyCastle.init(true, new ECPrivateKeyParameters(BigInteger.valueOf(0x123456789abcdefL).pow(4), domain));

        final KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        jdkPair = generator.generateKeyPair();
        jdk = Signature.getInstance("NONEwithECDSA");
        jdk.initSign(jdkPair.getPrivate());
        jdkVerifier = Signature.getInstance("NONEwithECDSA");
        jdkVerifier.initVerify(jdkPair.getPublic());
        jdkSignature = jdk();
        jdkAgreement = KeyAgreement.getInstance("ECDH");
    }

    @Benchmark
    public boolean trishakeOne()
    {
        return sign(vector, 1);
    }

    @Benchmark
    @OperationsPerInvocation(LANES)
    public boolean trishakeBatch()
    {
        return sign(vector, LANES);
    }

    @Benchmark
    public boolean trishakeScalar()
    {
        return sign(scalar, 1);
    }

    @Benchmark
    public boolean trishakeOneVerify()
    {
        return verify(vectorVerify, 1);
    }

    @Benchmark
    @OperationsPerInvocation(LANES)
    public boolean trishakeBatchVerify()
    {
        return verify(vectorVerify, LANES);
    }

    @Benchmark
    public boolean trishakeScalarVerify()
    {
        return verify(scalarVerify, 1);
    }

    @Benchmark
    @OperationsPerInvocation(LANES)
    public boolean trishakeBatchAgree()
    {
        for (int i = 0; i < LANES; i++)
        {
            vectorAgreement.add(key, 0, publicKey, 0);
        }
        vectorAgreement.run();
        final boolean good = vectorAgreement.succeeded(0);
        vectorAgreement.clear();
        return good;
    }

    @Benchmark
    public BigInteger[] bouncyCastle()
    {
        return bouncyCastle.generateSignature(octets);
    }

    @Benchmark
    public byte[] jdk() throws GeneralSecurityException
    {
        jdk.update(octets);
        return jdk.sign();
    }

    @Benchmark
    public boolean jdkVerify() throws GeneralSecurityException
    {
        jdkVerifier.update(octets);
        return jdkVerifier.verify(jdkSignature);
    }

    @Benchmark
    public byte[] jdkAgree() throws GeneralSecurityException
    {
        jdkAgreement.init(jdkPair.getPrivate());
        jdkAgreement.doPhase(jdkPair.getPublic(), true);
        return jdkAgreement.generateSecret();
    }

    @Benchmark
    public int openssl() throws Throwable
    {
        setupOpenssl();
        final int done = (int)SIGN.invokeExact(
            0, nativeDigest, octets.length, nativeSignature, nativeLength, nativeKey);
        LibCrypto.check("ECDSA_sign", done);
        return done;
    }

    @Benchmark
    public int opensslVerify() throws Throwable
    {
        setupOpenssl();
        final int done = (int)VERIFY.invokeExact(
            0, nativeDigest, octets.length, nativeSignature, nativeLength.get(JAVA_INT, 0), nativeKey);
        LibCrypto.check("ECDSA_verify", done);
        return done;
    }

    private boolean sign(final P256Sign sign, final int lanes)
    {
        // as agents do between their duty cycles
        if (entropy.reseedDue())
        {
            entropy.reseed();
        }
        for (int i = 0; i < lanes; i++)
        {
            sign.add(key, 0, digest, 0);
        }
        sign.run();
        boolean good = true;
        for (int i = 0; i < lanes; i++)
        {
            sign.result(i, signature, 0);
            good &= sign.succeeded(i);
        }
        sign.clear();
        return good;
    }

    private boolean verify(final P256Verify verify, final int lanes)
    {
        for (int i = 0; i < lanes; i++)
        {
            verify.add(publicKey, 0, digest, 0, signature, 0);
        }
        verify.run();
        boolean good = true;
        for (int i = 0; i < lanes; i++)
        {
            good &= verify.succeeded(i);
        }
        verify.clear();
        return good;
    }

    /** OpenSSL's own memory, only for its own benchmarks, and a signature to verify. */
    private void setupOpenssl() throws Throwable
    {
        if (nativeKey != null)
        {
            return;
        }
        LibCrypto.require();
        nativeKey = (MemorySegment)LibCrypto.function("EC_KEY_new_by_curve_name", ADDRESS, JAVA_INT)
            .invokeExact(NID_P256);
        LibCrypto.check("EC_KEY_generate_key",
            (int)LibCrypto.function("EC_KEY_generate_key", JAVA_INT, ADDRESS).invokeExact(nativeKey));
        nativeDigest = LibCrypto.memory(octets);
        nativeSignature = LibCrypto.memory(new byte[80]);
        nativeLength = LibCrypto.memory(new byte[Integer.BYTES]);
        LibCrypto.check("ECDSA_sign", (int)SIGN.invokeExact(
            0, nativeDigest, octets.length, nativeSignature, nativeLength, nativeKey));
    }
}
