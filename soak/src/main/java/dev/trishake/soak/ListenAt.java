// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.net.InetAddress;

/**
 * Where to listen: a port, like {@code 4433}, or a port of one address, like {@code 127.0.0.1:4433}.
 *
 * @param address null: wherever the tool listens else
 * @param port    1 to 65535
 */
record ListenAt(InetAddress address, int port)
{
    private static final int MAX_PORT = 65_535;

    /** Reads one from a command line. */
    static final class Converter implements ITypeConverter<ListenAt>
    {
        @Override
        public ListenAt convert(final String text)
        {
            if (!text.matches("[0-9]{1,5}"))
            {
                final Endpoint endpoint = new Endpoint.Converter().convert(text);
                return new ListenAt(endpoint.address(), endpoint.port());
            }
            final int port = Integer.parseInt(text);
            if (port < 1 || port > MAX_PORT)
            {
                throw new TypeConversionException("'" + text + "' is no port from 1 to " + MAX_PORT);
            }
            return new ListenAt(null, port);
        }
    }
}
