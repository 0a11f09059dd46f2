// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

import dev.trishake.session.FourTuple;
import dev.trishake.support.Allocation;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What every {@link DatagramLink} does: two of them in the hands of one thread. */
@Timeout(180)
public abstract class DatagramLinkContract
{
    private static final int LIMIT = 1 << 10;
    private static final int ROUND = 256;

    private final OneToOneRingBuffer ingress = StreamHost.ring(1 << 18);
    private final OneToOneRingBuffer egress = StreamHost.ring(1 << 18);
    private final MessageHandler collect = this::collect;
    private final MessageHandler answer = this::answer;
    private final MessageHandler ignore = (msgTypeId, buffer, index, length) ->
    {
    };
    private final List<String> received = new ArrayList<>();
    private final FourTuple tuple = new FourTuple();
    private final FourTuple lastTuple = new FourTuple();
    private final UnsafeBuffer zeros = new UnsafeBuffer(new byte[1 << 16]);
    private DatagramLink server;
    private DatagramLink client;
    private int serverSocket;
    private int clientSocket;
    private long lastSocket;
    private int answered;

    /**
     * {@return a link without a socket, whose {@link DatagramLink#maxLength()} is at least 1400}
     */
    protected abstract DatagramLink server();

    /**
     * {@return another one that reaches the first; made after it}
     */
    protected abstract DatagramLink client();

    /**
     * {@return where both bind}
     */
    protected InetSocketAddress address()
    {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    }

    /**
     * {@return whether the link allocates nothing once warm}
     */
    protected boolean allocatesNothing()
    {
        return true;
    }

    @AfterEach
    void closeLinks()
    {
        for (final DatagramLink link : new DatagramLink[] {client, server})
        {
            if (link != null)
            {
                link.close();
                link.close();
                assertEquals(0, link.poll(ingress, 0, LIMIT));
                assertEquals(0, link.flush(egress, 0, LIMIT));
            }
        }
    }

    private void begin()
    {
        server = server();
        client = client();
        serverSocket = server.bind(address());
        clientSocket = client.bind(address());
    }

    private void put(final int socket, final InetSocketAddress to, final byte[] octets)
    {
        final ByteBuffer address = ByteBuffer.wrap(to.getAddress().getAddress());
        if (to.getAddress() instanceof Inet4Address)
        {
            tuple.local(0, 0, 0).remoteIpv4(address.getInt(), to.getPort());
        }
        else
        {
            tuple.local(0, 0, 0).remote(address.getLong(), address.getLong(), to.getPort());
        }
        final int index = egress.tryClaim(
            DatagramRecord.DATAGRAM, DatagramRecord.PAYLOAD_OFFSET + octets.length);
        DatagramRecord.putSocket(egress.buffer(), index, socket);
        DatagramRecord.putTuple(egress.buffer(), index, tuple);
        egress.buffer().putBytes(index + DatagramRecord.PAYLOAD_OFFSET, octets);
        egress.commit(index);
    }

    /** Polls until so many have come since the last call. */
    private List<String> take(final DatagramLink link, final int count)
    {
        final long patienceNs = System.nanoTime() + 5_000_000_000L;
        received.clear();
        while (received.size() < count)
        {
            link.poll(ingress, 0, LIMIT);
            drain(ingress, collect);
            assertTrue(System.nanoTime() - patienceNs < 0, () -> "only " + received.size() + " of " + count);
        }
        return received;
    }

    private static void drain(final OneToOneRingBuffer ring, final MessageHandler handler)
    {
        ring.read(handler);
        ring.read(handler);
    }

    private void collect(final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        assertEquals(DatagramRecord.DATAGRAM, msgTypeId);
        lastSocket = DatagramRecord.socket(buffer, index);
        DatagramRecord.tuple(buffer, index, lastTuple);
        final byte[] octets = new byte[length - DatagramRecord.PAYLOAD_OFFSET];
        buffer.getBytes(index + DatagramRecord.PAYLOAD_OFFSET, octets);
        received.add(HexFormat.of().formatHex(octets));
    }

    /** Sends a datagram back as it came: the record's tuple is right for the answer. */
    private void answer(final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        if (!egress.write(DatagramRecord.DATAGRAM, buffer, index, length))
        {
            throw new IllegalStateException("no room for an answer");
        }
        answered++;
    }

    @Test
    void shouldReceiveAtManySockets()
    {
        begin();
        final List<Integer> numbers = new ArrayList<>(List.of(serverSocket));
        while (numbers.size() < 12)
        {
            numbers.add(server.bind(address()));
        }
        for (int round = 0; round < 3; round++)
        {
            for (final int number : numbers)
            {
                put(clientSocket, server.localAddress(number), new byte[] {(byte)number, (byte)round});
            }
            client.flush(egress, 0, LIMIT);
        }
        final List<String> expected = new ArrayList<>();
        numbers.forEach(number ->
        {
            for (int round = 0; round < 3; round++)
            {
                expected.add(HexFormat.of().formatHex(new byte[] {(byte)(int)number, (byte)round}));
            }
        });
        for (int i = 0; i < 1000 && received.size() < expected.size(); i++)
        {
            server.poll(ingress, 0, 5);
            ingress.read(collect);
            ingress.read(collect);
        }
        received.sort(null);
        assertEquals(expected, received);
    }

    @Test
    void shouldCarryDatagramsBothWays()
    {
        begin();
        final InetSocketAddress there = server.localAddress(serverSocket);
        put(clientSocket, there, new byte[] {1, 2, 3});
        put(clientSocket, there, new byte[0]);
        put(clientSocket, there, new byte[1400]);
        assertEquals(3, client.flush(egress, 0, LIMIT));
        assertEquals(List.of("010203", "", "00".repeat(1400)), take(server, 3));
        assertEquals(serverSocket, lastSocket);
        assertEquals(there.getPort(), lastTuple.localPort());
        assertEquals(client.localAddress(clientSocket).getPort(), lastTuple.remotePort());

        put(clientSocket, there, new byte[] {4});
        client.flush(egress, 0, LIMIT);
        while (answered == 0)
        {
            server.poll(ingress, 0, LIMIT);
            drain(ingress, answer);
        }
        assertEquals(1, server.flush(egress, 0, LIMIT));
        assertEquals(List.of("04"), take(client, 1));
        assertEquals(clientSocket, lastSocket);
        assertEquals(there.getPort(), lastTuple.remotePort());
    }

    @Test
    void shouldTellSocketsApart()
    {
        begin();
        final int other = server.bind(address());
        put(clientSocket, server.localAddress(other), new byte[] {9});
        client.flush(egress, 0, LIMIT);
        take(server, 1);
        assertEquals(other, lastSocket);
        assertEquals(server.localAddress(other).getPort(), lastTuple.localPort());
    }

    @Test
    void shouldMoveNoMoreThanTheLimit()
    {
        begin();
        for (int i = 0; i < 10; i++)
        {
            put(clientSocket, server.localAddress(serverSocket), new byte[] {(byte)i});
        }
        assertEquals(3, client.flush(egress, 0, 3));
        assertEquals(7, client.flush(egress, 0, LIMIT));
        assertEquals(0, client.flush(egress, 0, LIMIT));
        final List<String> expected = new ArrayList<>();
        for (int i = 0; i < 10; i++)
        {
            expected.add("0" + i);
        }
        assertEquals(expected, take(server, 10));
    }

    @Test
    void shouldLoseNothingThatFitsWhenTheRingIsFull()
    {
        begin();
        final OneToOneRingBuffer small = StreamHost.ring(2048);
        for (int i = 0; i < 40; i++)
        {
            put(clientSocket, server.localAddress(serverSocket), new byte[100]);
        }
        assertEquals(40, client.flush(egress, 0, LIMIT));
        received.clear();
        final long patienceNs = System.nanoTime() + 5_000_000_000L;
        while (received.size() < 40)
        {
            assertTrue(server.poll(small, 0, LIMIT) <= 2048 / 160);
            drain(small, collect);
            assertTrue(System.nanoTime() - patienceNs < 0, () -> "only " + received.size());
        }
    }

    @Test
    void shouldDropWhatCannotBeSentAndGoOn()
    {
        begin();
        final InetSocketAddress there = server.localAddress(serverSocket);
        put(clientSocket, there, new byte[client.maxLength() + 1]);
        put(clientSocket + 7, there, new byte[3]);
        egress.write(DatagramRecord.DATAGRAM + 1, zeros, 0, 100);
        egress.write(DatagramRecord.DATAGRAM, zeros, 0, DatagramRecord.PAYLOAD_OFFSET - 1);
        put(clientSocket, new InetSocketAddress(there.getAddress(), 9), new byte[3]); // nobody is there
        put(clientSocket, there, new byte[] {7});
        assertEquals(6, client.flush(egress, 0, LIMIT));
        assertEquals(List.of("07"), take(server, 1));
    }

    @Test
    void shouldSayThatAPortIsInUse()
    {
        begin();
        final InetSocketAddress taken = server.localAddress(serverSocket);
        assertTrue(assertThrows(ListenException.class, () -> server.bind(taken))
            .getMessage().contains("the port is in use"));
    }

    @Test
    void shouldAllocateNothing()
    {
        if (!allocatesNothing())
        {
            return;
        }
        begin();
        final InetSocketAddress there = server.localAddress(serverSocket);
        final byte[] octets = new byte[600];
        put(clientSocket, there, octets); // sets the tuple
        client.flush(egress, 0, LIMIT);
        take(server, 1);
        Allocation.assertNone(ROUND, this::round);
    }

    /** {@return how many datagrams went there and came back} */
    private int round()
    {
        final int before = answered;
        for (int i = 0; i < ROUND; i += 16)
        {
            for (int j = 0; j < 16; j++)
            {
                final int index = egress.tryClaim(DatagramRecord.DATAGRAM, DatagramRecord.PAYLOAD_OFFSET + 600);
                DatagramRecord.putSocket(egress.buffer(), index, clientSocket);
                DatagramRecord.putTuple(egress.buffer(), index, tuple);
                egress.commit(index);
            }
            client.flush(egress, 0, LIMIT);
            while (answered - before < i + 16)
            {
                server.poll(ingress, 0, LIMIT);
                drain(ingress, answer);
            }
            server.flush(egress, 0, LIMIT);
            int back = 0;
            while (back < 16)
            {
                client.poll(ingress, 0, LIMIT);
                back += ingress.read(ignore) + ingress.read(ignore);
            }
        }
        return answered - before;
    }
}
