// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/** Addresses that begin with the same bits; IPv4 is IPv4-mapped, so its prefixes have 96 bits more. */
final class AddressPrefix
{
    static final int MAX_LENGTH = 128;

    private static final int IPV4_MAPPED_BITS = 96;
    private static final long IPV4_MAPPED = 0xffff_0000_0000L;

    private final long high;
    private final long low;
    private final long highMask;
    private final long lowMask;
    private final int length;

    private AddressPrefix(final long high, final long low, final int length)
    {
        this.length = length;
        highMask = mask(length);
        lowMask = mask(length - Long.SIZE);
        this.high = high & highMask;
        this.low = low & lowMask;
    }

    /** {@return the prefix of this length, 0 to 32 or 128, that an address is in} */
    static AddressPrefix of(final InetAddress address, final int length)
    {
        final boolean isIpv4 = address.getAddress().length == Integer.BYTES;
        if (length < 0 || length > (isIpv4 ? Integer.SIZE : MAX_LENGTH))
        {
            throw new IllegalArgumentException(
                "a prefix of " + address.getHostAddress() + " can't have " + length + " bits");
        }
        return new AddressPrefix(high(address), low(address), isIpv4 ? length + IPV4_MAPPED_BITS : length);
    }

    static long high(final InetAddress address)
    {
        final byte[] octets = address.getAddress();
        return octets.length == Integer.BYTES ? 0 : ByteBuffer.wrap(octets).getLong();
    }

    static long low(final InetAddress address)
    {
        final byte[] octets = address.getAddress();
        return octets.length == Integer.BYTES ?
            ipv4(ByteBuffer.wrap(octets).getInt()) : ByteBuffer.wrap(octets).getLong(Long.BYTES);
    }

    /** {@return the lower half of an IPv4-mapped address, whose upper half is 0} */
    static long ipv4(final int address)
    {
        return IPV4_MAPPED | Integer.toUnsignedLong(address);
    }

    static boolean isIpv4(final long high, final long low)
    {
        return high == 0 && low >>> Integer.SIZE == IPV4_MAPPED >>> Integer.SIZE;
    }

    boolean contains(final long addressHigh, final long addressLow)
    {
        return (((addressHigh & highMask) ^ high) | ((addressLow & lowMask) ^ low)) == 0;
    }

    boolean isIpv4()
    {
        return isIpv4(high, low) && length >= IPV4_MAPPED_BITS;
    }

    /** {@return whether it is one address} */
    boolean isSingle()
    {
        return length == MAX_LENGTH;
    }

    /** {@return a 32-bit word of the prefix, 0 to 3; IPv4 has its own in the last} */
    int word(final int index)
    {
        return (int)((index < 2 ? high : low) >>> (1 - index & 1) * Integer.SIZE);
    }

    /** {@return the bits of that word that belong to the prefix} */
    int maskWord(final int index)
    {
        return (int)((index < 2 ? highMask : lowMask) >>> (1 - index & 1) * Integer.SIZE);
    }

    private static long mask(final int bits)
    {
        return bits <= 0 ? 0 : bits >= Long.SIZE ? -1 : -1L << (Long.SIZE - bits);
    }
}
