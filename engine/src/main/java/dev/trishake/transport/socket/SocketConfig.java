// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.socket;

import java.util.concurrent.TimeUnit;

/** How a link over kernel sockets is made; fluent, read once by the link's constructor. */
public final class SocketConfig
{
    private static final int DEFAULT_CONNECTIONS = 1024;
    private static final int DEFAULT_DATAGRAM_LENGTH = 2048;
    private static final int DEFAULT_RECEIVE_BUFFER_LENGTH = 1 << 21;
    private static final int DEFAULT_OUTPUT_BUFFER_LENGTH = 1 << 15;

    int connections = DEFAULT_CONNECTIONS;
    private int outputBuffers;
    int outputBufferLength = DEFAULT_OUTPUT_BUFFER_LENGTH;
    long closeTimeoutNs = TimeUnit.SECONDS.toNanos(60);
    private boolean reusePort;
    private boolean noDelay = true;
    private int deferAcceptS;
    private int busyPollUs;
    private int busyPollBudget;
    private boolean preferBusyPoll;
    private int datagramLength = DEFAULT_DATAGRAM_LENGTH;
    private int receiveBufferLength = DEFAULT_RECEIVE_BUFFER_LENGTH;

    /** With what is good for 1,024 connections. */
    public SocketConfig()
    {
    }

    /**
     * {@return this, with room for so many connections}
     *
     * @param connections at once, those included whose last bytes are being written; at least 1
     */
    public SocketConfig connections(final int connections)
    {
        this.connections = connections;
        return this;
    }

    /**
     * {@return this, with so many output buffers} A connection has one from the moment its output credit is asked until
     * what was sent has been taken by its socket.
     *
     * @param count less than 2 GiB together; 0 for one a connection
     */
    public SocketConfig outputBuffers(final int count)
    {
        this.outputBuffers = count;
        return this;
    }

    /**
     * {@return this, with output buffers of this length} It is a connection's output credit when its socket is slow.
     *
     * @param length bytes: the longest flight that a user sends at once, at least
     */
    public SocketConfig outputBufferLength(final int length)
    {
        this.outputBufferLength = length;
        return this;
    }

    /**
     * {@return this, with so much time for the last bytes of a connection that its user has closed} Then it is reset.
     *
     * @param timeoutNs at least 0
     */
    public SocketConfig closeTimeoutNs(final long timeoutNs)
    {
        this.closeTimeoutNs = timeoutNs;
        return this;
    }

    /**
     * {@return this, sharing its ports with other links or not} The kernel then spreads connections and datagrams over
     * them (SO_REUSEPORT).
     *
     * @param on whether to share
     */
    public SocketConfig reusePort(final boolean on)
    {
        this.reusePort = on;
        return this;
    }

    /**
     * {@return this, sending small segments at once or not} (TCP_NODELAY; on unless said otherwise, because a handshake
     * waits for its answer.)
     *
     * @param on whether to send at once
     */
    public SocketConfig noDelay(final boolean on)
    {
        this.noDelay = on;
        return this;
    }

    /**
     * {@return this, accepting connections only when they have sent something} (TCP_DEFER_ACCEPT, where there is it.)
     *
     * @param seconds after which it is accepted all the same; 0 for at once
     */
    public SocketConfig deferAcceptS(final int seconds)
    {
        this.deferAcceptS = seconds;
        return this;
    }

    /**
     * {@return this, asking the network card itself when there is nothing to read} (SO_BUSY_POLL, where there is it;
     * more than net.core.busy_read needs CAP_NET_ADMIN.)
     *
     * @param microseconds how long; 0 for not at all
     */
    public SocketConfig busyPollUs(final int microseconds)
    {
        this.busyPollUs = microseconds;
        return this;
    }

    /**
     * {@return this, asking the network card for so many packets at once} (SO_BUSY_POLL_BUDGET, where there is it; more
     * than the system's 8 needs CAP_NET_ADMIN.)
     *
     * @param packets how many; 0 for the system's
     */
    public SocketConfig busyPollBudget(final int packets)
    {
        this.busyPollBudget = packets;
        return this;
    }

    /**
     * {@return this, keeping the network card's interrupts off as long as it is asked often enough, or not}
     * (SO_PREFER_BUSY_POLL, where there is it; needs CAP_NET_ADMIN, and napi_defer_hard_irqs and gro_flush_timeout of
     * the card.)
     *
     * @param on whether to
     */
    public SocketConfig preferBusyPoll(final boolean on)
    {
        this.preferBusyPoll = on;
        return this;
    }

    /**
     * {@return this, with datagrams of up to this length}
     *
     * @param length bytes, 1 to 65,507
     */
    public SocketConfig datagramLength(final int length)
    {
        this.datagramLength = length;
        return this;
    }

    /**
     * {@return this, with so much room for datagrams that wait in the kernel, in each socket}
     *
     * @param length bytes; the system's limit is net.core.rmem_max
     */
    public SocketConfig receiveBufferLength(final int length)
    {
        this.receiveBufferLength = length;
        return this;
    }

    /**
     * {@return length of the longest datagram}
     */
    public int datagramLength()
    {
        return datagramLength;
    }

    /**
     * {@return how many bytes of datagrams wait in the kernel}
     */
    public int receiveBufferLength()
    {
        return receiveBufferLength;
    }

    int outputBuffers()
    {
        return outputBuffers == 0 ? connections : outputBuffers;
    }

    /**
     * {@return whether ports are shared}
     */
    public boolean reusePort()
    {
        return reusePort;
    }

    /**
     * {@return whether small segments go at once}
     */
    public boolean noDelay()
    {
        return noDelay;
    }

    /**
     * {@return after how many seconds a silent connection is accepted, 0 for at once}
     */
    public int deferAcceptS()
    {
        return deferAcceptS;
    }

    /**
     * {@return how many microseconds to ask the network card, 0 for not at all}
     */
    public int busyPollUs()
    {
        return busyPollUs;
    }

    /**
     * {@return how many packets the network card is asked at once, 0 for the system's number}
     */
    public int busyPollBudget()
    {
        return busyPollBudget;
    }

    /**
     * {@return whether asking the network card goes before its interrupts}
     */
    public boolean preferBusyPoll()
    {
        return preferBusyPoll;
    }

    /**
     * {@return most connections at once}
     */
    public int connections()
    {
        return connections;
    }
}
