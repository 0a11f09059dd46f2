// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.math.BigInteger;
import java.net.InetAddress;

/** An address in its subnet, like {@code 10.9.0.1/24} or {@code fd09::1/64}. */
record Subnet(InetAddress address, int prefixLength)
{
    /** Reads one from a command line. */
    static final class Converter implements ITypeConverter<Subnet>
    {
        @Override
        public Subnet convert(final String text)
        {
            final int slash = text.indexOf('/');
            final InetAddress address = literal(slash < 0 ? text : text.substring(0, slash));
            final int most = Byte.SIZE * address.getAddress().length;
            final String digits = slash < 0 ? "" : text.substring(slash + 1);
            final int prefixLength = digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : -1;
            if (prefixLength < 1 || prefixLength > most)
            {
                throw new TypeConversionException("'" + text + "' needs the length of its subnet, like " +
                    Endpoint.text(address) + "/" + most * 3 / 4);
            }
            return new Subnet(address, prefixLength);
        }
    }

    /** Reads an address from a command line: names are not looked up. */
    static final class AddressConverter implements ITypeConverter<InetAddress>
    {
        @Override
        public InetAddress convert(final String text)
        {
            return literal(text);
        }
    }

    static InetAddress literal(final String text)
    {
        try
        {
            return InetAddress.ofLiteral(text);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new TypeConversionException("'" + text + "' is no IPv4 or IPv6 address");
        }
    }

    boolean contains(final InetAddress other)
    {
        final byte[] ours = address.getAddress();
        final byte[] theirs = other.getAddress();
        final int hostBits = Byte.SIZE * ours.length - prefixLength;
        return ours.length == theirs.length &&
            new BigInteger(1, ours).shiftRight(hostBits).equals(new BigInteger(1, theirs).shiftRight(hostBits));
    }
}
