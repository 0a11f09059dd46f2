// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.MessageEncoder;
import dev.trishake.wire.gquic.ServerConfigDecoder;
import dev.trishake.wire.gquic.Tag;
import org.agrona.DirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * Writes a client's CHLO, in the order that tags sort. Each is filled up to {@value #MIN_LENGTH} octets, as quic-go
 * does: servers refuse short ones (1024), so that nobody's REJ is much longer than what asked for it.
 */
final class ClientHelloEncoder
{
    /** Octets of a CHLO at least. */
    static final int MIN_LENGTH = 1040;

    private static final int HEADER_LENGTH = 8;
    private static final int ENTRY_LENGTH = 8;
    /** PAD, VER, PDMD, ICSL, MIDS, CFCW, SFCW: in each CHLO. */
    private static final int ALWAYS = 7;
    private static final int ALWAYS_LENGTH = (ALWAYS - 1) * Integer.BYTES;
    /** NONC, AEAD, PUBS, KEXS, XLCT: only in a full one. */
    private static final int FULL = 5;
    private static final int FULL_LENGTH = ClientNonce.LENGTH + 2 * Tag.LENGTH + Long.BYTES;

    private final GquicMemory memory;
    private final GquicSession session;
    private final CryptoStream stream;
    private final ServerCache cache;
    private final ServerConfigDecoder rejected = new ServerConfigDecoder(ServerCache.MAX_CONFIG_LENGTH);

    ClientHelloEncoder(
        final GquicMemory memory, final GquicSession session, final CryptoStream stream, final ServerCache cache)
    {
        this.memory = memory;
        this.session = session;
        this.stream = stream;
        this.cache = cache;
    }

    /** Writes a CHLO that asks for the config, or for its proof; answers its length, or FAILED. */
    int writeInchoate()
    {
        final int config = session.get(HandshakeFields.CONFIG_LENGTH);
        if (config != 0)
        {
            rejected.wrap(memory.messages(), session.get(HandshakeFields.CONFIG_OFFSET), config);
        }
        return write(config == 0 ? null : rejected, ServerCache.NONE);
    }

    /** Writes a CHLO that keys follow from; answers its length, or FAILED. */
    int writeFull(final ServerConfigDecoder config, final int version)
    {
        return write(config, version);
    }

    private int write(final ServerConfigDecoder config, final int version)
    {
        final boolean isFull = version != ServerCache.NONE;
        final int server = session.get(GquicSession.SERVER_INDEX);
        final int nameLength = isAddress(server) ? 0 : cache.nameLength(server);
        final boolean hasOwnToken = session.get(HandshakeFields.TOKEN_LENGTH) != 0;
        final int tokenLength = hasOwnToken ? session.get(HandshakeFields.TOKEN_LENGTH) :
            isFull ? cache.tokenLength(server) : 0;
        final int nonceLength = isFull ? session.get(HandshakeFields.SALT_LENGTH) - ClientNonce.LENGTH : 0;
        final int scidLength = config == null ? 0 : ServerConfigDecoder.SCID_LENGTH;
        final int publicLength = isFull ? ServerConfig.publicLength(session.get(GquicSession.KEXS)) : 0;
        final int chainLength = isFull ? cache.chainLength(version) * Long.BYTES : 0;
        final int count = ALWAYS + (isFull ? FULL : 0) + one(nameLength) + one(tokenLength) + one(nonceLength) +
            one(scidLength) + one(chainLength);
        final int length = HEADER_LENGTH + count * ENTRY_LENGTH + ALWAYS_LENGTH + (isFull ? FULL_LENGTH : 0) +
            nameLength + tokenLength + nonceLength + scidLength + publicLength + chainLength;

        final MessageEncoder message = stream.beginMessage(Tag.CHLO, count);
        message.pad(Math.max(0, MIN_LENGTH - length), (byte)0);
        optional(message, Tag.SNI, cache.memory(), cache.nameOffset(server), nameLength);
        optional(message, Tag.STK, hasOwnToken ? memory.messages() : cache.memory(),
            hasOwnToken ? session.get(HandshakeFields.TOKEN_OFFSET) : cache.tokenOffset(server), tokenLength);
        optional(message, Tag.SNO, session.memory(), session.at(HandshakeFields.SALT) + ClientNonce.LENGTH,
            nonceLength);
        writeVersion(message);
        if (isFull)
        {
            message.value(Tag.NONC, session.memory(), session.at(HandshakeFields.SALT), ClientNonce.LENGTH);
            message.u32(Tag.AEAD, session.get(GquicSession.AEAD));
        }
        if (config != null)
        {
            message.value(Tag.SCID, config.message().buffer(), config.scidOffset(), scidLength);
        }
        message.u32(Tag.PDMD, Tag.X509);
        TransportParameters.writeIdle(message, memory.config);
        if (isFull)
        {
            message.value(Tag.PUBS, session.memory(), session.at(HandshakeFields.PUBLIC), publicLength);
        }
        TransportParameters.writeStreams(message, memory.config);
        if (isFull)
        {
            message.u32(Tag.KEXS, session.get(GquicSession.KEXS));
            message.value(Tag.XLCT, cache.memory(), cache.hashesOffset(version), Long.BYTES);
            optional(message, Tag.CCRT, cache.memory(), cache.hashesOffset(version), chainLength);
        }
        TransportParameters.writeWindows(message, memory.config);
        return stream.endMessage(GquicLevel.NULL);
    }

    /** What this client likes best, whatever version negotiation has come to: gQUIC 15. */
    private void writeVersion(final MessageEncoder message)
    {
        final int at = message.value(Tag.VER, GquicVersion.LABEL_LENGTH);
        if (at >= 0)
        {
            memory.messages().putInt(at, memory.config.versions[0], BIG_ENDIAN);
        }
    }

    private static int one(final int length)
    {
        return length == 0 ? 0 : 1;
    }

    private static void optional(
        final MessageEncoder message, final int tag, final DirectBuffer from, final int offset,
        final int length)
    {
        if (length != 0)
        {
            message.value(tag, from, offset, length);
        }
    }

    /** SNI is a name, never an address: what has a colon, or only digits and dots, is none. */
    private boolean isAddress(final int server)
    {
        final int from = cache.nameOffset(server);
        boolean onlyDigits = true;
        for (int i = 0; i < cache.nameLength(server); i++)
        {
            final byte octet = cache.memory().getByte(from + i);
            if (octet == ':')
            {
                return true;
            }
            onlyDigits &= octet == '.' || (octet >= '0' && octet <= '9');
        }
        return onlyDigits;
    }
}
