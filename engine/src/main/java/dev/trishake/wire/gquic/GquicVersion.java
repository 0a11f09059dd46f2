// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

/**
 * Version labels, gQUIC 1: four ASCII octets on the wire, here an int in network order.
 */
public final class GquicVersion
{
    /** Q039: public header. */
    public static final int Q039 = 0x51303339;

    /** Q043: as Q039 but for HTTP's PRIORITY frames, which are not ours. */
    public static final int Q043 = 0x51303433;

    /** Q044: long and short headers, no STOP_WAITING, no connection ID in forward-secure packets of the server. */
    public static final int Q044 = 0x51303434;

    /** No version: what the VER of a CHLO says that did not go through version negotiation. */
    public static final int NONE = 0;

    /** Octets of a label. */
    public static final int LABEL_LENGTH = 4;

    private static final int FAMILY = 0x5130_3030;
    private static final int RESERVED_MASK = 0x0f0f_0f0f;
    private static final int RESERVED = 0x0a0a_0a0a;

    private GquicVersion()
    {
    }

    /**
     * {@return a label from the octet that is short for it}
     *
     * @param octet 0x43 for Q043; the upper bits don't count
     */
    public static int ofOctet(final int octet)
    {
        return FAMILY | ((octet & 0xf0) << 4) | (octet & 0x0f);
    }

    /**
     * {@return the octet that is short for a label, as long as it is one of Google's below Q100}
     *
     * @param version label
     */
    public static int toOctet(final int version)
    {
        return ((version >> 4) & 0xf0) | (version & 0x0f);
    }

    /**
     * {@return whether this is one of the three versions that are spoken here}
     *
     * @param version label
     */
    public static boolean isKnown(final int version)
    {
        return version == Q039 || version == Q043 || version == Q044;
    }

    /**
     * {@return whether this version has public headers and STOP_WAITING frames}
     *
     * @param version label
     */
    public static boolean hasPublicHeader(final int version)
    {
        return version == Q039 || version == Q043;
    }

    /**
     * {@return whether a label of a version negotiation packet only tests that unknown ones are ignored, gQUIC 2.5}
     *
     * @param version label
     */
    public static boolean isReserved(final int version)
    {
        return (version & RESERVED_MASK) == RESERVED;
    }
}
