// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.crypto;

import dev.trishake.crypto.hash.Fnv1a128;
import dev.trishake.crypto.hash.Fnv1a128Batch;
import dev.trishake.crypto.hash.Fnv1a64;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

import java.nio.ByteBuffer;

/**
 * What does gQUIC's NULL protection cost? FNV-1a-128 of a header, a client hello and the sender's name, 1,060 octets
 * together; and FNV-1a-64 of a certificate of 900.
 */
public class FnvBenchmark extends KernelBench
{
    private static final int LANES = Fnv1a128Batch.LANES;
    private static final int HEADER_LENGTH = 15;
    private static final int TEXT_LENGTH = 1039;
    private static final int SENDER_LENGTH = 6;
    private static final int CERTIFICATE_LENGTH = 900;

    private final Fnv1a128Batch vector = new Fnv1a128Batch(VECTOR);
    private final Fnv1a128 scalar = new Fnv1a128();
    private final UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(2048));

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
