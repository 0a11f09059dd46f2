// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * The form of every handshake message a second time, written from the sheet with nothing in mind but to be plainly
 * right: it copies, and it throws where bytes are missing. What it accepts the decoders must accept, and nothing else.
 */
final class NaiveTlcp
{
    private static final Set<Integer> KNOWN_EXTENSIONS = Set.of(0, 3, 5, 10, 13, 16, 35, 66);

    private NaiveTlcp()
    {
    }

    static boolean accepts(final int type, final boolean ecdhe, final Strictness strictness, final byte[] body)
    {
        try
        {
            final ByteBuffer in = ByteBuffer.wrap(body);
            final boolean formed = switch (type)
            {
                case 0, 14 -> true;
                case 1 -> clientHello(in);
                case 2 -> serverHello(in);
                case 4 -> skip(in, 4) && vector(in, 2) != null;
                case 11 -> certificates(vector(in, 3));
                case 12 -> (!ecdhe || point(in, strictness)) && signature(vector(in, 2));
                case 13 -> vector(in, 1).hasRemaining() && names(vector(in, 2));
                case 15 -> signature(vector(in, 2));
                case 16 -> ecdhe ?
                    (body.length != 71 || in.getShort() == 69) && point(in, strictness) : vector(in, 2).hasRemaining();
                case 20 -> skip(in, 12);
                default -> throw new IllegalArgumentException("no such message: " + type);
            };
            return formed && !in.hasRemaining();
        }
        catch (final BufferUnderflowException ex)
        {
            return false;
        }
    }

    private static boolean clientHello(final ByteBuffer in)
    {
        skip(in, 34);
        final int id = vector(in, 1).remaining();
        final int suites = vector(in, 2).remaining();
        final int compression = vector(in, 1).remaining();
        return id <= 32 && suites > 0 && suites % 2 == 0 && compression > 0 && extensions(in, false);
    }

    private static boolean serverHello(final ByteBuffer in)
    {
        skip(in, 34);
        final int id = vector(in, 1).remaining();
        skip(in, 3);
        return id <= 32 && extensions(in, true);
    }

    private static boolean extensions(final ByteBuffer in, final boolean answers)
    {
        if (!in.hasRemaining())
        {
            return true;
        }
        final ByteBuffer block = vector(in, 2);
        final Set<Integer> seen = new HashSet<>();
        boolean formed = true;
        while (block.hasRemaining())
        {
            final int type = Short.toUnsignedInt(block.getShort());
            final ByteBuffer content = vector(block, 2);
            formed &= !KNOWN_EXTENSIONS.contains(type) || seen.add(type);
            if (type == 16)
            {
                final int count = protocols(content);
                formed &= count > 0 && (!answers || count == 1);
            }
            else if (answers && (type == 0 || type == 35))
            {
                formed &= !content.hasRemaining();
            }
            else if (type == 0)
            {
                formed &= serverNames(content);
            }
        }
        return formed;
    }

    private static boolean serverNames(final ByteBuffer content)
    {
        final ByteBuffer list = vector(content, 2);
        int hostNames = 0;
        boolean formed = list.hasRemaining() && !content.hasRemaining();
        while (list.hasRemaining())
        {
            final boolean isHost = list.get() == 0;
            final int length = vector(list, 2).remaining();
            formed &= length > 0 && (!isHost || length <= 255);
            hostNames += isHost ? 1 : 0;
        }
        return formed && hostNames <= 1;
    }

    private static int protocols(final ByteBuffer content)
    {
        final ByteBuffer list = vector(content, 2);
        int count = 0;
        while (list.hasRemaining())
        {
            if (!vector(list, 1).hasRemaining())
            {
                return -1;
            }
            count++;
        }
        return content.hasRemaining() ? -1 : count;
    }

    private static boolean certificates(final ByteBuffer list)
    {
        int count = 0;
        while (list.hasRemaining())
        {
            if (!vector(list, 3).hasRemaining())
            {
                return false;
            }
            count++;
        }
        return count <= 16;
    }

    private static boolean names(final ByteBuffer list)
    {
        while (list.hasRemaining())
        {
            if (!vector(list, 2).hasRemaining())
            {
                return false;
            }
        }
        return true;
    }

    private static boolean point(final ByteBuffer in, final Strictness strictness)
    {
        final int curveType = in.get();
        final int curve = in.getShort();
        final ByteBuffer point = vector(in, 1);
        return point.remaining() == 65 && point.get() == 4 &&
            (strictness == Strictness.TOLERANT || (curveType == 3 && curve == 41));
    }

    private static boolean signature(final ByteBuffer der)
    {
        return der.remaining() >= 8 && der.remaining() <= 72;
    }

    private static boolean skip(final ByteBuffer in, final int length)
    {
        in.get(new byte[length]);
        return true;
    }

    private static ByteBuffer vector(final ByteBuffer in, final int width)
    {
        int length = 0;
        for (int i = 0; i < width; i++)
        {
            length = length << 8 | Byte.toUnsignedInt(in.get());
        }
        if (length > in.remaining())
        {
            throw new BufferUnderflowException();
        }
        final byte[] bytes = new byte[length];
        in.get(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
