// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.gquic;

import dev.trishake.bench.crypto.KernelBench;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.KernelSet;
import dev.trishake.gquic.ClientSettings;
import dev.trishake.gquic.RotatingTokenKeys;
import dev.trishake.gquic.ServerConfig;
import dev.trishake.gquic.ServerConfigs;
import dev.trishake.gquic.ServerSettings;
import dev.trishake.gquic.UnixTime;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.Tag;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does a handshake of gQUIC cost a server, and each of its CHLOs, in memory and on one core, ring to ring? An
 * invocation handles the CHLOs of {@code inFlight} clients: {@code ...Batch} all together, {@code ...One} a datagram at
 * a time.
 *
 * <p>The first three pairs measure nothing but the server's work for one CHLO: {@code rej} for an inchoate one without
 * a token, which keeps no state; {@code rejWithProof} for one with a token, which is answered with a signature;
 * {@code shlo} for a full one. {@code whole} and {@code cached} shake hands. The secondary figures {@code serverUs} and
 * {@code clientUs} are each side's CPU time for one CHLO or handshake; JMH adds those of all iterations up at the end,
 * so that there they are to be divided by their number. {@code B/op} is of all that is done for an invocation, the
 * clients' part too.
 *
 * <pre>
 * java -jar bench/target/bench.jar GquicChlo -p proof=ECDSA -p aead=AESG -f 1 -wi 10 -w 1 -i 5 -r 1 -prof gc
 * </pre>
 */
public class GquicChloBenchmark extends KernelBench
{
    private static final int SECRET_LENGTH = 32;

    /** A server and clients: strangers, and such as have met it. */
    @State(Scope.Thread)
    public static class Rigs
    {
        @Param({"ECDSA", "RSA"})
        String proof;

        @Param({"AESG", "CC20"})
        String aead;

        @Param({"8", "32", "128"})
        int inFlight;

        private GquicRig fresh;
        private GquicRig cached;

        @Setup
        public void setup()
        {
            VECTOR.warmUp(KernelSet.GQUIC);
            fresh = rig(false);
            cached = rig(true);
            cached.shakeHands(1, true);
        }

        private GquicRig rig(final boolean resumed)
        {
            final UnixTime time = new UnixTime();
            final KnownServer server = new KnownServer(proof.equals("RSA"));
            final ServerSettings serving = new ServerSettings(server.credentials(),
                new ServerConfigs(ServerConfig.create(Entropy.seeded(3), Long.MAX_VALUE)),
                new RotatingTokenKeys(
                    new UnsafeBuffer(new byte[SECRET_LENGTH]), 0, RotatingTokenKeys.DEFAULT_EPOCH_SECONDS), time)
                .foreignProofsPerSecond(Integer.MAX_VALUE);
            final ClientSettings asking = new ClientSettings(server, time, KnownServer.NAME)
                .aeads(aead.equals("CC20") ? Tag.CC20 : Tag.AESG).resumption(resumed);
            return new GquicRig(serving, asking, GquicVersion.Q044, inFlight, VECTOR);
        }
    }

    /** Each side's microseconds for one handshake, or the server's for one CHLO. */
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

        /** Has the server handle the CHLOs that are there. */
        private int serve(final Inchoate state, final boolean together)
        {
            final long begunNs = GquicRig.cpuNs();
            final int done = state.servers(together);
            serverNs += GquicRig.cpuNs() - begunNs;
            handshakes += state.inFlight;
            return done;
        }

        private int add(final GquicRig rig, final int inFlight, final boolean together)
        {
            final long server = rig.serverNs();
            final long client = rig.clientNs();
            final int established = rig.shakeHands(inFlight, together);
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

    /** Clients that have written their first CHLO. */
    @State(Scope.Thread)
    public static class Inchoate
    {
        private GquicRig rig;
        private int inFlight;

        @Setup(Level.Invocation)
        public void write(final Rigs rigs)
        {
            rig = rigs.fresh;
            inFlight = rigs.inFlight;
            rig.begin(inFlight);
            for (int i = 0; i < answers(); i++)
            {
                rig.servers(true);
                rig.clients();
            }
        }

        /** {@return how often the server has answered}; JMH calls a set-up once for each class that has one */
        int answers()
        {
            return 0;
        }

        @TearDown(Level.Invocation)
        public void finish()
        {
            check(rig.finish(inFlight));
        }

        int servers(final boolean together)
        {
            return check(rig.servers(together));
        }

        /** Whoever did less than a thing for each client has measured nothing. */
        private int check(final int done)
        {
            if (done < inFlight)
            {
                throw new IllegalStateException("done " + done + " of " + inFlight);
            }
            return done;
        }
    }

    /** Clients that have written their second CHLO, with a token. */
    @State(Scope.Thread)
    public static class WithToken extends Inchoate
    {
        @Override
        int answers()
        {
            return 1;
        }
    }

    /** Clients that have written their last CHLO, a full one. */
    @State(Scope.Thread)
    public static class Full extends Inchoate
    {
        @Override
        int answers()
        {
            return 2;
        }
    }

    @Benchmark
    public int rejOne(final Inchoate state, final Shares shares)
    {
        return shares.serve(state, false);
    }

    @Benchmark
    public int rejBatch(final Inchoate state, final Shares shares)
    {
        return shares.serve(state, true);
    }

    @Benchmark
    public int rejWithProofOne(final WithToken state, final Shares shares)
    {
        return shares.serve(state, false);
    }

    @Benchmark
    public int rejWithProofBatch(final WithToken state, final Shares shares)
    {
        return shares.serve(state, true);
    }

    @Benchmark
    public int shloOne(final Full state, final Shares shares)
    {
        return shares.serve(state, false);
    }

    @Benchmark
    public int shloBatch(final Full state, final Shares shares)
    {
        return shares.serve(state, true);
    }

    @Benchmark
    public int wholeOne(final Rigs rigs, final Shares shares)
    {
        return shares.add(rigs.fresh, rigs.inFlight, false);
    }

    @Benchmark
    public int wholeBatch(final Rigs rigs, final Shares shares)
    {
        return shares.add(rigs.fresh, rigs.inFlight, true);
    }

    @Benchmark
    public int cachedBatch(final Rigs rigs, final Shares shares)
    {
        return shares.add(rigs.cached, rigs.inFlight, true);
    }
}
