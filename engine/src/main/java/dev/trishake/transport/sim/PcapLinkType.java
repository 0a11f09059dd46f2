// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import dev.trishake.transport.Link;

/** What stands before the network header of a captured packet, with its number in a pcap file and tcpdump's words. */
public enum PcapLinkType
{
    /** Four bytes of address family in the capturing machine's byte order: BSD loopback. */
    NULL(0, "NULL (BSD loopback)"),
    /** Ethernet II, VLAN tags included. */
    ETHERNET(Link.LINKTYPE_ETHERNET, "EN10MB (Ethernet)"),
    /** Nothing: the packet is IPv4 or IPv6. */
    RAW(Link.LINKTYPE_RAW, "RAW (Raw IP)"),
    /** Sixteen bytes: Linux "any" device. */
    LINUX_SLL(113, "LINUX_SLL (Linux cooked v1)"),
    /** Twenty bytes: Linux "any" device with the interface's index. */
    LINUX_SLL2(276, "LINUX_SLL2 (Linux cooked v2)");

    /** Numbers that libpcap also reads as {@link #RAW}: DLT_RAW of most systems and of OpenBSD. */
    private static final int DLT_RAW = 12;
    private static final int DLT_RAW_OPENBSD = 14;

    private final int number;
    private final String words;

    PcapLinkType(final int number, final String words)
    {
        this.number = number;
        this.words = words;
    }

    /**
     * {@return the link type with this number, or null when it is one that isn't read here}
     *
     * @param number from a pcap file's header
     */
    public static PcapLinkType of(final int number)
    {
        for (final PcapLinkType type : values())
        {
            if (type.number == number)
            {
                return type;
            }
        }
        return number == DLT_RAW || number == DLT_RAW_OPENBSD ? RAW : null;
    }

    /**
     * {@return the number in a pcap file's header}
     */
    public int number()
    {
        return number;
    }

    /**
     * {@return what tcpdump calls it, like {@code EN10MB (Ethernet)}}
     */
    public String words()
    {
        return words;
    }
}
