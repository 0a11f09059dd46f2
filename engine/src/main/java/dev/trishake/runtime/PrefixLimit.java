// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.crypto.hash.SipHash;
import dev.trishake.session.FourTuple;

/**
 * Bounds how many handshakes are under way for one source: an IPv4 /24 or an IPv6 /56. Sources are counted in a table
 * of fixed size under a keyed hash; two that meet there are counted together, which errs on the safe side.
 */
public final class PrefixLimit
{
    private static final int COUNTERS = 1 << 14;
    private static final long IPV4_PREFIX = 0xffff_ffff_ffff_ff00L;
    private static final long IPV6_PREFIX = 0xffff_ffff_ffff_ff00L;

    private final int limit;
    private final long k0;
    private final long k1;
    private final int[] counts = new int[COUNTERS];

    /**
     * Begins with none.
     *
     * @param limit at most so many for one source; 0: any number
     * @param k0    first half of a secret
     * @param k1    second half
     */
    public PrefixLimit(final int limit, final long k0, final long k1)
    {
        this.limit = limit;
        this.k0 = k0;
        this.k1 = k1;
    }

    /**
     * {@return whether there is a limit}
     */
    public boolean isOn()
    {
        return limit > 0;
    }

    /**
     * {@return by what a source is counted}
     *
     * @param tuple whose remote side it is
     */
    public int index(final FourTuple tuple)
    {
        final boolean isIpv4 = tuple.isIpv4();
        final long high = isIpv4 ? 0 : tuple.remoteHigh() & IPV6_PREFIX;
        final long low = isIpv4 ? tuple.remoteLow() & IPV4_PREFIX : 0;
        return (int)SipHash.hash13(k0, k1, high, low) & (COUNTERS - 1);
    }

    /**
     * {@return whether there may be one more}
     *
     * @param index of the source
     */
    public boolean mayEnter(final int index)
    {
        return limit == 0 || counts[index] < limit;
    }

    /**
     * Counts one more.
     *
     * @param index of the source
     * @return false when there are as many as may be, and it was not counted
     */
    public boolean enter(final int index)
    {
        if (!mayEnter(index))
        {
            return false;
        }
        counts[index]++;
        return true;
    }

    /**
     * Counts one less.
     *
     * @param index of a source that has entered
     */
    public void leave(final int index)
    {
        counts[index]--;
    }
}
