// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.curve.P256;
import dev.trishake.crypto.hash.Sha256;

/**
 * Where the handshakes keep what they know of a session, from {@link GquicSession#HANDSHAKE} on: words, then nonces,
 * keys and what operations take and give. Offsets of messages and their values count from the beginning of {@link
 * GquicMemory#messages()}, where they stay until the handshake is over.
 */
final class HandshakeFields
{
    /** The CHLO that was read or sent last. */
    static final int HELLO_OFFSET = GquicSession.HANDSHAKE;
    static final int HELLO_LENGTH = HELLO_OFFSET + 4;
    /** Octets of SALT in use. */
    static final int SALT_LENGTH = HELLO_OFFSET + 8;
    /** What the operation that is asked for has to do: the bits below. */
    static final int WORK = HELLO_OFFSET + 12;
    /** 1 when the operation could do it, or found what it was to check right. */
    static final int RESULT = HELLO_OFFSET + 16;
    /** A server's: number of the config that it answers with. */
    static final int CONFIG_NUMBER = HELLO_OFFSET + 20;
    /** A server's: bit n for reason n, why the CHLO is rejected. */
    static final int REASONS = HELLO_OFFSET + 24;
    /** A server's: 1 once it wants SERVER_NONCE back. */
    static final int NONCE_ISSUED = HELLO_OFFSET + 28;
    /** Octets of a proof that somebody else has signed. */
    static final int PROOF_LENGTH = HELLO_OFFSET + 32;
    /** A client's: version of the server's entry in the cache that it goes on with; 0: none is proven. */
    static final int CACHED_VERSION = HELLO_OFFSET + 36;
    /** A client's: 1 when that was proven in this handshake, not remembered. */
    static final int PROVEN_NOW = HELLO_OFFSET + 40;
    /** A client's: values of the REJ that was read last, length 0 where there was none. */
    static final int CONFIG_OFFSET = HELLO_OFFSET + 44;
    static final int CONFIG_LENGTH = HELLO_OFFSET + 48;
    static final int TOKEN_OFFSET = HELLO_OFFSET + 52;
    static final int TOKEN_LENGTH = HELLO_OFFSET + 56;
    static final int NONCE_OFFSET = HELLO_OFFSET + 60;
    static final int NONCE_LENGTH = HELLO_OFFSET + 64;
    static final int PROOF_OFFSET = HELLO_OFFSET + 68;
    static final int CERTIFICATES_OFFSET = HELLO_OFFSET + 72;
    static final int CERTIFICATES_LENGTH = HELLO_OFFSET + 76;
    /** A client's: how long the config is good from now, in seconds; 0 where the server does not say. */
    static final int CONFIG_LIFETIME = HELLO_OFFSET + 80;
    private static final int WORDS_LENGTH = 88;

    /** NONC, and behind it SNO. */
    static final int SALT = GquicSession.HANDSHAKE + WORDS_LENGTH;
    static final int MAX_SERVER_NONCE_LENGTH = 96;
    private static final int MAX_SALT_LENGTH = ClientNonce.LENGTH + MAX_SERVER_NONCE_LENGTH;
    /** A server's own SNO in REJ. */
    static final int SERVER_NONCE = SALT + MAX_SALT_LENGTH;
    static final int SERVER_NONCE_LENGTH = 32;
    /** Our ephemeral pair, the public value as it stands in PUBS. */
    static final int PRIVATE = SERVER_NONCE + SERVER_NONCE_LENGTH;
    static final int PUBLIC = PRIVATE + KeySchedule.SECRET_LENGTH;
    private static final int PUBLIC_LENGTH = 72;
    static final int PEER_PUBLIC = PUBLIC + PUBLIC_LENGTH;
    static final int INITIAL_SECRET = PEER_PUBLIC + PUBLIC_LENGTH;
    static final int FORWARD_SECRET = INITIAL_SECRET + KeySchedule.SECRET_LENGTH;
    /** A client's: the server's initial key and IV before they are diversified. */
    static final int UNDIVERSIFIED = FORWARD_SECRET + KeySchedule.SECRET_LENGTH;
    private static final int UNDIVERSIFIED_LENGTH = 40;
    /** Of certificates: what a client's trust is asked for. */
    static final int FINGERPRINT = UNDIVERSIFIED + UNDIVERSIFIED_LENGTH;
    /** A client's: the leaf's P-256 key. */
    static final int LEAF_KEY = FINGERPRINT + Sha256.LENGTH;
    /** An ECDSA proof: r, s. */
    static final int SIGNATURE = LEAF_KEY + P256.POINT_LENGTH;
    private static final int END = SIGNATURE + P256.SIGNATURE_LENGTH;

    /** Octets of all fields, a multiple of 8. */
    static final int LENGTH = END - GquicSession.HANDSHAKE;

    /** Work: make an ephemeral pair (P-256; those of X25519 are made ahead). */
    static final int GENERATE = 1;
    /** Work: agree on the initial secret. */
    static final int INITIAL = 2;
    /** Work: agree on the forward-secure secret. */
    static final int FORWARD = 4;
    /** Work: diversify the server's initial keys. */
    static final int DIVERSIFY = 8;

    private HandshakeFields()
    {
    }

    /** Wipes private keys and secrets, which the keys were made from. */
    static void wipeSecrets(final GquicSession session)
    {
        ConstantTime.wipe(session.memory(), session.at(PRIVATE), KeySchedule.SECRET_LENGTH);
        ConstantTime.wipe(
            session.memory(), session.at(INITIAL_SECRET), UNDIVERSIFIED + UNDIVERSIFIED_LENGTH - INITIAL_SECRET);
    }
}
