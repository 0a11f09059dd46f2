// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.wire.gquic.GquicVersion;

/**
 * How a core of gQUIC behaves, and how much memory it takes. Fluent; must not change once a core was made from it.
 *
 * <pre>
 *  memory = sessions x 4.7 KiB                                connections: keys, packets that are not acknowledged
 *         + handshakes x (cryptoInLength + cryptoOutLength)     20 KiB: messages of those in their handshake
 *         + streams x (256 + streamWindow + sendBufferLength)   24 KiB: data not taken yet, data not acknowledged
 *         + (packets + earlyPackets) x 1.5 KiB                  that wait for their hash, and for their keys
 * </pre>
 */
public final class GquicConfig
{
    /** Longest datagram that is taken, and copied: Ethernet's 1500 less the headers of IPv4 and UDP. */
    public static final int MAX_DATAGRAM_LENGTH = 1472;

    /** Least window of a stream or connection: Chromium closes below it. */
    public static final int MIN_WINDOW = 1 << 14;

    private static final long NS_PER_SECOND = 1_000_000_000L;

    boolean isClient;
    int[] versions = {GquicVersion.Q044, GquicVersion.Q043, GquicVersion.Q039};
    int sessions = 1024;
    int handshakes = 1024;
    int packets = 256;
    int earlyPackets = 256;
    int earlyPacketsPerSession = 10;
    int cryptoInLength = 12 * 1024;
    int cryptoOutLength = 8 * 1024;
    int streams = 1024;
    int streamsPerSession = 16;
    int streamWindow = MIN_WINDOW;
    int connectionWindow = 3 * MIN_WINDOW / 2;
    int sendBufferLength = 1 << 13;
    int datagramLength = 1252;
    long handshakeTimeoutNs = 10 * NS_PER_SECOND;
    int idleSeconds = 30;
    int answersPerSecond = 1000;
    boolean publicResets = true;
    boolean zeroRtt = true;
    GquicTap tap;
    GquicKeyLog keyLog;

    /** The defaults: a server of all three versions for 1,024 connections. */
    public GquicConfig()
    {
    }

    /**
     * Sets the side: a core is a server's or a client's.
     *
     * @param client false by default
     * @return this
     */
    public GquicConfig client(final boolean client)
    {
        isClient = client;
        return this;
    }

    /**
     * Sets the versions: what a server takes, and the order in which it lists them; a client begins with the first and
     * falls back to any.
     *
     * @param preferred see {@link GquicVersion}, one to three
     * @return this
     */
    public GquicConfig versions(final int... preferred)
    {
        for (final int version : preferred)
        {
            if (!GquicVersion.isKnown(version))
            {
                throw new IllegalArgumentException("no such version: " + Integer.toHexString(version));
            }
        }
        versions = preferred.clone();
        positive(versions.length, "versions");
        return this;
    }

    /**
     * Sets how many connections there may be at once. At capacity a new one is refused: its hello is dropped.
     *
     * @param count at least 1
     * @return this
     */
    public GquicConfig sessions(final int count)
    {
        sessions = positive(count, "sessions");
        return this;
    }

    /**
     * Sets how many connections may be in their handshake at once; more are refused.
     *
     * @param count at least 1
     * @return this
     */
    public GquicConfig handshakes(final int count)
    {
        handshakes = positive(count, "handshakes");
        return this;
    }

    /**
     * Sets how many packets may wait for their hash. It is a duty cycle's work; more datagrams stay in the link.
     *
     * @param count at least 2
     * @return this
     */
    public GquicConfig packets(final int count)
    {
        if (count < 2)
        {
            throw new IllegalArgumentException("packets must be at least 2: " + count);
        }
        packets = count;
        return this;
    }

    /**
     * Sets how many packets that came before their keys may be kept; more are lost.
     *
     * @param count      for all connections, at least 1
     * @param perSession for one, at least 1
     * @return this
     */
    public GquicConfig earlyPackets(final int count, final int perSession)
    {
        earlyPackets = positive(count, "earlyPackets");
        earlyPacketsPerSession = positive(perSession, "earlyPackets of a session");
        return this;
    }

    /**
     * Sets how long all messages of a handshake may be together; a peer that sends more fails with error 59.
     *
     * @param in  octets that come, a multiple of 8, at least 4096: three CHLOs, or two REJs of which one has a chain
     * @param out octets that go out, a multiple of 8, at least 4096
     * @return this
     */
    public GquicConfig cryptoLengths(final int in, final int out)
    {
        if (in < 1 << 12 || out < 1 << 12 || ((in | out) & (Long.BYTES - 1)) != 0)
        {
            throw new IllegalArgumentException("cryptoLengths must be multiples of 8 from 4096: " + in + ", " + out);
        }
        cryptoInLength = in;
        cryptoOutLength = out;
        return this;
    }

    /**
     * Sets how many streams there may be.
     *
     * @param count      in all connections, at least 1; what comes for a peer's stream beyond it is not acknowledged,
     *                   and comes again
     * @param perSession of each side of a connection, 1 to 64 (MIDS); a peer with ten more than that fails with error
     *                   18: it may not know yet that some have ended
     * @return this
     */
    public GquicConfig streams(final int count, final int perSession)
    {
        if (perSession < 1 || perSession > Streams.MAX_PER_SESSION)
        {
            throw new IllegalArgumentException("streams of a session must be 1 to 64: " + perSession);
        }
        streams = positive(count, "streams");
        streamsPerSession = perSession;
        return this;
    }

    /**
     * Sets how much a peer may send ahead. There is memory for all of it.
     *
     * @param stream     octets of each stream (SFCW), a power of 2 from {@link #MIN_WINDOW}
     * @param connection octets of all streams together (CFCW), from {@link #MIN_WINDOW}
     * @return this
     */
    public GquicConfig windows(final int stream, final int connection)
    {
        if (stream < MIN_WINDOW || connection < MIN_WINDOW || (stream & (stream - 1)) != 0)
        {
            throw new IllegalArgumentException("windows must be at least 16384, that of a stream a power of 2: " +
                stream + ", " + connection);
        }
        streamWindow = stream;
        connectionWindow = connection;
        return this;
    }

    /**
     * Sets how much of a stream may be under way: taken from its user and not acknowledged.
     *
     * @param length octets, a power of 2 from 2048
     * @return this
     */
    public GquicConfig sendBufferLength(final int length)
    {
        if (length < 2048 || (length & (length - 1)) != 0)
        {
            throw new IllegalArgumentException("sendBufferLength must be a power of 2 from 2048: " + length);
        }
        sendBufferLength = length;
        return this;
    }

    /**
     * Sets the longest datagram to send.
     *
     * @param length 1200 to {@link #MAX_DATAGRAM_LENGTH}; quic-go's 1252 by default
     * @return this
     */
    public GquicConfig datagramLength(final int length)
    {
        if (length < 1200 || length > MAX_DATAGRAM_LENGTH)
        {
            throw new IllegalArgumentException("datagramLength must be 1200 to 1472: " + length);
        }
        datagramLength = length;
        return this;
    }

    /**
     * Sets how long a handshake may take.
     *
     * @param ns 10 s by default
     * @return this
     */
    public GquicConfig handshakeTimeoutNs(final long ns)
    {
        handshakeTimeoutNs = ns;
        return this;
    }

    /**
     * Sets after how much silence a connection ends; the lower one of both sides' counts.
     *
     * @param seconds at least 1; 30 by default
     * @return this
     */
    public GquicConfig idleSeconds(final int seconds)
    {
        idleSeconds = positive(seconds, "idleSeconds");
        return this;
    }

    /**
     * Sets how many version negotiation packets and public resets a server sends at most.
     *
     * @param perSecond   of both together, at least 1
     * @param sendsResets whether it sends public resets at all
     * @return this
     */
    public GquicConfig statelessAnswers(final int perSecond, final boolean sendsResets)
    {
        answersPerSecond = positive(perSecond, "answersPerSecond");
        publicResets = sendsResets;
        return this;
    }

    /**
     * Sets whether data under initial keys is sent (client) or delivered before the handshake is confirmed (server).
     * Such data can be replayed, unless the server remembers nonces.
     *
     * @param on true by default
     * @return this
     */
    public GquicConfig zeroRtt(final boolean on)
    {
        zeroRtt = on;
        return this;
    }

    /**
     * Sets who sees all packets and messages.
     *
     * @param value null, the default, for nobody
     * @return this
     */
    public GquicConfig tap(final GquicTap value)
    {
        tap = value;
        return this;
    }

    /**
     * Sets who is told all keys: whoever has them can read and forge what the connections carry.
     *
     * @param log null, the default, for nobody
     * @return this
     */
    public GquicConfig keyLog(final GquicKeyLog log)
    {
        keyLog = log;
        return this;
    }

    /** {@return whether this side has a version} */
    boolean speaks(final int version)
    {
        for (final int own : versions)
        {
            if (own == version)
            {
                return true;
            }
        }
        return false;
    }

    private static int positive(final int count, final String what)
    {
        if (count < 1)
        {
            throw new IllegalArgumentException(what + " must be at least 1: " + count);
        }
        return count;
    }
}
