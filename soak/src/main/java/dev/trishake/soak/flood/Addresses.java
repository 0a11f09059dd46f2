// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import java.net.InetAddress;

/** The network in which a flood happens: a namespace's own, so it may have any addresses. */
public final class Addresses
{
    private static final int IPV4_PREFIX_LENGTH = 24;
    private static final int IPV6_PREFIX_LENGTH = 64;

    private Addresses()
    {
    }

    /**
     * {@return the kernel's address where flooder and clients are}
     *
     * @param isIpv4 or of IPv6
     */
    public static InetAddress outside(final boolean isIpv4)
    {
        return InetAddress.ofLiteral(isIpv4 ? "10.9.0.1" : "fd09::1");
    }

    /**
     * {@return the listener's address}
     *
     * @param isIpv4 or of IPv6
     */
    public static InetAddress victim(final boolean isIpv4)
    {
        return InetAddress.ofLiteral(isIpv4 ? "10.9.0.2" : "fd09::2");
    }

    /** {@return an address beside it that nobody has} */
    static InetAddress nobody(final boolean isIpv4)
    {
        return InetAddress.ofLiteral(isIpv4 ? "10.9.0.3" : "fd09::3");
    }

    /**
     * {@return the length of their subnet}
     *
     * @param isIpv4 or of IPv6
     */
    public static int prefixLength(final boolean isIpv4)
    {
        return isIpv4 ? IPV4_PREFIX_LENGTH : IPV6_PREFIX_LENGTH;
    }

    /**
     * {@return why a network can't be what a flood claims as its source, a sentence's end, or null where it can}
     *
     * @param network of a user
     */
    public static String mistake(final SourceNetwork network)
    {
        return network.mistake(SourceNetwork.of(outside(network.isIpv4()), prefixLength(network.isIpv4())));
    }
}
