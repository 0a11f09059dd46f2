// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.crypto.hash.SipHash;

/**
 * Cookie keys derived from a secret and the number of the epoch: hosts with the same secret and clocks that agree
 * accept each other's cookies.
 */
public final class RotatingCookieKeys implements CookieKeys
{
    private final long secret0;
    private final long secret1;
    private final long epochNs;

    /**
     * Begins to rotate.
     *
     * @param secret0 first half of a random secret
     * @param secret1 second half
     * @param epochNs how long each key is used
     */
    public RotatingCookieKeys(final long secret0, final long secret1, final long epochNs)
    {
        this.secret0 = secret0;
        this.secret1 = secret1;
        this.epochNs = epochNs;
    }

    @Override
    public long epoch(final long nowNs)
    {
        return Math.floorDiv(nowNs, epochNs);
    }

    @Override
    public long epochNs()
    {
        return epochNs;
    }

    @Override
    public long k0(final long epoch)
    {
        return SipHash.hash24(secret0, secret1, epoch, 0);
    }

    @Override
    public long k1(final long epoch)
    {
        return SipHash.hash24(secret0, secret1, epoch, 1);
    }
}
