// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.crypto.hash.SipHash;
import dev.trishake.session.FourTuple;
import dev.trishake.wire.tcp.TcpOptionsDecoder;

/**
 * Initial sequence numbers that remember a SYN in the peer's stead, RFC 4987 3.6, laid out after FreeBSD's.
 *
 * <pre>
 *  without timestamps                           with timestamps
 *  31                8 7                  0     31                             3 2           0
 * +-------------------+--------------------+   +--------------------------------+-------------+
 * |        MAC        | ws 3 mss 3 sack ep |   |              MAC               | mss 2   ep  |  TSval: .. sack ws 4
 * +-------------------+--------------------+   +--------------------------------+-------------+
 * </pre>
 *
 * <p>The low bits are hidden by the highest ones. The MAC is SipHash-2-4 of the tuple, the peer's number and all option
 * bits, so that an ACK beside the right one finds other bits and a wrong MAC. A blind ACK passes with probability
 * 2<sup>-24</sup>, one that must name a timestamp with 2<sup>-29</sup>; {@link TcpConfig#cookieChecksPerSecond} bounds
 * the tries. {@code ep} is the lowest bit of the key's epoch; a cookie is good in its epoch and the next.
 */
final class SynCookies
{
    private static final int[] MSS = {216, 536, 1200, 1360, 1400, 1440, 1452, 1460};
    private static final int[] MSS_IPV4 = {536, 1300, 1440, 1460};
    private static final int[] MSS_IPV6 = {1220, 1420, 1440, 8940};
    private static final int[] SHIFTS = {TcpOptionsDecoder.NO_WINDOW_SCALE, 0, 1, 2, 4, 6, 7, 8};

    private static final int FLAG_BITS = 8;
    private static final int TS_FLAG_BITS = 3;
    /** The bits of TSval that hold options. */
    static final int TS_OPTION_MASK = 63;
    private static final int TS_SACK = 16;
    private static final int TS_NO_SHIFT = 15;
    private static final int WITH_TIMESTAMPS = 1 << 16;

    private final Host host;
    private final CookieKeys keys;
    private long cachedEpoch = Long.MIN_VALUE;
    private long cachedK0;
    private long cachedK1;
    private int tsVal;
    private int mss;
    private int shift;
    private boolean sack;

    SynCookies(final Host host)
    {
        this.host = host;
        this.keys = host.config.cookieKeys != null ? host.config.cookieKeys :
            new RotatingCookieKeys(host.secrets.cookie0, host.secrets.cookie1, host.config.cookieEpochNs);
    }

    /** How long a cookie may be good. */
    long lifeNs()
    {
        return 2 * keys.epochNs();
    }

    /** The cookie for the SYN in hand; {@link #tsVal()} goes with it when it has timestamps. */
    int make(final boolean timestamps, final int peerMss, final int peerShift, final boolean sack, final long nowNs)
    {
        final Segment segment = host.segment;
        final long epoch = keys.epoch(nowNs);
        final int epochBit = (int)epoch & 1;
        if (timestamps)
        {
            final int options = (sack ? TS_SACK : 0) |
                (peerShift == TcpOptionsDecoder.NO_WINDOW_SCALE ? TS_NO_SHIFT : peerShift);
            final int nowMs = Isn.milliseconds(nowNs);
            final int stamp = (nowMs & ~TS_OPTION_MASK) | options;
            tsVal = (stamp - nowMs > 0 ? stamp - TS_OPTION_MASK - 1 : stamp) +
                host.isn.timestampOffset(segment.tuple);
            final int flags = index(segment.isIpv4() ? MSS_IPV4 : MSS_IPV6, peerMss) << 1 | epochBit;
            final int mac = mac(epoch, segment.seq(), WITH_TIMESTAMPS | options << FLAG_BITS | flags);
            return join(mac, flags, TS_FLAG_BITS);
        }
        final int flags = index(SHIFTS, peerShift) << 5 | index(MSS, peerMss) << 2 | (sack ? 2 : 0) | epochBit;
        return join(mac(epoch, segment.seq(), flags), flags, FLAG_BITS);
    }

    int tsVal()
    {
        return tsVal;
    }

    /** Whether the ACK in hand brings back a cookie that is good; what it remembers is then to be had. */
    boolean isGood(final long nowNs)
    {
        final Segment segment = host.segment;
        final TcpOptionsDecoder options = segment.options();
        final int cookie = segment.ack() - 1;
        final int irs = segment.seq() - 1;
        final boolean timestamps = host.config.timestamps && options.hasTimestamps();
        final int bits = timestamps ? TS_FLAG_BITS : FLAG_BITS;
        final int flags = (cookie ^ (cookie >>> (Integer.SIZE - bits))) & ((1 << bits) - 1);
        final long now = keys.epoch(nowNs);
        final long epoch = ((now ^ flags) & 1) == 0 ? now : now - 1;
        if (timestamps)
        {
            final int told = options.tsEcr() & TS_OPTION_MASK;
            if (join(mac(epoch, irs, WITH_TIMESTAMPS | told << FLAG_BITS | flags), flags, bits) != cookie)
            {
                return false;
            }
            final int told4 = told & TS_NO_SHIFT;
            mss = (segment.isIpv4() ? MSS_IPV4 : MSS_IPV6)[flags >>> 1];
            shift = told4 == TS_NO_SHIFT ? TcpOptionsDecoder.NO_WINDOW_SCALE : told4;
            sack = (told & TS_SACK) != 0;
            return true;
        }
        if (join(mac(epoch, irs, flags), flags, bits) != cookie)
        {
            return false;
        }
        mss = MSS[(flags >>> 2) & 7];
        shift = SHIFTS[flags >>> 5];
        sack = (flags & 2) != 0;
        return true;
    }

    /** Largest size of the table that is not more than the peer's. */
    int mss()
    {
        return mss;
    }

    int shift()
    {
        return shift;
    }

    boolean sack()
    {
        return sack;
    }

    private static int join(final int mac, final int flags, final int bits)
    {
        return (mac & (-1 << bits)) | (flags ^ (mac >>> (Integer.SIZE - bits)));
    }

    private int mac(final long epoch, final int irs, final int flags)
    {
        if (epoch != cachedEpoch)
        {
            cachedEpoch = epoch;
            cachedK0 = keys.k0(epoch);
            cachedK1 = keys.k1(epoch);
        }
        final FourTuple tuple = host.segment.tuple;
        final long numbers =
            (long)irs << Integer.SIZE | (long)tuple.localPort() << Short.SIZE | tuple.remotePort();
        final long hash;
        if (tuple.isIpv4())
        {
            hash = SipHash.hash24(
                cachedK0, cachedK1, tuple.localLow() << Integer.SIZE | (tuple.remoteLow() & 0xffff_ffffL), numbers,
                flags);
        }
        else
        {
            final long inner = SipHash.hash24(
                cachedK0, cachedK1, tuple.localHigh(), tuple.localLow(), tuple.remoteHigh(), tuple.remoteLow(),
                numbers);
            hash = SipHash.hash24(cachedK0, cachedK1, inner, flags);
        }
        return (int)(hash ^ (hash >>> Integer.SIZE));
    }

    /** Where in an ascending table the largest entry not above value is; the first where all are above. */
    private static int index(final int[] table, final int value)
    {
        int index = table.length - 1;
        while (index > 0 && table[index] > value)
        {
            index--;
        }
        return index;
    }
}
