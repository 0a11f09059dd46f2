// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

/**
 * Packet numbers are sent cut off to their low 1, 2, 4 or 6 octets, gQUIC 2.4.
 */
public final class PacketNumber
{
    /** The first one of each direction; 0 is no packet number. */
    public static final long FIRST = 1;

    /** Octets of the longest form. */
    public static final int MAX_LENGTH = 6;

    private static final long LENGTH_2_LIMIT = 1L << 15;

    private PacketNumber()
    {
    }

    /**
     * {@return the number that was meant: of those that end in these octets the one nearest to the expected one, and
     * the greater of two that are as near}
     *
     * @param truncated the octets received
     * @param length    how many, 1 to 6
     * @param expected  the largest number received so far plus 1
     */
    public static long expand(final long truncated, final int length, final long expected)
    {
        final long epoch = 1L << (Byte.SIZE * length);
        final long half = epoch >> 1;
        final long candidate = (expected & -epoch) | truncated;
        if (candidate - expected > half && candidate >= epoch)
        {
            return candidate - epoch;
        }
        return expected - candidate >= half ? candidate + epoch : candidate;
    }

    /**
     * {@return with how many octets to send a number in a public or short header: 2, or 4 from 2^15 packets on that are
     * not acknowledged; as quic-go does}
     *
     * @param number       to send
     * @param leastUnacked the least number that the peer may still acknowledge
     */
    public static int lengthOf(final long number, final long leastUnacked)
    {
        return number - leastUnacked < LENGTH_2_LIMIT ? 2 : 4;
    }
}
