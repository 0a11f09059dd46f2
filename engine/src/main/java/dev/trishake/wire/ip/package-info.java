/**
 * The headers below TCP and UDP's payloads: Ethernet, ARP, IPv4, IPv6, ICMP, ICMPv6, NDP, UDP, and their checksum.
 * A {@code Flyweight} reads: its {@code wrap} checks everything once; an {@code Encoder} writes, never reads old bytes.
 * IPv4 addresses are an {@code int}, IPv6 addresses two {@code long}s (high, low), link-layer addresses the low 48 bits
 * of a {@code long}, all in the order in which they are written down.
 * May import Agrona's buffers only; allocates nothing after construction.
 */
package dev.trishake.wire.ip;
