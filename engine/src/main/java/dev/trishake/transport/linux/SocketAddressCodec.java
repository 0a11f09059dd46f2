// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/**
 * Socket addresses as system calls take and give them (ip(7), ipv6(7)).
 *
 * <pre>
 *           sockaddr_in                     sockaddr_in6
 *  0 family (AF_INET, native order)   0 family (AF_INET6, native order)
 *  2 port (network order)             2 port (network order)
 *  4 address, 4 bytes                 4 flow information
 *  8 zero, 8 bytes                    8 address, 16 bytes
 * 16                                 24 scope id (native order)
 *                                    28
 * </pre>
 *
 * <p>Readers are total on {@link #MAX_LENGTH} bytes: another family reads as {@code ::}, port 0.
 */
public final class SocketAddressCodec
{
    /** Bytes that any address needs. */
    public static final int MAX_LENGTH = 28;

    private static final int FAMILY_OFFSET = 0;
    private static final int PORT_OFFSET = 2;
    private static final int IPV4_ADDRESS_OFFSET = 4;
    private static final int IPV4_LENGTH = 16;
    private static final int IPV6_ADDRESS_OFFSET = 8;
    private static final int IPV6_SCOPE_ID_OFFSET = 24;
    private static final long IPV4_MAPPED_PREFIX = 0xffff_0000_0000L;

    private static final ValueLayout.OfShort FAMILY = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt NATIVE_INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort NETWORK_SHORT =
        ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt NETWORK_INT =
        ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong NETWORK_LONG =
        ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private SocketAddressCodec()
    {
    }

    /**
     * {@return the address family of an address}
     *
     * @param address resolved
     */
    public static int family(final InetSocketAddress address)
    {
        return address.getAddress() instanceof Inet6Address ? Libc.AF_INET6 : Libc.AF_INET;
    }

    /**
     * Writes an address.
     *
     * @param memory  at least {@link #MAX_LENGTH} bytes
     * @param address resolved
     * @return its length
     */
    public static int encode(final MemorySegment memory, final InetSocketAddress address)
    {
        final byte[] octets = address.getAddress().getAddress();
        memory.fill((byte)0);
        memory.set(FAMILY, FAMILY_OFFSET, (short)family(address));
        memory.set(NETWORK_SHORT, PORT_OFFSET, (short)address.getPort());
        if (address.getAddress() instanceof Inet6Address ipv6)
        {
            MemorySegment.copy(octets, 0, memory, ValueLayout.JAVA_BYTE, IPV6_ADDRESS_OFFSET, octets.length);
            memory.set(NATIVE_INT, IPV6_SCOPE_ID_OFFSET, ipv6.getScopeId());
            return MAX_LENGTH;
        }
        MemorySegment.copy(octets, 0, memory, ValueLayout.JAVA_BYTE, IPV4_ADDRESS_OFFSET, octets.length);
        return IPV4_LENGTH;
    }

    /**
     * {@return the address family of an address}
     *
     * @param high first 8 bytes of it
     * @param low  last 8; IPv4 is IPv4-mapped
     */
    public static int family(final long high, final long low)
    {
        return high == 0 && (low & ~0xffff_ffffL) == IPV4_MAPPED_PREFIX ? Libc.AF_INET : Libc.AF_INET6;
    }

    /**
     * Writes an address.
     *
     * @param memory at least {@link #MAX_LENGTH} bytes
     * @param high   first 8 bytes of it
     * @param low    last 8; IPv4 is IPv4-mapped
     * @param port   0 to 65535
     * @return its length
     */
    public static int encode(final MemorySegment memory, final long high, final long low, final int port)
    {
        final int family = family(high, low);
        memory.fill((byte)0);
        memory.set(FAMILY, FAMILY_OFFSET, (short)family);
        memory.set(NETWORK_SHORT, PORT_OFFSET, (short)port);
        if (family == Libc.AF_INET)
        {
            memory.set(NETWORK_INT, IPV4_ADDRESS_OFFSET, (int)low);
            return IPV4_LENGTH;
        }
        return encodeIpv6(memory, high, low, port);
    }

    /**
     * Writes an address for an IPv6 socket, which takes IPv4's as IPv4-mapped ones.
     *
     * @param memory at least {@link #MAX_LENGTH} bytes
     * @param high   first 8 bytes of it
     * @param low    last 8
     * @param port   0 to 65535
     * @return its length
     */
    public static int encodeIpv6(final MemorySegment memory, final long high, final long low, final int port)
    {
        memory.fill((byte)0);
        memory.set(FAMILY, FAMILY_OFFSET, (short)Libc.AF_INET6);
        memory.set(NETWORK_SHORT, PORT_OFFSET, (short)port);
        memory.set(NETWORK_LONG, IPV6_ADDRESS_OFFSET, high);
        memory.set(NETWORK_LONG, IPV6_ADDRESS_OFFSET + Long.BYTES, low);
        return MAX_LENGTH;
    }

    /**
     * {@return the address; allocates}
     *
     * @param memory {@link #MAX_LENGTH} bytes
     */
    public static InetSocketAddress decode(final MemorySegment memory)
    {
        final boolean ipv6 = memory.get(FAMILY, FAMILY_OFFSET) == Libc.AF_INET6;
        final byte[] octets = new byte[ipv6 ? Long.BYTES * 2 : Integer.BYTES];
        final int offset = ipv6 ? IPV6_ADDRESS_OFFSET : IPV4_ADDRESS_OFFSET;
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, octets, 0, octets.length);
        try
        {
            final InetAddress address = ipv6 && memory.get(NATIVE_INT, IPV6_SCOPE_ID_OFFSET) != 0 ?
                Inet6Address.getByAddress(null, octets, memory.get(NATIVE_INT, IPV6_SCOPE_ID_OFFSET)) :
                InetAddress.getByAddress(octets);
            return new InetSocketAddress(address, port(memory));
        }
        catch (final UnknownHostException ex)
        {
            throw new AssertionError("4 and 16 bytes are always an address", ex);
        }
    }

    /**
     * {@return whether the address is IPv4, or IPv4-mapped IPv6}
     *
     * @param memory {@link #MAX_LENGTH} bytes
     */
    public static boolean isIpv4(final MemorySegment memory)
    {
        return high(memory) == 0 && (low(memory) & ~0xffff_ffffL) == IPV4_MAPPED_PREFIX;
    }

    /**
     * {@return the first 8 bytes of the address, IPv4 taken as IPv4-mapped}
     *
     * @param memory {@link #MAX_LENGTH} bytes
     */
    public static long high(final MemorySegment memory)
    {
        return memory.get(FAMILY, FAMILY_OFFSET) == Libc.AF_INET6 ? memory.get(NETWORK_LONG, IPV6_ADDRESS_OFFSET) : 0;
    }

    /**
     * {@return the last 8 bytes of the address, IPv4 taken as IPv4-mapped}
     *
     * @param memory {@link #MAX_LENGTH} bytes
     */
    public static long low(final MemorySegment memory)
    {
        return switch (memory.get(FAMILY, FAMILY_OFFSET))
        {
            case Libc.AF_INET ->
                IPV4_MAPPED_PREFIX | Integer.toUnsignedLong(memory.get(NETWORK_INT, IPV4_ADDRESS_OFFSET));
            case Libc.AF_INET6 -> memory.get(NETWORK_LONG, IPV6_ADDRESS_OFFSET + Long.BYTES);
            default -> 0;
        };
    }

    /**
     * {@return the port, 0 to 65535}
     *
     * @param memory {@link #MAX_LENGTH} bytes
     */
    public static int port(final MemorySegment memory)
    {
        return switch (memory.get(FAMILY, FAMILY_OFFSET))
        {
            case Libc.AF_INET, Libc.AF_INET6 -> Short.toUnsignedInt(memory.get(NETWORK_SHORT, PORT_OFFSET));
            default -> 0;
        };
    }
}
