// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.wire.OctetWriter;
import org.agrona.DirectBuffer;

/**
 * Writes the extensions of a hello, see {@link ExtensionsDecoder}. The block begins with the first of them: without any
 * there is none, not an empty one.
 */
public final class ExtensionsEncoder
{
    private static final int NOT_BEGUN = -1;
    private static final int HOST_NAME = 0;

    private OctetWriter out;
    private int block;
    private boolean begun;

    ExtensionsEncoder wrap(final OctetWriter out)
    {
        this.out = out;
        block = NOT_BEGUN;
        begun = false;
        return this;
    }

    void end()
    {
        if (begun)
        {
            out.endVector(block);
        }
    }

    /**
     * {@return this, with the host name that a client wants}
     *
     * @param name   where it is
     * @param offset where it begins
     * @param length of it, 1 to 255
     */
    public ExtensionsEncoder hostName(final DirectBuffer name, final int offset, final int length)
    {
        final int content = begin(ExtensionType.SERVER_NAME);
        final int list = out.beginVector16();
        final int item = out.u8(HOST_NAME).beginVector16();
        out.bytes(name, offset, length).endVector(item).endVector(list).endVector(content);
        return this;
    }

    /**
     * {@return this, with the protocols that a client offers, or the one that a server chose}
     *
     * @param list   where they are, each behind its length (u8)
     * @param offset where they begin
     * @param length of them all
     */
    public ExtensionsEncoder protocols(final DirectBuffer list, final int offset, final int length)
    {
        final int content = begin(ExtensionType.APPLICATION_LAYER_PROTOCOL_NEGOTIATION);
        final int vector = out.beginVector16();
        out.bytes(list, offset, length).endVector(vector).endVector(content);
        return this;
    }

    /**
     * {@return this, with supported_groups: SM2's curve alone}
     */
    public ExtensionsEncoder supportedGroups()
    {
        final int content = begin(ExtensionType.SUPPORTED_GROUPS);
        final int list = out.beginVector16();
        out.u16(Tlcp.CURVE_SM2).endVector(list).endVector(content);
        return this;
    }

    /**
     * {@return this, with any extension}
     *
     * @param type   of it
     * @param source where its content is, not looked at when there is none
     * @param offset where that begins
     * @param length of it, 0 to 0xffff
     */
    public ExtensionsEncoder extension(
        final int type, final DirectBuffer source, final int offset, final int length)
    {
        final int content = begin(type);
        if (length > 0)
        {
            out.bytes(source, offset, length);
        }
        out.endVector(content);
        return this;
    }

    private int begin(final int type)
    {
        if (!begun)
        {
            block = out.beginVector16();
            begun = true;
        }
        return out.u16(type).beginVector16();
    }
}
