// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.CryptoOperation;
import dev.trishake.core.CryptoQueue;
import dev.trishake.core.DatagramCore;
import dev.trishake.core.Outbox;
import dev.trishake.core.Outcome;
import dev.trishake.session.FourTuple;
import dev.trishake.session.SessionSlab;
import dev.trishake.transport.CounterVisitor;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;

/**
 * The least core with connections, streams and every wait, for a network that loses nothing. Each datagram:
 *
 * <pre>
 *  0        8       12      16
 *  +--------+-------+-------+----------------+
 *  |  name  | kind  |stream | bytes          |
 *  +--------+-------+-------+----------------+
 * </pre>
 *
 * <p>A client's HELLO is answered by WELCOME once an operation is done. DATA is acknowledged by TAKEN with the number
 * of bytes that were, and may be sent as far as {@code window} bytes are not. END ends a side of a stream, CLOSE all.
 */
final class TestConnections implements DatagramCore, CryptoOperation, Connections
{
    static final int HELLO = 1;
    static final int WELCOME = 2;
    static final int DATA_OF = 3;
    static final int TAKEN = 4;
    static final int END_OF = 5;
    static final int RESET_OF = 6;
    static final int CLOSE = 7;
    static final int HEADER_LENGTH = 16;
    static final int WINDOW = 64;

    private static final int HELLO_TO_SEND = 1;
    private static final int HELLO_SENT = 2;
    private static final int SIGNING = 3;
    private static final int WELCOME_TO_SEND = 4;
    private static final int OPEN = 5;

    final SessionSlab slab;
    final CryptoQueue queue;
    final Map<Long, Integer> byName = new HashMap<>();
    int certificateCycles;
    int hellosDropped;
    int lastReason;
    private final Connection[] connections;
    private final FourTuple tuple = new FourTuple();
    private ConnectionEvents events;
    private final Queue<Runnable> wanted = new ArrayDeque<>();
    private Outbox lastOutbox;
    private long nextName;
    int maxStreams = 4;

    /** What a connection has; a test's core may have objects. */
    private static final class Connection
    {
        long name;
        long socket;
        int state;
        int nextStream;
        int waits;
        final byte[] tuple = new byte[FourTuple.LENGTH];
        final Map<Integer, Stream> streams = new TreeMap<>();
    }

    /** A stream's two sides. */
    private static final class Stream
    {
        int underWay;
        boolean isCutShort;
        boolean endWanted;
        boolean endTold;
        byte[] input = {};
    }

    TestConnections(final int sessions, final long firstName)
    {
        slab = new SessionSlab(sessions, Long.BYTES);
        queue = new CryptoQueue(sessions, 1);
        connections = new Connection[sessions];
        nextName = firstName;
    }

    DatagramProtocol parts()
    {
        return new DatagramProtocol(this, queue, List.of(new CryptoKind("Welcome", this)), this);
    }

    @Override
    public int capacity()
    {
        return slab.capacity();
    }

    @Override
    public void events(final ConnectionEvents newEvents)
    {
        events = newEvents;
    }

    @Override
    public long handle(final int slot)
    {
        return slab.isLive(slot) ? slab.handle(slot) : 0;
    }

    private int begin(final long name, final long socket, final DirectBuffer who, final int offset)
    {
        final int slot = slab.acquire();
        if (slot >= 0)
        {
            final Connection made = new Connection();
            connections[slot] = made;
            made.name = name;
            made.socket = socket;
            who.getBytes(offset, made.tuple);
            byName.put(name, slot);
        }
        return slot;
    }

    @Override
    public int connect(final long socket, final FourTuple who, final long nowNs)
    {
        final UnsafeBuffer stored = new UnsafeBuffer(new byte[FourTuple.LENGTH]);
        who.store(stored, 0);
        final int slot = begin(nextName++, socket, stored, 0);
        if (slot >= 0)
        {
            connections[slot].state = HELLO_TO_SEND;
            connections[slot].nextStream = 1;
            queue.post(0, slot, slab.handle(slot));
        }
        return slot;
    }

    @Override
    public int onDatagram(
        final long socket, final DirectBuffer buffer, final int offset, final int length, final long nowNs,
        final Outbox outbox)
    {
        final int at = offset + FourTuple.LENGTH;
        final int bytes = length - FourTuple.LENGTH - HEADER_LENGTH;
        if (bytes < 0)
        {
            return Outcome.DONE;
        }
        final long name = Long.reverseBytes(buffer.getLong(at));
        final int kind = buffer.getInt(at + 8);
        final int stream = buffer.getInt(at + 12);
        final Integer known = byName.get(name);
        if (known == null)
        {
            return kind == HELLO ? accept(socket, name, buffer, offset) : Outcome.DONE;
        }
        final Connection connection = connections[known];
        buffer.getBytes(offset, connection.tuple); // it may have moved
        connection.socket = socket;
        if (kind == DATA_OF && !outbox.reserve(socket, 1, FourTuple.LENGTH + HEADER_LENGTH + Integer.BYTES))
        {
            return Outcome.BACK_PRESSURED;
        }
        outbox.release();
        receive(known, connection, kind, stream, buffer, at + HEADER_LENGTH, bytes, outbox);
        return Outcome.DONE;
    }

    private int accept(final long socket, final long name, final DirectBuffer buffer, final int offset)
    {
        tuple.load(buffer, offset);
        final int slot = events.mayAccept(tuple) ? begin(name, socket, buffer, offset) : -1;
        if (slot < 0)
        {
            hellosDropped++;
            return Outcome.DONE;
        }
        connections[slot].state = SIGNING;
        connections[slot].nextStream = 2;
        connections[slot].waits = certificateCycles;
        queue.post(0, slot, slab.handle(slot));
        events.onAccepted(slot);
        return Outcome.AWAIT_CRYPTO;
    }

    private void receive(
        final int slot, final Connection connection, final int kind, final int number, final DirectBuffer buffer,
        final int offset, final int length, final Outbox outbox)
    {
        switch (kind)
        {
            case WELCOME ->
            {
                connection.state = OPEN;
                events.onEstablished(slot);
            }
            case DATA_OF ->
            {
                final Stream stream = connection.streams.computeIfAbsent(number, key -> new Stream());
                final byte[] all = Arrays.copyOf(stream.input, stream.input.length + length);
                buffer.getBytes(offset, all, stream.input.length, length);
                stream.input = all;
                offer(slot, number, outbox);
            }
            case TAKEN ->
            {
                final Stream stream = connection.streams.get(number);
                stream.underWay -= buffer.getInt(offset);
                if (stream.isCutShort && stream.underWay < WINDOW / 2)
                {
                    stream.isCutShort = false;
                    events.onWritable(slot, number);
                }
                sayEnd(connection, number, outbox);
            }
            case END_OF -> events.onStreamEnd(slot, number);
            case RESET_OF -> events.onStreamReset(slot, number, buffer.getInt(offset));
            case CLOSE -> end(slot, buffer.getInt(offset));
            default ->
            {
            }
        }
    }

    private void offer(final int slot, final int number, final Outbox outbox)
    {
        final Connection connection = connections[slot];
        final Stream stream = connection.streams.get(number);
        if (stream.input.length == 0)
        {
            return;
        }
        final int taken = events.onStreamData(slot, number, new UnsafeBuffer(stream.input), 0, stream.input.length);
        stream.input = Arrays.copyOfRange(stream.input, taken, stream.input.length);
        if (taken > 0)
        {
            say(connection, TAKEN, number, outbox, taken);
        }
    }

    private boolean say(final Connection who, final int kind, final int stream, final Outbox outbox, final int word)
    {
        final int length = FourTuple.LENGTH + HEADER_LENGTH + Integer.BYTES;
        if (!outbox.reserve(who.socket, 1, length))
        {
            return false;
        }
        final int index = header(who, kind, stream, outbox, length);
        outbox.buffer().putInt(index + FourTuple.LENGTH + HEADER_LENGTH, word);
        outbox.commit(index);
        return true;
    }

    private static int header(
        final Connection who, final int kind, final int stream, final Outbox outbox, final int length)
    {
        final int index = outbox.claim(DATAGRAM, length);
        outbox.buffer().putBytes(index, who.tuple);
        outbox.buffer().putLong(index + FourTuple.LENGTH, Long.reverseBytes(who.name));
        outbox.buffer().putInt(index + FourTuple.LENGTH + 8, kind);
        outbox.buffer().putInt(index + FourTuple.LENGTH + 12, stream);
        return index;
    }

    private void end(final int slot, final int reason)
    {
        lastReason = reason;
        events.onClosed(slot, reason);
        byName.remove(connections[slot].name);
        connections[slot] = null;
        slab.release(slot);
    }

    @Override
    public int lanes()
    {
        return 8;
    }

    @Override
    public void execute(final int[] slots, final int count, final long nowNs)
    {
        for (int i = 0; i < count; i++)
        {
            final Connection connection = connections[slots[i]];
            connection.state = connection.state == SIGNING ? WELCOME_TO_SEND : connection.state;
        }
    }

    @Override
    public int resume(final int slot, final long nowNs, final Outbox outbox)
    {
        final Connection connection = connections[slot];
        if (connection.state == WELCOME_TO_SEND && connection.waits > 0)
        {
            if (connection.waits-- == certificateCycles)
            {
                events.onWaiting(slot); // told once
            }
            return Outcome.AWAIT_CERTIFICATE;
        }
        if (connection.state == HELLO_TO_SEND || connection.state == WELCOME_TO_SEND)
        {
            final boolean isHello = connection.state == HELLO_TO_SEND;
            if (!say(connection, isHello ? HELLO : WELCOME, 0, outbox, 0))
            {
                return Outcome.BACK_PRESSURED;
            }
            connection.state = isHello ? HELLO_SENT : OPEN;
            if (!isHello)
            {
                events.onEstablished(slot);
            }
        }
        return Outcome.DONE;
    }

    @Override
    public int onTimers(final long nowNs, final int limit, final Outbox outbox)
    {
        lastOutbox = outbox;
        final int turns = wanted.size();
        for (int i = 0; i < turns; i++)
        {
            wanted.remove().run();
        }
        return turns;
    }

    @Override
    public int openStream(final int slot)
    {
        final Connection connection = connections[slot];
        if (connection.nextStream / 2 >= maxStreams)
        {
            return -1;
        }
        connection.nextStream += 2;
        connection.streams.put(connection.nextStream, new Stream());
        return connection.nextStream;
    }

    @Override
    public int send(
        final int slot, final int number, final DirectBuffer buffer, final int offset, final int length)
    {
        final Outbox outbox = lastOutbox;
        final Connection connection = connections[slot];
        final Stream stream = connection.streams.get(number);
        final int piece = stream == null || stream.endWanted || connection.state != OPEN ? 0 :
            Math.min(length, WINDOW - stream.underWay);
        final int record = FourTuple.LENGTH + HEADER_LENGTH + piece;
        if (stream != null)
        {
            stream.isCutShort |= piece < length;
        }
        if (piece <= 0 || !outbox.reserve(connection.socket, 1, record))
        {
            return 0;
        }
        final int index = header(connection, DATA_OF, number, outbox, record);
        outbox.buffer().putBytes(index + FourTuple.LENGTH + HEADER_LENGTH, buffer, offset, piece);
        outbox.commit(index);
        stream.underWay += piece;
        return piece;
    }

    private void sayEnd(final Connection connection, final int number, final Outbox outbox)
    {
        final Stream stream = connection.streams.get(number);
        if (stream.endWanted && !stream.endTold && stream.underWay == 0)
        {
            stream.endTold = say(connection, END_OF, number, outbox, 0);
        }
    }

    @Override
    public boolean isAllSent(final int slot)
    {
        return connections[slot].streams.values().stream().allMatch(stream -> stream.underWay == 0);
    }

    @Override
    public int sendCapacity()
    {
        return WINDOW;
    }

    @Override
    public void shutdown(final int slot, final int number)
    {
        final Stream stream = connections[slot].streams.get(number);
        if (stream != null)
        {
            stream.endWanted = true;
            sayEnd(connections[slot], number, lastOutbox);
        }
    }

    /** Gives a stream up. */
    void reset(final int slot, final int number, final int error)
    {
        say(connections[slot], RESET_OF, number, lastOutbox, error);
    }

    @Override
    public void resumeStream(final int slot, final int number)
    {
        final long handle = handle(slot);
        for (final int which : number != 0 ? List.of(number) : List.copyOf(connections[slot].streams.keySet()))
        {
            later(handle, () -> offer(slot, which, lastOutbox));
        }
    }

    /** What is asked for is done when the core has its turn. */
    private void later(final long handle, final Runnable task)
    {
        wanted.add(() ->
        {
            if (handle((int)handle) == handle)
            {
                task.run();
            }
        });
    }

    @Override
    public void close(final int slot, final int reason)
    {
        later(handle(slot), () ->
        {
            say(connections[slot], CLOSE, 0, lastOutbox, reason == 0 ? 0 : Outcome.peer(1));
            end(slot, reason);
        });
    }

    @Override
    public long parameters(final int slot)
    {
        return connections[slot].name;
    }

    @Override
    public void tuple(final int slot, final FourTuple who)
    {
        who.load(new UnsafeBuffer(connections[slot].tuple), 0);
    }

    @Override
    public void visitCounters(final CounterVisitor visitor)
    {
        visitor.onCounter("TestHellosDropped", hellosDropped);
    }
}
