// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Where spoofed SYNs claim to come from. IPv4 addresses are {@code ::ffff:a.b.c.d}, as in a four-tuple.
 *
 * @param high         first eight octets
 * @param low          last eight octets
 * @param prefixLength of 128 bits
 * @param isIpv4       whether the packets are of IPv4
 */
public record SourceNetwork(long high, long low, int prefixLength, boolean isIpv4)
{
    private static final long IPV4_MAPPED = 0xffff_0000_0000L;
    private static final int IPV4_PREFIX_LENGTH = 96;
    private static final int MULTICAST_IPV4 = 224;
    private static final int LOOPBACK_IPV4 = 127;
    private static final int UNICAST_IPV6_SHIFT = 61;

    /**
     * {@return the network of an address}
     *
     * @param address      any of it
     * @param prefixLength its length in bits, 1 to 32 or 128
     */
    public static SourceNetwork of(final InetAddress address, final int prefixLength)
    {
        final ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address ?
            new SourceNetwork(octets.getLong(), octets.getLong(), prefixLength, false) :
            new SourceNetwork(
                0, IPV4_MAPPED | Integer.toUnsignedLong(octets.getInt()), IPV4_PREFIX_LENGTH + prefixLength, true);
    }

    /**
     * {@return why nobody could send from there, a sentence's end, or null where somebody could}
     *
     * @param taken a network that is in use here
     */
    String mistake(final SourceNetwork taken)
    {
        if (isIpv4)
        {
            final int first = (int)(low >>> 24) & 0xff;
            if (first == 0 || first == LOOPBACK_IPV4 || first >= MULTICAST_IPV4)
            {
                return "is no network of unicast addresses";
            }
        }
        else if (high >>> UNICAST_IPV6_SHIFT != 1 && high >>> 57 != 0x7e) // 2000::/3, fc00::/7: RFC 4291, 4193
        {
            return "is no network of unicast addresses";
        }
        final int common = Math.min(prefixLength, taken.prefixLength);
        return isIpv4 == taken.isIpv4 &&
            ((high ^ taken.high) & highMask(common)) == 0 && ((low ^ taken.low) & lowMask(common)) == 0 ?
            "has the addresses of the flood's own network in it" : null;
    }

    /**
     * {@return the first eight octets of the address of this random number}
     *
     * @param random any
     */
    public long high(final long random)
    {
        return (high & highMask(prefixLength)) | (random & ~highMask(prefixLength));
    }

    /**
     * {@return the last eight octets of the address of this random number}
     *
     * @param random any
     */
    public long low(final long random)
    {
        return (low & lowMask(prefixLength)) | (random & ~lowMask(prefixLength));
    }

    /**
     * {@return whether all of it are addresses of loopback, of IPv4}
     */
    public boolean isLoopback()
    {
        return isIpv4 && (int)(low >>> 24 & 0xff) == LOOPBACK_IPV4 && prefixLength >= IPV4_PREFIX_LENGTH + Byte.SIZE;
    }

    private static long highMask(final int bits)
    {
        return bits >= Long.SIZE ? ~0L : ~(~0L >>> bits);
    }

    private static long lowMask(final int bits)
    {
        return bits <= Long.SIZE ? 0 : bits == 2 * Long.SIZE ? ~0L : ~(~0L >>> (bits - Long.SIZE));
    }
}
