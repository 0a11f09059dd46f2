// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.crypto.hash.SipHash;
import dev.trishake.session.FourTuple;

/** Numbers to begin with that nobody can guess: initial sequence numbers, timestamp offsets, local ports. */
final class Isn
{
    /** RFC 9293 3.4.1 MUST-8: a tick about every 4 us. */
    private static final int TICK_SHIFT = 12;
    private static final long NS_PER_MS = 1_000_000;

    private final Secrets secrets;

    Isn(final Secrets secrets)
    {
        this.secrets = secrets;
    }

    /** RFC 6528 3: ISN = M + F(local address and port, remote address and port, secret). */
    int next(final FourTuple tuple, final long nowNs)
    {
        return (int)(nowNs >> TICK_SHIFT) + (int)hash(tuple, secrets.isn0, secrets.isn1, true);
    }

    /**
     * What is added to the millisecond clock in timestamps, RFC 7323 5.4. Its low bits are 0, so that those of a
     * timestamp are the clock's, or what a cookie has put there: see {@link SynCookies}.
     */
    int timestampOffset(final FourTuple tuple)
    {
        return (int)hash(tuple, secrets.timestamp0, secrets.timestamp1, false) & ~SynCookies.TS_OPTION_MASK;
    }

    /** Where the search for a free local port begins, RFC 6056 3.3.3. */
    int portOffset(final FourTuple tuple)
    {
        return (int)SipHash.hash24(
            secrets.port0, secrets.port1, tuple.localHigh(), tuple.localLow(), tuple.remoteHigh(), tuple.remoteLow(),
            tuple.remotePort());
    }

    static int milliseconds(final long nowNs)
    {
        return (int)(nowNs / NS_PER_MS);
    }

    private static long hash(final FourTuple tuple, final long k0, final long k1, final boolean withPorts)
    {
        final long ports = withPorts ? (long)tuple.localPort() << Short.SIZE | tuple.remotePort() : 0;
        return tuple.isIpv4() ?
            SipHash.hash24(k0, k1, tuple.localLow() << Integer.SIZE | (tuple.remoteLow() & 0xffff_ffffL), ports) :
            SipHash.hash24(
                k0, k1, tuple.localHigh(), tuple.localLow(), tuple.remoteHigh(), tuple.remoteLow(), ports);
    }
}
