// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

import org.agrona.DirectBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Reads a server config: the message SCFG, gQUIC 6. Whoever wrote it, all of it is checked here; what is needed but
 * missing or malformed makes {@link #wrap} answer the error that it deserves.
 *
 * <p>Key exchanges and public values go together: the n-th of PUBS is for the n-th of KEXS.
 */
public final class ServerConfigDecoder
{
    /** Octets of a server config ID; Chromium takes any number, quic-go and lsquic only so many. */
    public static final int SCID_LENGTH = 16;

    /** Octets of an orbit. */
    public static final int ORBIT_LENGTH = 8;

    /** Octets of the length before a public value. */
    static final int PUBLIC_LENGTH_PREFIX = 3;

    private final MessageDecoder message;
    private int scid;
    private int orbit;
    private int publicOffset;
    private int publicLength;

    /**
     * A decoder with a limit of its own.
     *
     * @param maxLength octets of the longest config
     */
    public ServerConfigDecoder(final int maxLength)
    {
        message = new MessageDecoder(maxLength);
    }

    /**
     * Reads a config.
     *
     * @param buffer where it is
     * @param offset where it begins
     * @param length of all of it
     * @return 0, or the {@link GquicError} that it deserves
     */
    public int wrap(final DirectBuffer buffer, final int offset, final int length)
    {
        publicLength = 0;
        final int read = message.wrap(buffer, offset, length);
        if (read <= 0)
        {
            return read < 0 ? -read : GquicError.CRYPTO_INVALID_VALUE_LENGTH;
        }
        if (message.tag() != Tag.SCFG)
        {
            return GquicError.INVALID_CRYPTO_MESSAGE_TYPE;
        }
        scid = message.find(Tag.SCID);
        orbit = message.find(Tag.OBIT);
        if (scid < 0 || orbit < 0 || message.find(Tag.AEAD) < 0 || message.find(Tag.KEXS) < 0 ||
            message.find(Tag.PUBS) < 0 || message.find(Tag.EXPY) < 0)
        {
            return GquicError.CRYPTO_MESSAGE_PARAMETER_NOT_FOUND;
        }
        return read == length && message.valueLength(scid) == SCID_LENGTH &&
            message.valueLength(orbit) == ORBIT_LENGTH && message.has(Tag.EXPY, Long.BYTES) &&
            isTagList(Tag.AEAD) && isTagList(Tag.KEXS) && hasPublicValues() ?
            0 : GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER;
    }

    private boolean isTagList(final int tag)
    {
        final int length = message.valueLength(message.find(tag));
        return length > 0 && length % Tag.LENGTH == 0;
    }

    /** As many public values as key exchanges, and the last one ends where the list does: so none is outside of it. */
    private boolean hasPublicValues()
    {
        final int exchanges = message.valueLength(message.find(Tag.KEXS)) / Tag.LENGTH;
        final int pubs = message.find(Tag.PUBS);
        return seekPublicValue(exchanges - 1) &&
            publicOffset + publicLength == message.valueOffset(pubs) + message.valueLength(pubs);
    }

    /**
     * Turns to the server's public value for a key exchange.
     *
     * @param exchange {@link Tag#C255} or {@link Tag#P256}
     * @return false when the server does not have this exchange
     */
    public boolean findPublicValue(final int exchange)
    {
        final int position = message.positionInList(Tag.KEXS, exchange);
        return position != MessageDecoder.NOT_FOUND && seekPublicValue(position);
    }

    private boolean seekPublicValue(final int position)
    {
        final int pubs = message.find(Tag.PUBS);
        final int limit = message.valueOffset(pubs) + message.valueLength(pubs);
        int at = message.valueOffset(pubs);
        for (int i = 0; i <= position; i++)
        {
            if (limit - at < PUBLIC_LENGTH_PREFIX)
            {
                return false;
            }
            publicLength = (message.buffer().getShort(at, LITTLE_ENDIAN) & 0xffff) |
                ((message.buffer().getByte(at + 2) & 0xff) << 16);
            publicOffset = at + PUBLIC_LENGTH_PREFIX;
            at = publicOffset + publicLength;
        }
        return true;
    }

    /**
     * {@return where the value begins that {@link #findPublicValue} has found}
     */
    public int publicOffset()
    {
        return publicOffset;
    }

    /**
     * {@return its octets; any number, the key exchange says what is right}
     */
    public int publicLength()
    {
        return publicLength;
    }

    /**
     * {@return whether the server has an AEAD}
     *
     * @param aead {@link Tag#AESG} or {@link Tag#CC20}
     */
    public boolean hasAead(final int aead)
    {
        return message.positionInList(Tag.AEAD, aead) != MessageDecoder.NOT_FOUND;
    }

    /**
     * {@return where the config's ID begins, {@link #SCID_LENGTH} octets}
     */
    public int scidOffset()
    {
        return message.valueOffset(scid);
    }

    /**
     * {@return where the orbit begins, {@link #ORBIT_LENGTH} octets}
     */
    public int orbitOffset()
    {
        return message.valueOffset(orbit);
    }

    /**
     * {@return when the config expires, in seconds of 1970; unsigned, quic-go says 2^64 - 1}
     */
    public long expirySeconds()
    {
        return message.u64(Tag.EXPY, 0);
    }

    /**
     * {@return the message that the config is}
     */
    public MessageDecoder message()
    {
        return message;
    }
}
