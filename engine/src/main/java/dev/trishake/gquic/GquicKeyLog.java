// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import org.agrona.DirectBuffer;

/**
 * Is told the keys of every connection, so that a tool can write a key log, with which others decrypt what was
 * captured. Nothing is told to anybody unless {@link GquicConfig#keyLog} sets one.
 *
 * <pre>
 *  keys of a level, as they are after diversification
 * +--------------+--------------+-------------+-------------+
 * | client's key | server's key | client's IV | server's IV |      keys of 16 or 32 octets, IVs of 4
 * +--------------+--------------+-------------+-------------+
 * </pre>
 */
@FunctionalInterface
public interface GquicKeyLog
{
    /** Octets of an IV. */
    int IV_LENGTH = KeySchedule.IV_LENGTH;

    /** Whose: the client's key and IV are there. */
    int CLIENTS = 1;

    /** Whose: the server's key and IV are there. */
    int SERVERS = 2;

    /**
     * Keys are known, and not yet whether the peer has the same. A client has the server's initial ones later than its
     * own, and where somebody has forged packets more than once. On the agent's thread; must not throw, and must copy
     * what it keeps: the memory is wiped.
     *
     * @param connectionId of the connection
     * @param level        {@link GquicLevel#INITIAL} or {@link GquicLevel#FORWARD_SECURE}
     * @param aead         tag of the AEAD
     * @param whose        {@link #CLIENTS}, {@link #SERVERS} or both; of the other one is nothing there
     * @param memory       where the keys are
     * @param offset       where they begin
     * @param keyLength    of each key
     */
    void onKeys(
        long connectionId, int level, int aead, int whose, DirectBuffer memory, int offset, int keyLength);
}
