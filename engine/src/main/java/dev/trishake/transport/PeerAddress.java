// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

/**
 * Address and port at the other end of a connection, IPv4 and IPv6 alike: an IPv4 address is read as the IPv4-mapped
 * IPv6 address {@code ::ffff:a.b.c.d} (RFC 4291 2.5.5.2), so that 128 bits identify any peer but a link-local one,
 * whose link is not told.
 *
 * <p>The address costs nothing until the first question is asked. A peer that was gone by then is not
 * {@linkplain #isKnown() known}, and reads as {@code ::}, port 0.
 */
public interface PeerAddress
{
    /**
     * {@return whether there is an address to read}
     */
    boolean isKnown();

    /**
     * {@return whether the peer speaks IPv4}
     */
    boolean isIpv4();

    /**
     * {@return the first 8 bytes of the address, first byte most significant}
     */
    long high();

    /**
     * {@return the last 8 bytes of the address, last byte least significant; an IPv4 address is the low 32 bits}
     */
    long low();

    /**
     * {@return port, 0 to 65535}
     */
    int port();
}
