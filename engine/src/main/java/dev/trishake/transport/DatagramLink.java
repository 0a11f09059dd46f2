// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

import java.net.InetSocketAddress;

/**
 * UDP sockets behind one object. It feeds the agent's ingress ring and takes from its egress ring; records are those of
 * {@link DatagramRecord}, one datagram each.
 *
 * <p>Nothing a peer sends and nothing found in a ring makes a link throw. {@link #bind} and the constructor belong to
 * set-up and may; all else is called on the agent's thread, moves a bounded number of datagrams, many a system call
 * where the system can, never waits and allocates nothing where the JDK does not.
 */
public interface DatagramLink extends AutoCloseable
{
    /**
     * Opens a socket. For set-up: allocates.
     *
     * @param address one of ours, or any (0.0.0.0, ::): the record then says to which of ours a datagram came, and it
     *                is answered from there; port 0 lets the system choose
     * @return the socket's number, 0 or more
     * @throws ListenException when it can't be; its message is one sentence that says what to do
     */
    int bind(InetSocketAddress address);

    /**
     * {@return where a socket is bound, with the port that was chosen}
     *
     * @param socket as {@link #bind} returned
     */
    InetSocketAddress localAddress(int socket);

    /**
     * Has the kernel itself give each of the sockets that share a port its share, the first bound the first, if it can.
     * For set-up: allocates.
     *
     * @param socket   as {@link #bind} returned
     * @param steering which shares
     * @return whether it does
     */
    default boolean steer(final int socket, final DatagramSteering steering)
    {
        return false;
    }

    /**
     * {@return the longest datagram that is received and sent; longer ones are dropped and counted}
     */
    int maxLength();

    /**
     * Moves received datagrams into a ring, each socket's in the order in which they came. When the ring is full the
     * next one stays in the link or the kernel; what overflows there is lost.
     *
     * @param ingress where datagrams go; this thread is its only producer
     * @param nowNs   the agent's time
     * @param limit   most datagrams to move, at least 1
     * @return datagrams handled, 0 to {@code limit}; dropped ones count, it is the work done
     */
    int poll(OneToOneRingBuffer ingress, long nowNs, int limit);

    /**
     * Takes datagrams from a ring and sends them, in order. What the kernel can't take now stays in the ring; what it
     * refuses (no route, message too long, a port that was unreachable) is dropped and counted, and holds up nothing.
     *
     * @param egress where datagrams come from; this thread is its only consumer
     * @param nowNs  the agent's time
     * @param limit  most datagrams to take, at least 1
     * @return datagrams taken, 0 to {@code limit}; dropped ones count, it is the work done
     */
    int flush(OneToOneRingBuffer egress, long nowNs, int limit);

    /**
     * Visits what this link counts; the same counters in the same order at each call.
     *
     * @param visitor takes them
     */
    void visitCounters(CounterVisitor visitor);

    /** Gives back what the link holds; afterwards both moves return 0. Closing twice is no fault. */
    @Override
    void close();
}
