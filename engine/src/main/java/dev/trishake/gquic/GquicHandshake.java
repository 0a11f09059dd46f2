// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.wire.gquic.MessageDecoder;

/**
 * One side of the QUIC Crypto handshake, for all sessions: it works on the view that it was made with, which the caller
 * has laid over the session in question. It reads and writes whole messages ({@link CryptoStream}), sets the session's
 * fields and flags, and posts operations; packets are not its concern.
 *
 * <p>Every method answers a {@link GquicStep}. Before it answers AWAIT_CRYPTO, AWAIT_CERTIFICATE or GO_ON it has set
 * the session's {@link GquicSession#STEP} to what comes next, {@link GquicStep#READ} if that is a message.
 */
abstract class GquicHandshake
{
    /**
     * A client's first message; after version negotiation it is called again, in a session whose handshake fields are
     * cleared.
     *
     * @param nowNs the agent's time
     * @return step
     */
    abstract int start(long nowNs);

    /**
     * Handles a message. Its octets stay where they are until the handshake is over.
     *
     * @param message whole and sound
     * @param level   at which its last octet came
     * @param nowNs   the agent's time
     * @return step
     */
    abstract int onMessage(MessageDecoder message, int level, long nowNs);

    /**
     * Goes on: a result is there.
     *
     * @param step  the session's
     * @param nowNs the agent's time
     * @return step
     */
    abstract int onStep(int step, long nowNs);

    /**
     * A client's: a diversification nonce that is to be tried lies in the session. Only called when nothing is posted
     * and a full CHLO is out. The step that follows raises {@link GquicSession#HAS_INITIAL_READ}.
     *
     * @param nowNs the agent's time
     * @return step
     */
    abstract int onNonce(long nowNs);
}
