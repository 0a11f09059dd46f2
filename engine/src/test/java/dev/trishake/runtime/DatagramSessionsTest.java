// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.StreamResult;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Sessions over datagrams: both agents' handlers hear what a handler over TCP does, and streams have numbers. */
class DatagramSessionsTest
{
    private static final long DRAIN_TURNS = 3000;

    private final RecordingHandler atServer = new RecordingHandler();
    private final RecordingHandler atClient = new RecordingHandler();
    private final UnsafeBuffer text = new UnsafeBuffer("hello, world".getBytes(StandardCharsets.US_ASCII));
    private EngineConfig config = new EngineConfig();
    private DatagramRig rig;

    private DatagramRig begin()
    {
        return begin(atServer, 64);
    }

    private DatagramRig begin(final SessionHandler server, final int sessions)
    {
        rig = new DatagramRig(config, server, atClient, sessions);
        return rig;
    }

    @AfterEach
    void leaveNothing()
    {
        if (rig != null)
        {
            rig.close();
            assertEquals(0, rig.count("server SessionsActive"));
            assertEquals(0, rig.count("client SessionsActive"));
            assertEquals(0, rig.serverCore.slab.active());
            assertEquals(0, rig.clientCore.slab.active());
        }
    }

    private long open()
    {
        final long handle = rig.connect();
        rig.turns(4);
        return handle;
    }

    private int send(final long handle, final int stream)
    {
        return rig.client.session(handle).send(stream, text, 0, text.capacity());
    }

    private static void clear(final RecordingHandler handler)
    {
        handler.events.clear();
        handler.bytes.reset();
    }

    @Test
    void shouldTellBothSidesOfTheLifeOfASession()
    {
        begin();
        atServer.isEcho = true;
        final long handle = open();
        assertTrue(handle > 0);
        assertEquals(List.of("ESTABLISHED"), atClient.events);
        assertEquals(List.of("ACCEPTED", "ESTABLISHED"), atServer.events);
        final Session session = rig.client.session(handle);
        assertEquals(Protocol.GQUIC, session.protocol());
        assertTrue(session.isClient() && session.isEstablished());
        assertEquals(1000, session.parameters());
        assertEquals(12, send(handle, 0));
        rig.turns(3);
        assertEquals("hello, world", atClient.bytes.toString(StandardCharsets.US_ASCII));
        rig.client.session(handle).close();
        rig.turns(2);
        assertEquals(List.of("ESTABLISHED", "CLOSED"), atClient.events);
        assertEquals(List.of("ACCEPTED", "ESTABLISHED", "CLOSED"), atServer.events);
        assertNull(rig.client.session(handle));
        assertEquals(1, rig.count("server SessionsAccepted"));
        assertEquals(1, rig.count("client SessionsConnected"));
        assertEquals(12, rig.count("client BytesIn"));
        assertEquals(12, rig.count("client BytesOut"));
        assertEquals(1, rig.count("server SessionsClosed"));
    }

    @Test
    void shouldSayWhoThePeerIs()
    {
        begin();
        final long handle = open();
        final FourTuple tuple = new FourTuple();
        rig.client.session(handle).tuple(tuple);
        assertEquals(443, tuple.remotePort());
        final int ours = tuple.localPort();
        rig.server.session(atServer.last).tuple(tuple);
        assertEquals(ours, tuple.remotePort());
    }

    /** Echoes each stream, says which it was. */
    private static final class ByStream implements SessionHandler
    {
        final List<String> events = new ArrayList<>();

        @Override
        public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
        {
            events.add("DATA " + session.stream() + " " + length);
            return session.send(buffer, offset, length);
        }

        @Override
        public void onEnd(final Session session)
        {
            events.add("END " + session.stream());
            SessionHandler.super.onEnd(session);
        }

        @Override
        public void onStreamReset(final Session session, final int error)
        {
            events.add("RESET " + session.stream() + " " + error);
            SessionHandler.super.onStreamReset(session, error);
        }
    }

    @Test
    void shouldKeepStreamsApart()
    {
        final ByStream streams = new ByStream();
        begin(streams, 64);
        final long handle = open();
        final Session session = rig.client.session(handle);
        final int first = session.openStream();
        final int second = session.openStream();
        assertEquals(List.of(3, 5), List.of(first, second));
        assertEquals(12, session.send(second, text, 0, 12));
        assertEquals(5, session.send(first, text, 0, 5));
        rig.turns(3);
        assertEquals(List.of("DATA 5 12", "DATA 3 5"), streams.events);
        assertEquals("hello, worldhello", atClient.bytes.toString(StandardCharsets.US_ASCII));
        rig.client.session(handle).shutdown(first);
        rig.turns(3);
        assertEquals(List.of("DATA 5 12", "DATA 3 5", "END 3"), streams.events);
        assertEquals(List.of("ESTABLISHED", "END"), atClient.events, "the server has ended its side too");
        rig.clientCore.reset(0, second, 99);
        rig.turns(3);
        assertTrue(streams.events.contains("RESET 5 99"), streams.events::toString);
        assertEquals(0, rig.client.session(handle).send(first, text, 0, 1), "ended");
    }

    @Test
    void shouldHaveOneStreamForWhoNeedsNoMore()
    {
        begin();
        final long handle = open();
        assertEquals(12, send(handle, 0));
        assertEquals(12, send(handle, 3), "the one that 0 stands for");
        rig.turns(2);
        assertEquals("hello, worldhello, world", atServer.bytes.toString(StandardCharsets.US_ASCII));
        assertEquals(12, rig.server.session(atServer.last).send(text, 0, 12), "the peer's is the server's own");
        rig.turns(2);
        assertEquals("hello, world", atClient.bytes.toString(StandardCharsets.US_ASCII));
    }

    @Test
    void shouldOfferAgainWhatWasNotTaken()
    {
        begin();
        final long handle = open();
        atServer.isDeaf = true;
        for (int i = 0; i < 6; i++)
        {
            rig.turns(1);
            send(handle, 0);
        }
        rig.turns(2);
        assertEquals(0, rig.count("server BytesIn"));
        assertEquals(TestConnections.WINDOW / 12 * 12 + 4, rig.count("client BytesOut"), "no more than the window");
        assertTrue(rig.count("client SendsCutShort") > 0);
        atServer.isDeaf = false;
        rig.server.session(atServer.last).resume();
        rig.turns(3);
        assertEquals(64, rig.count("server BytesIn"));
        assertEquals(List.of("ESTABLISHED", "WRITABLE"), atClient.events);
    }

    @Test
    void shouldSendWhatWasTakenBeforeItCloses()
    {
        begin();
        final long handle = open();
        atServer.isDeaf = true;
        send(handle, 0);
        rig.client.session(handle).close();
        assertNull(rig.client.session(handle), "for its user it is gone");
        rig.turns(5);
        assertEquals(List.of("ACCEPTED", "ESTABLISHED"), atServer.events);
        atServer.isDeaf = false;
        rig.server.session(atServer.last).resume();
        rig.turns(5);
        assertEquals("hello, world", atServer.bytes.toString(StandardCharsets.US_ASCII));
        assertEquals(List.of("ACCEPTED", "ESTABLISHED", "CLOSED"), atServer.events);
        assertEquals(List.of("ESTABLISHED", "CLOSED"), atClient.events);
    }

    @Test
    void shouldEndOnlyTheSessionWhoseHandlerThrows()
    {
        for (final String at : List.of("ACCEPTED", "ESTABLISHED", "DATA", "END"))
        {
            begin();
            final long other = open();
            clear(atServer);
            atServer.throwsAt = at;
            final long handle = open();
            if (rig.client.session(handle) != null)
            {
                send(handle, 0);
                rig.turns(2);
            }
            if (rig.client.session(handle) != null)
            {
                rig.client.session(handle).shutdown(3);
                rig.turns(2);
            }
            atServer.throwsAt = "";
            rig.turns(2);
            assertTrue(atServer.events.contains("FAILED HANDLER_ERROR"), () -> at + atServer.events);
            assertNull(rig.client.session(handle), at);
            assertEquals(1, rig.count("server HandlerErrors"));
            assertEquals(1, rig.errors.size());
            assertEquals(12, send(other, 0), "the other goes on");
            rig.turns(2);
            assertEquals(1, rig.count("server SessionsActive"));
            rig.close();
            rig = null;
            config = new EngineConfig();
            clear(atServer);
        }
    }

    @Test
    void shouldObeyCommandsOfOtherThreads()
    {
        begin();
        atServer.isEcho = true;
        final long handle = open();
        final Commands commands = rig.client.commands();
        assertEquals(1, rig.client.windows().take(handle, 12));
        assertTrue(commands.send(handle, 0, text, 0, 12));
        rig.turns(4);
        assertEquals("hello, world", atClient.bytes.toString(StandardCharsets.US_ASCII));
        assertEquals(1, rig.client.windows().take(handle, TestConnections.WINDOW), "all of it was given back");
        assertEquals(0, rig.client.windows().take(handle, 1));
        assertTrue(commands.tell(Commands.SHUTDOWN, 3, handle));
        rig.turns(4);
        assertTrue(atServer.events.contains("END"), atServer.events::toString);
        assertTrue(commands.tell(Commands.CLOSE, 0, handle));
        rig.turns(4);
        assertTrue(atClient.events.contains("CLOSED"), atClient.events::toString);
        assertTrue(commands.tell(Commands.CLOSE, 0, handle));
        rig.turns(1);
        assertEquals(1, rig.count("client CommandsStale"));
        assertTrue(commands.connect(77, 0, Protocol.GQUIC, new FourTuple().remoteIpv4(0x0a00_0001, 443)));
        rig.turns(4);
        assertTrue(atClient.events.contains("CONNECTING 77 OK"), atClient.events::toString);
        assertNotEquals(handle, atClient.last);
    }

    @Test
    void shouldGiveASocketToOneConnectionAtATime()
    {
        begin();
        final List<Long> handles = new ArrayList<>();
        for (int i = 0; i < DatagramRig.SOCKETS; i++)
        {
            handles.add(open());
        }
        final FourTuple tuple = new FourTuple();
        final List<Integer> ports = new ArrayList<>();
        for (final long handle : handles)
        {
            rig.client.session(handle).tuple(tuple);
            ports.add(tuple.localPort());
        }
        assertEquals(DatagramRig.SOCKETS, ports.stream().distinct().count());
        assertEquals(StreamResult.NO_CAPACITY, rig.connect());
        rig.client.session(handles.get(1)).close();
        rig.turns(1);
        rig.client.session(open()).tuple(tuple);
        assertEquals(ports.get(1), tuple.localPort());
    }

    @Test
    void shouldAcceptNobodyWhileTheHandlerWantsNobody()
    {
        begin();
        atServer.mayAccept = false;
        open();
        assertEquals(List.of(), atServer.events);
        assertEquals(1, rig.serverCore.hellosDropped);
        assertEquals(0, rig.count("server TestHellosDropped"), "not yet told");
        rig.turns(1000);
        assertEquals(1, rig.count("server TestHellosDropped"));
    }

    @Test
    void shouldLimitHandshakesOfAPrefix()
    {
        config.handshakesPerPrefix(1);
        begin();
        rig.serverCore.certificateCycles = 100;
        open();
        open();
        assertEquals(1, rig.count("server PrefixLimited"));
        assertEquals(1, rig.count("server SessionsActive"));
        rig.turns(100);
        assertEquals(1, rig.count("server SessionsEstablished"), "and it was asked again until it was ready");
        rig.serverCore.certificateCycles = 0;
        open();
        assertEquals(2, rig.count("server SessionsEstablished"), "who is done is not counted");
    }

    @Test
    void shouldDrainWithoutCuttingOffWhoStillSpeaks()
    {
        begin();
        atServer.isEcho = true;
        final long quiet = open();
        final long busy = open();
        rig.server.drain();
        for (int i = 0; i < DRAIN_TURNS; i++)
        {
            if (i % 100 == 0)
            {
                send(busy, 0);
            }
            rig.turns(1);
        }
        assertNull(rig.client.session(quiet));
        assertTrue(rig.client.session(busy) != null && !rig.server.isDrained());
        open();
        assertEquals(2, rig.count("server SessionsAccepted"), "nobody new");
        rig.client.session(busy).close();
        rig.turns(2);
        assertTrue(rig.server.isDrained());
    }

    @Test
    void shouldEndWhatIsLeftWhenTheAgentCloses()
    {
        begin();
        open();
        rig.server.onClose();
        assertTrue(atServer.events.contains("FAILED ENGINE_CLOSED"), atServer.events::toString);
        assertEquals(Failure.ENGINE_CLOSED, rig.serverCore.lastReason);
    }

    @Test
    void shouldReadEventsOnAnotherThread()
    {
        final SessionEvents events = new SessionEvents(8, 4, 1 << 12);
        begin(events.handler(), 64);
        final long handle = open();
        send(handle, 0);
        rig.client.session(handle).shutdown(3);
        rig.turns(3);
        final List<String> read = new ArrayList<>();
        final SessionEvents.Reader reader = new SessionEvents.Reader()
        {
            @Override
            public void onAccepted(final long session)
            {
                read.add("ACCEPTED");
            }

            @Override
            public void onData(final long session, final DirectBuffer buffer, final int offset, final int length)
            {
                read.add("DATA " + length);
            }

            @Override
            public void onData(
                final long session, final int stream, final DirectBuffer buffer, final int offset, final int length)
            {
                read.add("STREAM " + stream);
                onData(session, buffer, offset, length);
            }

            @Override
            public void onEnd(final long session, final int stream)
            {
                read.add("END " + stream);
            }
        };
        events.poll(reader, 100);
        assertEquals(List.of("ACCEPTED", "STREAM 3", "DATA 12", "END 3"), read);
    }
}
