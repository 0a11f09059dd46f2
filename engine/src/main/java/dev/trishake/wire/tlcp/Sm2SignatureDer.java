// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.wire.Der;
import dev.trishake.wire.OctetReader;
import dev.trishake.wire.OctetWriter;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * SM2's signature in DER, and as the kernels take it: {@code SEQUENCE { INTEGER r, INTEGER s }} and r, s in 32 bytes
 * each.
 *
 * <p>Mostly 70 to 72 bytes, in one of some 500 less: there is no least length but that of the form. Both numbers must
 * be in 1 to n - 1, in their shortest form, with nothing behind them.
 */
public final class Sm2SignatureDer
{
    /** Shortest signature. */
    public static final int MIN_LENGTH = 8;

    /** Longest signature. */
    public static final int MAX_LENGTH = 72;

    /** Width of r and of s. */
    public static final int WIDTH = 32;

    /** The order n of SM2's group, most significant word first. */
    private static final long[] ORDER =
        {0xffff_fffe_ffff_ffffL, 0xffff_ffff_ffff_ffffL, 0x7203_df6b_21c6_052bL, 0x53bb_f409_39d5_4123L};

    private final OctetReader in = new OctetReader();
    private final OctetReader numbers = new OctetReader();

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
     * @param fixed       where r and s are, 64 bytes
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
    private static boolean isInRange(final DirectBuffer number, final int offset)
    {
        long any = 0;
        int comparison = 0;
        for (int i = 0; i < ORDER.length; i++)
        {
            final long word = number.getLong(offset + i * Long.BYTES, BIG_ENDIAN);
            any |= word;
            comparison = comparison == 0 ? Long.compareUnsigned(word, ORDER[i]) : comparison;
        }
        return any != 0 && comparison < 0;
    }
}
