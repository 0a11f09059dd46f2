// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.wire.OctetReader;
import org.agrona.DirectBuffer;

/**
 * A ServerHello.
 *
 * <pre>
 * +---------------+------------+-----------------+------------------+----------------+--------------+
 * | version 01 01 | random[32] | session_id u8[] | cipher_suite u16 | compression 00 | [extensions] |
 * +---------------+------------+-----------------+------------------+----------------+--------------+
 *                                0 to 32 bytes
 * </pre>
 *
 * <p>{@link #wrap} refuses what has not this form: decode_error. Whether the version is TLCP's (else protocol_version)
 * and suite, compression and extensions are among those offered (else illegal_parameter, unsupported_extension) is for
 * the session to ask.
 */
public final class ServerHelloDecoder
{
    private final OctetReader in = new OctetReader();
    private final OctetReader sessionId = new OctetReader();
    private final ExtensionsDecoder extensions = new ExtensionsDecoder();

    private int version;
    private int randomOffset;
    private int suite;
    private int compression;

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
        in.wrap(buffer, offset, length);
        version = in.u16();
        randomOffset = in.skip(Tlcp.RANDOM_LENGTH);
        in.vector8(sessionId, 0, Tlcp.MAX_SESSION_ID_LENGTH);
        suite = in.u16();
        compression = in.u8();
        return extensions.wrapServer(in);
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
     * {@return the cipher suite that was chosen, 0 to 0xffff}
     */
    public int suite()
    {
        return suite;
    }

    /**
     * {@return the compression method that was chosen, {@link Tlcp#NULL_COMPRESSION} or another one}
     */
    public int compression()
    {
        return compression;
    }

    /**
     * {@return the extensions}
     */
    public ExtensionsDecoder extensions()
    {
        return extensions;
    }
}
