// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.core.Outbox;
import dev.trishake.core.OutboxRecord;
import dev.trishake.core.Outcome;
import dev.trishake.session.FourTuple;
import dev.trishake.support.Allocation;
import dev.trishake.support.Seeded;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

import static dev.trishake.tcp.TestHost.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Nothing is allocated once a core is made: open, data, close, cookies, floods, timers. */
class TcpCoreAllocationTest
{
    private static final int ROUND = 500;
    private static final int SLOT = 256;

    private final OneToOneRingBuffer toServer = ring();
    private final OneToOneRingBuffer toClient = ring();
    private final UnsafeBuffer scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 12));
    private final FourTuple tuple = new FourTuple();
    private Outbox clientOutbox;
    private Outbox serverOutbox;
    private TcpCore client;
    private TcpCore server;
    private int listener;
    private long nowNs = 1000 * SECOND;
    private int outcomes;

    private final MessageHandler serverInput = (type, buffer, index, length) ->
        outcomes |= server.onPacket(
            buffer, OutboxRecord.payloadIndex(index), OutboxRecord.payloadLength(length), nowNs, serverOutbox);
    private final MessageHandler clientInput = (type, buffer, index, length) ->
        outcomes |= client.onPacket(
            buffer, OutboxRecord.payloadIndex(index), OutboxRecord.payloadLength(length), nowNs, clientOutbox);

    private static OneToOneRingBuffer ring()
    {
        return new OneToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect((1 << 16) + RingBufferDescriptor.TRAILER_LENGTH)));
    }

    private void begin(final SynCookieMode mode)
    {
        clientOutbox = new Outbox(toServer);
        serverOutbox = new Outbox(toClient);
        client = new TcpCore(TestHost.config().timeWait(4096), TcpEvents.NONE, nowNs);
        server = new TcpCore(TestHost.config().synCookies(mode), TcpEvents.NONE, nowNs);
        listener = server.listen(0, 0, 80, 16);
    }

    @Test
    void shouldOpenEchoAndCloseWithoutAllocation()
    {
        begin(SynCookieMode.ON_OVERFLOW);
        Allocation.assertNone(ROUND, this::openEchoClose);
    }

    @Test
    void shouldOpenEchoAndCloseByCookieWithoutAllocation()
    {
        begin(SynCookieMode.ALWAYS);
        Allocation.assertNone(ROUND, this::openEchoClose);
    }

    @Test
    void shouldBearAFloodWithoutAllocation()
    {
        begin(SynCookieMode.ON_OVERFLOW);
        Allocation.assertNone(ROUND, this::flood);
        assertEquals(0, server.connections());
    }

    @Test
    void shouldSendAgainProbeAndDelayWithoutAllocation()
    {
        begin(SynCookieMode.ON_OVERFLOW);
        Allocation.assertNone(ROUND, this::timers);
    }

    @Test
    void shouldBearMutatedPacketsWithoutAllocation()
    {
        begin(SynCookieMode.ON_OVERFLOW);
        final SplittableRandom random = new SplittableRandom(1);
        final TestHost bench = new TestHost(TestHost.config());
        final UnsafeBuffer corpus = new UnsafeBuffer(ByteBuffer.allocateDirect(ROUND * SLOT));
        final int[] flags = {TestHost.S, TestHost.A, TestHost.A | TestHost.P, TestHost.A | TestHost.F, TestHost.R};
        for (int i = 0; i < ROUND; i++)
        {
            final int length = bench.encode(
                flags[random.nextInt(flags.length)], random.nextInt(4) * 10, random.nextInt(), 1000,
                new byte[random.nextInt(40)], options -> options.syn(1460, true, true, 1, 0, 7));
            final byte[] bytes = new byte[length];
            bench.packet.getBytes(0, bytes);
            Seeded.mutate(random, bytes, random.nextInt(3));
            bench.packet.putBytes(0, bytes);
            if (random.nextInt(4) > 0)
            {
                Checksums.repair(bench.packet, bytes[0] >> 4 == 4, length);
            }
            corpus.putInt(i * SLOT, length);
            corpus.putBytes(i * SLOT + Integer.BYTES, bench.packet, 0, length);
        }
        Allocation.assertNone(ROUND, () -> bear(corpus));
        assertTrue(server.counters().get(TcpCounter.IN_ERRS) > ROUND, "many are bad");
        assertTrue(server.counters().get(TcpCounter.PASSIVE_OPENS) == 0);
    }

    private long bear(final UnsafeBuffer corpus)
    {
        long done = 0;
        for (int i = 0; i < ROUND; i++)
        {
            nowNs += 10_000;
            done += server.onPacket(
                corpus, i * SLOT + Integer.BYTES, corpus.getInt(i * SLOT), nowNs, serverOutbox) == Outcome.DONE ? 1 : 0;
            drain(toClient, IGNORE);
        }
        nowNs += 100 * SECOND;
        for (int i = 0; i < 40; i++)
        {
            nowNs += 2 * SECOND;
            server.onTimers(nowNs, 1000, serverOutbox);
            drain(toClient, IGNORE);
        }
        assertEquals(0, server.connections() + server.halfOpen() + server.timeWaits() + server.buffersInUse());
        return done;
    }

    /** Segments that are lost and sent again, acknowledgments that wait, keepalive probes; then a reset. */
    private long timers()
    {
        long again = 0;
        for (int i = 0; i < ROUND; i++)
        {
            tuple.localIpv4(TestHost.REMOTE, 0).remoteIpv4(TestHost.LOCAL, 80);
            final long dialled = client.connect(tuple, nowNs, clientOutbox);
            exchange();
            final long accepted = server.accept(listener);
            client.send(dialled, scratch, 0, 200, nowNs, clientOutbox);
            drain(toServer, IGNORE); // lost
            nowNs += SECOND;
            client.onTimers(nowNs, 100, clientOutbox);
            again += toServer.size() > 0 ? 1 : 0;
            exchange();
            nowNs += SECOND;
            server.onTimers(nowNs, 100, serverOutbox);
            server.receive(accepted, scratch, 0, 1000, nowNs, serverOutbox);
            server.keepAlive(accepted, true, nowNs);
            nowNs += 7_300 * SECOND;
            server.onTimers(nowNs, 100, serverOutbox);
            exchange();
            client.abort(dialled, nowNs, clientOutbox);
            exchange();
            server.close(accepted, nowNs, serverOutbox);
        }
        assertEquals(0, client.connections() + server.connections());
        return again;
    }

    private long openEchoClose()
    {
        long echoed = 0;
        for (int i = 0; i < ROUND; i++)
        {
            nowNs += 10_000_000;
            tuple.localIpv4(TestHost.REMOTE, 0).remoteIpv4(TestHost.LOCAL, 80);
            final long dialled = client.connect(tuple, nowNs, clientOutbox);
            exchange();
            final long accepted = server.accept(listener);
            client.send(dialled, scratch, 0, 200, nowNs, clientOutbox);
            exchange();
            final int count = server.receive(accepted, scratch, 0, 1000, nowNs, serverOutbox);
            server.send(accepted, scratch, 0, count, nowNs, serverOutbox);
            exchange();
            echoed += client.receive(dialled, scratch, 0, 1000, nowNs, clientOutbox) == 200 ? 1 : 0;
            client.close(dialled, nowNs, clientOutbox);
            exchange();
            server.close(accepted, nowNs, serverOutbox);
            exchange();
            client.onTimers(nowNs, 100, clientOutbox);
            server.onTimers(nowNs, 100, serverOutbox);
        }
        nowNs += 100 * SECOND;
        for (int i = 0; i < 100; i++)
        {
            client.onTimers(nowNs, 100, clientOutbox);
        }
        assertEquals(0, client.connections() + server.connections() + client.timeWaits() + server.halfOpen());
        assertEquals(Outcome.DONE, outcomes);
        return echoed;
    }

    /** SYNs that nobody stands behind, answers to them sent again, and the end of it. */
    private long flood()
    {
        long answered = 0;
        for (int i = 0; i < ROUND; i++)
        {
            nowNs += 1_000;
            tuple.localIpv4(TestHost.REMOTE + 256, 0).remoteIpv4(TestHost.LOCAL, 80);
            final long dialled = client.connect(tuple, nowNs, clientOutbox);
            drain(toServer, serverInput);
            answered += toClient.size() > 0 ? 1 : 0;
            drain(toClient, IGNORE);
            client.close(dialled, nowNs, clientOutbox);
        }
        for (int i = 0; i < 40; i++)
        {
            nowNs += 2 * SECOND;
            server.onTimers(nowNs, 1000, serverOutbox);
            client.onTimers(nowNs, 1000, clientOutbox);
            drain(toClient, IGNORE);
        }
        assertEquals(0, server.halfOpen());
        return answered;
    }

    private static final MessageHandler IGNORE = (type, buffer, index, length) -> { };

    private void exchange()
    {
        while (toServer.size() > 0 || toClient.size() > 0)
        {
            drain(toServer, serverInput);
            drain(toClient, clientInput);
        }
    }

    private static void drain(final OneToOneRingBuffer ring, final MessageHandler handler)
    {
        while (ring.size() > 0)
        {
            ring.read(handler);
        }
    }
}
