// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.tlcp;

import dev.trishake.core.CryptoOperation;
import dev.trishake.core.Outbox;
import dev.trishake.core.OutboxRecord;
import dev.trishake.core.StreamCore;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.tlcp.TlcpConfig;
import dev.trishake.tlcp.TlcpCore;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.nio.ByteBuffer;

/**
 * A server's and a client's core in one thread, whose streams end at each other over rings: what an agent does, less
 * the sockets. The clock is read around each side's work, not around each session's.
 */
final class TlcpRig
{
    private static final int RING_LENGTH = 1 << 22;

    private final Side client;
    private final Side server;
    private long nowNs = 1L << 40;

    TlcpRig(final TlcpConfig clients, final TlcpConfig servers, final Kernels kernels)
    {
        client = new Side(new TlcpCore(clients, kernels, Entropy.seeded(1)));
        server = new Side(new TlcpCore(servers, kernels, Entropy.seeded(2)));
        client.peer = server;
        server.peer = client;
    }

    /** Shakes hands with so many sessions side by side, and closes them; answers how many were established. */
    int shakeHands(final int inFlight)
    {
        nowNs++;
        for (int i = 0; i < inFlight; i++)
        {
            final int slot = client.core.open(i + 1, true, nowNs);
            final int other = server.core.open(i + 1, false, nowNs);
            client.slots[i + 1] = slot;
            server.slots[i + 1] = other;
            client.core.resume(slot, nowNs, client.outbox);
        }
        int work;
        do
        {
            final long begun = System.nanoTime();
            work = server.work();
            final long changed = System.nanoTime();
            work += client.work();
            server.ns += changed - begun;
            client.ns += System.nanoTime() - changed;
        }
        while (work > 0);
        int established = 0;
        for (int i = 1; i <= inFlight; i++)
        {
            established += client.isEstablished(i) && server.isEstablished(i) ? 1 : 0;
            client.core.close(client.slots[i]);
            server.core.close(server.slots[i]);
        }
        return established;
    }

    long serverNs()
    {
        return server.ns;
    }

    long clientNs()
    {
        return client.ns;
    }

    /** One core: reads what the other side has sent, then runs the crypto queue until it is empty. */
    private final class Side
    {
        private final TlcpCore core;
        private final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(
            ByteBuffer.allocateDirect(RING_LENGTH + RingBufferDescriptor.TRAILER_LENGTH)));
        private final Outbox outbox = new Outbox(ring);
        private final MessageHandler take = this::take;
        private final int[] lanes = new int[CryptoOperation.MAX_LANES];
        private final int[] slots;
        private Side peer;
        private long ns;

        Side(final TlcpCore core)
        {
            this.core = core;
            slots = new int[core.capacity() + 1];
        }

        int work()
        {
            // a read of Agrona's ends where the ring wraps
            int count = peer.ring.read(take) + peer.ring.read(take);
            int done;
            do
            {
                done = runCrypto();
                count += done;
            }
            while (done > 0);
            return count;
        }

        private void take(final int type, final DirectBuffer buffer, final int index, final int length)
        {
            if (type == StreamCore.DATA)
            {
                core.onInput(slots[(int)OutboxRecord.handle(buffer, index)], buffer,
                    OutboxRecord.payloadIndex(index), OutboxRecord.payloadLength(length), nowNs, outbox);
            }
        }

        private int runCrypto()
        {
            int count = 0;
            for (int kind = 0; kind < core.kinds(); kind++)
            {
                final CryptoOperation operation = core.operation(kind);
                int taken = core.queue().take(kind, core, lanes, operation.lanes());
                while (taken > 0)
                {
                    operation.execute(lanes, taken, nowNs);
                    for (int i = 0; i < taken; i++)
                    {
                        core.resume(lanes[i], nowNs, outbox);
                    }
                    count += taken;
                    taken = core.queue().take(kind, core, lanes, operation.lanes());
                }
            }
            return count;
        }

        boolean isEstablished(final int below)
        {
            return (core.status(slots[below]) & StreamCore.ESTABLISHED) != 0;
        }
    }
}
