// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.wire.OctetWriter;
import org.agrona.DirectBuffer;

/**
 * Writes a ClientHello with its header, see {@link ClientHelloDecoder}, its parts in their order:
 *
 * <pre>
 * hello.wrap(out).random(...).sessionId(...).suites(...).hostName(...);
 * hello.end();
 * </pre>
 */
public final class ClientHelloEncoder
{
    private final ExtensionsEncoder extensions = new ExtensionsEncoder();

    private OctetWriter out;
    private int message;

    /**
     * Begins a message.
     *
     * @param out the writer; ask it for failure at the end
     * @return this
     */
    public ClientHelloEncoder wrap(final OctetWriter out)
    {
        this.out = out;
        message = HandshakeEncoder.begin(out, HandshakeType.CLIENT_HELLO);
        out.u16(Tlcp.VERSION);
        return this;
    }

    /**
     * {@return this, with the random}
     *
     * @param random where it is, {@link Tlcp#RANDOM_LENGTH} bytes
     * @param offset where it begins
     */
    public ClientHelloEncoder random(final DirectBuffer random, final int offset)
    {
        out.bytes(random, offset, Tlcp.RANDOM_LENGTH);
        return this;
    }

    /**
     * {@return this, with the session ID}
     *
     * @param sessionId where it is
     * @param offset    where it begins
     * @param length    0 to {@link Tlcp#MAX_SESSION_ID_LENGTH}
     */
    public ClientHelloEncoder sessionId(final DirectBuffer sessionId, final int offset, final int length)
    {
        final int vector = out.beginVector8();
        out.bytes(sessionId, offset, length).endVector(vector);
        return this;
    }

    /**
     * {@return the extensions, behind the suites and null compression; none need be written}
     *
     * @param suites where they are, two bytes each, the favourite first
     * @param offset where they begin
     * @param length of them, 2 or more, even
     */
    public ExtensionsEncoder suites(final DirectBuffer suites, final int offset, final int length)
    {
        final int vector = out.beginVector16();
        out.bytes(suites, offset, length).endVector(vector).u8(1).u8(Tlcp.NULL_COMPRESSION);
        return extensions.wrap(out);
    }

    /** Ends the message. */
    public void end()
    {
        extensions.end();
        out.endVector(message);
    }
}
