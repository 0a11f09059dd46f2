// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

/**
 * Names that stand for numbers, as in the seed's {@code localhost.http}. They are built in: a trace reads the same on
 * every machine, and nobody is asked for names.
 */
final class Services
{
    static final String LOCALHOST = "localhost";

    private Services()
    {
    }

    /** {@return the name of a TCP port, or null} */
    static String tcp(final int port)
    {
        return switch (port)
        {
            case 7 -> "echo";
            case 9 -> "discard";
            case 13 -> "daytime";
            case 20 -> "ftp-data";
            case 21 -> "ftp";
            case 22 -> "ssh";
            case 23 -> "telnet";
            case 25 -> "smtp";
            case 37 -> "time";
            case 79 -> "finger";
            case 80 -> "http";
            case 88 -> "kerberos";
            case 110 -> "pop3";
            case 119 -> "nntp";
            case 143 -> "imap2";
            case 179 -> "bgp";
            case 465 -> "submissions";
            case 587 -> "submission";
            case 993 -> "imaps";
            case 995 -> "pop3s";
            case 3306 -> "mysql";
            case 5432 -> "postgresql";
            case 8080 -> "http-alt";
            default -> both(port);
        };
    }

    /** {@return the name of a UDP port, or null} */
    static String udp(final int port)
    {
        return switch (port)
        {
            case 67 -> "bootps";
            case 68 -> "bootpc";
            case 69 -> "tftp";
            case 123 -> "ntp";
            case 137 -> "netbios-ns";
            case 138 -> "netbios-dgm";
            case 161 -> "snmp";
            case 500 -> "isakmp";
            case 514 -> "syslog";
            case 546 -> "dhcpv6-client";
            case 547 -> "dhcpv6-server";
            case 4500 -> "ipsec-nat-t";
            case 5353 -> "mdns";
            default -> both(port);
        };
    }

    private static String both(final int port)
    {
        return switch (port)
        {
            case 53 -> "domain";
            case 111 -> "sunrpc";
            case 389 -> "ldap";
            case 443 -> "https";
            case 445 -> "microsoft-ds";
            case 636 -> "ldaps";
            case 853 -> "domain-s";
            default -> null;
        };
    }

    /** {@return the name of an IP protocol, or null} */
    static String protocol(final int number)
    {
        return switch (number)
        {
            case 1 -> "icmp";
            case 2 -> "igmp";
            case 6 -> "tcp";
            case 17 -> "udp";
            case 47 -> "gre";
            case 50 -> "esp";
            case 51 -> "ah";
            case 58 -> "ipv6-icmp";
            case 89 -> "ospf";
            case 132 -> "sctp";
            default -> null;
        };
    }
}
