// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.tlcp;

import dev.trishake.bench.crypto.KernelBench;
import dev.trishake.crypto.Kernels;
import dev.trishake.tlcp.ClientAuthentication;
import dev.trishake.tlcp.TlcpConfig;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What does a TLCP handshake cost in memory, on one core, with certificates that are known? An invocation shakes hands
 * with {@code inFlight} sessions side by side; the secondary figures {@code serverUs} and {@code clientUs} are each
 * side's share of one handshake.
 */
public class TlcpHandshakeBenchmark extends KernelBench
{
    private static final long LIFETIME_NS = 1L << 60;

    @Param({"E013", "E053", "E011", "E051", "E013_CLIENT_AUTH", "E013_RESUMED"})
    String suite;

    @Param({"1", "8", "32", "128"})
    int inFlight;

    private TlcpRig vector;
    private TlcpRig scalar;

    /** Each side's microseconds for one handshake. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Shares
    {
        private long handshakes;
        private long serverNs;
        private long clientNs;

        @Setup(Level.Iteration)
        public void begin()
        {
            handshakes = 0;
            serverNs = 0;
            clientNs = 0;
        }

        /** {@return the server's share} */
        public double serverUs()
        {
            return serverNs / 1e3 / Math.max(1, handshakes);
        }

        /** {@return the client's share} */
        public double clientUs()
        {
            return clientNs / 1e3 / Math.max(1, handshakes);
        }

        private int add(final TlcpRig rig, final int inFlight)
        {
            final long server = rig.serverNs();
            final long client = rig.clientNs();
            final int established = rig.shakeHands(inFlight);
            if (established != inFlight)
            {
                throw new IllegalStateException("established " + established + " of " + inFlight);
            }
            handshakes += established;
            serverNs += rig.serverNs() - server;
            clientNs += rig.clientNs() - client;
            return established;
        }
    }

    @Setup
    public void setup()
    {
        VECTOR.warmUp();
        vector = rig(VECTOR);
        scalar = rig(SCALAR);
    }

    private TlcpRig rig(final Kernels kernels)
    {
        final KnownPeer server = new KnownPeer("server");
        final KnownPeer client = new KnownPeer("client");
        final int code = Integer.parseInt(suite.substring(0, 4), 16);
        final boolean authenticated = suite.endsWith("AUTH") || suite.equals("E011") || suite.equals("E051");
        final int cached = suite.endsWith("RESUMED") ? 1024 : 0;
        return new TlcpRig(
            new TlcpConfig().sessions(inFlight).handshakes(inFlight).suites(code).trust(server)
                .credentials(authenticated ? client.credentials() : null).resumption(cached, LIFETIME_NS),
            new TlcpConfig().sessions(inFlight).handshakes(inFlight).suites(code).trust(client)
                .credentials(server.credentials()).resumption(cached, LIFETIME_NS)
                .clientAuthentication(authenticated ? ClientAuthentication.NEED : ClientAuthentication.NONE), kernels);
    }

    @Benchmark
    public int bothBatch(final Shares shares)
    {
        return shares.add(vector, inFlight);
    }

    @Benchmark
    public int bothScalar(final Shares shares)
    {
        return shares.add(scalar, inFlight);
    }
}
