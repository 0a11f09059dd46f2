// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

/**
 * The keys of SYN cookies. Hosts that share keys and epochs accept each other's cookies. A cookie tells the lowest bit
 * of its epoch, and is good in its epoch and the next one.
 */
public interface CookieKeys
{
    /**
     * {@return the current epoch, which never goes back}
     *
     * @param nowNs the time given to the core
     */
    long epoch(long nowNs);

    /**
     * {@return how long an epoch is, so that a cookie is good for one to two of them}
     */
    long epochNs();

    /**
     * {@return first half of an epoch's key}
     *
     * @param epoch the current one or the one before
     */
    long k0(long epoch);

    /**
     * {@return second half of an epoch's key}
     *
     * @param epoch the current one or the one before
     */
    long k1(long epoch);
}
