// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.socket;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.AcceptHandler;
import dev.trishake.transport.Acceptor;
import dev.trishake.transport.CounterVisitor;
import dev.trishake.transport.PeerAddress;
import dev.trishake.transport.StreamCredits;
import dev.trishake.transport.StreamRecord;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * From the accept queues to the ingress ring. A connection leaves its queue only when there is a slot for it, room in
 * the ring and credit of the user; a listener that waits for a slot or for credit is out of the interest set.
 */
final class StreamAccept implements AcceptHandler
{
    /** An OPENED record, its header, and what alignment and the ring's end may cost. */
    private static final int RECORD_LENGTH = StreamRecord.OPENED_LENGTH + 2 * RecordDescriptor.HEADER_LENGTH;

    private final Connections connections;
    private final Sockets sockets;
    private final StreamCredits credits;
    private final List<Listener> listeners = new ArrayList<>();
    private final FourTuple tuple = new FourTuple();
    private OneToOneRingBuffer ingress;
    private Listener current;
    private long adopted;
    private long lost;

    /** A listening socket and our address there. */
    private static final class Listener
    {
        final int number;
        final Acceptor acceptor;
        final boolean isAny;
        final long high;
        final long low;
        boolean acceptable;
        boolean waitsForSlot;
        boolean waitsForCredit;
        /** Its descriptor may be another socket's by now. */
        boolean isClosed;

        Listener(final int number, final Acceptor acceptor)
        {
            this.number = number;
            this.acceptor = acceptor;
            final InetAddress address = acceptor.localAddress().getAddress();
            isAny = address.isAnyLocalAddress();
            final ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
            if (octets.capacity() == Integer.BYTES)
            {
                final FourTuple mapped = new FourTuple().localIpv4(octets.getInt(), 0);
                high = mapped.localHigh();
                low = mapped.localLow();
            }
            else
            {
                high = octets.getLong();
                low = octets.getLong();
            }
        }

        boolean waits()
        {
            return waitsForSlot || waitsForCredit;
        }
    }

    StreamAccept(final Connections connections, final StreamCredits credits)
    {
        this.connections = connections;
        this.sockets = connections.sockets;
        this.credits = credits;
    }

    void add(final Acceptor acceptor)
    {
        connections.acceptors.add(acceptor);
        listeners.add(new Listener(listeners.size(), acceptor));
    }

    Acceptor acceptor(final int listener)
    {
        return listeners.get(listener).acceptor;
    }

    void onAcceptable(final int listener)
    {
        listeners.get(listener).acceptable = true;
    }

    void remove(final int listener)
    {
        final Listener found = listeners.get(listener);
        if (!found.isClosed)
        {
            found.isClosed = true;
            found.waitsForSlot = false;
            found.waitsForCredit = false;
            sockets.listening(listener, found.acceptor, false);
            found.acceptor.close();
        }
    }

    void resume()
    {
        for (int i = 0; i < listeners.size(); i++)
        {
            if (listeners.get(i).waitsForCredit)
            {
                listeners.get(i).waitsForCredit = false;
                wake(listeners.get(i));
            }
        }
    }

    /** {@return how many connections were taken} */
    int accept(final OneToOneRingBuffer ring, final long nowNs, final int limit)
    {
        ingress = ring;
        int count = 0;
        for (int i = 0; i < listeners.size(); i++)
        {
            final Listener listener = listeners.get(i);
            if (listener.waitsForSlot && free() > 0)
            {
                listener.waitsForSlot = false;
                wake(listener);
            }
            final boolean isWanted = listener.acceptable || listener.acceptor.isPaused();
            if (isWanted && !listener.waits() && !listener.isClosed && count < limit)
            {
                count += accept(listener, nowNs, limit - count);
            }
        }
        return count;
    }

    @Override
    public void onAccept(final int connection, final PeerAddress peer)
    {
        final int slot = connections.acquire(current.number);
        final long handle = connections.handle(slot);
        connections.set(slot, Connections.SOCKET, connection);
        if (!sockets.adopt(slot, handle, current.acceptor, connection) || !peer.isKnown())
        {
            lost++; // reset by the peer already, or no memory for it
            connections.release(slot);
            return;
        }
        adopted++;
        tuple.local(current.high, current.low, current.acceptor.localAddress().getPort())
            .remote(peer.high(), peer.low(), peer.port());
        if (current.isAny)
        {
            sockets.localAddress(slot, connection, tuple);
        }
        final int index = ingress.tryClaim(StreamRecord.OPENED, StreamRecord.OPENED_LENGTH);
        StreamRecord.putOpened(ingress.buffer(), index, handle, current.number, tuple);
        ingress.commit(index);
    }

    void visitCounters(final CounterVisitor visitor)
    {
        long attempts = 0;
        long pauses = 0;
        long lostInQueue = 0;
        for (int i = 0; i < listeners.size(); i++)
        {
            attempts += listeners.get(i).acceptor.attempts();
            pauses += listeners.get(i).acceptor.pauses();
            lostInQueue += listeners.get(i).acceptor.lost();
        }
        visitor.onCounter("LinkPassiveOpens", adopted);
        visitor.onCounter("LinkAcceptAttempts", attempts);
        visitor.onCounter("LinkAcceptPauses", pauses);
        visitor.onCounter("LinkAcceptLost", lost + lostInQueue);
    }

    void close()
    {
        for (int i = 0; i < listeners.size(); i++)
        {
            listeners.get(i).acceptor.close();
        }
    }

    /** Until the limit, or all that were in the queue are taken: who has credit for one may have it for the next. */
    private int accept(final Listener listener, final long nowNs, final int limit)
    {
        int count = 0;
        int taken;
        do
        {
            taken = acceptSome(listener, nowNs, limit - count);
            count += taken;
        }
        while (taken > 0 && count < limit && listener.acceptor.queued() > 0);
        return count;
    }

    private int acceptSome(final Listener listener, final long nowNs, final int limit)
    {
        final int room = (ingress.capacity() - ingress.size()) / RECORD_LENGTH - 2;
        final int credit = Math.min(free(), credits.acceptCredit(listener.number));
        if (credit <= 0)
        {
            listener.waitsForSlot = free() == 0;
            listener.waitsForCredit = !listener.waitsForSlot;
            sockets.listening(listener.number, listener.acceptor, false);
            return 0;
        }
        if (room <= 0)
        {
            return 0;
        }
        listener.acceptable = false; // said again as long as there are more
        current = listener;
        return listener.acceptor.poll(this, nowNs, Math.min(limit, Math.min(room, credit)));
    }

    private void wake(final Listener listener)
    {
        if (!listener.waits())
        {
            listener.acceptable = true;
            sockets.listening(listener.number, listener.acceptor, true);
        }
    }

    private int free()
    {
        return connections.slab.capacity() - connections.slab.active();
    }
}
