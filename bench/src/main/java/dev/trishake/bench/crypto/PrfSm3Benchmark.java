// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.crypto;

import com.tencent.kona.crypto.KonaCryptoProvider;
import dev.trishake.crypto.sm.PrfSm3Batch;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What does it cost to derive a master secret, 48 octets of the TLS 1.2 style PRF with SM3? Kona and Bouncy Castle have
 * HMAC-SM3, on which it is built here. OpenSSL's {@code TLS1-PRF} takes any digest.
 */
public class PrfSm3Benchmark extends KernelBench
{
    private static final int LANES = 16;
    private static final int SECRET_LENGTH = 48;
    private static final int SEED_LENGTH = 77;

    private final PrfSm3Batch batch = new PrfSm3Batch(VECTOR, LANES);
    private final PrfSm3Batch scalar = new PrfSm3Batch(SCALAR, LANES);
    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(256));
    private final UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(LANES * SECRET_LENGTH));
    private final HMac hmac = new HMac(new SM3Digest());
    private final byte[] secret = new byte[SECRET_LENGTH];
    private final byte[] seed = new byte[SEED_LENGTH];
    private final byte[] a = new byte[32];
    private final byte[] output = new byte[64];
    private Mac kona;
    private SecretKeySpec konaSecret;
    private LibCryptoKdf openssl;

    @Setup
    public void setup() throws GeneralSecurityException
    {
        kona = Mac.getInstance("HmacSM3", new KonaCryptoProvider());
        konaSecret = new SecretKeySpec(secret, "HmacSM3");
    }

    @Benchmark
    public byte trishakeOne()
    {
        return derive(batch, 1);
    }

    @Benchmark
    @OperationsPerInvocation(LANES)
    public byte trishakeBatch()
    {
        return derive(batch, LANES);
    }

    @Benchmark
    public byte trishakeScalar()
    {
        return derive(scalar, 1);
    }

    @Benchmark
    public byte bouncyCastle()
    {
        hmac.init(new KeyParameter(secret));
        hmac.update(seed, 0, SEED_LENGTH);
        hmac.doFinal(a, 0);
        for (int i = 0; i < output.length; i += a.length)
        {
            hmac.update(a, 0, a.length);
            hmac.update(seed, 0, SEED_LENGTH);
            hmac.doFinal(output, i);
            hmac.update(a, 0, a.length);
            hmac.doFinal(a, 0);
        }
        return output[0];
    }

    @Benchmark
    public byte kona() throws GeneralSecurityException
    {
        kona.init(konaSecret);
        kona.update(seed, 0, SEED_LENGTH);
        kona.doFinal(a, 0);
        for (int i = 0; i < output.length; i += a.length)
        {
            kona.update(a, 0, a.length);
            kona.update(seed, 0, SEED_LENGTH);
            kona.doFinal(output, i);
            kona.update(a, 0, a.length);
            kona.doFinal(a, 0);
        }
        return output[0];
    }

    @Benchmark
    public byte openssl() throws Throwable
    {
        if (openssl == null)
        {
            openssl = new LibCryptoKdf("TLS1-PRF", "SM3", SECRET_LENGTH).with("secret", secret).with("seed", seed);
        }
        return openssl.derive();
    }

    private byte derive(final PrfSm3Batch operation, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            operation.add(memory, 0, SECRET_LENGTH, SECRET_LENGTH);
            operation.append(memory, 100, SEED_LENGTH);
        }
        operation.run();
        for (int i = 0; i < count; i++)
        {
            operation.result(i, out, SECRET_LENGTH * i);
        }
        operation.clear();
        return out.getByte(0);
    }
}
