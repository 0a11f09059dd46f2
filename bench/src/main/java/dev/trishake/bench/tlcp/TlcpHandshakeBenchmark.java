// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.tlcp;

import dev.trishake.bench.crypto.KernelBench;
import dev.trishake.crypto.KernelSet;
import dev.trishake.crypto.Kernels;
import dev.trishake.tlcp.ClientAuthentication;
import dev.trishake.tlcp.TlcpConfig;
import dev.trishake.tlcp.TlcpParameters;
import dev.trishake.wire.tlcp.CipherSuite;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.util.concurrent.TimeUnit;

/**
 * What does a TLCP handshake cost in memory, on one core, with certificates that are known? Each figure is one
 * handshake's. {@code serverOne} shakes hands one after the other, the others with {@code inFlight} sessions side by
 * side; a server or a client alone answers the recorded flights of the other side, whose randoms came from a fixed
 * seed.
 *
 * <p>Beside ours stand the foreign stacks that have both ends: bgmprovider in Java, on the JDK 17 that it needs, and
 * Tongsuo's libssl (BabaSSL 8.3.2) in C. Their certificates are known, too: they are made to trust whoever comes. What
 * is measured is one side's calls: those of the other side are made between the invocations, while JMH's clock stands
 * still ({@link ForeignStack}). Missing are gmsse, which is a client over sockets, and Kona, of which there were the
 * algorithms, without TLCP, where this was written.
 */
public class TlcpHandshakeBenchmark extends KernelBench
{
    private static final long LIFETIME_NS = 1L << 60;
    private static final long WARM_UP_NS = TimeUnit.MILLISECONDS.toNanos(1500);
    private static final int HANDSHAKES = 128;
    private static final int LONE_HANDSHAKES = 8;

    /** Handshakes of a foreign stack that go on side by side. */
    static final int SIDE_BY_SIDE = 32;

    @Param({"E013", "E053", "E011", "E051", "E013_CLIENT_AUTH", "E013_RESUMED"})
    String suite;

    /** Sessions side by side. */
    @State(Scope.Thread)
    public static class Batch
    {
        @Param({"8", "32", "128"})
        int inFlight;

        TlcpRig rig;

        /** Both sides have shaken hands before, and what they said then is recorded. */
        @Setup
        public void setup(final TlcpHandshakeBenchmark benchmark)
        {
            rig = benchmark.rig(kernels(), inFlight, HANDSHAKES / inFlight);
        }

        Kernels kernels()
        {
            return VECTOR;
        }
    }

    /** Sessions side by side, in scalar code: a set-up of its own, as no JVM measures both. */
    @State(Scope.Thread)
    public static class ScalarBatch extends Batch
    {
        @Override
        Kernels kernels()
        {
            return SCALAR;
        }
    }

    /** One session after the other. */
    @State(Scope.Thread)
    public static class Lone
    {
        private TlcpRig rig;

        /** Both sides have shaken hands before, and what they said then is recorded. */
        @Setup
        public void setup(final TlcpHandshakeBenchmark benchmark)
        {
            rig = benchmark.rig(VECTOR, 1, LONE_HANDSHAKES);
        }
    }

    /** Both ends of a foreign stack, one of which is measured. */
    @State(Scope.Thread)
    public abstract static class Foreign
    {
        /** No other number, because JMH must know how many handshakes an invocation is. */
        @Param("32")
        int inFlight;

        private final long warmUpNs;
        private ForeignStack stack;

        /** For subclasses. */
        protected Foreign(final long warmUpNs)
        {
            this.warmUpNs = warmUpNs;
        }

        abstract ForeignStack stack(int suite, boolean isAuthenticated, boolean isResumed);

        /** Both ends have taken turns until what they run is compiled. */
        @Setup
        public void setup(final TlcpHandshakeBenchmark benchmark)
        {
            check(inFlight, SIDE_BY_SIDE);
            stack = stack(benchmark.code(), benchmark.isAuthenticated(), benchmark.isResumed());
            final long startNs = System.nanoTime();
            do
            {
                clientTurn();
            }
            while (serverTurn() < SIDE_BY_SIDE || System.nanoTime() - startNs < warmUpNs);
        }

        int clientTurn()
        {
            return stack.clientTurn();
        }

        int serverTurn()
        {
            return stack.serverTurn();
        }

        /** Ends it. */
        @TearDown
        public void tearDown()
        {
            stack.close();
        }
    }

    /** In a JVM of its own. */
    public static class OfBgmprovider extends Foreign
    {
        /** Much code to compile. */
        public OfBgmprovider()
        {
            super(TimeUnit.SECONDS.toNanos(4));
        }

        @Override
        ForeignStack stack(final int suite, final boolean isAuthenticated, final boolean isResumed)
        {
            return new Bgmprovider(KnownPeer.PKI, suite, SIDE_BY_SIDE, isAuthenticated, isResumed);
        }
    }

    /** In this process. */
    public static class OfTongsuo extends Foreign
    {
        /** Calls only. */
        public OfTongsuo()
        {
            super(TimeUnit.MILLISECONDS.toNanos(500));
        }

        @Override
        ForeignStack stack(final int suite, final boolean isAuthenticated, final boolean isResumed)
        {
            return new Tongsuo(KnownPeer.PKI, suite, SIDE_BY_SIDE, isAuthenticated, isResumed);
        }
    }

    /** Its servers are measured, so its clients have their turn before. */
    public static class BgmproviderServers extends OfBgmprovider
    {
        /** The clients' turn. */
        @Setup(Level.Invocation)
        public void otherTurn()
        {
            clientTurn();
        }
    }

    /** Its clients are measured, so its servers have their turn before. */
    public static class BgmproviderClients extends OfBgmprovider
    {
        /** The servers' turn. */
        @Setup(Level.Invocation)
        public void otherTurn()
        {
            serverTurn();
        }
    }

    /** Its servers are measured, so its clients have their turn before. */
    public static class TongsuoServers extends OfTongsuo
    {
        /** The clients' turn. */
        @Setup(Level.Invocation)
        public void otherTurn()
        {
            clientTurn();
        }
    }

    /** Its clients are measured, so its servers have their turn before. */
    public static class TongsuoClients extends OfTongsuo
    {
        /** The servers' turn. */
        @Setup(Level.Invocation)
        public void otherTurn()
        {
            serverTurn();
        }
    }

    private int code()
    {
        return Integer.parseInt(suite.substring(0, 4), 16);
    }

    private boolean isAuthenticated()
    {
        return suite.endsWith("AUTH") || CipherSuite.isEcdhe(code());
    }

    private boolean isResumed()
    {
        return suite.endsWith("RESUMED");
    }

    private TlcpRig rig(final Kernels kernels, final int inFlight, final int times)
    {
        kernels.warmUp(KernelSet.TLCP);
        final KnownPeer server = new KnownPeer("server");
        final KnownPeer client = new KnownPeer("client");
        final int code = code();
        final boolean authenticated = isAuthenticated();
        final boolean resumed = isResumed();
        final int cached = resumed ? 1024 : 0;
        final TlcpRig rig = new TlcpRig(
            new TlcpConfig().sessions(inFlight).handshakes(inFlight).suites(code).trust(server)
                .credentials(authenticated ? client.credentials() : null).resumption(cached, LIFETIME_NS),
            new TlcpConfig().sessions(inFlight).handshakes(inFlight).suites(code).trust(client)
                .credentials(server.credentials()).resumption(cached, LIFETIME_NS)
                .clientAuthentication(authenticated ? ClientAuthentication.NEED : ClientAuthentication.NONE),
            kernels, inFlight, times);
        warmUp(() -> check(rig.shakeHands(), inFlight * times));
        check(rig.record(parameters ->
        {
            check(TlcpParameters.suite(parameters), code);
            check(TlcpParameters.isResumed(parameters) ? 1 : 0, resumed ? 1 : 0);
        }) ? 1 : 0, 1);
        warmUp(() -> check(rig.serve() + rig.dial(), 2 * inFlight * times));
        return rig;
    }

    private static void warmUp(final Runnable turn)
    {
        final long startNs = System.nanoTime();
        do
        {
            turn.run();
        }
        while (System.nanoTime() - startNs < WARM_UP_NS);
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
        return check(lone.rig.serve(), LONE_HANDSHAKES);
    }

    @Benchmark
    @OperationsPerInvocation(HANDSHAKES)
    public int serverBatch(final Batch batch)
    {
        return check(batch.rig.serve(), HANDSHAKES);
    }

    @Benchmark
    @OperationsPerInvocation(HANDSHAKES)
    public int clientBatch(final Batch batch)
    {
        return check(batch.rig.dial(), HANDSHAKES);
    }

    @Benchmark
    @OperationsPerInvocation(HANDSHAKES)
    public int bothBatch(final Batch batch)
    {
        return check(batch.rig.shakeHands(), HANDSHAKES);
    }

    @Benchmark
    @OperationsPerInvocation(HANDSHAKES)
    public int bothScalar(final ScalarBatch batch)
    {
        return check(batch.rig.shakeHands(), HANDSHAKES);
    }

    @Benchmark
    @OperationsPerInvocation(SIDE_BY_SIDE)
    public int serverBgmprovider(final BgmproviderServers foreign)
    {
        return check(foreign.serverTurn(), SIDE_BY_SIDE);
    }

    @Benchmark
    @OperationsPerInvocation(SIDE_BY_SIDE)
    public int clientBgmprovider(final BgmproviderClients foreign)
    {
        return check(foreign.clientTurn(), SIDE_BY_SIDE);
    }

    @Benchmark
    @OperationsPerInvocation(SIDE_BY_SIDE)
    public int serverTongsuo(final TongsuoServers foreign)
    {
        return check(foreign.serverTurn(), SIDE_BY_SIDE);
    }

    @Benchmark
    @OperationsPerInvocation(SIDE_BY_SIDE)
    public int clientTongsuo(final TongsuoClients foreign)
    {
        return check(foreign.clientTurn(), SIDE_BY_SIDE);
    }
}
