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
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * A server's and a client's core in one thread, whose streams end at each other over rings: what an agent does, less
 * the sockets.
 *
 * <p>Conversations can be recorded, and then held again by one side alone: its randomness starts again with each, so
 * that what the other side has said is still right.
 */
final class TlcpRig
{
    private static final int RING_LENGTH = 1 << 22;
    private static final long CLIENT_SEED = 1;
    private static final long SERVER_SEED = 2;

    private final int inFlight;
    private final int times;
    private final Side client;
    private final Side server;
    private long nowNs = 1L << 40;

    /**
     * Makes both sides.
     *
     * @param inFlight sessions side by side
     * @param times    conversations, one after the other; with those beside each other a multiple of 8, the number of
     *                 key pairs that are made at once
     */
    TlcpRig(
        final TlcpConfig clients, final TlcpConfig servers, final Kernels kernels, final int inFlight, final int times)
    {
        this.inFlight = inFlight;
        this.times = times;
        client = new Side(true, CLIENT_SEED, clients, kernels, times);
        server = new Side(false, SERVER_SEED, servers, kernels, times);
        client.peer = server;
        server.peer = client;
    }

    /** {@return how many sessions were established, of all that shook hands and were closed} */
    int shakeHands()
    {
        int established = 0;
        for (int i = 0; i < times; i++)
        {
            established += shakeHandsOnce();
        }
        return established;
    }

    private int shakeHandsOnce()
    {
        server.open();
        client.open();
        int work;
        do
        {
            work = server.work() + client.work();
        }
        while (work > 0);
        final int established = server.close();
        return Math.min(established, client.close());
    }

    /**
     * Records what both sides say; sessions must have shaken hands before where they are to be resumed.
     *
     * @param parameters of the last session, for a look at what was agreed on
     * @return whether all were established
     */
    boolean record(final LongConsumer parameters)
    {
        server.entropy.restart(SERVER_SEED);
        client.entropy.restart(CLIENT_SEED);
        int established = 0;
        for (int i = 0; i < times; i++)
        {
            server.recorded = server.scripts[i];
            client.recorded = client.scripts[i];
            established += shakeHandsOnce();
        }
        server.recorded = null;
        client.recorded = null;
        parameters.accept(server.parameters);
        return established == times * inFlight;
    }

    /** {@return sessions that the server alone has established again} */
    int serve()
    {
        return server.replay(SERVER_SEED);
    }

    /** {@return sessions that the client alone has established again} */
    int dial()
    {
        return client.replay(CLIENT_SEED);
    }

    /** One core: reads what the other side has sent, then runs the crypto queue until it is empty. */
    private final class Side
    {
        private final boolean isClient;
        private final TlcpCore core;
        private final Entropy entropy;
        private final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(
            ByteBuffer.allocateDirect(RING_LENGTH + RingBufferDescriptor.TRAILER_LENGTH)));
        private final Outbox outbox = new Outbox(ring);
        private final MessageHandler take = this::take;
        private final MessageHandler drop = (type, buffer, index, length) ->
        {
        };
        private final int[] lanes = new int[CryptoOperation.MAX_LANES];
        private final int[] slots = new int[inFlight + 1];
        private final Script[] scripts;
        private Side peer;
        private Script recorded;
        private long parameters;

        Side(
            final boolean isClient, final long seed, final TlcpConfig config, final Kernels kernels, final int times)
        {
            this.isClient = isClient;
            entropy = Entropy.seeded(seed);
            core = new TlcpCore(config, kernels, entropy);
            scripts = new Script[times];
            Arrays.setAll(scripts, i -> new Script());
        }

        void open()
        {
            nowNs++;
            for (int i = 1; i <= inFlight; i++)
            {
                slots[i] = core.open(i, isClient, nowNs);
                if (isClient)
                {
                    core.resume(slots[i], nowNs, outbox);
                }
            }
        }

        int close()
        {
            int established = 0;
            for (int i = 1; i <= inFlight; i++)
            {
                established += (core.status(slots[i]) & StreamCore.ESTABLISHED) != 0 ? 1 : 0;
                parameters = core.parameters(slots[i]);
                core.close(slots[i]);
            }
            return established;
        }

        int work()
        {
            // a read of Agrona's ends where the ring wraps
            final int count = peer.ring.read(take) + peer.ring.read(take);
            final int done = runCrypto();
            if (recorded != null)
            {
                recorded.endTurn();
            }
            return count + done;
        }

        private void take(final int type, final DirectBuffer buffer, final int index, final int length)
        {
            if (type == StreamCore.DATA)
            {
                final int session = (int)OutboxRecord.handle(buffer, index);
                final int payload = OutboxRecord.payloadIndex(index);
                final int payloadLength = OutboxRecord.payloadLength(length);
                if (recorded != null)
                {
                    recorded.add(session, buffer, payload, payloadLength);
                }
                core.onInput(slots[session], buffer, payload, payloadLength, nowNs, outbox);
            }
        }

        int replay(final long seed)
        {
            entropy.restart(seed);
            int established = 0;
            for (int i = 0; i < times; i++)
            {
                open();
                final Script script = scripts[i];
                for (int turn = 0; turn < script.turns(); turn++)
                {
                    for (int input = script.first(turn); input < script.first(turn + 1); input++)
                    {
                        core.onInput(slots[script.session(input)], script.buffer(), script.offset(input),
                            script.length(input), nowNs, outbox);
                    }
                    runCrypto();
                    ring.read(drop);
                    ring.read(drop);
                }
                established += close();
            }
            return established;
        }

        private int runCrypto()
        {
            int count = 0;
            int before;
            do
            {
                before = count;
                for (int kind = 0; kind < core.kinds(); kind++)
                {
                    count += runCrypto(kind);
                }
            }
            while (count > before);
            return count;
        }

        private int runCrypto(final int kind)
        {
            final CryptoOperation operation = core.operation(kind);
            int count = 0;
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
            return count;
        }
    }
}
