// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.StreamRecord;
import dev.trishake.transport.StreamResult;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Sessions over plain streams: what the handler is told, who waits for whom, and that nothing stays behind. */
class HandshakeAgentTest
{
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);
    private static final int CAPACITY = 64;
    private static final int BUFFER_LENGTH = 1 << 14;

    private final RecordingHandler handler = new RecordingHandler();
    private AgentRig rig;

    private void begin(final EngineConfig config)
    {
        rig = new AgentRig(config, handler, Protocol.TCP, CAPACITY, BUFFER_LENGTH);
    }

    private void begin()
    {
        begin(new EngineConfig());
    }

    private long open()
    {
        final long handle = rig.peers.connect();
        rig.turns(3);
        return handle;
    }

    @AfterEach
    void leaveNothing()
    {
        if (rig != null)
        {
            rig.close();
            assertEquals(0, rig.count("SessionsActive"));
            assertEquals(0, rig.link().active());
        }
    }

    @Test
    void shouldTellWhatHappensInOrder()
    {
        begin();
        final long peer = open();
        rig.peers.send(peer, HELLO);
        rig.turns(2);
        rig.peers.tell(StreamRecord.SHUTDOWN, peer);
        rig.turns(4);
        assertEquals(List.of("ACCEPTED", "ESTABLISHED", "END", "CLOSED"), handler.events);
        assertArrayEquals(HELLO, handler.bytes.toByteArray());
        assertEquals(List.of("CLOSED OK"), rig.peers.events);
        assertEquals(1, rig.count("SessionsClosed"));
        assertEquals(HELLO.length, rig.count("BytesIn"));
    }

    @Test
    void shouldSayWhoAndWhat()
    {
        begin();
        open();
        final Session session = rig.agent.session(handler.last);
        assertNotNull(session);
        final FourTuple tuple = new FourTuple();
        session.tuple(tuple);
        assertEquals(AgentRig.PORT, tuple.localPort());
        assertEquals(Protocol.TCP, session.protocol());
        assertTrue(session.isEstablished());
        assertEquals(0, session.attachment());
        session.attachment(77);
        assertEquals(77, rig.agent.session(handler.last).attachment());
        assertNull(rig.agent.session(handler.last ^ 1L << 40));
        assertNull(rig.agent.session(handler.last ^ 1L << 24), "another agent's");
        assertNull(rig.agent.session(0));
        assertNull(rig.agent.session(-1));
        session.abort();
        assertNull(rig.agent.session(handler.last));
    }

    @Test
    void shouldReadWhatCameBeforeTheConnectionWasAccepted()
    {
        begin();
        final long peer = rig.peers.connect();
        rig.peers.doWork(rig.nowNs);
        rig.peers.send(peer, HELLO);
        rig.peers.tell(StreamRecord.SHUTDOWN, peer);
        rig.peers.doWork(rig.nowNs);
        rig.turns(3);
        assertArrayEquals(HELLO, handler.bytes.toByteArray());
        assertEquals(List.of("ACCEPTED", "ESTABLISHED", "END", "CLOSED"), handler.events);
    }

    @Test
    void shouldKeepWhatTheHandlerDoesNotTakeAndReadNoMore()
    {
        begin(new EngineConfig().inputBufferLength(1000));
        handler.isDeaf = true;
        final long peer = open();
        final byte[] much = bytes(5000);
        rig.peers.send(peer, much);
        rig.peers.tell(StreamRecord.SHUTDOWN, peer);
        rig.turns(20);
        assertEquals(1000, rig.count("BytesIn"));
        assertEquals(List.of("ACCEPTED", "ESTABLISHED"), handler.events);
        handler.isDeaf = false;
        rig.turns(5);
        assertEquals(0, handler.bytes.size(), "nobody has said that it can be offered again");
        rig.agent.session(handler.last).resume();
        rig.turns(20);
        assertArrayEquals(much, handler.bytes.toByteArray());
        assertEquals("CLOSED", handler.events.getLast());
    }

    @Test
    void shouldEchoToAPeerThatReadsSlowlyAndLoseNothing()
    {
        begin(new EngineConfig().inputBufferLength(3000));
        handler.isEcho = true;
        handler.keepsOpenAtEnd = false;
        final long peer = open();
        final byte[] much = bytes(200_000);
        rig.peers.unread.add(peer);
        int sent = 0;
        for (int i = 0; i < 2000; i++)
        {
            final int piece = Math.min(rig.peers.link.outputCredit(peer), much.length - sent);
            if (piece > 0)
            {
                rig.peers.send(peer, Arrays.copyOfRange(much, sent, sent + piece));
                sent += piece;
            }
            if (i == 50)
            {
                assertTrue(sent <= 2 * BUFFER_LENGTH + 3000, "both buffers of the wire and the session's: " + sent);
            }
            if (i % 7 == 0 && i > 50)
            {
                rig.peers.unread.clear();
                rig.peers.link.resume(peer);
            }
            else if (i % 7 == 1 && i > 50)
            {
                rig.peers.unread.add(peer);
            }
            rig.turn();
        }
        assertEquals(much.length, sent);
        assertArrayEquals(much, rig.peers.received(peer));
        assertTrue(rig.count("SendsCutShort") > 0);
    }

    @Test
    void shouldLetSessionsWaitForAnInputBufferWhenThereAreFew()
    {
        begin(new EngineConfig().inputBuffers(1));
        handler.isDeaf = true;
        final long one = open();
        final long first = handler.last;
        rig.peers.send(one, HELLO);
        rig.turns(3);
        final long two = open();
        rig.peers.send(two, HELLO);
        rig.turns(10);
        assertEquals(HELLO.length, rig.count("BytesIn"));
        handler.isDeaf = false;
        rig.turns(10);
        assertEquals(0, handler.bytes.size());
        rig.agent.session(first).resume();
        rig.turns(10);
        assertEquals(2 * HELLO.length, handler.bytes.size(), "the second had its turn when the buffer came back");
    }

    @Test
    void shouldLoseOnlyTheSessionWhoseHandlerThrows()
    {
        for (final String at : List.of("ACCEPTED", "ESTABLISHED", "DATA", "END"))
        {
            begin();
            final long good = open();
            handler.events.clear();
            handler.throwsAt = at;
            final long bad = open();
            rig.peers.send(bad, HELLO);
            rig.peers.tell(StreamRecord.SHUTDOWN, bad);
            rig.turns(10);
            assertEquals("FAILED HANDLER_ERROR", handler.events.getLast(), at);
            assertEquals(List.of("CLOSED RESET"), rig.peers.events, at);
            assertEquals(1, rig.errors.size(), at);
            assertEquals(1, rig.count("HandlerErrors"), at);
            handler.throwsAt = "";
            handler.bytes.reset();
            rig.peers.send(good, HELLO);
            rig.turns(3);
            assertArrayEquals(HELLO, handler.bytes.toByteArray(), at);
            leaveNothing();
            rig = null;
        }
    }

    @Test
    void shouldOutliveAHandlerThatThrowsAtTheEnd()
    {
        begin();
        handler.throwsAt = "FAILED RESET";
        final long peer = open();
        rig.peers.tell(StreamRecord.ABORT, peer);
        rig.turns(5);
        assertEquals(1, rig.errors.size());
        assertEquals(0, rig.count("SessionsActive"));
    }

    @Test
    void shouldTellOfAReset()
    {
        begin();
        final long peer = open();
        rig.peers.tell(StreamRecord.ABORT, peer);
        rig.turns(3);
        assertEquals(List.of("ACCEPTED", "ESTABLISHED", "FAILED RESET"), handler.events);
    }

    @Test
    void shouldLetEitherSideEndFirst()
    {
        begin();
        handler.keepsOpenAtEnd = true;
        final long peer = open();
        rig.peers.tell(StreamRecord.SHUTDOWN, peer);
        rig.turns(4);
        assertEquals("END", handler.events.getLast());
        final Session session = rig.agent.session(handler.last);
        assertEquals(HELLO.length, session.send(new UnsafeBuffer(HELLO), 0, HELLO.length));
        session.shutdown();
        session.shutdown();
        assertEquals(0, session.send(new UnsafeBuffer(HELLO), 0, HELLO.length), "our side has ended");
        rig.turns(4);
        assertArrayEquals(HELLO, rig.peers.received(peer));
        assertEquals("CLOSED", handler.events.getLast());

        final long second = open();
        rig.agent.session(handler.last).shutdown();
        rig.turns(3);
        assertEquals(2, rig.peers.ended);
        rig.peers.send(second, HELLO);
        rig.peers.tell(StreamRecord.SHUTDOWN, second);
        rig.turns(4);
        assertArrayEquals(HELLO, handler.bytes.toByteArray());
        assertEquals("CLOSED", handler.events.getLast());
    }

    @Test
    void shouldOfferWhatIsHeldAfterThePeerIsGone()
    {
        begin();
        handler.isDeaf = true;
        handler.keepsOpenAtEnd = true;
        final long peer = open();
        rig.peers.send(peer, HELLO);
        rig.turns(3);
        rig.agent.session(handler.last).shutdown();
        rig.peers.tell(StreamRecord.SHUTDOWN, peer);
        rig.turns(10);
        assertEquals(List.of("ACCEPTED", "ESTABLISHED"), handler.events);
        handler.isDeaf = false;
        rig.agent.session(handler.last).resume();
        rig.turns(3);
        assertEquals(List.of("ACCEPTED", "ESTABLISHED", "END", "CLOSED"), handler.events);
        assertArrayEquals(HELLO, handler.bytes.toByteArray());
    }

    @Test
    void shouldGiveUpSessionsThatAreIdle()
    {
        begin(new EngineConfig().idleTimeoutNs(1_000_000_000));
        final long peer = open();
        rig.nowNs += 900_000_000;
        rig.peers.send(peer, HELLO);
        rig.turns(3);
        rig.nowNs += 900_000_000;
        rig.turns(3);
        assertEquals("ESTABLISHED", handler.events.getLast());
        rig.nowNs += 200_000_000;
        rig.turns(3);
        assertEquals("FAILED IDLE_TIMEOUT", handler.events.getLast());
        assertEquals(1, rig.count("IdleTimeouts"));
    }

    @Test
    void shouldSurviveAClockThatJumps()
    {
        begin();
        final long peer = open();
        rig.nowNs += 86_400_000_000_000L;
        rig.turns(3);
        assertEquals("FAILED IDLE_TIMEOUT", handler.events.getLast());
        open();
        assertEquals("ESTABLISHED", handler.events.getLast());
        assertTrue(peer > 0);
    }

    @Test
    void shouldLeaveConnectionsInTheAcceptQueueWhileTheHandlerTakesNone()
    {
        begin();
        handler.mayAccept = false;
        rig.peers.connect();
        rig.turns(5);
        assertEquals(List.of(), handler.events);
        handler.mayAccept = true;
        rig.turns(3);
        assertEquals(List.of("ACCEPTED", "ESTABLISHED"), handler.events);
    }

    @Test
    void shouldConnectAndSayWhatCameOfIt()
    {
        begin();
        final FourTuple nobody = new FourTuple().remoteIpv4(0x0a00_0002, 9);
        final long handle = rig.agent.connect(0, Protocol.TCP, nobody);
        assertTrue(handle > 0);
        rig.turns(3);
        assertEquals(List.of("FAILED REFUSED"), handler.events);

        rig.peers.link.listen(new InetSocketAddress(InetAddress.ofLiteral("10.0.0.2"), 80), 5);
        final FourTuple somebody = new FourTuple().remoteIpv4(0x0a00_0002, 80);
        final long second = rig.agent.connect(0, Protocol.TCP, somebody);
        rig.turns(3);
        assertEquals("ESTABLISHED", handler.events.getLast());
        assertEquals(second, handler.last);
        assertTrue(rig.agent.session(second).isClient());
        assertEquals(StreamResult.NO_CAPACITY, (int)rig.agent.connect(1, Protocol.TCP, somebody));
        assertEquals(StreamResult.NO_CAPACITY, (int)rig.agent.connect(0, Protocol.TLCP, somebody));
    }

    @Test
    void shouldDrain()
    {
        begin();
        handler.isEcho = true;
        final long busy = open();
        final long idle = open();
        rig.peers.send(busy, HELLO);
        rig.agent.drain();
        rig.turns(3);
        assertArrayEquals(HELLO, rig.peers.received(busy));
        assertEquals(2, rig.peers.ended);
        final long late = rig.peers.connect();
        rig.turns(3);
        assertEquals(List.of("CLOSED REFUSED"), rig.peers.events);
        assertTrue(late > 0 && !rig.agent.isDrained());
        rig.peers.tell(StreamRecord.CLOSE, busy);
        rig.peers.tell(StreamRecord.CLOSE, idle);
        rig.turns(5);
        assertTrue(rig.agent.isDrained());
    }

    private static byte[] bytes(final int length)
    {
        final byte[] octets = new byte[length];
        new SplittableRandom(length).nextBytes(octets);
        return octets;
    }
}
