// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.core.CryptoOperation;
import dev.trishake.core.Outbox;
import dev.trishake.core.OutboxRecord;
import dev.trishake.core.Outcome;
import dev.trishake.core.StreamCore;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;

/** Two cores whose streams end at each other: a session of the client's in slot n talks to the server's in slot n. */
final class TlcpPair
{
    static final int RING_LENGTH = 1 << 19;

    final Side client;
    Side server;
    long nowNs = 1L << 40;
    /** Most bytes that reach a core at once. */
    int chunk = Integer.MAX_VALUE;

    TlcpPair(final TlcpConfig clientConfig, final TlcpConfig serverConfig, final Kernels kernels)
    {
        client = new Side(new TlcpCore(clientConfig, kernels, Entropy.seeded(1)), clientConfig.sessions);
        meet(new Side(new TlcpCore(serverConfig, kernels, Entropy.seeded(2)), serverConfig.sessions));
    }

    /** Another agent's core takes the client's next connections; none is open now. */
    TlcpPair meetAnother(final TlcpConfig serverConfig, final Kernels kernels)
    {
        meet(new Side(new TlcpCore(serverConfig, kernels, Entropy.seeded(3)), serverConfig.sessions));
        return this;
    }

    private void meet(final Side other)
    {
        server = other;
        client.peer = server;
        server.peer = client;
    }

    static TlcpConfig clientConfig(final int... suites)
    {
        return new TlcpConfig().sessions(4).handshakes(4).suites(suites)
            .trust(new TestIdentity.Trust(TestIdentity.SERVER));
    }

    static TlcpConfig serverConfig(final int... suites)
    {
        return new TlcpConfig().sessions(4).handshakes(4).suites(suites)
            .credentials(TestIdentity.credentials(TestIdentity.SERVER))
            .trust(new TestIdentity.Trust(TestIdentity.CLIENT));
    }

    /** Opens the next session on both sides; answers its slot. */
    int open()
    {
        final int slot = client.core.open(client.below(), true, nowNs);
        final int other = server.core.open(server.below(), false, nowNs);
        if (slot < 0 || slot != other)
        {
            throw new IllegalStateException("slots " + slot + " and " + other);
        }
        server.outcome[slot] = Outcome.NEED_INPUT;
        client.outcome[slot] = client.core.resume(slot, nowNs, client.outbox);
        return slot;
    }

    /** Lets both sides work until neither has anything to do. */
    void run()
    {
        int work;
        do
        {
            work = client.deliver() + server.deliver() + client.runCrypto() + server.runCrypto();
        }
        while (work > 0);
    }

    void close(final int slot)
    {
        client.close(slot);
        server.close(slot);
    }

    /** One core with its ring, which the other side reads. */
    final class Side
    {
        final TlcpCore core;
        final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(
            ByteBuffer.allocateDirect(RING_LENGTH + RingBufferDescriptor.TRAILER_LENGTH)));
        final Outbox outbox = new Outbox(ring);
        final int[] outcome;
        final boolean[] shut;
        /** What each session has received, and how much. */
        final UnsafeBuffer[] received;
        final int[] receivedLength;
        /** Changes what this side sends on its way, where it is there. */
        UnaryOperator<byte[]> tamper;
        /** Looks at sessions, or changes them, whenever operations are about to be done. */
        Runnable beforeCrypto = () -> {};
        Side peer;
        private final int[] lanes = new int[CryptoOperation.MAX_LANES];
        private final MessageHandler toPeer = this::toPeer;

        Side(final TlcpCore core, final int sessions)
        {
            this.core = core;
            outcome = new int[sessions];
            shut = new boolean[sessions];
            received = new UnsafeBuffer[sessions];
            receivedLength = new int[sessions];
            for (int i = 0; i < sessions; i++)
            {
                received[i] = new UnsafeBuffer(new byte[1 << 16]);
            }
        }

        /** Streams below have the numbers of the slots, plus 1: sessions are opened in their order. */
        long below()
        {
            return 1L + core.active();
        }

        int deliver()
        {
            return ring.read(toPeer, 64) + ring.read(toPeer, 64); // a read ends where the ring wraps
        }

        private void toPeer(final int type, final DirectBuffer buffer, final int index, final int length)
        {
            final int slot = (int)OutboxRecord.handle(buffer, index) - 1;
            final int offset = OutboxRecord.payloadIndex(index);
            final int count = OutboxRecord.payloadLength(length);
            if (type == StreamCore.SHUTDOWN)
            {
                shut[slot] = true;
                peer.outcome[slot] = peer.core.onInputEnd(slot, nowNs, peer.outbox);
                return;
            }
            if (tamper == null)
            {
                peer.take(slot, buffer, offset, count);
                return;
            }
            final byte[] bytes = new byte[count];
            buffer.getBytes(offset, bytes);
            final byte[] tampered = tamper.apply(bytes);
            peer.take(slot, new UnsafeBuffer(tampered), 0, tampered.length);
        }

        /** Bytes come from the stream, in pieces where that is wanted. */
        void take(final int slot, final DirectBuffer buffer, final int offset, final int count)
        {
            int done = 0;
            while (done < count && core.handle(slot) != 0)
            {
                final int piece = Math.min(Math.min(chunk, count - done), core.inputCredit(slot));
                if (piece == 0)
                {
                    if (Outcome.category(outcome[slot]) == Outcome.PEER || runCrypto() == 0)
                    {
                        return;
                    }
                    continue;
                }
                after(slot, core.onInput(slot, buffer, offset + done, piece, nowNs, outbox));
                done += piece;
            }
        }

        void after(final int slot, final int result)
        {
            outcome[slot] = result;
            int length = core.contentLength(slot);
            while (length > 0)
            {
                received[slot].putBytes(
                    receivedLength[slot], core.contentBuffer(), core.contentOffset(slot), length);
                receivedLength[slot] += length;
                core.consume(slot, length);
                length = core.contentLength(slot);
            }
        }

        int runCrypto()
        {
            int count = 0;
            for (int kind = 0; kind < core.kinds(); kind++)
            {
                final CryptoOperation operation = core.operation(kind);
                beforeCrypto.run();
                final int taken = core.queue().take(kind, core, lanes, operation.lanes());
                if (taken > 0)
                {
                    operation.execute(lanes, taken, nowNs);
                    for (int i = 0; i < taken; i++)
                    {
                        after(lanes[i], core.resume(lanes[i], nowNs, outbox));
                    }
                    count += taken;
                }
            }
            return count;
        }

        void close(final int slot)
        {
            core.close(slot);
            receivedLength[slot] = 0;
            shut[slot] = false;
        }

        boolean isEstablished(final int slot)
        {
            return core.handle(slot) != 0 && (core.status(slot) & StreamCore.ESTABLISHED) != 0;
        }

        /** {@return a view of a session's memory} */
        TlcpSession session(final int slot)
        {
            return core.memory().view().wrap(slot);
        }

        int send(final int slot, final byte[] bytes)
        {
            return core.send(slot, new UnsafeBuffer(bytes), 0, bytes.length, nowNs, outbox);
        }

        byte[] received(final int slot)
        {
            final byte[] bytes = new byte[receivedLength[slot]];
            received[slot].getBytes(0, bytes);
            return bytes;
        }
    }
}
