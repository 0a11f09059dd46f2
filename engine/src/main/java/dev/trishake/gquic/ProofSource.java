// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Who signs proofs where this engine can't: with an RSA key, RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of
 * 32 octets (gQUIC 11).
 *
 * <p>Called on an agent's thread, at a limited rate and once for each CHLO; <b>it may allocate</b>, and takes as long
 * as it takes. It must not throw.
 */
public interface ProofSource
{
    /** Longest signature: RSA with 4096 bits. */
    int MAX_SIGNATURE_LENGTH = 512;

    /**
     * Signs.
     *
     * @param input        what is signed
     * @param offset       where it begins
     * @param length       of it
     * @param signature    where the signature goes, {@link #MAX_SIGNATURE_LENGTH} octets at most
     * @param signatureAt  where it begins
     * @return its length; 0 or less when there is none
     */
    int sign(DirectBuffer input, int offset, int length, MutableDirectBuffer signature, int signatureAt);
}
