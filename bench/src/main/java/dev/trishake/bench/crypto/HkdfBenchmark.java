// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.crypto;

import dev.trishake.crypto.hash.Hkdf;
import dev.trishake.crypto.hash.HkdfBatch;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * What does a key derivation of gQUIC cost? HKDF-SHA256 with 1,900 octets of info, which are hashed once for 32 octets
 * of output and twice for the 40 that two keys and two IVs take. {@code jdkDigest} is the JDK's SHA-256 of the info
 * alone, below which nothing on top of it can be. There is no {@code trishakeOne}: a session alone goes the scalar way.
 */
public class HkdfBenchmark extends KernelBench
{
    private static final int SALT_LENGTH = 64;
    private static final int KEY_LENGTH = 32;
    private static final int INFO_LENGTH = 1900;

    @Param({"32", "40"})
    int outputLength;

    private final Hkdf hkdf = new Hkdf();
    private final HkdfBatch batch = new HkdfBatch(VECTOR, INFO_LENGTH, 64);
    private final UnsafeBuffer in = new UnsafeBuffer(ByteBuffer.allocateDirect(2048));
    private final UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(64));
    private final byte[] salt = new byte[SALT_LENGTH];
    private final byte[] key = new byte[KEY_LENGTH];
    private final byte[] info = new byte[INFO_LENGTH];
    private final byte[] output = new byte[64];
    private KDF jdk;
    private MessageDigest digest;
    private LibCryptoKdf openssl;

    @Setup
    public void setup() throws GeneralSecurityException
    {
        jdk = KDF.getInstance("HKDF-SHA256");
        digest = MessageDigest.getInstance("SHA-256");
    }

    @Benchmark
    @OperationsPerInvocation(HkdfBatch.LANES)
    public byte trishakeBatch()
    {
        for (int i = 0; i < HkdfBatch.LANES; i++)
        {
            batch.begin(in, 0, SALT_LENGTH, in, SALT_LENGTH, KEY_LENGTH, outputLength);
            batch.append(in, 100, INFO_LENGTH);
        }
        batch.run();
        for (int i = 0; i < HkdfBatch.LANES; i++)
        {
            batch.result(i, out, 0);
        }
        batch.clear();
        return out.getByte(0);
    }

    @Benchmark
    public byte trishakeScalar()
    {
        hkdf.extract(in, 0, SALT_LENGTH, in, SALT_LENGTH, KEY_LENGTH);
        hkdf.expand(in, 100, INFO_LENGTH, out, 0, outputLength);
        return out.getByte(0);
    }

    @Benchmark
    public byte bouncyCastle()
    {
        final HKDFBytesGenerator generator = new HKDFBytesGenerator(new SHA256Digest());
        generator.init(new HKDFParameters(key, salt, info));
        generator.generateBytes(output, 0, outputLength);
        return output[0];
    }

    @Benchmark
    public byte[] jdk() throws GeneralSecurityException
    {
        return jdk.deriveData(HKDFParameterSpec.ofExtract().addSalt(salt).addIKM(key).thenExpand(info, outputLength));
    }

    @Benchmark
    public byte jdkDigest() throws DigestException
    {
        digest.update(info);
        digest.digest(output, 0, KEY_LENGTH);
        return output[0];
    }

    @Benchmark
    public byte openssl() throws Throwable
    {
        if (openssl == null)
        {
            openssl = new LibCryptoKdf("HKDF", "SHA256", outputLength)
                .with("salt", salt).with("key", key).with("info", info);
        }
        return openssl.derive();
    }
}
