// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.wire.OctetReader;
import org.agrona.DirectBuffer;

/**
 * A ServerKeyExchange. No algorithm stands before the signature, as in TLS 1.1.
 *
 * <pre>
 * ECC:                                   ECDHE:
 * +------------------+                   +-------------------------+------------------+
 * | signature u16[]  |                   | ephemeral point, 69     | signature u16[]  |
 * +------------------+                   +-------------------------+------------------+
 * </pre>
 *
 * <p>What is signed: both randoms, then the encryption certificate behind its length (u24) or the 69 bytes.
 */
public final class ServerKeyExchangeDecoder
{
    private final OctetReader in = new OctetReader();
    private final OctetReader signature = new OctetReader();
    private final EcdheParams params;

    private int paramsOffset;

    /**
     * Makes a decoder.
     *
     * @param strictness whether curves may have other numbers than SM2's
     */
    public ServerKeyExchangeDecoder(final Strictness strictness)
    {
        params = new EcdheParams(strictness);
    }

    /**
     * Looks at a message of an ECC suite.
     *
     * @param buffer where it is
     * @param offset where its body begins, behind the handshake header
     * @param length of the body
     * @return true when it is well formed; the signature's accessors are total afterwards
     */
    public boolean wrapEcc(final DirectBuffer buffer, final int offset, final int length)
    {
        paramsOffset = offset;
        in.wrap(buffer, offset, length).vector16(signature, Sm2SignatureDer.MIN_LENGTH, Sm2SignatureDer.MAX_LENGTH);
        return in.isComplete();
    }

    /**
     * Looks at a message of an ECDHE suite.
     *
     * @param buffer where it is
     * @param offset where its body begins, behind the handshake header
     * @param length of the body
     * @return true when it is well formed; the accessors are total afterwards
     */
    public boolean wrapEcdhe(final DirectBuffer buffer, final int offset, final int length)
    {
        paramsOffset = offset;
        params.read(in.wrap(buffer, offset, length));
        in.vector16(signature, Sm2SignatureDer.MIN_LENGTH, Sm2SignatureDer.MAX_LENGTH);
        return in.isComplete();
    }

    /**
     * {@return where the {@link Tlcp#ECDHE_PARAMS_LENGTH} bytes begin that are signed; ECDHE only}
     */
    public int paramsOffset()
    {
        return paramsOffset;
    }

    /**
     * {@return where the coordinates of the ephemeral point begin, x then y, 32 bytes each; ECDHE only}
     */
    public int pointOffset()
    {
        return paramsOffset + Tlcp.ECDHE_PARAMS_LENGTH - Tlcp.POINT_LENGTH + 1;
    }

    /**
     * {@return where the signature begins, in DER, see {@link Sm2SignatureDer}}
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
