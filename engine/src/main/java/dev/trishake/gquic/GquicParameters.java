// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.wire.gquic.Tag;

/**
 * What the two sides of a connection have agreed on, in one number.
 *
 * <pre>
 *  63          32 31     24 23     16 15                     0
 * +--------------+---------+---------+------------------------+
 * |   version    |         |  hellos |  bits, see below       |
 * +--------------+---------+---------+------------------------+
 * </pre>
 */
public final class GquicParameters
{
    /** Bit: ChaCha20-Poly1305, else AES-128-GCM. */
    public static final int CHACHA20 = 1;

    /** Bit: ECDH on P-256, else X25519. */
    public static final int P256 = 1 << 1;

    /** Bit: the first hello was a full one, and was accepted. */
    public static final int RESUMED = 1 << 2;

    /** Bit: data went, or came, before the handshake was done. */
    public static final int ZERO_RTT = 1 << 3;

    /** Bit: the version comes from a version negotiation packet. */
    public static final int NEGOTIATED = 1 << 4;

    private static final int HELLOS_SHIFT = 16;
    private static final int HELLOS_MASK = 0xff;

    private GquicParameters()
    {
    }

    static long of(final GquicSession session)
    {
        final int bits = (session.get(GquicSession.AEAD) == Tag.CC20 ? CHACHA20 : 0) |
            (session.get(GquicSession.KEXS) == Tag.P256 ? P256 : 0) |
            (session.is(GquicSession.RESUMED) ? RESUMED : 0) |
            (session.is(GquicSession.ZERO_RTT) ? ZERO_RTT : 0) |
            (session.is(GquicSession.NEGOTIATED) ? NEGOTIATED : 0);
        return (long)session.get(GquicSession.VERSION) << Integer.SIZE |
            (long)(session.get(GquicSession.HELLOS) & HELLOS_MASK) << HELLOS_SHIFT | bits;
    }

    /**
     * {@return the version's label}
     *
     * @param parameters of a connection
     */
    public static int version(final long parameters)
    {
        return (int)(parameters >>> Integer.SIZE);
    }

    /**
     * {@return how many CHLOs this side's session has sent or read}
     *
     * @param parameters of a connection
     */
    public static int hellos(final long parameters)
    {
        return (int)parameters >>> HELLOS_SHIFT & HELLOS_MASK;
    }

    /**
     * {@return whether a bit is set}
     *
     * @param parameters of a connection
     * @param bit        one of the constants
     */
    public static boolean has(final long parameters, final int bit)
    {
        return (parameters & bit) != 0;
    }
}
