// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.core.CryptoOperation;
import dev.trishake.core.DatagramCore;
import dev.trishake.core.Outbox;
import dev.trishake.core.OutboxRecord;
import dev.trishake.core.Outcome;
import dev.trishake.session.FourTuple;
import dev.trishake.session.SlotQueue;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.nio.ByteBuffer;

/** Two cores, each with its ring, and a wire between them that may do what a network does. */
final class GquicPair
{
    static final int CLIENT_ADDRESS = 0xc633_6407;
    static final int SERVER_ADDRESS = 0xc000_0201;
    static final int SERVER_PORT = 443;

    final Side client;
    final Side server;
    long nowNs = 1L << 40;
    /** Decides about each datagram; null lets all pass at once. */
    Wire wire;

    /** What happens to a datagram on its way. */
    @FunctionalInterface
    interface Wire
    {
        /** A datagram leaves a side; whoever wants it delivered calls {@link Side#take} on the other one. */
        void onDatagram(Side from, DirectBuffer buffer, int offset, int length);
    }

    /** Sees the sessions of an operation: what is random there can be kept, or put. */
    @FunctionalInterface
    interface Preparation
    {
        /** An operation is about to be executed. */
        void prepare(int kind, int[] slots, int count);
    }

    GquicPair(final GquicCore clientCore, final GquicCore serverCore)
    {
        client = new Side(clientCore, 1);
        server = new Side(serverCore, 2);
        client.peer = server;
        server.peer = client;
    }

    /** Opens a connection from a port; answers its slot at the client. */
    int connect(final int port, final int serverIndex)
    {
        return client.core.connect(1, tuple(port), serverIndex, nowNs);
    }

    static FourTuple tuple(final int port)
    {
        return new FourTuple().localIpv4(CLIENT_ADDRESS, port).remoteIpv4(SERVER_ADDRESS, SERVER_PORT);
    }

    /** Lets both sides work until neither has anything to do at this time. */
    void run()
    {
        int work;
        do
        {
            work = client.cycle() + server.cycle();
        }
        while (work > 0);
    }

    /** Lets time pass in steps. */
    void run(final long durationNs, final long stepNs)
    {
        final long endNs = nowNs + durationNs;
        run();
        while (nowNs < endNs)
        {
            nowNs += stepNs;
            run();
        }
    }

    /** One core with its ring. */
    final class Side
    {
        static final int RING_LENGTH = 1 << 20;

        final GquicCore core;
        final long socket;
        final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(
            ByteBuffer.allocateDirect(RING_LENGTH + RingBufferDescriptor.TRAILER_LENGTH)));
        final Outbox outbox = new Outbox(ring);
        Side peer;
        Preparation preparation = (kind, slots, count) ->
        {
        };
        private final int[] lanes = new int[CryptoOperation.MAX_LANES];
        private final MessageHandler toPeer = this::toPeer;
        private final SlotQueue runnable;
        private final FourTuple turned = new FourTuple();
        private final UnsafeBuffer scratch = new UnsafeBuffer(
            ByteBuffer.allocateDirect(FourTuple.LENGTH + GquicConfig.MAX_DATAGRAM_LENGTH));

        Side(final GquicCore core, final long socket)
        {
            this.core = core;
            this.socket = socket;
            runnable = new SlotQueue(core.capacity());
        }

        /** One duty cycle as the runtime's; answers how much was done. */
        int cycle()
        {
            int work = ring.read(toPeer) + ring.read(toPeer); // a read ends where the ring wraps
            work += runCrypto();
            for (int left = runnable.size(); left > 0; left--)
            {
                final int slot = runnable.remove();
                if (core.handle(slot) != 0)
                {
                    resume(slot);
                }
            }
            return work + core.onTimers(nowNs, 1024, outbox);
        }

        private int runCrypto()
        {
            int work = 0;
            int inWave;
            do
            {
                inWave = 0;
                for (int kind = 0; kind < core.kinds(); kind++)
                {
                    final CryptoOperation operation = core.operation(kind);
                    final int count = core.queue().take(kind, core, lanes, operation.lanes());
                    if (count > 0)
                    {
                        preparation.prepare(kind, lanes, count);
                        operation.execute(lanes, count, nowNs);
                        for (int i = 0; i < count; i++)
                        {
                            if (core.handle(lanes[i]) != 0)
                            {
                                resume(lanes[i]);
                            }
                        }
                        inWave += count;
                    }
                }
                work += inWave;
            }
            while (inWave > 0);
            return work;
        }

        private void resume(final int slot)
        {
            if (core.resume(slot, nowNs, outbox) == Outcome.BACK_PRESSURED)
            {
                runnable.add(slot);
            }
        }

        private void toPeer(final int type, final DirectBuffer buffer, final int index, final int length)
        {
            if (type != DatagramCore.DATAGRAM || OutboxRecord.handle(buffer, index) != socket)
            {
                throw new IllegalStateException("type " + type);
            }
            final int offset = OutboxRecord.payloadIndex(index);
            final int count = OutboxRecord.payloadLength(length);
            if (wire == null)
            {
                peer.take(buffer, offset, count);
            }
            else
            {
                wire.onDatagram(this, buffer, offset, count);
            }
        }

        /** A datagram comes, with the tuple of the side that has sent it. */
        void take(final DirectBuffer buffer, final int offset, final int length)
        {
            turned.load(buffer, offset);
            final long localHigh = turned.localHigh();
            final long localLow = turned.localLow();
            final int localPort = turned.localPort();
            turned.local(turned.remoteHigh(), turned.remoteLow(), turned.remotePort());
            turned.remote(localHigh, localLow, localPort);
            scratch.putBytes(0, buffer, offset, Math.min(length, scratch.capacity()));
            turned.store(scratch, 0);
            give(scratch, 0, length);
        }

        /** A datagram comes as the link has it; the crypto runs when there is no room for it. */
        void give(final DirectBuffer buffer, final int offset, final int length)
        {
            while (core.onDatagram(socket, buffer, offset, length, nowNs, outbox) == Outcome.BACK_PRESSURED)
            {
                if (runCrypto() == 0)
                {
                    return;
                }
            }
        }
    }
}
