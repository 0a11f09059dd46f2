// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

/**
 * What time it is outside: tokens, nonces and server configs have seconds of 1970 in them, and cores have no clock. Who
 * has one says how far the agent's time is from it, and may say so again when that has changed.
 *
 * <p>Written by any thread, read by agents.
 */
public final class UnixTime
{
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private volatile long offsetNs;

    /** The agent's time is the time since 1970 until {@link #set} says otherwise. */
    public UnixTime()
    {
    }

    /**
     * Says what time it is.
     *
     * @param unixNs nanoseconds since 1970
     * @param nowNs  the agent's time at the same moment
     * @return this
     */
    public UnixTime set(final long unixNs, final long nowNs)
    {
        offsetNs = unixNs - nowNs;
        return this;
    }

    /**
     * {@return seconds since 1970}
     *
     * @param nowNs the agent's time
     */
    public long seconds(final long nowNs)
    {
        return Math.floorDiv(nowNs + offsetNs, NS_PER_SECOND);
    }
}
