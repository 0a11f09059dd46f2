// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * A signature over a group of 256 bits in DER, and as the kernels take it: {@code SEQUENCE { INTEGER r, INTEGER s }}
 * (RFC 3279 2.2.3) and r, s in 32 octets each.
 *
 * <p>Mostly 70 to 72 octets, in one of some 500 less: there is no least length but that of the form. Both numbers must
 * be in 1 to n - 1, in their shortest form, with nothing behind them.
 */
public final class SignatureDer
{
    /** Shortest signature. */
    public static final int MIN_LENGTH = 8;

    /** Longest signature. */
    public static final int MAX_LENGTH = 72;

    /** Width of r and of s. */
    public static final int WIDTH = 32;

    /** The order n of SM2's group, most significant word first. */
    private static final long[] SM2_ORDER =
        {0xffff_fffe_ffff_ffffL, 0xffff_ffff_ffff_ffffL, 0x7203_df6b_21c6_052bL, 0x53bb_f409_39d5_4123L};

    /** The order n of P-256's group, most significant word first. */
    private static final long[] P256_ORDER =
        {0xffff_ffff_0000_0000L, 0xffff_ffff_ffff_ffffL, 0xbce6_faad_a717_9e84L, 0xf3b9_cac2_fc63_2551L};

    private final long[] order;
    private final OctetReader in = new OctetReader();
    private final OctetReader numbers = new OctetReader();

    private SignatureDer(final long[] order)
    {
        this.order = order;
    }

    /**
     * {@return a reader of SM2's signatures}
     */
    public static SignatureDer ofSm2()
    {
        return new SignatureDer(SM2_ORDER);
    }

    /**
     * {@return a reader of ECDSA's signatures over P-256}
     */
    public static SignatureDer ofP256()
    {
        return new SignatureDer(P256_ORDER);
    }

    /**
     * Reads a signature.
     *
     * @param der         where it is
     * @param offset      where it begins
     * @param length      of it
     * @param fixed       where r and s are written, 64 octets; may be written to on failure too
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
        return Der.readSequence(in.wrap(der, offset, length), numbers) &&
            in.isComplete() &&
            Der.readUnsigned(numbers, fixed, fixedOffset, WIDTH) &&
            Der.readUnsigned(numbers, fixed, fixedOffset + WIDTH, WIDTH) &&
            numbers.isComplete() &&
            isInRange(fixed, fixedOffset) &&
            isInRange(fixed, fixedOffset + WIDTH);
    }

    /**
     * Writes a signature.
     *
     * @param out         the writer
     * @param fixed       where r and s are, 64 octets
     * @param fixedOffset where r begins
     */
    public static void encode(final OctetWriter out, final DirectBuffer fixed, final int fixedOffset)
    {
        final int sequence = Der.begin(out, Der.SEQUENCE);
        Der.writeUnsigned(out, fixed, fixedOffset, WIDTH);
        Der.writeUnsigned(out, fixed, fixedOffset + WIDTH, WIDTH);
        Der.end(out, sequence);
    }

    /** {@return whether a number is neither 0 nor n or more; signatures are public, so time may tell} */
    private boolean isInRange(final DirectBuffer number, final int offset)
    {
        long any = 0;
        int comparison = 0;
        for (int i = 0; i < order.length; i++)
        {
            final long word = number.getLong(offset + i * Long.BYTES, BIG_ENDIAN);
            any |= word;
            comparison = comparison == 0 ? Long.compareUnsigned(word, order[i]) : comparison;
        }
        return any != 0 && comparison < 0;
    }
}
