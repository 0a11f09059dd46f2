// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

import org.agrona.DirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * Reads the header of a datagram in any of the three forms, gQUIC 2.1 to 2.6. Brackets: not always there.
 *
 * <pre>
 * public:  flags | [connection ID 8] | [version 4] | [diversification nonce 32] | packet number 1, 2, 4, 6
 * long:    type | version 4 | lengths of both IDs 1 | [DCID 8] | [SCID 8] | packet number 4 | [nonce 32]
 * short:   type | [connection ID 8] | packet number 1, 2, 4
 * </pre>
 *
 * <p>What is there depends on who sent it, which the caller knows. {@link #wrap} checks once; accessors are total
 * afterwards, and what a form does not have is 0, or {@link #NONE} where it is an offset.
 */
public final class PacketHeaderDecoder
{
    /** A packet with a packet number and a payload. */
    public static final int DATA = 0;

    /** A version negotiation packet: its payload is a list of labels. */
    public static final int VERSION_NEGOTIATION = 1;

    /** A public reset: its payload is a handshake message, gQUIC 2.6. */
    public static final int PUBLIC_RESET = 2;

    /** A long header of a version whose layout is not known here: only version and connection ID may be used. */
    public static final int UNKNOWN_VERSION = 3;

    /** Octets of a connection ID. */
    public static final int CONNECTION_ID_LENGTH = 8;

    /** Octets of a diversification nonce. */
    public static final int NONCE_LENGTH = 32;

    /** What {@link #nonceOffset()} says without a nonce. */
    public static final int NONE = -1;

    static final int FLAG_VERSION = 0x01;
    static final int FLAG_RESET = 0x02;
    static final int FLAG_NONCE = 0x04;
    static final int FLAG_CONNECTION_ID = 0x08;
    static final int NUMBER_LENGTH_SHIFT = 4;
    static final int SHORT_BITS = 0x30;
    /** CIDLEN of a client: DCID of 8 octets (8 - 3 in the high nibble), no SCID. */
    static final int CLIENT_ID_LENGTHS = 0x50;
    /** CIDLEN of a server: no DCID, SCID of 8 octets. */
    static final int SERVER_ID_LENGTHS = 0x05;
    static final int LONG_NUMBER_LENGTH = 4;

    private static final int FLAG_MULTIPATH = 0x40;
    private static final int LENGTH_CODE_MASK = 0x03;
    private static final int LONG_VERSION_OFFSET = 1;
    private static final int LONG_ID_LENGTHS_OFFSET = 5;
    private static final int LONG_ID_OFFSET = 6;

    private DirectBuffer buffer;
    private int offset;
    private int limit;
    private int form;
    private int kind;
    private int longType;
    private boolean hasConnectionId;
    private long connectionId;
    private int version;
    private int nonceOffset;
    private int numberLength;
    private long truncatedNumber;
    private int payloadOffset;

    /**
     * Reads a header.
     *
     * @param buffer     where the datagram is
     * @param offset     where it begins
     * @param length     of the datagram
     * @param fromClient whether a client sent it
     * @return false when it is no packet of gQUIC: drop it
     */
    public boolean wrap(final DirectBuffer buffer, final int offset, final int length, final boolean fromClient)
    {
        this.buffer = buffer;
        this.offset = offset;
        this.limit = offset + length;
        kind = DATA;
        longType = 0;
        hasConnectionId = false;
        connectionId = 0;
        version = GquicVersion.NONE;
        nonceOffset = NONE;
        numberLength = 0;
        truncatedNumber = 0;
        payloadOffset = offset + 1;
        if (length < 1)
        {
            return false;
        }
        final int first = buffer.getByte(offset) & 0xff;
        form = PacketForm.of(first);
        return switch (form)
        {
            case PacketForm.PUBLIC -> wrapPublic(first, fromClient);
            case PacketForm.LONG -> wrapLong(first, fromClient);
            default -> wrapShort(first, fromClient);
        };
    }

    private boolean wrapPublic(final int flags, final boolean fromClient)
    {
        if ((flags & FLAG_MULTIPATH) != 0)
        {
            return false;
        }
        // a client has no reason to leave its ID out, and a server could do nothing with such a packet
        if ((flags & FLAG_CONNECTION_ID) != 0 ? !takeConnectionId() : fromClient)
        {
            return false;
        }
        if ((flags & FLAG_RESET) != 0)
        {
            kind = PUBLIC_RESET;
            return hasConnectionId;
        }
        if ((flags & FLAG_VERSION) != 0)
        {
            if (!fromClient)
            {
                kind = VERSION_NEGOTIATION;
                return hasConnectionId && hasLabels();
            }
            if (!takeVersion())
            {
                return false;
            }
        }
        // from a client the flag has no meaning, and Chromium's set it always
        if ((flags & FLAG_NONCE) != 0 && !fromClient && !takeNonce())
        {
            return false;
        }
        final int code = (flags >> NUMBER_LENGTH_SHIFT) & LENGTH_CODE_MASK;
        return takeNumber(code == 0 ? 1 : 2 * code);
    }

    private boolean wrapLong(final int type, final boolean fromClient)
    {
        if (limit - offset < LONG_ID_OFFSET)
        {
            return false;
        }
        version = buffer.getInt(offset + LONG_VERSION_OFFSET, BIG_ENDIAN);
        final int lengths = buffer.getByte(offset + LONG_ID_LENGTHS_OFFSET) & 0xff;
        payloadOffset = offset + LONG_ID_OFFSET;
        if (lengths != (fromClient ? CLIENT_ID_LENGTHS : SERVER_ID_LENGTHS) || !takeConnectionId())
        {
            return false;
        }
        longType = type;
        if (version == GquicVersion.NONE)
        {
            kind = VERSION_NEGOTIATION;
            return !fromClient && hasLabels();
        }
        if (version != GquicVersion.Q044)
        {
            kind = UNKNOWN_VERSION;
            return !GquicVersion.isKnown(version);
        }
        if (type < LongType.ZERO_RTT_PROTECTED || type == LongType.RETRY || !takeNumber(LONG_NUMBER_LENGTH))
        {
            return false;
        }
        return fromClient || type != LongType.ZERO_RTT_PROTECTED || takeNonce();
    }

    private boolean wrapShort(final int type, final boolean fromClient)
    {
        final int code = type & LENGTH_CODE_MASK;
        if ((type & ~LENGTH_CODE_MASK) != SHORT_BITS || code == LENGTH_CODE_MASK)
        {
            return false;
        }
        return (!fromClient || takeConnectionId()) && takeNumber(1 << code);
    }

    private boolean takeConnectionId()
    {
        if (limit - payloadOffset < CONNECTION_ID_LENGTH)
        {
            return false;
        }
        hasConnectionId = true;
        connectionId = buffer.getLong(payloadOffset, BIG_ENDIAN);
        payloadOffset += CONNECTION_ID_LENGTH;
        return true;
    }

    private boolean takeVersion()
    {
        if (limit - payloadOffset < GquicVersion.LABEL_LENGTH)
        {
            return false;
        }
        version = buffer.getInt(payloadOffset, BIG_ENDIAN);
        payloadOffset += GquicVersion.LABEL_LENGTH;
        return version != GquicVersion.Q044;
    }

    private boolean takeNonce()
    {
        if (limit - payloadOffset < NONCE_LENGTH)
        {
            return false;
        }
        nonceOffset = payloadOffset;
        payloadOffset += NONCE_LENGTH;
        return true;
    }

    private boolean takeNumber(final int length)
    {
        if (limit - payloadOffset < length)
        {
            return false;
        }
        numberLength = length;
        truncatedNumber = BigEndian.get(buffer, payloadOffset, length);
        payloadOffset += length;
        return true;
    }

    private boolean hasLabels()
    {
        final int length = limit - payloadOffset;
        return length > 0 && length % GquicVersion.LABEL_LENGTH == 0;
    }

    /**
     * {@return the form, see {@link PacketForm}}
     */
    public int form()
    {
        return form;
    }

    /**
     * {@return what the datagram is: {@link #DATA}, {@link #VERSION_NEGOTIATION}, {@link #PUBLIC_RESET} or
     * {@link #UNKNOWN_VERSION}}
     */
    public int kind()
    {
        return kind;
    }

    /**
     * {@return the first octet of a long header, see {@link LongType}; else 0}
     */
    public int longType()
    {
        return longType;
    }

    /**
     * {@return whether there is a connection ID; without one the addresses say whose packet it is}
     */
    public boolean hasConnectionId()
    {
        return hasConnectionId;
    }

    /**
     * {@return the connection ID, in network order: of a long header the one that is not empty}
     */
    public long connectionId()
    {
        return connectionId;
    }

    /**
     * {@return the version label, {@link GquicVersion#NONE} where the header has none}
     */
    public int version()
    {
        return version;
    }

    /**
     * {@return where the diversification nonce begins in the buffer, or {@link #NONE}}
     */
    public int nonceOffset()
    {
        return nonceOffset;
    }

    /**
     * {@return octets of the packet number, 0 where there is none}
     */
    public int numberLength()
    {
        return numberLength;
    }

    /**
     * {@return the low octets of the packet number, see {@link PacketNumber#expand}}
     */
    public long truncatedNumber()
    {
        return truncatedNumber;
    }

    /**
     * {@return octets of the header, all of which are authenticated with the payload}
     */
    public int length()
    {
        return payloadOffset - offset;
    }

    /**
     * {@return where the payload begins in the buffer: right behind the header}
     */
    public int payloadOffset()
    {
        return payloadOffset;
    }

    /**
     * {@return octets behind the header, 0 or more}
     */
    public int payloadLength()
    {
        return limit - payloadOffset;
    }

    /**
     * {@return how many labels a version negotiation packet lists, reserved ones included; else 0}
     */
    public int labelCount()
    {
        return kind == VERSION_NEGOTIATION ? payloadLength() / GquicVersion.LABEL_LENGTH : 0;
    }

    /**
     * {@return a label of a version negotiation packet}
     *
     * @param index 0 to {@link #labelCount()} - 1
     */
    public int label(final int index)
    {
        assert index >= 0 && index < labelCount() : "no such label: " + index;
        return buffer.getInt(payloadOffset + index * GquicVersion.LABEL_LENGTH, BIG_ENDIAN);
    }
}
