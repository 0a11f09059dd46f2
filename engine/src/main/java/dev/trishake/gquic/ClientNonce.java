// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Entropy;
import dev.trishake.wire.gquic.ServerConfigDecoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * The client's nonce, gQUIC 8: {@code time 4 | orbit 8 | random 20}. The time is in network order, but lsquic's client
 * writes it in little endian, so either is read, whichever is nearer to now.
 */
final class ClientNonce
{
    /** Octets of a nonce. */
    static final int LENGTH = 32;

    /** Where the orbit begins. */
    static final int ORBIT_OFFSET = 4;

    /** Where the random octets begin. */
    static final int RANDOM_OFFSET = ORBIT_OFFSET + ServerConfigDecoder.ORBIT_LENGTH;

    /** Octets that are random. */
    static final int RANDOM_LENGTH = LENGTH - RANDOM_OFFSET;

    private ClientNonce()
    {
    }

    /** Writes a nonce. */
    static void write(
        final MutableDirectBuffer out, final int at, final long nowSeconds, final DirectBuffer orbit,
        final int orbitOffset, final Entropy entropy)
    {
        out.putInt(at, (int)nowSeconds, BIG_ENDIAN);
        out.putBytes(at + ORBIT_OFFSET, orbit, orbitOffset, ServerConfigDecoder.ORBIT_LENGTH);
        entropy.nextBytes(out, at + RANDOM_OFFSET, RANDOM_LENGTH);
    }

    /** {@return how many seconds the nonce's time is behind now; less than 0 when it is ahead} */
    static long age(final DirectBuffer nonce, final int at, final long nowSeconds)
    {
        final int age = (int)nowSeconds - nonce.getInt(at, BIG_ENDIAN);
        final int swapped = (int)nowSeconds - nonce.getInt(at, LITTLE_ENDIAN);
        return Math.abs((long)age) <= Math.abs((long)swapped) ? age : swapped;
    }
}
