// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.core.Outbox;
import dev.trishake.core.OutboxRecord;
import dev.trishake.core.Outcome;
import dev.trishake.session.FourTuple;
import dev.trishake.support.Allocation;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;

import static dev.trishake.tcp.TestHost.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Nothing is allocated once a core is made: open, data, close, cookies, floods, timers. */
class TcpCoreAllocationTest
{
    private static final int ROUND = 500;

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
