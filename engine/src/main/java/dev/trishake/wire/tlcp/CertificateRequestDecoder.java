// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.wire.OctetReader;
import org.agrona.DirectBuffer;

/**
 * A CertificateRequest, without TLS 1.2's signature algorithms.
 *
 * <pre>
 * +------------------------+-----------------------------------------------+
 * | certificate_types u8[] | certificate_authorities u16[] of names u16[]  |
 * +------------------------+-----------------------------------------------+
 *   1 or more                may be empty: any will do
 * </pre>
 */
public final class CertificateRequestDecoder
{
    private static final int MAX_VECTOR_8 = 0xff;
    private static final int MAX_VECTOR_16 = 0xffff;

    private final OctetReader in = new OctetReader();
    private final OctetReader types = new OctetReader();
    private final OctetReader authorities = new OctetReader();
    private final OctetReader name = new OctetReader();

    private DirectBuffer buffer;
    private int authoritiesOffset;
    private int authoritiesLength;
    private int authorityCount;

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
        authorityCount = 0;
        in.wrap(buffer, offset, length).vector8(types, 1, MAX_VECTOR_8);
        in.vector16(authorities);
        authoritiesOffset = authorities.offset();
        authoritiesLength = authorities.remaining();
        while (authorities.remaining() > 0)
        {
            authorities.vector16(name, 1, MAX_VECTOR_16);
            authorityCount++;
        }
        return in.isComplete() && !authorities.failed();
    }

    /**
     * {@return where the certificate types begin, a byte each}
     */
    public int typesOffset()
    {
        return types.offset();
    }

    /**
     * {@return how many certificate types there are, 1 to 255}
     */
    public int typeCount()
    {
        return types.remaining();
    }

    /**
     * {@return whether a certificate type is among those wanted}
     *
     * @param type see {@link CertificateType}
     */
    public boolean hasType(final int type)
    {
        for (int i = 0; i < types.remaining(); i++)
        {
            if ((buffer.getByte(types.offset() + i) & 0xff) == type)
            {
                return true;
            }
        }
        return false;
    }

    /**
     * {@return where the list of names begins, each behind its length (u16)}
     */
    public int authoritiesOffset()
    {
        return authoritiesOffset;
    }

    /**
     * {@return length of the list of names}
     */
    public int authoritiesLength()
    {
        return authoritiesLength;
    }

    /**
     * {@return how many names there are}
     */
    public int authorityCount()
    {
        return authorityCount;
    }

    /**
     * Begins a walk over the names.
     *
     * @param names reads them afterwards, one {@code vector16} each, {@link #authorityCount()} of them
     */
    public void authorities(final OctetReader names)
    {
        names.wrap(buffer, authoritiesOffset, authoritiesLength);
    }
}
