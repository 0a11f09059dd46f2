// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.crypto;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.curve.X25519Agreement;
import dev.trishake.crypto.curve.X25519KeyPairs;
import dev.trishake.crypto.curve.X25519PublicKeys;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.SplittableRandom;
import javax.crypto.KeyAgreement;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/** What do an X25519 agreement and an ephemeral key pair cost? */
public class X25519Benchmark extends KernelBench
{
    private static final int LANES = X25519Agreement.LANES;
    private static final int LENGTH = X25519Agreement.LENGTH;
    private static final int NID_X25519 = 1034;
    private static final MethodHandle DERIVE =
        LibCrypto.function("EVP_PKEY_derive", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);

    private final X25519Agreement vector = new X25519Agreement(VECTOR);
    private final X25519Agreement scalar = new X25519Agreement(SCALAR);
    private final Entropy entropy = Entropy.seeded(1);
    private final X25519KeyPairs vectorPairs = new X25519KeyPairs(VECTOR, entropy);
    private final X25519PublicKeys scalarPublicKeys = new X25519PublicKeys(SCALAR);
    private final UnsafeBuffer keys = new UnsafeBuffer(ByteBuffer.allocateDirect(2 * LENGTH * LANES));
    private final UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(2 * LENGTH));
    private final byte[] octets = new byte[2 * LENGTH * LANES];
    private final byte[] result = new byte[LENGTH];
    private KeyAgreement jdkAgreement;
    private KeyPairGenerator jdkGenerator;
    private KeyPair jdkPair;
    private MemorySegment context;
    private MemorySegment nativeOut;
    private MemorySegment nativeLength;

    @Setup
    public void setup() throws GeneralSecurityException
    {
        new SplittableRandom(1).nextBytes(octets);
        keys.putBytes(0, octets);
        jdkAgreement = KeyAgreement.getInstance("X25519");
        jdkGenerator = KeyPairGenerator.getInstance("X25519");
        jdkPair = jdkGenerator.generateKeyPair();
    }

    @Benchmark
    public boolean trishakeOne()
    {
        return agree(vector, 1);
    }

    @Benchmark
    @OperationsPerInvocation(LANES)
    public boolean trishakeBatch()
    {
        return agree(vector, LANES);
    }

    @Benchmark
    public boolean trishakeScalar()
    {
        return agree(scalar, 1);
    }

    @Benchmark
    @OperationsPerInvocation(LANES)
    public int trishakeBatchKeyPair()
    {
        // as agents do between their duty cycles
        if (entropy.reseedDue())
        {
            entropy.reseed();
        }
        for (int i = 0; i < LANES; i++)
        {
            vectorPairs.take(out, 0, out, LENGTH);
        }
        return out.getInt(0);
    }

    @Benchmark
    public int trishakeScalarPublicKey()
    {
        scalarPublicKeys.add(keys, 0);
        scalarPublicKeys.run();
        scalarPublicKeys.publicKey(0, out, 0);
        scalarPublicKeys.clear();
        return out.getInt(0);
    }

    @Benchmark
    public byte bouncyCastle()
    {
        X25519.scalarMult(octets, 0, octets, LENGTH, result, 0);
        return result[0];
    }

    @Benchmark
    public byte bouncyCastlePublicKey()
    {
        X25519.scalarMultBase(octets, 0, result, 0);
        return result[0];
    }

    @Benchmark
    public byte[] jdk() throws GeneralSecurityException
    {
        jdkAgreement.init(jdkPair.getPrivate());
        jdkAgreement.doPhase(jdkPair.getPublic(), true);
        return jdkAgreement.generateSecret();
    }

    @Benchmark
    public KeyPair jdkKeyPair()
    {
        return jdkGenerator.generateKeyPair();
    }

    @Benchmark
    public int openssl() throws Throwable
    {
        if (context == null)
        {
            setupOpenssl();
        }
        final int done = (int)DERIVE.invokeExact(context, nativeOut, nativeLength);
        LibCrypto.check("EVP_PKEY_derive", done);
        return done;
    }

    private boolean agree(final X25519Agreement agreement, final int lanes)
    {
        for (int i = 0; i < lanes; i++)
        {
            agreement.add(keys, 2 * LENGTH * i, keys, 2 * LENGTH * i + LENGTH);
        }
        agreement.run();
        boolean good = true;
        for (int i = 0; i < lanes; i++)
        {
            good &= agreement.sharedSecret(i, out, 0);
        }
        agreement.clear();
        return good;
    }

    /** OpenSSL's own memory, only for its own benchmark: key and peer are kept in a context. */
    private void setupOpenssl() throws Throwable
    {
        LibCrypto.require();
        nativeOut = LibCrypto.memory(result);
        nativeLength = LibCrypto.memory((byte)LENGTH, (byte)0, (byte)0, (byte)0, (byte)0, (byte)0, (byte)0, (byte)0);
        final MemorySegment memory = LibCrypto.memory(octets);
        final MemorySegment key = (MemorySegment)LibCrypto
            .function("EVP_PKEY_new_raw_private_key", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG)
            .invokeExact(NID_X25519, MemorySegment.NULL, memory, (long)LENGTH);
        final MemorySegment peer = (MemorySegment)LibCrypto
            .function("EVP_PKEY_new_raw_public_key", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG)
            .invokeExact(NID_X25519, MemorySegment.NULL, memory.asSlice(LENGTH), (long)LENGTH);
        context = (MemorySegment)LibCrypto.function("EVP_PKEY_CTX_new", ADDRESS, ADDRESS, ADDRESS)
            .invokeExact(key, MemorySegment.NULL);
        LibCrypto.check("EVP_PKEY_derive_init",
            (int)LibCrypto.function("EVP_PKEY_derive_init", JAVA_INT, ADDRESS).invokeExact(context));
        LibCrypto.check("EVP_PKEY_derive_set_peer",
            (int)LibCrypto.function("EVP_PKEY_derive_set_peer", JAVA_INT, ADDRESS, ADDRESS)
                .invokeExact(context, peer));
    }
}
