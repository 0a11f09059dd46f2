// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.session;

import dev.trishake.crypto.hash.SipHash;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Whose packet it is: local and remote address and port, of IPv6 or IPv4. One instance is set anew for every packet;
 * what is stored is five words:
 *
 * <pre>
 *  0            8            16           24           32                      40
 * +------------+------------+------------+------------+-----------------------+
 * |      local address      |      remote address     |         ports         |
 * |    high    |    low     |    high    |    low     |  0  | local | remote  |
 * +------------+------------+------------+------------+-----------------------+
 * </pre>
 *
 * <p>Addresses are numbers: the first octet on the wire is the highest. An IPv4 address is stored IPv4-mapped,
 * {@code ::ffff:a.b.c.d} (RFC 4291 2.5.5.2). Such an address in an IPv6 header is no IPv4 session's: it must not be on
 * the wire at all (RFC 6890 2.2.3, table 20), and whoever reads the header drops it.
 */
public final class FourTuple
{
    /** Length of a stored tuple. */
    public static final int LENGTH = 40;

    private static final int LOCAL_HIGH_OFFSET = 0;
    private static final int LOCAL_LOW_OFFSET = 8;
    private static final int REMOTE_HIGH_OFFSET = 16;
    private static final int REMOTE_LOW_OFFSET = 24;
    private static final int PORTS_OFFSET = 32;

    private static final long IPV4_MAPPED = 0xffff_0000_0000L;
    private static final long IPV4_MASK = 0xffff_ffffL;
    private static final int PORT_MASK = 0xffff;

    private long localHigh;
    private long localLow;
    private long remoteHigh;
    private long remoteLow;
    private long ports;

    /** All addresses and ports 0. */
    public FourTuple()
    {
    }

    /**
     * Sets our side, IPv6.
     *
     * @param high first eight octets of the address
     * @param low  last eight
     * @param port 0 to 65535
     * @return this
     */
    public FourTuple local(final long high, final long low, final int port)
    {
        assert isPort(port) : "no port: " + port;
        localHigh = high;
        localLow = low;
        ports = (long)port << Short.SIZE | (ports & PORT_MASK);
        return this;
    }

    /**
     * Sets our side, IPv4.
     *
     * @param address four octets
     * @param port    0 to 65535
     * @return this
     */
    public FourTuple localIpv4(final int address, final int port)
    {
        return local(0, IPV4_MAPPED | (address & IPV4_MASK), port);
    }

    /**
     * Sets the peer's side, IPv6.
     *
     * @param high first eight octets of the address
     * @param low  last eight
     * @param port 0 to 65535
     * @return this
     */
    public FourTuple remote(final long high, final long low, final int port)
    {
        assert isPort(port) : "no port: " + port;
        remoteHigh = high;
        remoteLow = low;
        ports = (ports & ~PORT_MASK) | port;
        return this;
    }

    /**
     * Sets the peer's side, IPv4.
     *
     * @param address four octets
     * @param port    0 to 65535
     * @return this
     */
    public FourTuple remoteIpv4(final int address, final int port)
    {
        return remote(0, IPV4_MAPPED | (address & IPV4_MASK), port);
    }

    /**
     * {@return first eight octets of our address}
     */
    public long localHigh()
    {
        return localHigh;
    }

    /**
     * {@return last eight octets of our address; the lower half of it is the address in IPv4}
     */
    public long localLow()
    {
        return localLow;
    }

    /**
     * {@return our port, 0 to 65535}
     */
    public int localPort()
    {
        return (int)(ports >>> Short.SIZE);
    }

    /**
     * {@return first eight octets of the peer's address}
     */
    public long remoteHigh()
    {
        return remoteHigh;
    }

    /**
     * {@return last eight octets of the peer's address; the lower half of it is the address in IPv4}
     */
    public long remoteLow()
    {
        return remoteLow;
    }

    /**
     * {@return the peer's port, 0 to 65535}
     */
    public int remotePort()
    {
        return (int)ports & PORT_MASK;
    }

    /**
     * {@return whether the addresses are IPv4}
     */
    public boolean isIpv4()
    {
        return localHigh == 0 && (localLow & ~IPV4_MASK) == IPV4_MAPPED;
    }

    /**
     * {@return both sides, like {@code 192.0.2.1:443 <- 198.51.100.7:1025}}. Allocates: for messages only.
     */
    @Override
    public String toString()
    {
        final StringBuilder text = new StringBuilder();
        appendSide(text, localHigh, localLow, localPort());
        text.append(" <- ");
        appendSide(text, remoteHigh, remoteLow, remotePort());
        return text.toString();
    }

    long hash(final long k0, final long k1)
    {
        return SipHash.hash13(k0, k1, localHigh, localLow, remoteHigh, remoteLow, ports);
    }

    /** Compares without branches between the words: tuples that come here are nearly always equal. */
    boolean isStoredAt(final DirectBuffer buffer, final int offset)
    {
        return ((localHigh ^ buffer.getLong(offset + LOCAL_HIGH_OFFSET)) |
            (localLow ^ buffer.getLong(offset + LOCAL_LOW_OFFSET)) |
            (remoteHigh ^ buffer.getLong(offset + REMOTE_HIGH_OFFSET)) |
            (remoteLow ^ buffer.getLong(offset + REMOTE_LOW_OFFSET)) |
            (ports ^ buffer.getLong(offset + PORTS_OFFSET))) == 0;
    }

    /**
     * Writes the tuple as it is stored.
     *
     * @param buffer where to
     * @param offset where its {@link #LENGTH} bytes begin
     */
    public void store(final MutableDirectBuffer buffer, final int offset)
    {
        buffer.putLong(offset + LOCAL_HIGH_OFFSET, localHigh);
        buffer.putLong(offset + LOCAL_LOW_OFFSET, localLow);
        buffer.putLong(offset + REMOTE_HIGH_OFFSET, remoteHigh);
        buffer.putLong(offset + REMOTE_LOW_OFFSET, remoteLow);
        buffer.putLong(offset + PORTS_OFFSET, ports);
    }

    /**
     * Reads a stored tuple.
     *
     * @param buffer where it is
     * @param offset where its {@link #LENGTH} bytes begin
     */
    public void load(final DirectBuffer buffer, final int offset)
    {
        localHigh = buffer.getLong(offset + LOCAL_HIGH_OFFSET);
        localLow = buffer.getLong(offset + LOCAL_LOW_OFFSET);
        remoteHigh = buffer.getLong(offset + REMOTE_HIGH_OFFSET);
        remoteLow = buffer.getLong(offset + REMOTE_LOW_OFFSET);
        ports = buffer.getLong(offset + PORTS_OFFSET);
    }

    private static boolean isPort(final int port)
    {
        return (port & ~PORT_MASK) == 0;
    }

    private static void appendSide(final StringBuilder text, final long high, final long low, final int port)
    {
        if (high == 0 && (low & ~IPV4_MASK) == IPV4_MAPPED)
        {
            for (int shift = 24; shift >= 0; shift -= Byte.SIZE)
            {
                text.append(low >>> shift & 0xff).append(shift == 0 ? "" : ".");
            }
        }
        else
        {
            text.append('[');
            for (int shift = 112; shift >= 0; shift -= Short.SIZE)
            {
                final long half = shift >= Long.SIZE ? high : low;
                text.append(Long.toHexString(half >>> shift & 0xffff)).append(shift == 0 ? "]" : ":");
            }
        }
        text.append(':').append(port);
    }
}
