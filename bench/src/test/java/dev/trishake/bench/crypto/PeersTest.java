// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.crypto;

import dev.trishake.bench.UnavailableException;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

/** A peer that computes something else is no peer: what benchmarks return is an octet or a word of the result. */
class PeersTest
{
    @Test
    void shouldDeriveTheSameByHkdf() throws Exception
    {
        final HkdfBenchmark benchmark = new HkdfBenchmark();
        benchmark.outputLength = 40;
        benchmark.setup();
        final byte ours = benchmark.trishakeScalar();
        assertEquals(ours, benchmark.bouncyCastle());
        assertEquals(ours, benchmark.jdk()[0]);
        assertEquals(ours, (byte)whereInstalled(benchmark::openssl));
    }

    @Test
    void shouldDeriveTheSameByThePrf() throws Exception
    {
        final PrfSm3Benchmark benchmark = new PrfSm3Benchmark();
        benchmark.setup();
        final byte ours = benchmark.trishakeScalar();
        assertEquals(ours, benchmark.bouncyCastle());
        assertEquals(ours, benchmark.kona());
        final byte theirs = whereInstalled(benchmark::openssl);
        assertEquals(ours, theirs);
        assertEquals(theirs, (byte)whereInstalled(benchmark::openssl), "seeds must not pile up");
    }

    @Test
    void shouldHashTheSame()
    {
        final FnvBenchmark benchmark = new FnvBenchmark();
        assertEquals(benchmark.trishakeScalar(), benchmark.bigInteger());
        assertNotEquals(0, benchmark.bigInteger());
    }

    private static <T> T whereInstalled(final Peer<T> peer)
    {
        try
        {
            return peer.run();
        }
        catch (final UnavailableException ex)
        {
            throw new TestAbortedException(ex.getMessage(), ex);
        }
        catch (final Throwable ex)
        {
            throw new AssertionError(ex);
        }
    }

    @FunctionalInterface
    private interface Peer<T>
    {
        T run() throws Throwable;
    }
}
