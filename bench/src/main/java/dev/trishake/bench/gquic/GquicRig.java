// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.gquic;

import dev.trishake.core.CryptoOperation;
import dev.trishake.core.DatagramCore;
import dev.trishake.core.Outbox;
import dev.trishake.core.OutboxRecord;
import dev.trishake.core.Outcome;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.gquic.ClientSettings;
import dev.trishake.gquic.GquicConfig;
import dev.trishake.gquic.GquicCore;
import dev.trishake.gquic.ServerSettings;
import dev.trishake.session.FourTuple;
import dev.trishake.wire.gquic.GquicError;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;

/**
 * A server's and a client's core in one thread, whose datagrams go to each other over rings: what an agent does, less
 * the sockets. Each side's share is CPU time of the thread, read around its work.
 */
final class GquicRig
{
    private static final int RING_LENGTH = 1 << 22;
    private static final int CLIENT_ADDRESS = 0xc633_6407;
    private static final int SERVER_ADDRESS = 0xc000_0201;
    private static final int FIRST_PORT = 10_000;
    private static final int SERVER_PORT = 443;
    private static final int ALL = Integer.MAX_VALUE;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Quiet clientSays = new Quiet();
    private final Quiet serverSays = new Quiet();
    private final FourTuple tuple = new FourTuple();
    private final Side client;
    private final Side server;
    private final int[] slots;
    private int clientsBefore;
    private int serversBefore;
    private long nowNs = 1L << 40;

    GquicRig(
        final ServerSettings serving, final ClientSettings asking, final int version, final int inFlight,
        final Kernels kernels)
    {
        slots = new int[inFlight];
        client = new Side(new GquicCore(
            config(inFlight).versions(version), asking, kernels, Entropy.seeded(1), clientSays, nowNs));
        server = new Side(new GquicCore(config(inFlight), serving, kernels, Entropy.seeded(2), serverSays, nowNs));
        client.peer = server;
        server.peer = client;
    }

    private static GquicConfig config(final int inFlight)
    {
        return new GquicConfig().sessions(inFlight).handshakes(inFlight).packets(2 * inFlight);
    }

    /** Has so many clients write their first CHLO. */
    void begin(final int inFlight)
    {
        nowNs++;
        clientsBefore = clientSays.established();
        serversBefore = serverSays.established();
        for (int i = 0; i < inFlight; i++)
        {
            tuple.localIpv4(CLIENT_ADDRESS, FIRST_PORT + i).remoteIpv4(SERVER_ADDRESS, SERVER_PORT);
            slots[i] = client.core.connect(0, tuple, 0, nowNs);
        }
        clients();
    }

    /** Has the clients read what there is, and answer it. */
    void clients()
    {
        client.run(ALL);
    }

    /** Has the server read what there is and answer it, all together or a datagram at a time. */
    int servers(final boolean together)
    {
        return server.run(together ? ALL : 1);
    }

    /** Finishes handshakes that have begun, and closes them; answers how many were established on both sides. */
    int finish(final int inFlight)
    {
        int work;
        do
        {
            work = server.run(ALL) + client.run(ALL);
        }
        while (work > 0);
        for (int i = 0; i < inFlight; i++)
        {
            client.core.close(slots[i], GquicError.PEER_GOING_AWAY);
        }
        do
        {
            work = client.run(ALL) + server.run(ALL);
        }
        while (work > 0);
        if (client.core.active() + server.core.active() > 0)
        {
            throw new IllegalStateException(client.core.active() + " and " + server.core.active() + " still live");
        }
        return Math.min(
            clientSays.established() - clientsBefore, serverSays.established() - serversBefore);
    }

    /** Shakes hands with so many sessions, all together or one after the other; answers how many were established. */
    int shakeHands(final int inFlight, final boolean together)
    {
        if (together)
        {
            return shakeHands(inFlight);
        }
        int established = 0;
        for (int i = 0; i < inFlight; i++)
        {
            established += shakeHands(1);
        }
        return established;
    }

    private int shakeHands(final int inFlight)
    {
        long begunNs = cpuNs();
        begin(inFlight);
        long changedNs = cpuNs();
        client.ns += changedNs - begunNs;
        int work;
        do
        {
            work = server.run(ALL);
            begunNs = cpuNs();
            server.ns += begunNs - changedNs;
            work += client.run(ALL);
            changedNs = cpuNs();
            client.ns += changedNs - begunNs;
        }
        while (work > 0);
        return finish(inFlight);
    }

    long serverNs()
    {
        return server.ns;
    }

    long clientNs()
    {
        return client.ns;
    }

    /** {@return CPU time of this thread} */
    static long cpuNs()
    {
        return THREADS.getCurrentThreadCpuTime();
    }

    /** One core: reads what the other side has sent, then runs the crypto queue until it is empty. */
    private final class Side
    {
        private final GquicCore core;
        private final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(
            ByteBuffer.allocateDirect(RING_LENGTH + RingBufferDescriptor.TRAILER_LENGTH)));
        private final Outbox outbox = new Outbox(ring);
        private final MessageHandler take = this::take;
        private final FourTuple turned = new FourTuple();
        private final int[] lanes = new int[CryptoOperation.MAX_LANES];
        private Side peer;
        private long ns;

        Side(final GquicCore core)
        {
            this.core = core;
        }

        /** Duty cycles until there is nothing to do. */
        int run(final int limit)
        {
            int work = 0;
            int inCycle;
            do
            {
                // a read of Agrona's ends where the ring wraps
                inCycle = peer.ring.read(take, limit);
                inCycle += inCycle == 0 ? peer.ring.read(take, limit) : 0;
                inCycle += runCrypto() + core.onTimers(nowNs, ALL, outbox);
                work += inCycle;
            }
            while (inCycle > 0);
            return work;
        }

        private void take(final int type, final MutableDirectBuffer buffer, final int index, final int length)
        {
            if (type != DatagramCore.DATAGRAM)
            {
                return;
            }
            final int offset = OutboxRecord.payloadIndex(index);
            turned.load(buffer, offset);
            tuple.local(turned.remoteHigh(), turned.remoteLow(), turned.remotePort());
            tuple.remote(turned.localHigh(), turned.localLow(), turned.localPort());
            tuple.store(buffer, offset);
            while (core.onDatagram(0, buffer, offset, OutboxRecord.payloadLength(length), nowNs, outbox) ==
                Outcome.BACK_PRESSURED)
            {
                runCrypto();
            }
        }

        private int runCrypto()
        {
            int count = 0;
            int inWave;
            do
            {
                inWave = 0;
                for (int kind = 0; kind < core.kinds(); kind++)
                {
                    final CryptoOperation operation = core.operation(kind);
                    int taken = core.queue().take(kind, core, lanes, operation.lanes());
                    while (taken > 0)
                    {
                        operation.execute(lanes, taken, nowNs);
                        for (int i = 0; i < taken; i++)
                        {
                            if (core.handle(lanes[i]) != 0)
                            {
                                core.resume(lanes[i], nowNs, outbox);
                            }
                        }
                        inWave += taken;
                        taken = core.queue().take(kind, core, lanes, operation.lanes());
                    }
                }
                count += inWave;
            }
            while (inWave > 0);
            return count;
        }
    }
}
