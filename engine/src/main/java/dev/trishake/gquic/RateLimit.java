// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

/** So many a second: a bucket of tokens that fills as time goes by, to a tenth of a second's worth. */
final class RateLimit
{
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int BURSTS_PER_SECOND = 10;

    private final long nsPerToken;
    private final long burstNs;
    private long earnedNs;
    private long lastNs;

    RateLimit(final int perSecond)
    {
        nsPerToken = Math.max(1, NS_PER_SECOND / perSecond);
        burstNs = Math.max(nsPerToken, NS_PER_SECOND / BURSTS_PER_SECOND);
        earnedNs = burstNs;
    }

    /** {@return whether one more is allowed now} */
    boolean take(final long nowNs)
    {
        earnedNs = Math.min(burstNs, earnedNs + Math.max(0, nowNs - lastNs));
        lastNs = nowNs;
        if (earnedNs < nsPerToken)
        {
            return false;
        }
        earnedNs -= nsPerToken;
        return true;
    }
}
