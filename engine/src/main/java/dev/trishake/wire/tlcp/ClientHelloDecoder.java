// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.wire.OctetReader;
import org.agrona.DirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * A ClientHello.
 *
 * <pre>
 * +---------------+------------+----------------+---------------------+-------------------+--------------+
 * | version 01 01 | random[32] | session_id u8[]| cipher_suites u16[] | compression u8[]  | [extensions] |
 * +---------------+------------+----------------+---------------------+-------------------+--------------+
 *                                0 to 32 bytes    2 or more, even       1 or more
 * </pre>
 *
 * <p>{@link #wrap} refuses what has not this form: decode_error. Whether the version is TLCP's (else protocol_version)
 * and null compression is offered (else illegal_parameter) is for the session to ask.
 */
public final class ClientHelloDecoder
{
    private static final int MAX_SUITES_LENGTH = 0xfffe;
    private static final int MAX_COMPRESSION_METHODS = 0xff;

    private final OctetReader in = new OctetReader();
    private final OctetReader sessionId = new OctetReader();
    private final OctetReader suites = new OctetReader();
    private final OctetReader compression = new OctetReader();
    private final ExtensionsDecoder extensions = new ExtensionsDecoder();

    private DirectBuffer buffer;
    private int version;
    private int randomOffset;

    /**
     * Looks at a message.
     *
     * @param buffer where it is
     * @param offset where its body begins, behind the handshake header
     * @param length of the body
     * @return true when it is well formed; the accessors are total afterwards
     */
    public boolean wrap(final DirectBuffer buffer, final int offset, final int length)
    {
        this.buffer = buffer;
        in.wrap(buffer, offset, length);
        version = in.u16();
        randomOffset = in.skip(Tlcp.RANDOM_LENGTH);
        in.vector8(sessionId, 0, Tlcp.MAX_SESSION_ID_LENGTH);
        in.vector16(suites, 2, MAX_SUITES_LENGTH);
        in.vector8(compression, 1, MAX_COMPRESSION_METHODS);
        return extensions.wrapClient(in) && suites.remaining() % 2 == 0;
    }

    /**
     * {@return the version, {@link Tlcp#VERSION} or another one}
     */
    public int version()
    {
        return version;
    }

    /**
     * {@return where the random begins, {@link Tlcp#RANDOM_LENGTH} bytes}
     */
    public int randomOffset()
    {
        return randomOffset;
    }

    /**
     * {@return where the session ID begins}
     */
    public int sessionIdOffset()
    {
        return sessionId.offset();
    }

    /**
     * {@return length of the session ID, 0 to 32}
     */
    public int sessionIdLength()
    {
        return sessionId.remaining();
    }

    /**
     * {@return where the cipher suites begin, two bytes each}
     */
    public int suitesOffset()
    {
        return suites.offset();
    }

    /**
     * {@return how many cipher suites there are, 1 to 32767}
     */
    public int suiteCount()
    {
        return suites.remaining() / 2;
    }

    /**
     * {@return a cipher suite, known or not}
     *
     * @param index 0 to {@link #suiteCount()} - 1, the client's favourite first
     */
    public int suite(final int index)
    {
        assert index >= 0 && index < suiteCount() : "no such suite: " + index;
        return buffer.getChar(suites.offset() + 2 * index, BIG_ENDIAN);
    }

    /**
     * {@return whether a cipher suite is offered}
     *
     * @param suite 0 to 0xffff
     */
    public boolean offers(final int suite)
    {
        for (int i = 0; i < suiteCount(); i++)
        {
            if (suite(i) == suite)
            {
                return true;
            }
        }
        return false;
    }

    /**
     * {@return where the compression methods begin, a byte each}
     */
    public int compressionOffset()
    {
        return compression.offset();
    }

    /**
     * {@return how many compression methods there are, 1 to 255}
     */
    public int compressionCount()
    {
        return compression.remaining();
    }

    /**
     * {@return whether the compression methods have null among them, as they must}
     */
    public boolean offersNullCompression()
    {
        for (int i = 0; i < compression.remaining(); i++)
        {
            if (buffer.getByte(compression.offset() + i) == Tlcp.NULL_COMPRESSION)
            {
                return true;
            }
        }
        return false;
    }

    /**
     * {@return the extensions}
     */
    public ExtensionsDecoder extensions()
    {
        return extensions;
    }
}
