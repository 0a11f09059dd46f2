// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import java.util.concurrent.TimeUnit;

/**
 * What every trial of a run has in common.
 *
 * @param from             what spoofed SYNs claim as their source
 * @param seconds          how long clients begin, under flood
 * @param clientsPerSecond how many begin in a second
 * @param backlog          of the listener
 */
public record Plan(SourceNetwork from, int seconds, int clientsPerSecond, int backlog)
{
    /** How long a client waits for its echo. */
    public static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    /** The kernel's first timeout of a SYN: who needed longer has sent it again (RFC 6298 2.1). */
    public static final long SYN_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(1);

    /** The listener's port. */
    public static final int PORT = 80;

    /** {@return how long clients begin} */
    public long lengthNs()
    {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    /** {@return nanoseconds from one client's beginning to the next one's} */
    public long clientIntervalNs()
    {
        return TimeUnit.SECONDS.toNanos(1) / clientsPerSecond;
    }
}
