// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import org.agrona.MutableDirectBuffer;

/**
 * The keys of source-address tokens. Servers that share keys and epochs accept each other's tokens, so a fleet shares
 * one provider's secret. A token says in one octet with which epoch's key it was sealed.
 *
 * <p>Called on agents' threads; allocates nothing, answers the same for the same epoch.
 */
public interface TokenKeys
{
    /** Octets of a key. */
    int KEY_LENGTH = 16;

    /**
     * {@return how long an epoch is in seconds: for so long tokens are sealed with one key}
     */
    long epochSeconds();

    /**
     * Copies the key of an epoch.
     *
     * @param epoch seconds of 1970 divided by {@link #epochSeconds()}
     * @param key   where {@link #KEY_LENGTH} octets go
     * @param at    where they begin
     */
    void copyKey(long epoch, MutableDirectBuffer key, int at);
}
