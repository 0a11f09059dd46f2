// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import org.agrona.DirectBuffer;

/** Recognises the first line of an HTTP/1 message: a request or a status line that begins a segment. */
final class Http
{
    private static final int PORT = 80;
    private static final int PORT_ALT = 8080;
    private static final int MAX_LINE_LENGTH = 1024;
    private static final String VERSION = "HTTP/";
    private static final String[] METHODS =
        {"GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIONS ", "CONNECT ", "TRACE ", "PATCH ", "NOTIFY ",
            "M-SEARCH ", "SUBSCRIBE ", "UNSUBSCRIBE "};

    private Http()
    {
    }

    static void appendTcpdump(
        final StringBuilder out, final Flow flow, final DirectBuffer buffer, final int offset, final int captured)
    {
        if (captured > 0 && (isPort(flow.srcPort()) || isPort(flow.dstPort())))
        {
            final String line = firstLine(buffer, offset, captured);
            out.append(": HTTP").append(line == null ? "" : ": ").append(line == null ? "" : line);
        }
    }

    private static boolean isPort(final int port)
    {
        return port == PORT || port == PORT_ALT;
    }

    /** {@return the request or status line, printable characters only, or null when it is none or incomplete} */
    static String firstLine(final DirectBuffer buffer, final int offset, final int captured)
    {
        final StringBuilder line = new StringBuilder();
        for (int i = 0; i < Math.min(captured, MAX_LINE_LENGTH); i++)
        {
            final int octet = buffer.getByte(offset + i) & 0xff;
            if (octet == '\r' || octet == '\n')
            {
                return isFirstLine(line) ? line.toString() : null;
            }
            if (octet < ' ' || octet > '~')
            {
                return null;
            }
            line.append((char)octet);
        }
        return null;
    }

    private static boolean isFirstLine(final StringBuilder line)
    {
        if (line.indexOf(VERSION) == 0)
        {
            return true;
        }
        for (final String method : METHODS)
        {
            if (line.indexOf(method) == 0)
            {
                return line.lastIndexOf(" " + VERSION) > 0;
            }
        }
        return false;
    }
}
