// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.hash.Sha256;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The input of a session's proof, for the CHLO that it has read or sent last, and its digest. */
final class ProofDigest
{
    private final Sha256 sha256 = new Sha256();
    private final UnsafeBuffer hello = new UnsafeBuffer(new byte[Sha256.LENGTH]);
    private final UnsafeBuffer input =
        new UnsafeBuffer(new byte[ProofInput.PREFIX_LENGTH + ServerCache.MAX_CONFIG_LENGTH]);

    /**
     * Makes the input of a proof.
     *
     * @param memory  holds the session's messages
     * @param session whose proof it is
     * @param config  holds the SCFG message, at most {@link ServerCache#MAX_CONFIG_LENGTH} octets
     * @param offset  where it begins
     * @param length  of it
     * @return octets of {@link #input}
     */
    int write(
        final GquicMemory memory, final GquicSession session, final DirectBuffer config, final int offset,
        final int length)
    {
        sha256.update(memory.messages(), session.get(HandshakeFields.HELLO_OFFSET),
            session.get(HandshakeFields.HELLO_LENGTH));
        sha256.finish(hello, 0);
        return ProofInput.write(input, 0, hello, 0, config, offset, length);
    }

    /** {@return what {@link #write} has made} */
    DirectBuffer input()
    {
        return input;
    }

    /** Makes the input of a proof, as {@link #write} does, and its SHA-256. */
    void compute(
        final GquicMemory memory, final GquicSession session, final DirectBuffer config, final int offset,
        final int length, final MutableDirectBuffer digest, final int digestOffset)
    {
        final int inputLength = write(memory, session, config, offset, length);
        sha256.update(input, 0, inputLength);
        sha256.finish(digest, digestOffset);
    }
}
