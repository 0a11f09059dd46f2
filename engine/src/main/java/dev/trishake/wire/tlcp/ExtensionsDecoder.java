// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.wire.OctetReader;
import org.agrona.DirectBuffer;

/**
 * The extensions at the end of a hello; the block may be missing.
 *
 * <pre>
 * +-------------+-- each: --+-------------+-- - -
 * | length u16  | type u16  | length u16  | content
 * +-------------+-----------+-------------+-- - -
 * </pre>
 *
 * <p>Checked: each is whole, none of a known type comes twice, and those that a session acts on (server_name, ALPN, and
 * session_ticket in a ServerHello) have the form that their standards give them. The others are found, not judged: what
 * is ignored must not end a handshake.
 */
public final class ExtensionsDecoder
{
    private static final int[] KNOWN = {
        ExtensionType.SERVER_NAME,
        ExtensionType.APPLICATION_LAYER_PROTOCOL_NEGOTIATION,
        ExtensionType.SESSION_TICKET,
        ExtensionType.SUPPORTED_GROUPS,
        ExtensionType.SIGNATURE_ALGORITHMS,
        ExtensionType.TRUSTED_CA_KEYS,
        ExtensionType.STATUS_REQUEST,
        ExtensionType.CLIENT_ID};
    private static final int HOST_NAME = 0;
    private static final int MAX_HOST_NAME_LENGTH = 255;
    private static final int MAX_VECTOR_8 = 0xff;
    private static final int MAX_VECTOR_16 = 0xffff;

    private final OctetReader block = new OctetReader();
    private final OctetReader content = new OctetReader();
    private final OctetReader list = new OctetReader();
    private final OctetReader item = new OctetReader();
    private final int[] offsets = new int[KNOWN.length];
    private final int[] lengths = new int[KNOWN.length];

    private DirectBuffer buffer;
    private int unknown;
    private int hostNameOffset;
    private int hostNameLength;

    /**
     * Reads the extensions of a ClientHello, to its end.
     *
     * @param in stands behind the compression methods
     * @return true when they are well formed; the accessors are total afterwards
     */
    boolean wrapClient(final OctetReader in)
    {
        return wrap(in, false);
    }

    /**
     * Reads the extensions of a ServerHello, to its end.
     *
     * @param in stands behind the compression method
     * @return true when they are well formed; the accessors are total afterwards
     */
    boolean wrapServer(final OctetReader in)
    {
        return wrap(in, true);
    }

    private boolean wrap(final OctetReader in, final boolean fromServer)
    {
        buffer = in.buffer();
        unknown = 0;
        hostNameOffset = 0;
        hostNameLength = 0;
        for (int i = 0; i < KNOWN.length; i++)
        {
            lengths[i] = -1;
        }
        if (in.remaining() == 0)
        {
            return !in.failed();
        }
        in.vector16(block);
        while (block.remaining() > 0)
        {
            final int index = indexOf(block.u16());
            if (!block.vector16(content))
            {
                return false;
            }
            if (index < 0)
            {
                unknown++;
                continue;
            }
            if (lengths[index] >= 0)
            {
                return false; // RFC 5246 7.4.1.4: no two of one type
            }
            offsets[index] = content.offset();
            lengths[index] = content.remaining();
            if (!(fromServer ? isAnswer(KNOWN[index]) : isOffer(KNOWN[index])))
            {
                return false;
            }
        }
        return !block.failed() && in.isComplete();
    }

    /**
     * {@return whether there is one of a type}
     *
     * @param type one of {@link ExtensionType}'s
     */
    public boolean has(final int type)
    {
        return length(type) >= 0;
    }

    /**
     * {@return how many there are, of any type}
     */
    public int count()
    {
        int count = unknown;
        for (final int length : lengths)
        {
            count += length >= 0 ? 1 : 0;
        }
        return count;
    }

    /**
     * {@return whether there is one of a type that is not among {@link ExtensionType}'s}
     */
    public boolean hasUnknown()
    {
        return unknown > 0;
    }

    /**
     * {@return where the content of an extension begins; means something only where {@link #has}}
     *
     * @param type one of {@link ExtensionType}'s
     */
    public int offset(final int type)
    {
        final int index = indexOf(type);
        return index < 0 ? 0 : offsets[index];
    }

    /**
     * {@return length of an extension's content, or -1 when there is none}
     *
     * @param type one of {@link ExtensionType}'s
     */
    public int length(final int type)
    {
        final int index = indexOf(type);
        return index < 0 ? -1 : lengths[index];
    }

    /**
     * {@return where the client's host name begins}
     */
    public int hostNameOffset()
    {
        return hostNameOffset;
    }

    /**
     * {@return length of the client's host name, 1 to 255, or 0 when it named none}
     */
    public int hostNameLength()
    {
        return hostNameLength;
    }

    /**
     * {@return whether a protocol is among those of the ALPN extension}
     *
     * @param protocol where its name is
     * @param offset   where it begins
     * @param length   of it, 1 to 255
     */
    public boolean hasProtocol(final DirectBuffer protocol, final int offset, final int length)
    {
        if (!has(ExtensionType.APPLICATION_LAYER_PROTOCOL_NEGOTIATION))
        {
            return false;
        }
        open(ExtensionType.APPLICATION_LAYER_PROTOCOL_NEGOTIATION).vector16(list);
        while (list.remaining() > 0)
        {
            list.vector8(item);
            if (item.remaining() == length && isEqual(protocol, offset, length))
            {
                return true;
            }
        }
        return false;
    }

    /**
     * {@return whether a number is in the list of {@link ExtensionType#SUPPORTED_GROUPS} or
     * {@link ExtensionType#SIGNATURE_ALGORITHMS}; never so in a list that is damaged, which is no fault}
     *
     * @param type   of the extension
     * @param number 0 to 0xffff
     */
    public boolean lists(final int type, final int number)
    {
        if (!has(type))
        {
            return false;
        }
        open(type).vector16(list);
        while (list.remaining() > 0)
        {
            if (list.u16() == number && !list.failed())
            {
                return true;
            }
        }
        return false;
    }

    private OctetReader open(final int type)
    {
        return content.wrap(buffer, offset(type), length(type));
    }

    private boolean isEqual(final DirectBuffer other, final int otherOffset, final int length)
    {
        for (int i = 0; i < length; i++)
        {
            if (buffer.getByte(item.offset() + i) != other.getByte(otherOffset + i))
            {
                return false;
            }
        }
        return true;
    }

    /** {@return whether {@link #content} is what a client may say} */
    private boolean isOffer(final int type)
    {
        return switch (type)
        {
            case ExtensionType.SERVER_NAME -> isServerNameList();
            case ExtensionType.APPLICATION_LAYER_PROTOCOL_NEGOTIATION -> protocols() >= 1;
            default -> true;
        };
    }

    /** {@return whether {@link #content} is what a server may answer} */
    private boolean isAnswer(final int type)
    {
        return switch (type)
        {
            case ExtensionType.SERVER_NAME, ExtensionType.SESSION_TICKET -> content.remaining() == 0;
            case ExtensionType.APPLICATION_LAYER_PROTOCOL_NEGOTIATION -> protocols() == 1;
            default -> true;
        };
    }

    /** RFC 6066 3: a list of names, of each type one; only host names have been thought of. */
    private boolean isServerNameList()
    {
        content.vector16(list, 1, MAX_VECTOR_16);
        while (list.remaining() > 0)
        {
            final boolean isHostName = list.u8() == HOST_NAME;
            list.vector16(item, 1, isHostName ? MAX_HOST_NAME_LENGTH : MAX_VECTOR_16);
            if (isHostName && !list.failed())
            {
                if (hostNameLength > 0)
                {
                    return false;
                }
                hostNameOffset = item.offset();
                hostNameLength = item.remaining();
            }
        }
        return !list.failed() && content.isComplete();
    }

    /** {@return how many protocols there are, RFC 7301 3.1; -1 when the list is damaged} */
    private int protocols()
    {
        content.vector16(list);
        int count = 0;
        while (list.remaining() > 0)
        {
            list.vector8(item, 1, MAX_VECTOR_8);
            count++;
        }
        return list.failed() || !content.isComplete() ? -1 : count;
    }

    private static int indexOf(final int type)
    {
        for (int i = 0; i < KNOWN.length; i++)
        {
            if (KNOWN[i] == type)
            {
                return i;
            }
        }
        return -1;
    }
}
