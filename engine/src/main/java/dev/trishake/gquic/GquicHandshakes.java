// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.core.CryptoOperation;

/** The handshakes of a core, and the operations that they post: what the connection layer knows about them. */
interface GquicHandshakes
{
    /** {@return the server's judge of packets without a session; null for a client} */
    HelloGate gate();

    /** {@return the handshake of this core's side} */
    GquicHandshake handshake();

    /**
     * {@return the operations that it posts, of kinds from {@link GquicCore#FIRST_HANDSHAKE_KIND} on, in order}
     */
    CryptoOperation[] operations();

    /** Sees to key pairs made ahead, rotation and the like; called once a duty cycle, and does little. */
    void onCycle(long nowNs);
}
