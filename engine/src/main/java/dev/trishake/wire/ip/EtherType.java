// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.ip;

/** EtherTypes (IANA, IEEE 802 Numbers) that the engine knows. */
public final class EtherType
{
    /** IPv4, RFC 894. */
    public static final int IPV4 = 0x0800;

    /** ARP, RFC 826. */
    public static final int ARP = 0x0806;

    /** The customer's VLAN tag, IEEE 802.1Q. */
    public static final int VLAN = 0x8100;

    /** IPv6, RFC 2464. */
    public static final int IPV6 = 0x86dd;

    /** The provider's VLAN tag, IEEE 802.1ad. */
    public static final int SERVICE_VLAN = 0x88a8;

    private EtherType()
    {
    }
}
