// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

/**
 * What a {@link TcpCore} is made with; Linux's names and defaults where it has them. It must not change once a core was
 * made with it. Memory is a sum: for each connection, half-open one and TIME-WAIT its record (256, 64 and 48 bytes),
 * some 90 bytes of table, and 16 for each timer (three, one, one); and the buffers.
 */
public final class TcpConfig
{
    /** As many addresses as a core may have. */
    public static final int MAX_ADDRESSES = 16;

    int connections = 4096;
    int halfOpen = 2048;
    int timeWait = 131_072;
    int listeners = 64;
    int buffers = 1024;
    int bufferLength = 65_536;
    int somaxconn = 4096;
    int mtu = 1500;
    int windowScale = 8;
    boolean timestamps = true;
    boolean sack = true;
    int synRetries = 6;
    int synLinearTimeouts = 4;
    int synAckRetries = 5;
    int retries = 15;
    int orphanRetries = 8;
    SynCookieMode synCookies = SynCookieMode.ON_OVERFLOW;
    long cookieEpochNs = 32_000_000_000L;
    int cookieChecksPerSecond = 1_000_000;
    int resetsPerSecond = 10_000;
    boolean abortOnOverflow = false;
    boolean rfc1337 = true;
    long timeWaitNs = 60_000_000_000L;
    long finTimeoutNs = 60_000_000_000L;
    long delayedAckNs = 40_000_000L;
    long rtoInitialNs = 1_000_000_000L;
    long rtoMinNs = 200_000_000L;
    long rtoMaxNs = 120_000_000_000L;
    long keepAliveIdleNs = 7_200_000_000_000L;
    long keepAliveIntervalNs = 75_000_000_000L;
    int keepAliveProbes = 9;
    long invalidRateLimitNs = 500_000_000L;
    int challengeAckLimit = Integer.MAX_VALUE;
    boolean trustPartialChecksums = false;
    CookieKeys cookieKeys;
    final long[] addresses = new long[2 * MAX_ADDRESSES];
    final long secret0;
    final long secret1;
    int addressCount;

    /**
     * Begins with the defaults.
     *
     * @param secret0 first half of a random secret, from which all keys are derived: whoever knows it can guess initial
     *                sequence numbers and cookies
     * @param secret1 second half
     */
    public TcpConfig(final long secret0, final long secret1)
    {
        this.secret0 = secret0;
        this.secret1 = secret1;
    }

    /**
     * {@return this, with one more address of ours}. Without any, every unicast address that packets are sent to is.
     *
     * @param high first eight octets
     * @param low  last eight; IPv4: see {@link dev.trishake.session.FourTuple}
     */
    public TcpConfig address(final long high, final long low)
    {
        if (addressCount == MAX_ADDRESSES)
        {
            throw new IllegalArgumentException("more than " + MAX_ADDRESSES + " addresses");
        }
        addresses[2 * addressCount] = high;
        addresses[2 * addressCount++ + 1] = low;
        return this;
    }

    /**
     * {@return this, with one more IPv4 address of ours}
     *
     * @param address four octets
     */
    public TcpConfig addressIpv4(final int address)
    {
        return address(0, TcpAddress.mapped(address));
    }

    /**
     * {@return this, with these keys of SYN cookies}; without them keys are derived from the secret.
     *
     * @param keys that other hosts may have too
     */
    public TcpConfig cookieKeys(final CookieKeys keys)
    {
        cookieKeys = keys;
        return this;
    }

    /**
     * {@return this, with room for so many connections at once, half-open ones and TIME-WAITs not among them}
     *
     * @param value number
     */
    public TcpConfig connections(final int value)
    {
        connections = checked("connections", value, 1, 1 << 24);
        return this;
    }

    /**
     * {@return this, with room for so many half-open connections of all listeners ({@code tcp_max_syn_backlog})}
     *
     * @param value number
     */
    public TcpConfig halfOpen(final int value)
    {
        halfOpen = checked("halfOpen", value, 1, 1 << 24);
        return this;
    }

    /**
     * {@return this, with room for so many TIME-WAITs ({@code tcp_max_tw_buckets})}
     *
     * @param value number
     */
    public TcpConfig timeWait(final int value)
    {
        timeWait = checked("timeWait", value, 1, 1 << 24);
        return this;
    }

    /**
     * {@return this, with room for so many listeners}
     *
     * @param value number
     */
    public TcpConfig listeners(final int value)
    {
        listeners = checked("listeners", value, 1, 1 << 14);
        return this;
    }

    /**
     * {@return this, with so many buffers: a connection takes one each way while it has data that way}
     *
     * @param value number; together at most 2 GiB
     */
    public TcpConfig buffers(final int value)
    {
        buffers = checked("buffers", value, 1, 1 << 20);
        return this;
    }

    /**
     * {@return this, with buffers of this length: it bounds the receive window and what is sent and not acknowledged}
     *
     * @param value a power of two
     */
    public TcpConfig bufferLength(final int value)
    {
        bufferLength = checked("bufferLength", value, 4096, 1 << 24);
        return this;
    }

    /**
     * {@return this, with a limit of what a listener's backlog can be ({@code somaxconn})}
     *
     * @param value connections
     */
    public TcpConfig somaxconn(final int value)
    {
        somaxconn = checked("somaxconn", value, 1, 1 << 20);
        return this;
    }

    /**
     * {@return this, with this MTU of the link: we tell a maximum segment size 40 less, in IPv6 60 less}
     *
     * @param value bytes
     */
    public TcpConfig mtu(final int value)
    {
        mtu = checked("mtu", value, 576, 65535);
        return this;
    }

    /**
     * {@return this, with this shift of our receive window}
     *
     * @param value 0 to 14
     */
    public TcpConfig windowScale(final int value)
    {
        windowScale = checked("windowScale", value, 0, 14);
        return this;
    }

    /**
     * {@return this, with timestamps where the peer has them ({@code tcp_timestamps}), or without}
     *
     * @param value true to use them
     */
    public TcpConfig timestamps(final boolean value)
    {
        timestamps = value;
        return this;
    }

    /**
     * {@return this, with selective acknowledgments where the peer takes them ({@code tcp_sack}), or without}
     *
     * @param value true to send them
     */
    public TcpConfig sack(final boolean value)
    {
        sack = value;
        return this;
    }

    /**
     * {@return this, with a SYN sent again so many times ({@code tcp_syn_retries})}
     *
     * @param value times
     */
    public TcpConfig synRetries(final int value)
    {
        synRetries = checked("synRetries", value, 0, 32);
        return this;
    }

    /**
     * {@return this, with so many of them before the wait doubles ({@code tcp_syn_linear_timeouts})}
     *
     * @param value times
     */
    public TcpConfig synLinearTimeouts(final int value)
    {
        synLinearTimeouts = checked("synLinearTimeouts", value, 0, 32);
        return this;
    }

    /**
     * {@return this, with a SYN-ACK sent again so many times ({@code tcp_synack_retries})}
     *
     * @param value times
     */
    public TcpConfig synAckRetries(final int value)
    {
        synAckRetries = checked("synAckRetries", value, 0, 32);
        return this;
    }

    /**
     * {@return this, with data sent again so many times before the connection is given up ({@code tcp_retries2})}
     *
     * @param value times
     */
    public TcpConfig retries(final int value)
    {
        retries = checked("retries", value, 1, 255);
        return this;
    }

    /**
     * {@return this, with the same for a connection that its user has closed ({@code tcp_orphan_retries})}
     *
     * @param value times
     */
    public TcpConfig orphanRetries(final int value)
    {
        orphanRetries = checked("orphanRetries", value, 1, 255);
        return this;
    }

    /**
     * {@return this, with SYN cookies like this ({@code tcp_syncookies})}
     *
     * @param value when
     */
    public TcpConfig synCookies(final SynCookieMode value)
    {
        synCookies = value;
        return this;
    }

    /**
     * {@return this, with cookie keys changed this often, where no {@link #cookieKeys} are given}
     *
     * @param value ns
     */
    public TcpConfig cookieEpochNs(final long value)
    {
        cookieEpochNs = checked("cookieEpochNs", value, 1_000_000_000L, 3_600_000_000_000L);
        return this;
    }

    /**
     * {@return this, with so many cookies checked in a second: bounds how fast they can be guessed}
     *
     * @param value checks
     */
    public TcpConfig cookieChecksPerSecond(final int value)
    {
        cookieChecksPerSecond = checked("cookieChecksPerSecond", value, 1, Integer.MAX_VALUE);
        return this;
    }

    /**
     * {@return this, with so many segments for no connection answered with RST in a second}
     *
     * @param value segments
     */
    public TcpConfig resetsPerSecond(final int value)
    {
        resetsPerSecond = checked("resetsPerSecond", value, 1, Integer.MAX_VALUE);
        return this;
    }

    /**
     * {@return this, with RST in answer to the last ACK when the accept queue is full ({@code tcp_abort_on_overflow})}
     *
     * @param value false to drop that ACK
     */
    public TcpConfig abortOnOverflow(final boolean value)
    {
        abortOnOverflow = value;
        return this;
    }

    /**
     * {@return this, with RSTs ignored in TIME-WAIT ({@code tcp_rfc1337}, which is off in Linux)}
     *
     * @param value true to ignore them
     */
    public TcpConfig rfc1337(final boolean value)
    {
        rfc1337 = value;
        return this;
    }

    /**
     * {@return this, with a TIME-WAIT of this length: 2 MSL, RFC 9293 3.6.1}
     *
     * @param value ns
     */
    public TcpConfig timeWaitNs(final long value)
    {
        timeWaitNs = checked("timeWaitNs", value, 1, 1L << 50);
        return this;
    }

    /**
     * {@return this, with this limit of FIN-WAIT-2 after close ({@code tcp_fin_timeout})}
     *
     * @param value ns
     */
    public TcpConfig finTimeoutNs(final long value)
    {
        finTimeoutNs = checked("finTimeoutNs", value, 1, 1L << 50);
        return this;
    }

    /**
     * {@return this, with acknowledgments that wait up to this, RFC 9293 3.8.6.3}
     *
     * @param value ns
     */
    public TcpConfig delayedAckNs(final long value)
    {
        delayedAckNs = checked("delayedAckNs", value, 0, 500_000_000L);
        return this;
    }

    /**
     * {@return this, with this first timeout of data, SYN and SYN-ACK, RFC 6298 2.1}
     *
     * @param value ns
     */
    public TcpConfig rtoInitialNs(final long value)
    {
        rtoInitialNs = checked("rtoInitialNs", value, 1_000_000, 1L << 40);
        return this;
    }

    /**
     * {@return this, with this least retransmission timeout ({@code TCP_RTO_MIN})}
     *
     * @param value ns
     */
    public TcpConfig rtoMinNs(final long value)
    {
        rtoMinNs = checked("rtoMinNs", value, 1_000_000, 1L << 40);
        return this;
    }

    /**
     * {@return this, with this greatest retransmission timeout ({@code TCP_RTO_MAX}), RFC 6298 2.5}
     *
     * @param value ns
     */
    public TcpConfig rtoMaxNs(final long value)
    {
        rtoMaxNs = checked("rtoMaxNs", value, 60_000_000_000L, 1L << 40);
        return this;
    }

    /**
     * {@return this, with this silence before keepalive probes ({@code tcp_keepalive_time}); see {@link
     * TcpCore#keepAlive}}
     *
     * @param value ns
     */
    public TcpConfig keepAliveIdleNs(final long value)
    {
        keepAliveIdleNs = checked("keepAliveIdleNs", value, 1_000_000, 1L << 50);
        return this;
    }

    /**
     * {@return this, with this time between keepalive probes ({@code tcp_keepalive_intvl})}
     *
     * @param value ns
     */
    public TcpConfig keepAliveIntervalNs(final long value)
    {
        keepAliveIntervalNs = checked("keepAliveIntervalNs", value, 1_000_000, 1L << 50);
        return this;
    }

    /**
     * {@return this, with so many unanswered probes before the connection is given up ({@code tcp_keepalive_probes})}
     *
     * @param value probes
     */
    public TcpConfig keepAliveProbes(final int value)
    {
        keepAliveProbes = checked("keepAliveProbes", value, 1, 255);
        return this;
    }

    /**
     * {@return this, with this time between a connection's answers to unacceptable segments ({@code
     * tcp_invalid_ratelimit})}
     *
     * @param value ns
     */
    public TcpConfig invalidRateLimitNs(final long value)
    {
        invalidRateLimitNs = checked("invalidRateLimitNs", value, 0, 1L << 50);
        return this;
    }

    /**
     * {@return this, with about so many challenge ACKs a second altogether, a random number around it ({@code
     * tcp_challenge_ack_limit})}
     *
     * @param value ACKs; 2^31 - 1: no limit
     */
    public TcpConfig challengeAckLimit(final int value)
    {
        challengeAckLimit = checked("challengeAckLimit", value, 1, Integer.MAX_VALUE);
        return this;
    }

    /**
     * {@return this, with checksums of the pseudo header alone taken for good: only for links that carry nothing but
     * packets of the local kernel}
     *
     * @param value true to take them
     */
    public TcpConfig trustPartialChecksums(final boolean value)
    {
        trustPartialChecksums = value;
        return this;
    }

    private static int checked(final String name, final int value, final int least, final int greatest)
    {
        return (int)checked(name, (long)value, least, greatest);
    }

    private static long checked(final String name, final long value, final long least, final long greatest)
    {
        if (value < least || value > greatest)
        {
            throw new IllegalArgumentException(name + " must be " + least + " to " + greatest + ": " + value);
        }
        return value;
    }
}
