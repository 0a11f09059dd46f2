// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * Writes packet headers; see {@link PacketHeaderDecoder} for what they look like. Every method answers the header's
 * length. A header has at most {@link #MAX_LENGTH} octets, and so many must be there to be written to.
 */
public final class PacketHeaderEncoder
{
    /** Longest header: a server's long one with a nonce. */
    public static final int MAX_LENGTH = 2 + GquicVersion.LABEL_LENGTH + PacketHeaderDecoder.CONNECTION_ID_LENGTH +
        PacketHeaderDecoder.LONG_NUMBER_LENGTH + PacketHeaderDecoder.NONCE_LENGTH;

    private PacketHeaderEncoder()
    {
    }

    /**
     * Writes the public header of a client.
     *
     * @param buffer       where to
     * @param offset       where it begins
     * @param connectionId in network order
     * @param version      label to send, or {@link GquicVersion#NONE} once the client is forward secure
     * @param number       packet number
     * @param numberLength with how many octets to send it: 1, 2, 4 or 6
     * @return its length
     */
    public static int clientPublic(
        final MutableDirectBuffer buffer, final int offset, final long connectionId, final int version,
        final long number, final int numberLength)
    {
        int flags = PacketHeaderDecoder.FLAG_CONNECTION_ID | numberBits(numberLength);
        int at = putConnectionId(buffer, offset + 1, connectionId);
        if (version != GquicVersion.NONE)
        {
            flags |= PacketHeaderDecoder.FLAG_VERSION;
            buffer.putInt(at, version, BIG_ENDIAN);
            at += GquicVersion.LABEL_LENGTH;
        }
        buffer.putByte(offset, (byte)flags);
        return putNumber(buffer, at, number, numberLength) - offset;
    }

    /**
     * Writes the public header of a server.
     *
     * @param buffer       where to
     * @param offset       where it begins
     * @param connectionId in network order
     * @param nonce        diversification nonce, or null unless the packet is protected by the initial keys
     * @param nonceOffset  where it begins
     * @param number       packet number
     * @param numberLength with how many octets to send it: 1, 2, 4 or 6
     * @return its length
     */
    public static int serverPublic(
        final MutableDirectBuffer buffer, final int offset, final long connectionId, final DirectBuffer nonce,
        final int nonceOffset, final long number, final int numberLength)
    {
        int flags = PacketHeaderDecoder.FLAG_CONNECTION_ID | numberBits(numberLength);
        int at = putConnectionId(buffer, offset + 1, connectionId);
        if (nonce != null)
        {
            flags |= PacketHeaderDecoder.FLAG_NONCE;
            at = putNonce(buffer, at, nonce, nonceOffset);
        }
        buffer.putByte(offset, (byte)flags);
        return putNumber(buffer, at, number, numberLength) - offset;
    }

    /**
     * Writes the public header of a server that was allowed to leave the connection ID out (TCID 0), forward secure.
     *
     * @param buffer       where to
     * @param offset       where it begins
     * @param number       packet number
     * @param numberLength with how many octets to send it: 1, 2 or 4; with 6 it would look like a short header
     * @return its length
     */
    public static int serverPublicWithoutId(
        final MutableDirectBuffer buffer, final int offset, final long number, final int numberLength)
    {
        assert numberLength < PacketNumber.MAX_LENGTH : "looks like a short header: " + numberLength;
        buffer.putByte(offset, (byte)numberBits(numberLength));
        return putNumber(buffer, offset + 1, number, numberLength) - offset;
    }

    /**
     * Writes a long header of Q044.
     *
     * @param buffer       where to
     * @param offset       where it begins
     * @param type         see {@link LongType}
     * @param fromClient   whether a client sends it
     * @param connectionId in network order: a client's DCID, a server's SCID
     * @param number       packet number, of which 4 octets are sent
     * @return its length; with {@link LongType#ZERO_RTT_PROTECTED} from a server the nonce is still to be put behind it
     */
    public static int longHeader(
        final MutableDirectBuffer buffer, final int offset, final int type, final boolean fromClient,
        final long connectionId, final long number)
    {
        final int at = putLong(buffer, offset, type, GquicVersion.Q044, fromClient, connectionId);
        return putNumber(buffer, at, number, PacketHeaderDecoder.LONG_NUMBER_LENGTH) - offset;
    }

    /**
     * Writes the long header of a server's packet that is protected by the initial keys.
     *
     * @param buffer       where to
     * @param offset       where it begins
     * @param connectionId in network order
     * @param nonce        diversification nonce
     * @param nonceOffset  where it begins
     * @param number       packet number, of which 4 octets are sent
     * @return its length
     */
    public static int longHeaderWithNonce(
        final MutableDirectBuffer buffer, final int offset, final long connectionId, final DirectBuffer nonce,
        final int nonceOffset, final long number)
    {
        final int length =
            longHeader(buffer, offset, LongType.ZERO_RTT_PROTECTED, false, connectionId, number);
        return putNonce(buffer, offset + length, nonce, nonceOffset) - offset;
    }

    /**
     * Writes a short header of a client.
     *
     * @param buffer       where to
     * @param offset       where it begins
     * @param connectionId in network order
     * @param number       packet number
     * @param numberLength with how many octets to send it: 1, 2 or 4
     * @return its length
     */
    public static int clientShort(
        final MutableDirectBuffer buffer, final int offset, final long connectionId, final long number,
        final int numberLength)
    {
        buffer.putByte(offset, (byte)shortType(numberLength));
        return putNumber(buffer, putConnectionId(buffer, offset + 1, connectionId), number, numberLength) - offset;
    }

    /**
     * Writes a short header of a server, which has no connection ID.
     *
     * @param buffer       where to
     * @param offset       where it begins
     * @param number       packet number
     * @param numberLength with how many octets to send it: 1, 2 or 4
     * @return its length
     */
    public static int serverShort(
        final MutableDirectBuffer buffer, final int offset, final long number, final int numberLength)
    {
        buffer.putByte(offset, (byte)shortType(numberLength));
        return putNumber(buffer, offset + 1, number, numberLength) - offset;
    }

    /**
     * Writes a version negotiation packet as far as its labels, in the form the client used, gQUIC 2.5.
     *
     * @param buffer       where to
     * @param offset       where it begins
     * @param form         {@link PacketForm#PUBLIC} or {@link PacketForm#LONG}
     * @param random       any octet; a long header has its low 7 bits for a type
     * @param connectionId in network order
     * @return its length; labels follow, 4 octets each in network order
     */
    public static int versionNegotiation(
        final MutableDirectBuffer buffer, final int offset, final int form, final int random, final long connectionId)
    {
        if (form == PacketForm.LONG)
        {
            return putLong(buffer, offset, 0x80 | random, GquicVersion.NONE, false, connectionId) - offset;
        }
        buffer.putByte(offset, (byte)(PacketHeaderDecoder.FLAG_VERSION | PacketHeaderDecoder.FLAG_CONNECTION_ID));
        return putConnectionId(buffer, offset + 1, connectionId) - offset;
    }

    /**
     * Writes the header of a public reset, gQUIC 2.6; the message PRST follows.
     *
     * @param buffer       where to
     * @param offset       where it begins
     * @param connectionId in network order
     * @return its length
     */
    public static int publicReset(final MutableDirectBuffer buffer, final int offset, final long connectionId)
    {
        buffer.putByte(offset, (byte)(PacketHeaderDecoder.FLAG_RESET | PacketHeaderDecoder.FLAG_CONNECTION_ID));
        return putConnectionId(buffer, offset + 1, connectionId) - offset;
    }

    private static int putLong(
        final MutableDirectBuffer buffer, final int offset, final int type, final int version,
        final boolean fromClient, final long connectionId)
    {
        buffer.putByte(offset, (byte)type);
        buffer.putInt(offset + 1, version, BIG_ENDIAN);
        buffer.putByte(offset + 1 + GquicVersion.LABEL_LENGTH,
            (byte)(fromClient ? PacketHeaderDecoder.CLIENT_ID_LENGTHS : PacketHeaderDecoder.SERVER_ID_LENGTHS));
        return putConnectionId(buffer, offset + 2 + GquicVersion.LABEL_LENGTH, connectionId);
    }

    private static int putConnectionId(final MutableDirectBuffer buffer, final int at, final long connectionId)
    {
        buffer.putLong(at, connectionId, BIG_ENDIAN);
        return at + PacketHeaderDecoder.CONNECTION_ID_LENGTH;
    }

    private static int putNonce(
        final MutableDirectBuffer buffer, final int at, final DirectBuffer nonce, final int nonceOffset)
    {
        buffer.putBytes(at, nonce, nonceOffset, PacketHeaderDecoder.NONCE_LENGTH);
        return at + PacketHeaderDecoder.NONCE_LENGTH;
    }

    private static int putNumber(
        final MutableDirectBuffer buffer, final int at, final long number, final int numberLength)
    {
        BigEndian.put(buffer, at, number, numberLength);
        return at + numberLength;
    }

    private static int numberBits(final int numberLength)
    {
        assert numberLength == 1 || numberLength == 2 || numberLength == 4 || numberLength == 6 :
            "no such length: " + numberLength;
        return (numberLength / 2) << PacketHeaderDecoder.NUMBER_LENGTH_SHIFT;
    }

    private static int shortType(final int numberLength)
    {
        assert numberLength == 1 || numberLength == 2 || numberLength == 4 : "no such length: " + numberLength;
        return PacketHeaderDecoder.SHORT_BITS | (numberLength / 2);
    }
}
