// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.wire.OctetReader;
import org.agrona.DirectBuffer;

/**
 * A Certificate message, the server's or the client's.
 *
 * <pre>
 * +------------------------+-- each: ----------+-- - -
 * | list length u24        | length u24        | certificate in DER
 * +------------------------+-------------------+-- - -
 * </pre>
 *
 * <p>Signing certificate, encryption certificate, then their one chain; other orders that peers send are told apart by
 * what the certificates say, which is not for this class. A client without certificates sends an empty list.
 */
public final class CertificateDecoder
{
    /** Most certificates in a list. */
    public static final int MAX_CERTIFICATES = 16;

    /** Index of the signing certificate. */
    public static final int SIGNING = 0;

    /** Index of the encryption certificate, in the standard's order. */
    public static final int ENCRYPTION = 1;

    private static final int MAX_VECTOR_24 = 0xff_ffff;

    private final OctetReader in = new OctetReader();
    private final OctetReader list = new OctetReader();
    private final OctetReader certificate = new OctetReader();
    private final int[] offsets = new int[MAX_CERTIFICATES];
    private final int[] lengths = new int[MAX_CERTIFICATES];

    private int count;

    /**
     * Looks at a message.
     *
     * @param buffer where it is
     * @param offset where its body begins, behind the handshake header
     * @param length of the body
     * @return true when it is well formed and has at most {@link #MAX_CERTIFICATES} certificates, none of them empty;
     * the accessors are total afterwards
     */
    public boolean wrap(final DirectBuffer buffer, final int offset, final int length)
    {
        count = 0;
        in.wrap(buffer, offset, length).vector24(list);
        while (list.remaining() > 0)
        {
            if (!list.vector24(certificate, 1, MAX_VECTOR_24) || count == MAX_CERTIFICATES)
            {
                return false;
            }
            offsets[count] = certificate.offset();
            lengths[count] = certificate.remaining();
            count++;
        }
        return in.isComplete() && !list.failed();
    }

    /**
     * {@return how many certificates there are, 0 to {@link #MAX_CERTIFICATES}}
     */
    public int count()
    {
        return count;
    }

    /**
     * {@return where a certificate begins}
     *
     * @param index 0 to {@link #count()} - 1
     */
    public int offset(final int index)
    {
        assert index >= 0 && index < count : "no such certificate: " + index;
        return offsets[index];
    }

    /**
     * {@return length of a certificate, 1 or more}
     *
     * @param index 0 to {@link #count()} - 1
     */
    public int length(final int index)
    {
        assert index >= 0 && index < count : "no such certificate: " + index;
        return lengths[index];
    }
}
