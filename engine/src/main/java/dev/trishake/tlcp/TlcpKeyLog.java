// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import org.agrona.DirectBuffer;

/**
 * Is told the master secret of every handshake, resumed ones included, so that a tool can write a key log, in Tongsuo's
 * form a line {@code CLIENT_RANDOM <client random in hex> <master secret in hex>}, with which others decrypt what was
 * captured. Nothing is told to anybody unless {@link TlcpConfig#keyLog} sets one.
 */
@FunctionalInterface
public interface TlcpKeyLog
{
    /** Octets of a client random. */
    int CLIENT_RANDOM_LENGTH = 32;

    /** Octets of a master secret. */
    int MASTER_SECRET_LENGTH = TlcpSession.MASTER_LENGTH;

    /**
     * A master secret is known, and not yet whether the peer has the same. On the agent's thread; must not throw, and
     * must copy what it keeps: the memory is wiped.
     *
     * @param memory             where both are
     * @param clientRandomOffset where the client's random begins, {@link #CLIENT_RANDOM_LENGTH} octets
     * @param masterSecretOffset where the master secret begins, {@link #MASTER_SECRET_LENGTH} octets
     */
    void onMasterSecret(DirectBuffer memory, int clientRandomOffset, int masterSecretOffset);
}
