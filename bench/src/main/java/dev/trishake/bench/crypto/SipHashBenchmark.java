// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.crypto;

import dev.trishake.bench.Bench;
import dev.trishake.crypto.hash.SipHash;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.params.KeyParameter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * What does a keyed hash of a connection's key cost? 16 and 24 octets hold the 4-tuple of IPv4, 40 that of IPv6.
 */
public class SipHashBenchmark extends Bench
{
    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(40));
    private final byte[] octets = new byte[40];
    private org.bouncycastle.crypto.macs.SipHash bouncyCastle24;
    private org.bouncycastle.crypto.macs.SipHash bouncyCastle13;
    private long k0;
    private long k1;
    private long w0;
    private long w1;
    private long w2;
    private long w3;
    private long w4;

    @Setup
    public void setup()
    {
        final SplittableRandom random = new SplittableRandom(1);
        final byte[] key = new byte[16];
        random.nextBytes(key);
        random.nextBytes(octets);
        buffer.putBytes(0, octets);
        k0 = new UnsafeBuffer(key).getLong(0, LITTLE_ENDIAN);
        k1 = new UnsafeBuffer(key).getLong(8, LITTLE_ENDIAN);
        w0 = buffer.getLong(0, LITTLE_ENDIAN);
        w1 = buffer.getLong(8, LITTLE_ENDIAN);
        w2 = buffer.getLong(16, LITTLE_ENDIAN);
        w3 = buffer.getLong(24, LITTLE_ENDIAN);
        w4 = buffer.getLong(32, LITTLE_ENDIAN);
        bouncyCastle24 = new org.bouncycastle.crypto.macs.SipHash(2, 4);
        bouncyCastle13 = new org.bouncycastle.crypto.macs.SipHash(1, 3);
        bouncyCastle24.init(new KeyParameter(key));
        bouncyCastle13.init(new KeyParameter(key));
    }

    @Benchmark
    public long words24Of16()
    {
        return SipHash.hash24(k0, k1, w0, w1);
    }

    @Benchmark
    public long words24Of40()
    {
        return SipHash.hash24(k0, k1, w0, w1, w2, w3, w4);
    }

    @Benchmark
    public long words13Of24()
    {
        return SipHash.hash13(k0, k1, w0, w1, w2);
    }

    @Benchmark
    public long words13Of40()
    {
        return SipHash.hash13(k0, k1, w0, w1, w2, w3, w4);
    }

    @Benchmark
    public long buffer24Of16()
    {
        return SipHash.hash24(k0, k1, buffer, 0, 16);
    }

    @Benchmark
    public long buffer24Of40()
    {
        return SipHash.hash24(k0, k1, buffer, 0, 40);
    }

    @Benchmark
    public long buffer13Of24()
    {
        return SipHash.hash13(k0, k1, buffer, 0, 24);
    }

    @Benchmark
    public long buffer13Of40()
    {
        return SipHash.hash13(k0, k1, buffer, 0, 40);
    }

    @Benchmark
    public long bouncyCastle24Of16()
    {
        bouncyCastle24.update(octets, 0, 16);
        return bouncyCastle24.doFinal();
    }

    @Benchmark
    public long bouncyCastle24Of40()
    {
        bouncyCastle24.update(octets, 0, 40);
        return bouncyCastle24.doFinal();
    }

    @Benchmark
    public long bouncyCastle13Of24()
    {
        bouncyCastle13.update(octets, 0, 24);
        return bouncyCastle13.doFinal();
    }

    @Benchmark
    public long bouncyCastle13Of40()
    {
        bouncyCastle13.update(octets, 0, 40);
        return bouncyCastle13.doFinal();
    }
}
