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

    /**
     * What two hosts and ports have for ever: 64 bits of a pseudo-random function, half of them F of RFC 6528 3, half
     * of them what is added to the clock of timestamps, RFC 7323 7.1. Who sees one half learns nothing of the other.
     */
    long secretOf(final FourTuple tuple)
    {
        return tuple.hash24(secrets.isn0, secrets.isn1);
    }

    /** RFC 6528 3: ISN = M + F(local address and port, remote address and port, secret). */
    static int next(final long secret, final long nowNs)
    {
        return (int)(nowNs >> TICK_SHIFT) + (int)secret;
    }

    /**
     * What is added to the millisecond clock in timestamps, RFC 7323 5.4. Its low bits are 0, so that those of a
     * timestamp are the clock's, or what a cookie has put there: see {@link SynCookies}.
     */
    static int timestampOffset(final long secret)
    {
        return (int)(secret >>> Integer.SIZE) & ~SynCookies.TS_OPTION_MASK;
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
}
