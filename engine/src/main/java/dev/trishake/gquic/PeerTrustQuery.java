// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.hash.Sha256;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/** Asks a client's trust about what the session's REJ has shown. */
final class PeerTrustQuery
{
    private final GquicMemory memory;
    private final GquicPeerTrust trust;
    private final ServerCache cache;
    private final Sha256 sha256 = new Sha256();
    private final UnsafeBuffer lengthOfName = new UnsafeBuffer(new byte[Integer.BYTES]);

    PeerTrustQuery(final GquicMemory memory, final GquicPeerTrust trust, final ServerCache cache)
    {
        this.memory = memory;
        this.trust = trust;
        this.cache = cache;
    }

    /** Makes the fingerprint that {@link #find} asks by. */
    void takeFingerprint(final GquicSession session)
    {
        final int server = session.get(GquicSession.SERVER_INDEX);
        lengthOfName.putInt(0, cache.nameLength(server), LITTLE_ENDIAN);
        sha256.update(lengthOfName, 0, Integer.BYTES);
        sha256.update(cache.memory(), cache.nameOffset(server), cache.nameLength(server));
        sha256.update(memory.messages(), session.get(HandshakeFields.CERTIFICATES_OFFSET),
            session.get(HandshakeFields.CERTIFICATES_LENGTH));
        sha256.finish(session.memory(), session.at(HandshakeFields.FINGERPRINT));
    }

    /** {@return the trust's entry for the certificates, or {@link GquicPeerTrust#UNKNOWN}} */
    int find(final GquicSession session, final long nowNs)
    {
        final int server = session.get(GquicSession.SERVER_INDEX);
        return trust.find(cache.memory(), cache.nameOffset(server), cache.nameLength(server), memory.messages(),
            session.get(HandshakeFields.CERTIFICATES_OFFSET), session.get(HandshakeFields.CERTIFICATES_LENGTH),
            session.memory(), session.at(HandshakeFields.FINGERPRINT), nowNs);
    }

    /** {@return whether the leaf has signed an input, where it has no P-256 key} */
    boolean verify(final GquicSession session, final DirectBuffer input, final int inputLength, final long nowNs)
    {
        final int entry = find(session, nowNs);
        return entry != GquicPeerTrust.UNKNOWN && trust.error(entry) == GquicPeerTrust.TRUSTED &&
            trust.verify(entry, input, 0, inputLength, memory.messages(),
                session.get(HandshakeFields.PROOF_OFFSET), session.get(HandshakeFields.PROOF_LENGTH));
    }
}
