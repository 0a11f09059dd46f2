// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.session.FourTuple;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** An address and a port, like {@code 10.9.0.2:80} or {@code [fd09::2]:80}. */
record Endpoint(InetAddress address, int port)
{
    private static final long IPV4_MAPPED = 0xffff_0000_0000L;
    private static final long IPV4_MASK = 0xffff_ffffL;
    private static final int MAX_PORT = 65_535;

    /** Reads one from a command line. */
    static final class Converter implements ITypeConverter<Endpoint>
    {
        @Override
        public Endpoint convert(final String text)
        {
            final int colon = text.lastIndexOf(':');
            final String digits = text.substring(colon + 1);
            final int port = colon > 0 && digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
            if (port < 1 || port > MAX_PORT)
            {
                throw new TypeConversionException("'" + text + "' needs a port, like 10.9.0.1:80 or [fd09::1]:80");
            }
            final String host = text.substring(0, colon);
            return new Endpoint(Subnet.literal(
                host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host), port);
        }
    }

    /** {@return the remote side of a four-tuple} */
    static Endpoint ofRemote(final FourTuple tuple)
    {
        final ByteBuffer octets = ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(tuple.remoteHigh()).putLong(tuple.remoteLow());
        try
        {
            return new Endpoint(InetAddress.getByAddress(octets.array()), tuple.remotePort()); // IPv4 where mapped
        }
        catch (final UnknownHostException ex)
        {
            throw new IllegalStateException("an address has 16 octets", ex);
        }
    }

    /** {@return first eight octets of the address, as a four-tuple has it} */
    static long high(final InetAddress address)
    {
        return address instanceof Inet6Address ? ByteBuffer.wrap(address.getAddress()).getLong() : 0;
    }

    /** {@return last eight octets of the address, as a four-tuple has it} */
    static long low(final InetAddress address)
    {
        final ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address ? octets.getLong(Long.BYTES) :
            IPV4_MAPPED | (octets.getInt() & IPV4_MASK);
    }

    /** {@return the address as RFC 5952 has it: the first longest run of zero groups is {@code ::}} */
    static String text(final InetAddress address)
    {
        final String full = address.getHostAddress();
        for (int more = 7; more > 0; more--)
        {
            final String shorter = full.replaceFirst("(^|:)0(:0){" + more + "}(:|$)", "::");
            if (!shorter.equals(full))
            {
                return shorter;
            }
        }
        return full;
    }

    @Override
    public String toString()
    {
        return (address instanceof Inet6Address ? "[" + text(address) + "]" : text(address)) + ":" + port;
    }
}
