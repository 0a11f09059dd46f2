// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.wire.OctetReader;
import org.agrona.DirectBuffer;

/**
 * A CertificateVerify: the client's signature in DER behind its length, no algorithm.
 *
 * <pre>
 * +------------------+
 * | signature u16[]  |     8 to 72 bytes
 * +------------------+
 * </pre>
 */
public final class CertificateVerifyDecoder
{
    private final OctetReader in = new OctetReader();
    private final OctetReader signature = new OctetReader();

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
        in.wrap(buffer, offset, length).vector16(signature, Sm2SignatureDer.MIN_LENGTH, Sm2SignatureDer.MAX_LENGTH);
        return in.isComplete();
    }

    /**
     * {@return where the signature begins, see {@link Sm2SignatureDer}}
     */
    public int signatureOffset()
    {
        return signature.offset();
    }

    /**
     * {@return length of the signature, 8 to 72}
     */
    public int signatureLength()
    {
        return signature.remaining();
    }
}
