// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.wire.OctetWriter;
import dev.trishake.wire.SignatureDer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** SM2's signature in DER, and as the kernels take it: r, s in 32 bytes each; see {@link SignatureDer}. */
public final class Sm2SignatureDer
{
    /** Shortest signature. */
    public static final int MIN_LENGTH = SignatureDer.MIN_LENGTH;

    /** Longest signature. */
    public static final int MAX_LENGTH = SignatureDer.MAX_LENGTH;

    /** Width of r and of s. */
    public static final int WIDTH = SignatureDer.WIDTH;

    private final SignatureDer signature = SignatureDer.ofSm2();

    /**
     * Reads a signature.
     *
     * @param der         where it is
     * @param offset      where it begins
     * @param length      of it
     * @param fixed       where r and s are written, 64 bytes; may be written to on failure too
     * @param fixedOffset where r begins
     * @return true when it is one
     */
    public boolean decode(
        final DirectBuffer der,
        final int offset,
        final int length,
        final MutableDirectBuffer fixed,
        final int fixedOffset)
    {
        return signature.decode(der, offset, length, fixed, fixedOffset);
    }

    /**
     * Writes a signature.
     *
     * @param out         the writer
     * @param fixed       where r and s are, 64 bytes
     * @param fixedOffset where r begins
     */
    public static void encode(final OctetWriter out, final DirectBuffer fixed, final int fixedOffset)
    {
        SignatureDer.encode(out, fixed, fixedOffset);
    }
}
