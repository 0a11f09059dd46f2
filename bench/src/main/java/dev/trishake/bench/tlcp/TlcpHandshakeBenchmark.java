// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.tlcp;

import dev.trishake.bench.crypto.KernelBench;
import dev.trishake.crypto.KernelSet;
import dev.trishake.crypto.Kernels;
import dev.trishake.tlcp.ClientAuthentication;
import dev.trishake.tlcp.TlcpConfig;
import dev.trishake.tlcp.TlcpParameters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What does a TLCP handshake cost in memory, on one core, with certificates that are known? Each figure is one
 * handshake's. {@code serverOne} shakes hands one after the other, the others with {@code inFlight} sessions side by
 * side; a server or a client alone answers the recorded flights of the other side, whose randoms came from a fixed
 * seed.
 *
 * <p>No foreign implementation stands beside ours: of those that Maven Central has, bgmprovider's context does not
 * start on this JDK, and gmsse is a client over sockets.
 */
public class TlcpHandshakeBenchmark extends KernelBench
{
    private static final long LIFETIME_NS = 1L << 60;
    private static final int HANDSHAKES = 128;
    private static final int LONE_HANDSHAKES = 8;

    @Param({"E013", "E053", "E011", "E051", "E013_CLIENT_AUTH", "E013_RESUMED"})
    String suite;

    /** Sessions side by side. */
    @State(Scope.Thread)
    public static class Batch
    {
        @Param({"8", "32", "128"})
        int inFlight;

        private TlcpRig vector;
        private TlcpRig scalar;

        /** Both sides have shaken hands before, and what they said then is recorded. */
        @Setup
        public void setup(final TlcpHandshakeBenchmark benchmark)
        {
            VECTOR.warmUp(KernelSet.TLCP);
            vector = benchmark.rig(VECTOR, inFlight, HANDSHAKES / inFlight);
            scalar = benchmark.rig(SCALAR, inFlight, HANDSHAKES / inFlight);
        }
    }

    /** One session after the other. */
    @State(Scope.Thread)
    public static class Lone
    {
        private TlcpRig vector;

        /** Both sides have shaken hands before, and what they said then is recorded. */
        @Setup
        public void setup(final TlcpHandshakeBenchmark benchmark)
        {
            VECTOR.warmUp(KernelSet.TLCP);
            vector = benchmark.rig(VECTOR, 1, LONE_HANDSHAKES);
        }
    }

    private TlcpRig rig(final Kernels kernels, final int inFlight, final int times)
    {
        final KnownPeer server = new KnownPeer("server");
        final KnownPeer client = new KnownPeer("client");
        final int code = Integer.parseInt(suite.substring(0, 4), 16);
        final boolean authenticated = suite.endsWith("AUTH") || suite.equals("E011") || suite.equals("E051");
        final boolean resumed = suite.endsWith("RESUMED");
        final int cached = resumed ? 1024 : 0;
        final TlcpRig rig = new TlcpRig(
            new TlcpConfig().sessions(inFlight).handshakes(inFlight).suites(code).trust(server)
                .credentials(authenticated ? client.credentials() : null).resumption(cached, LIFETIME_NS),
            new TlcpConfig().sessions(inFlight).handshakes(inFlight).suites(code).trust(client)
                .credentials(server.credentials()).resumption(cached, LIFETIME_NS)
                .clientAuthentication(authenticated ? ClientAuthentication.NEED : ClientAuthentication.NONE),
            kernels, inFlight, times);
        check(rig.shakeHands(), inFlight * times);
        check(rig.record(parameters ->
        {
            check(TlcpParameters.suite(parameters), code);
            check(TlcpParameters.isResumed(parameters) ? 1 : 0, resumed ? 1 : 0);
        }) ? 1 : 0, 1);
        return rig;
    }

    private static int check(final int found, final int expected)
    {
        if (found != expected)
        {
            throw new IllegalStateException(found + ", not " + expected);
        }
        return found;
    }

    @Benchmark
    @OperationsPerInvocation(LONE_HANDSHAKES)
    public int serverOne(final Lone lone)
    {
        return check(lone.vector.serve(), LONE_HANDSHAKES);
    }

    @Benchmark
    @OperationsPerInvocation(HANDSHAKES)
    public int serverBatch(final Batch batch)
    {
        return check(batch.vector.serve(), HANDSHAKES);
    }

    @Benchmark
    @OperationsPerInvocation(HANDSHAKES)
    public int clientBatch(final Batch batch)
    {
        return check(batch.vector.dial(), HANDSHAKES);
    }

    @Benchmark
    @OperationsPerInvocation(HANDSHAKES)
    public int bothBatch(final Batch batch)
    {
        return check(batch.vector.shakeHands(), HANDSHAKES);
    }

    @Benchmark
    @OperationsPerInvocation(HANDSHAKES)
    public int bothScalar(final Batch batch)
    {
        return check(batch.scalar.shakeHands(), HANDSHAKES);
    }
}
