// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.wire.tlcp.ExtensionsDecoder;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

/** The names of application protocols (ALPN, RFC 7301), the best first, each behind its length as on the wire. */
final class ApplicationProtocols
{
    static final int NONE = -1;

    private static final int MAX_LENGTH = 255;

    private final UnsafeBuffer list;
    private final int[] offsets;

    ApplicationProtocols(final String... names)
    {
        int length = 0;
        offsets = new int[names.length];
        final byte[][] octets = new byte[names.length][];
        for (int i = 0; i < names.length; i++)
        {
            octets[i] = names[i].getBytes(StandardCharsets.UTF_8);
            if (octets[i].length < 1 || octets[i].length > MAX_LENGTH || i == MAX_LENGTH)
            {
                throw new IllegalArgumentException("a protocol's name has 1 to 255 octets, a list 255: " + names[i]);
            }
            offsets[i] = length;
            length += 1 + octets[i].length;
        }
        list = new UnsafeBuffer(new byte[length]);
        for (int i = 0; i < names.length; i++)
        {
            list.putByte(offsets[i], (byte)octets[i].length);
            list.putBytes(offsets[i] + 1, octets[i]);
        }
    }

    int count()
    {
        return offsets.length;
    }

    /** {@return all of them} */
    UnsafeBuffer list()
    {
        return list;
    }

    /** {@return where one begins in the list, its length first} */
    int offset(final int index)
    {
        return offsets[index];
    }

    /** {@return octets of one in the list, its length included} */
    int length(final int index)
    {
        return 1 + (list.getByte(offsets[index]) & 0xff);
    }

    /** {@return the best one of ours that is in a hello, or {@link #NONE}} */
    int find(final ExtensionsDecoder extensions)
    {
        for (int i = 0; i < offsets.length; i++)
        {
            if (extensions.hasProtocol(list, offsets[i] + 1, length(i) - 1))
            {
                return i;
            }
        }
        return NONE;
    }
}
