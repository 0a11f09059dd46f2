// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.ListenException;
import dev.trishake.transport.StreamCredits;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Listeners of a {@link LoopbackStreamLink} with their accept queues: handles of the other end. */
final class LoopbackListeners
{
    static final int NONE = -1;

    private static final int FIRST_CHOSEN_PORT = 40_000;

    private final StreamCredits credits;
    private final List<Queue> queues = new ArrayList<>();

    /** One listener. */
    private static final class Queue
    {
        final InetSocketAddress address;
        final long[] waiting;
        boolean isOpen = true;
        int first;
        int size;

        Queue(final InetSocketAddress address, final int backlog)
        {
            this.address = address;
            this.waiting = new long[backlog];
        }
    }

    LoopbackListeners(final StreamCredits credits)
    {
        this.credits = credits;
    }

    int count()
    {
        return queues.size();
    }

    int open(final InetSocketAddress address, final int backlog)
    {
        if (backlog < 1)
        {
            throw new IllegalArgumentException("backlog must be at least 1: " + backlog);
        }
        final int port = address.getPort() == 0 ? FIRST_CHOSEN_PORT + queues.size() : address.getPort();
        if (find(port) != NONE)
        {
            throw ListenException.addressInUse(address);
        }
        queues.add(new Queue(new InetSocketAddress(address.getAddress(), port), backlog));
        return queues.size() - 1;
    }

    void close(final int listener)
    {
        queues.get(listener).isOpen = false;
    }

    InetSocketAddress address(final int listener)
    {
        return queues.get(listener).address;
    }

    int find(final FourTuple theirs)
    {
        return find(theirs.remotePort());
    }

    private int find(final int port)
    {
        for (int i = 0; i < queues.size(); i++)
        {
            if (queues.get(i).isOpen && queues.get(i).address.getPort() == port)
            {
                return i;
            }
        }
        return NONE;
    }

    boolean isFull(final int listener)
    {
        return queues.get(listener).size == queues.get(listener).waiting.length;
    }

    void enqueue(final int listener, final long handle)
    {
        final Queue queue = queues.get(listener);
        queue.waiting[(queue.first + queue.size++) % queue.waiting.length] = handle;
    }

    boolean mayAccept(final int listener)
    {
        return queues.get(listener).size > 0 && credits.acceptCredit(listener) > 0;
    }

    long first(final int listener)
    {
        return queues.get(listener).waiting[queues.get(listener).first];
    }

    /** {@return the connection that has waited longest, or 0} */
    long dequeue(final int listener)
    {
        final Queue queue = queues.get(listener);
        if (queue.size == 0)
        {
            return 0;
        }
        final long handle = queue.waiting[queue.first];
        queue.first = (queue.first + 1) % queue.waiting.length;
        queue.size--;
        return handle;
    }
}
