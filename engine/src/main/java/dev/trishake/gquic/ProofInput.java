// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.hash.Sha256;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

/**
 * What a proof signs, gQUIC 11: this CHLO, so that no other can be answered with it, and the server config.
 *
 * <pre>
 *   "QUIC CHLO and server config signature" | 00 | 20 00 00 00 | SHA-256(CHLO) | SCFG
 * </pre>
 */
final class ProofInput
{
    /** Octets before the config. */
    static final int PREFIX_LENGTH = 74;

    private static final UnsafeBuffer LABEL = new UnsafeBuffer(
        "QUIC CHLO and server config signature\0 \0\0\0".getBytes(StandardCharsets.US_ASCII));

    private ProofInput()
    {
    }

    /**
     * Writes all of it.
     *
     * @param out          where to, {@link #PREFIX_LENGTH} octets and the config's
     * @param at           where it begins
     * @param digest       holds the SHA-256 of the CHLO
     * @param digestOffset where it begins
     * @param config       holds the SCFG message
     * @param configOffset where it begins
     * @param configLength of it
     * @return how many octets were written
     */
    static int write(
        final MutableDirectBuffer out, final int at, final DirectBuffer digest, final int digestOffset,
        final DirectBuffer config, final int configOffset, final int configLength)
    {
        out.putBytes(at, LABEL, 0, LABEL.capacity());
        out.putBytes(at + LABEL.capacity(), digest, digestOffset, Sha256.LENGTH);
        out.putBytes(at + PREFIX_LENGTH, config, configOffset, configLength);
        return PREFIX_LENGTH + configLength;
    }
}
