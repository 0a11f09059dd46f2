// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.crypto;

import dev.trishake.crypto.hash.Fnv1a128;
import dev.trishake.crypto.hash.Fnv1a128Batch;
import dev.trishake.crypto.hash.Fnv1a64;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * What does gQUIC's NULL protection cost? FNV-1a-128 of a header, a client hello and the sender's name, 1,060 octets
 * together; and FNV-1a-64 of a certificate of 900.
 *
 * <p>No peer of the other kernels (JDK, Bouncy Castle, Kona, OpenSSL) has FNV, and we found no library for the JVM with
 * 128 bits of it that could be a dependency. {@code bigInteger} is the definition, as Java code that is around has it;
 * two words and the product's upper half, what one would write next, is {@code trishakeScalar}.
 */
public class FnvBenchmark extends KernelBench
{
    private static final int LANES = Fnv1a128Batch.LANES;
    private static final int HEADER_LENGTH = 15;
    private static final int TEXT_LENGTH = 1039;
    private static final int SENDER_LENGTH = 6;
    private static final int CERTIFICATE_LENGTH = 900;

    private static final BigInteger OFFSET_BASIS = new BigInteger("6c62272e07bb014262b821756295c58d", 16);
    private static final BigInteger PRIME = BigInteger.ONE.shiftLeft(88).add(BigInteger.valueOf(0x13b));
    private static final BigInteger MASK = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

    private final Fnv1a128Batch vector = new Fnv1a128Batch(VECTOR);
    private final Fnv1a128 scalar = new Fnv1a128();
    private final UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(2048));
    private final byte[] octets = new byte[HEADER_LENGTH + TEXT_LENGTH + SENDER_LENGTH];

    @Benchmark
    public long trishakeOne()
    {
        return batch(1);
    }

    @Benchmark
    @OperationsPerInvocation(LANES)
    public long trishakeBatch()
    {
        return batch(LANES);
    }

    @Benchmark
    public long trishakeScalar()
    {
        scalar.reset();
        scalar.update(packet, 0, HEADER_LENGTH);
        scalar.update(packet, 32, TEXT_LENGTH);
        scalar.update(packet, 1500, SENDER_LENGTH);
        return scalar.low();
    }

    @Benchmark
    public long trishakeCertificate64()
    {
        return Fnv1a64.hash(packet, 0, CERTIFICATE_LENGTH);
    }

    @Benchmark
    public long bigInteger()
    {
        BigInteger hash = OFFSET_BASIS;
        for (final byte octet : octets)
        {
            hash = hash.xor(BigInteger.valueOf(octet & 0xff)).multiply(PRIME).and(MASK);
        }
        return hash.longValue();
    }

    private long batch(final int lanes)
    {
        for (int i = 0; i < lanes; i++)
        {
            vector.add(packet, 0, HEADER_LENGTH);
            vector.append(packet, 32, TEXT_LENGTH);
            vector.append(packet, 1500, SENDER_LENGTH);
        }
        vector.run();
        final long low = vector.low(0);
        vector.clear();
        return low;
    }
}
