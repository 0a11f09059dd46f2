// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

import dev.trishake.session.FourTuple;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

import java.net.InetSocketAddress;

/**
 * Many byte-stream connections behind one object: the kernel's sockets of one epoll instance or selector, a simulated
 * network, our own TCP core. It feeds the agent's ingress ring and takes from its egress ring; records are those of
 * {@link StreamRecord}.
 *
 * <pre>
 *  listen ─► accept queue ─poll─► OPENED ─► DATA ... END ─► CLOSED          (ingress ring)
 *  connect ────────────────poll─►   │
 *                                   └──── DATA ... SHUTDOWN, CLOSE, ABORT ◄── (egress ring, flush)
 * </pre>
 *
 * <h2>A connection</h2>
 * It is a handle, positive, whose low 32 bits are a slot, 0 to {@link #capacity()} - 1, and whose high 32 bits make it
 * good for this connection only. It begins with OPENED, or with {@link #connect}, and ends with CLOSED from the link or
 * with CLOSE or ABORT from its user, whichever comes first: afterwards nothing comes for it but what was in the ring
 * already, and what is asked for it is ignored. CLOSED with {@link StreamResult#OK} comes when both sides have ended
 * (END came, SHUTDOWN was taken and all before it was written).
 *
 * <h2>Input</h2>
 * The link reads at most {@link StreamCredits#inputCredit} bytes of a connection, one DATA record of it in a
 * {@link #poll}. With a credit of 0 the connection is paused, at the cost of nothing, until {@link #resume}: its bytes
 * stay in the kernel, whose window closes. END comes behind the last byte.
 *
 * <h2>Output</h2>
 * {@link #flush} always takes a DATA record: what the socket does not take is kept in that connection's bounded buffer.
 * So a user puts no more than {@link #outputCredit} into the egress ring, less what a flush has not taken yet; a
 * connection given more is aborted and counted, it is its user's error. A connection whose user was told less than half
 * of {@link #outputBufferLength()} gets WRITABLE once its credit is at least that.
 *
 * <h2>Accepting</h2>
 * A connection leaves the accept queue only when its OPENED is claimed: while the ring is full, all slots are in use or
 * {@link StreamCredits#acceptCredit} is 0 it stays there and the kernel's queue fills. Where descriptors or memory have
 * run out, accepting pauses as in {@link Acceptor}.
 *
 * <p>Nothing a peer does and nothing found in a ring makes a link throw. {@link #listen} and the constructor belong to
 * set-up and may; all else is called on the agent's thread, never waits and allocates nothing where the JDK does not.
 */
public interface StreamLink extends AutoCloseable
{
    /**
     * Begins to listen. For set-up: allocates.
     *
     * @param address one of ours; port 0 lets the system choose
     * @param backlog length of the accept queue
     * @return the listener, 0 or more
     * @throws ListenException when it can't be; its message is one sentence that says what to do
     */
    int listen(InetSocketAddress address, int backlog);

    /**
     * {@return where a listener listens, with the port that was chosen}
     *
     * @param listener as {@link #listen} returned
     */
    InetSocketAddress localAddress(int listener);

    /**
     * Stops to listen: connections in the accept queue are reset, those that were handed over live on.
     *
     * @param listener as {@link #listen} returned
     * @param nowNs    the agent's time
     */
    void unlisten(int listener, long nowNs);

    /**
     * Begins to open a connection; OPENED or CLOSED will come. Nothing may be sent before OPENED.
     *
     * @param tuple both sides; a local port of 0 is chosen by the system, so is a local address of 0
     * @param nowNs the agent's time
     * @return its handle, positive; negative {@link StreamResult#NO_CAPACITY}, ADDRESS_IN_USE, UNREACHABLE,
     * BACK_PRESSURED
     */
    long connect(FourTuple tuple, long nowNs);

    /**
     * Moves what has happened into a ring: OPENED, DATA, END, CLOSED and WRITABLE records, each connection's in order,
     * no connection before another for long. What the ring has no room for stays and comes in a later call.
     *
     * @param ingress where records go; this thread is its only producer
     * @param nowNs   the agent's time
     * @param limit   most records to move, at least 1
     * @return work done: records moved, and what else took time
     */
    int poll(OneToOneRingBuffer ingress, long nowNs, int limit);

    /**
     * Takes records from a ring, in order: DATA, SHUTDOWN, CLOSE and ABORT. All of them are taken, whether their
     * sockets are writable or not, up to the limit. Records of connections that are gone and of other types are dropped
     * and counted.
     *
     * @param egress where records come from; this thread is its only consumer
     * @param nowNs  the agent's time
     * @param limit  most records to take, at least 1
     * @return records taken, 0 to {@code limit}
     */
    int flush(OneToOneRingBuffer egress, long nowNs, int limit);

    /**
     * Says that the input credit of a connection, which was 0 when the link asked, may not be 0 any more.
     *
     * @param handle of the connection
     */
    void resume(long handle);

    /** Says that {@link StreamCredits#acceptCredit}, which was 0 when the link asked, may not be 0 any more. */
    void resumeAccepting();

    /**
     * {@return how many bytes of DATA this connection can take, counting what flushes took until now; 0 when it is not
     * open, was shut down or is gone} A buffer that this promises is kept for the connection until it was used.
     *
     * @param handle of the connection
     */
    int outputCredit(long handle);

    /**
     * {@return the greatest {@link #outputCredit}; a flight that must go in one is at most half of it}
     */
    int outputBufferLength();

    /**
     * {@return slots: most connections at once}
     */
    int capacity();

    /**
     * {@return slots in use, those of connections included whose user has closed them and whose last bytes are not yet
     * written}
     */
    int active();

    /**
     * {@return whether the device below was removed: nothing will ever be moved again, and the agent says so}
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
    void visitCounters(CounterVisitor visitor);

    /**
     * Resets what is open, stops to listen and gives back what the link holds; afterwards both moves return 0. Closing
     * twice is no fault. A user that wants its bytes delivered closes its connections and polls until
     * {@link #active()} is 0.
     */
    @Override
    void close();
}
