// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import org.agrona.DirectBuffer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * What one side shows, by the name that it is asked for. Names are few and compared one after the other: a whole name
 * before a wildcard, whose star is one whole label, the first (as RFC 6125 6.4.3 has it for certificates).
 */
final class CredentialsByName
{
    /** The place of what is shown to who asks for none of the names. */
    static final int DEFAULT = 0;

    /** {@link #find}'s answer where no name is right and there is no default. */
    static final int NONE = -1;

    private static final int MAX_COUNT = 255;
    private static final int MAX_NAME_LENGTH = 253;
    private static final int MAX_LABEL_LENGTH = 63;

    /** Without the star of a wildcard, but with the dot behind it. */
    private byte[][] names = {{}};
    private TlcpCredentials[] values = new TlcpCredentials[1];

    void setDefault(final TlcpCredentials value)
    {
        values[DEFAULT] = value;
    }

    void add(final String name, final TlcpCredentials value)
    {
        final int count = names.length;
        if (count > MAX_COUNT)
        {
            throw new IllegalArgumentException("more than 255 names");
        }
        final byte[] octets = checked(name, true);
        names = Arrays.copyOf(names, count + 1);
        values = Arrays.copyOf(values, count + 1);
        names[count] = octets[0] == '*' ? Arrays.copyOfRange(octets, 1, octets.length) : octets;
        values[count] = value;
    }

    /** {@return a host name's octets in lower case} */
    static byte[] checked(final String name, final boolean mayBeWildcard)
    {
        final String host = name.toLowerCase(Locale.ROOT);
        final String[] labels = host.split("\\.", -1);
        for (int i = 0; i < labels.length; i++)
        {
            final boolean isStar = mayBeWildcard && i == 0 && labels.length > 1 && "*".equals(labels[i]);
            if (!isStar && (labels[i].length() > MAX_LABEL_LENGTH || !labels[i].matches("[a-z0-9_-]+")))
            {
                throw new IllegalArgumentException("no host name in ASCII: " + name);
            }
        }
        if (host.length() > MAX_NAME_LENGTH || labels[labels.length - 1].matches("[0-9]+"))
        {
            throw new IllegalArgumentException("no host name but too long or an address: " + name); // RFC 6066 3
        }
        return host.getBytes(StandardCharsets.US_ASCII);
    }

    TlcpCredentials get(final int index)
    {
        return values[index];
    }

    /** {@return what a client shows} */
    TlcpCredentials ofClient()
    {
        return values[DEFAULT];
    }

    /** {@return the place of what to show to who asks for a name, any octets; or {@link #NONE}} */
    int find(final DirectBuffer buffer, final int offset, final int length)
    {
        int wildcard = NONE;
        for (int i = DEFAULT + 1; i < names.length; i++)
        {
            final byte[] name = names[i];
            if (name[0] != '.')
            {
                if (name.length == length && matches(name, buffer, offset))
                {
                    return i;
                }
            }
            else if (wildcard == NONE && length > name.length && firstDot(buffer, offset, length) ==
                length - name.length && matches(name, buffer, offset + length - name.length))
            {
                wildcard = i;
            }
        }
        return wildcard != NONE || values[DEFAULT] == null ? wildcard : DEFAULT;
    }

    private static int firstDot(final DirectBuffer buffer, final int offset, final int length)
    {
        int at = 0;
        while (at < length && buffer.getByte(offset + at) != '.')
        {
            at++;
        }
        return at;
    }

    /** Names have no case; they are public, so time may tell where they differ. */
    private static boolean matches(final byte[] name, final DirectBuffer buffer, final int offset)
    {
        for (int i = 0; i < name.length; i++)
        {
            final byte octet = buffer.getByte(offset + i);
            if (name[i] != (octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet))
            {
                return false;
            }
        }
        return true;
    }
}
