// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

/**
 * First octets of Q044's long headers, gQUIC 2.2. A server takes each of the first three from a client for anything.
 */
public final class LongType
{
    /** The first packet of a client, and the same again. */
    public static final int INITIAL = 0xff;

    /** Reserved; nobody sends it. */
    public static final int RETRY = 0xfe;

    /** Other packets without forward security. */
    public static final int HANDSHAKE = 0xfd;

    /** From a server: protected by the initial keys, with a diversification nonce. */
    public static final int ZERO_RTT_PROTECTED = 0xfc;

    private LongType()
    {
    }

    /**
     * {@return a name for traces}
     *
     * @param type first octet
     */
    public static String nameOf(final int type)
    {
        return switch (type)
        {
            case INITIAL -> "Initial";
            case RETRY -> "Retry";
            case HANDSHAKE -> "Handshake";
            case ZERO_RTT_PROTECTED -> "0-RTT Protected";
            default -> "unknown";
        };
    }
}
