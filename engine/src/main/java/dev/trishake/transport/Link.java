// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/**
 * Where packets come from and go to: a TUN device, a packet socket, a simulated wire, a capture file. A link feeds the
 * agent's ingress ring and takes from its egress ring; it never looks into a packet.
 *
 * <p>A record in either ring is one whole packet, nothing before it and nothing after:
 *
 * <pre>
 *  ring record: Agrona's header (length, message type {@link #PACKET}), then
 *
 *  linkType() == LINKTYPE_RAW            linkType() == LINKTYPE_ETHERNET
 *  0                                     0              14
 *  +--------------------------+          +--------------+--------------------------+
 *  | IPv4 or IPv6 packet      |          | Ethernet     | IPv4, IPv6, ARP ...      |
 *  +--------------------------+          +--------------+--------------------------+
 * </pre>
 *
 * <p>Nothing a peer sends and nothing found in a ring makes a link throw. What can't be moved costs a counter of the
 * implementation: a packet longer than the ring's {@link OneToOneRingBuffer#maxMsgLength()} or than the device takes,
 * a record whose type isn't {@link #PACKET}. Both methods are called on the agent's thread, move a bounded number of
 * packets, never wait and allocate nothing.
 */
public interface Link extends AutoCloseable
{
    /** Message type of a ring record that holds one packet. */
    int PACKET = 1;

    /** Packets begin with an Ethernet header; the number is the one of the registry of pcap link types. */
    int LINKTYPE_ETHERNET = 1;

    /** Packets begin with an IPv4 or IPv6 header; the number is the one of the registry of pcap link types. */
    int LINKTYPE_RAW = 101;

    /**
     * {@return how packets begin: {@link #LINKTYPE_RAW} or {@link #LINKTYPE_ETHERNET}, the same for the link's life}
     */
    int linkType();

    /**
     * Moves received packets into a ring, in the order in which they came. When the ring is full the next packet stays
     * in the link and is first in the next call; what then overflows in the link (a socket's buffer, a device's queue)
     * is lost and counted there.
     *
     * @param ingress where packets go; this thread is its only producer
     * @param nowNs   the agent's time
     * @param limit   most packets to move, at least 1
     * @return number of packets handled, 0 to {@code limit}; dropped ones count, it is the work done
     */
    int poll(OneToOneRingBuffer ingress, long nowNs, int limit);

    /**
     * Takes packets from a ring and sends them, in order. What the link can't take now stays in the ring.
     *
     * @param egress where packets come from; this thread is its only consumer
     * @param nowNs  the agent's time
     * @param limit  most packets to take, at least 1
     * @return number of packets taken, 0 to {@code limit}; dropped ones count, it is the work done
     */
    int flush(OneToOneRingBuffer egress, long nowNs, int limit);

    /**
     * {@return whether the device was removed: nothing will ever be moved again, and the agent says so} A wire that ends
     * in software has none.
     */
    default boolean isGone()
    {
        return false;
    }

    /**
     * Visits what this link counts; the same counters in the same order at each call.
     *
     * @param visitor takes them
     */
    default void visitCounters(final CounterVisitor visitor)
    {
    }

    /** Gives back what the link holds; afterwards both moves return 0. Closing twice is no fault. */
    @Override
    void close();
}
