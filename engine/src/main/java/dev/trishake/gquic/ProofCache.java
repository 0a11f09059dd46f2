// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.hash.Sha256;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * Proofs that somebody else has signed, by what was signed: who sends the same CHLO again costs no second signature.
 * Bounded; a new one takes the place of another.
 *
 * <pre>
 *  0                   32        40
 * +-------------------+---------+----------------+
 * | digest of input   | length  | signature      |
 * +-------------------+---------+----------------+
 * </pre>
 */
final class ProofCache
{
    private static final int PLACES = 256;
    private static final int LENGTH = Sha256.LENGTH;
    private static final int SIGNATURE = LENGTH + Long.BYTES;
    private static final int STRIDE = SIGNATURE + ProofSource.MAX_SIGNATURE_LENGTH;

    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(PLACES * STRIDE));

    /** Copies the signature over an input with this digest; answers its length, 0 when it is not known. */
    int find(final DirectBuffer digest, final int digestOffset, final MutableDirectBuffer to, final int at)
    {
        final int place = place(digest, digestOffset);
        final int length = memory.getInt(place + LENGTH);
        if (length == 0 || !ConstantTime.equal(memory, place, digest, digestOffset, Sha256.LENGTH))
        {
            return 0;
        }
        to.putBytes(at, memory, place + SIGNATURE, length);
        return length;
    }

    void store(
        final DirectBuffer digest, final int digestOffset, final DirectBuffer signature, final int at,
        final int length)
    {
        final int place = place(digest, digestOffset);
        memory.putBytes(place, digest, digestOffset, Sha256.LENGTH);
        memory.putInt(place + LENGTH, length);
        memory.putBytes(place + SIGNATURE, signature, at, length);
    }

    private static int place(final DirectBuffer digest, final int offset)
    {
        return (digest.getByte(offset) & (PLACES - 1)) * STRIDE;
    }
}
