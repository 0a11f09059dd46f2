// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

import dev.trishake.session.FourTuple;
import dev.trishake.support.Allocation;
import dev.trishake.support.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What every {@link StreamLink} does. */
@Timeout(180)
public abstract class StreamLinkContract extends StreamLinkRig
{
    @Test
    void shouldOpenEchoAndClose()
    {
        begin();
        server.isEcho = true;
        server.closesAfterEnd = true;
        final long handle = open();
        client.send(handle, HELLO);
        until("the echo", () -> client.bytes == HELLO.length);
        assertArrayEquals(HELLO, client.received(handle));
        client.tell(StreamRecord.SHUTDOWN, handle);
        until("both sides' end", () -> client.closed == 1 && server.link.active() == 0);
        assertEquals(List.of("OPENED", "END", "CLOSED OK"), client.events);
        assertEquals(0, client.link.active());
        assertEquals(0, server.link.active());
    }

    @Test
    void shouldTellBothSidesWhoTheyAre()
    {
        begin();
        open();
        final FourTuple theirs = server.lastTuple;
        final FourTuple ours = client.lastTuple;
        assertEquals(server.link.localAddress(listener).getPort(), theirs.localPort());
        assertEquals(ours.remotePort(), theirs.localPort());
        assertEquals(ours.localPort(), theirs.remotePort());
        assertTrue(ours.localPort() > 0);
        assertEquals(ours.remoteHigh(), theirs.localHigh());
        assertEquals(ours.remoteLow(), theirs.localLow());
        assertEquals(ours.localHigh(), theirs.remoteHigh());
        assertEquals(ours.localLow(), theirs.remoteLow());
    }

    @Test
    void shouldSayThatAConnectionWasRefused()
    {
        begin();
        final InetSocketAddress address = server.link.localAddress(listener);
        server.link.unlisten(listener, nowNs);
        aWhile();
        final long handle = connect(address);
        if (handle > 0)
        {
            until("closed", () -> client.closed == 1);
            assertEquals(List.of("CLOSED REFUSED"), client.events);
        }
        else
        {
            assertEquals(StreamResult.REFUSED, (int)handle);
        }
        assertEquals(0, client.link.active());
    }

    @Test
    void shouldLetEitherSideEndFirst()
    {
        for (final boolean clientFirst : new boolean[] {true, false})
        {
            begin();
            final long atClient = open();
            final long atServer = server.lastHandle;
            final StreamHost first = clientFirst ? client : server;
            final StreamHost second = clientFirst ? server : client;
            final long atFirst = clientFirst ? atClient : atServer;
            final long atSecond = clientFirst ? atServer : atClient;

            first.send(atFirst, HELLO);
            first.tell(StreamRecord.SHUTDOWN, atFirst);
            until("END", () -> second.ends == 1);
            assertArrayEquals(HELLO, second.received(atSecond));
            assertEquals(0, first.link.outputCredit(atFirst));
            final byte[] much = pattern(BUFFER_LENGTH / 2, 1);
            second.send(atSecond, much);
            until("what comes against a half-closed stream", () -> first.bytes == much.length);
            assertArrayEquals(much, first.received(atFirst));
            aWhile();
            assertEquals(0, first.closed + second.closed);

            second.tell(StreamRecord.SHUTDOWN, atSecond);
            until("CLOSED", () -> first.closed == 1 && second.closed == 1);
            assertEquals(List.of("OPENED", "END", "CLOSED OK"), first.events);
            assertEquals(List.of("OPENED", "END", "CLOSED OK"), second.events);
            closeLinks();
        }
    }

    @Test
    void shouldDeliverWhatCameBeforeClose()
    {
        begin();
        final long handle = open();
        final byte[] much = pattern(BUFFER_LENGTH, 2);
        client.send(handle, much, 0, 9000);
        client.send(handle, much, 9000, much.length - 9000);
        client.tell(StreamRecord.CLOSE, handle);
        client.send(handle, HELLO); // no more than a dropped record
        until("END", () -> server.ends == 1);
        assertArrayEquals(much, server.received(server.lastHandle));
        server.tell(StreamRecord.CLOSE, server.lastHandle);
        until("both gone", () -> client.link.active() + server.link.active() == 0);
        assertEquals(List.of("OPENED"), client.events, "nothing comes after CLOSE");
        assertEquals(List.of("OPENED", "END"), server.events);
    }

    @Test
    void shouldResetThePeerOfAnAbortedConnection()
    {
        begin();
        final long handle = open();
        client.tell(StreamRecord.ABORT, handle);
        until("CLOSED", () -> server.closed == 1);
        assertEquals(List.of("OPENED", "CLOSED RESET"), server.events);
        assertEquals(List.of("OPENED"), client.events);
        assertEquals(0, client.link.active() + server.link.active());
    }

    @Test
    void shouldReadNothingOfAPausedConnectionUntilItIsResumed()
    {
        begin();
        server.inputCredit = 0;
        final long handle = open();
        client.send(handle, HELLO);
        client.tell(StreamRecord.SHUTDOWN, handle);
        aWhile();
        assertEquals(List.of("OPENED"), server.events);
        server.inputCredit = 3;
        aWhile();
        assertEquals(0, server.bytes, "nobody has said that there is credit again");
        server.link.resume(server.lastHandle);
        until("END", () -> server.ends == 1);
        assertArrayEquals(HELLO, server.received(server.lastHandle));
    }

    @Test
    void shouldKeepWhatIsNotReadWithinBoundsAndLoseNothing()
    {
        begin();
        server.inputCredit = 0;
        final long handle = open();
        final byte[] chunk = pattern(BUFFER_LENGTH / 4, 3);
        int sent = 0;
        int idle = 0;
        while (idle < 20)
        {
            final int credit = Math.min(chunk.length, client.link.outputCredit(handle));
            idle = credit == 0 ? idle + 1 : 0;
            if (credit > 0)
            {
                client.send(handle, chunk, 0, credit);
                sent += credit;
            }
            turn();
            assertTrue(sent < MUCH, "no bound");
        }
        final int all = sent;
        assertEquals(0, client.writables);
        server.inputCredit = 10_000;
        server.link.resume(server.lastHandle);
        until("all bytes", () -> server.bytes == all);
        until("WRITABLE", () -> client.writables == 1);
        aWhile();
        assertEquals(1, client.writables);
        assertEquals(BUFFER_LENGTH, client.link.outputCredit(handle));
        final byte[] received = server.received(server.lastHandle);
        for (int at = 0; at < received.length; at += chunk.length)
        {
            final int end = Math.min(received.length, at + chunk.length);
            if (all % chunk.length == 0)
            {
                assertTrue(Arrays.equals(chunk, 0, end - at, received, at, end), "bytes from " + at + " on");
            }
        }
    }

    @Test
    void shouldAbortAConnectionThatIsGivenMoreThanItsCredit()
    {
        begin();
        server.inputCredit = 0;
        final long handle = open();
        while (client.closed == 0)
        {
            client.send(handle, new byte[BUFFER_LENGTH]);
            turn();
            assertTrue(server.bytes < MUCH);
        }
        assertEquals("CLOSED OVERRUN", client.events.getLast());
        if (!tellsPausedOfReset())
        {
            server.inputCredit = Integer.MAX_VALUE;
            server.link.resume(server.lastHandle);
        }
        until("the peer's reset", () -> server.closed == 1);
        assertEquals(0, client.link.active() + server.link.active());
    }

    @Test
    void shouldNotLetAConnectionThatDoesNotReadHoldUpOthers()
    {
        begin();
        server.isEcho = true;
        final long stuck = open();
        client.unread = stuck;
        final long other = open();
        final byte[] chunk = new byte[BUFFER_LENGTH / 2];
        int idle = 0;
        while (idle < 20)
        {
            final int credit = Math.min(chunk.length, client.link.outputCredit(stuck));
            if (credit > 0)
            {
                client.send(stuck, chunk, 0, credit);
            }
            idle = credit == 0 ? idle + 1 : 0;
            turn();
        }
        for (int i = 1; i <= 100; i++)
        {
            final int round = i;
            client.send(other, HELLO);
            until("echo " + i, () -> client.bytes == (long)HELLO.length * round);
        }
        assertEquals(0, client.received(stuck).length);
    }

    @Test
    void shouldLeaveConnectionsInTheAcceptQueueWhileTheUserTakesNone()
    {
        begin();
        server.acceptCredit = 0;
        final long handle = connect();
        aWhile();
        assertEquals(0, server.opened);
        assertEquals(0, server.link.active());
        server.acceptCredit = 1;
        server.link.resumeAccepting();
        until("accepted", () -> server.opened == 1);
        client.send(handle, HELLO);
        until("data", () -> server.bytes == HELLO.length);
    }

    @Test
    void shouldLeaveConnectionsInTheAcceptQueueWhileAllSlotsAreInUse()
    {
        begin();
        final long[] handles = new long[CAPACITY];
        for (int i = 0; i < CAPACITY; i++)
        {
            handles[i] = open();
        }
        assertEquals(StreamResult.NO_CAPACITY, (int)connect());
        final long first = server.lastHandle;
        client.tell(StreamRecord.ABORT, handles[0]);
        turn();
        final long late = connect(); // has a slot at the client, and one at the server once the abort was seen there
        assertTrue(late > 0);
        until("accepted", () -> server.opened == CAPACITY + 1);
        assertEquals(CAPACITY, server.link.active());
        assertEquals(CAPACITY, server.link.capacity());
        server.send(first, HELLO);
        until("data", () -> client.bytes == HELLO.length);
    }

    @Test
    void shouldLoseNothingWhenTheRingIsFull()
    {
        begin(2048); // 256 bytes a record at most
        final long handle = open();
        final byte[] much = pattern(BUFFER_LENGTH, 4);
        client.send(handle, much);
        client.tell(StreamRecord.SHUTDOWN, handle);
        until("END", () -> server.ends == 1);
        assertArrayEquals(much, server.received(server.lastHandle));
    }

    @Test
    void shouldIgnoreHandlesThatAreNotGood()
    {
        begin();
        final long handle = open();
        for (final long wrong : new long[] {0, -1, Long.MAX_VALUE, Long.MIN_VALUE, handle ^ 1L << 33, handle ^ 1})
        {
            for (int type = StreamRecord.DATA; type < 12; type++)
            {
                client.tell(type, wrong);
            }
            client.link.resume(wrong);
            assertEquals(0, client.link.outputCredit(wrong));
        }
        aWhile();
        assertEquals(List.of("OPENED"), client.events);
        assertEquals(List.of("OPENED"), server.events);
        client.send(handle, HELLO);
        until("data", () -> server.bytes == HELLO.length);
    }

    @Test
    void shouldStopToListenAndServeWhatIsOpen()
    {
        begin();
        final long handle = open();
        server.link.unlisten(listener, nowNs);
        client.send(handle, HELLO);
        until("data", () -> server.bytes == HELLO.length);
    }

    @Test
    void shouldResetWhatIsOpenWhenItIsClosed()
    {
        begin();
        open();
        server.link.close();
        until("CLOSED", () -> client.closed == 1);
        assertEquals(List.of("OPENED", "CLOSED RESET"), client.events);
        assertEquals(0, server.link.active());
        assertEquals(0, server.doWork(nowNs));
    }

    @Test
    void shouldCountTheSameThingsEachTime()
    {
        begin();
        final List<String> before = new ArrayList<>();
        server.link.visitCounters((label, value) -> before.add(label));
        open();
        final List<String> after = new ArrayList<>();
        server.link.visitCounters((label, value) -> after.add(label));
        assertEquals(before, after);
        assertEquals(after.size(), after.stream().distinct().count());
    }

    @Test
    void shouldCarryEveryByteWhateverThePieces() throws Exception
    {
        Seeded.forEach(20, random ->
        {
            begin(random.nextBoolean() ? 1 << 12 : 1 << 20);
            final long atClient = open();
            final long atServer = server.lastHandle;
            final byte[] there = pattern(random.nextInt(200_000), random.nextInt());
            final byte[] back = pattern(random.nextInt(200_000), random.nextInt());
            int sentThere = 0;
            int sentBack = 0;
            final long patienceNs = System.nanoTime() + 10_000_000_000L;
            while (client.closed + server.closed < 2)
            {
                sentThere = piece(client, atClient, there, sentThere, random);
                sentBack = piece(server, atServer, back, sentBack, random);
                client.inputCredit = random.nextInt(3) * random.nextInt(5000);
                server.inputCredit = random.nextInt(3) * random.nextInt(5000);
                client.link.resume(atClient);
                server.link.resume(atServer);
                turn();
                assertTrue(System.nanoTime() - patienceNs < 0, "stuck");
            }
            assertArrayEquals(there, server.received(atServer));
            assertArrayEquals(back, client.received(atClient));
            assertEquals(0, client.link.active() + server.link.active());
            closeLinks();
        });
    }

    @Test
    void shouldLeakNothingInManyConnections() throws Exception
    {
        begin();
        warm();
        final long before = descriptors();
        assertEquals(manyConnections(), connections(manyConnections()));
        assertEquals(0, client.link.active() + server.link.active());
        assertEquals(before, descriptors());
    }

    @Test
    void shouldAllocateNothingPerConnection()
    {
        if (allocatesNothing())
        {
            begin();
            warm();
            Allocation.assertNone(256, () -> connections(256));
        }
    }
}
