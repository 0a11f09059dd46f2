// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.crypto.hash.SipHash;

/** What the core as a whole does at most so often in a second. */
final class Limits
{
    private static final int SECOND_SHIFT = 30; // nearly: 2^30 ns

    private final TcpConfig config;
    private final Secrets secrets;
    private long second = Long.MIN_VALUE;
    private int challengeAcks;
    private int resets;
    private int cookieChecks;

    Limits(final TcpConfig config, final Secrets secrets)
    {
        this.config = config;
        this.secrets = secrets;
    }

    boolean mayChallenge(final long nowNs)
    {
        if (config.challengeAckLimit == Integer.MAX_VALUE)
        {
            return true;
        }
        tick(nowNs);
        return challengeAcks-- > 0;
    }

    boolean mayReset(final long nowNs)
    {
        tick(nowNs);
        return resets-- > 0;
    }

    boolean mayCheckCookie(final long nowNs)
    {
        tick(nowNs);
        return cookieChecks-- > 0;
    }

    private void tick(final long nowNs)
    {
        final long current = nowNs >> SECOND_SHIFT;
        if (current != second)
        {
            second = current;
            resets = config.resetsPerSecond;
            cookieChecks = config.cookieChecksPerSecond;
            // RFC 5961 7, CVE-2016-5696: a budget that can be guessed is a side channel; Linux: half to three halves
            final long random = SipHash.hash24(secrets.challenge0, secrets.challenge1, current, 0) >>> 1;
            challengeAcks = (int)Math.min(
                Integer.MAX_VALUE, config.challengeAckLimit / 2 + random % config.challengeAckLimit);
        }
    }
}
