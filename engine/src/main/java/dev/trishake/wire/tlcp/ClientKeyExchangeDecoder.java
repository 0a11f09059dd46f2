// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.wire.OctetReader;
import org.agrona.DirectBuffer;

/**
 * A ClientKeyExchange.
 *
 * <pre>
 * ECC:                             ECDHE, 69 or 71 bytes:
 * +---------------------------+    +-----------+------------------------+
 * | SM2 ciphertext (DER) u16[]|    | [00 45]   | ephemeral point, 69    |
 * +---------------------------+    +-----------+------------------------+
 * </pre>
 *
 * <p>The standard's presentation language gives the 71-byte form, most peers send the other: both are told apart by
 * their length, and both are accepted.
 */
public final class ClientKeyExchangeDecoder
{
    private static final int VECTOR_FORM_LENGTH = 2 + Tlcp.ECDHE_PARAMS_LENGTH;

    private final OctetReader in = new OctetReader();
    private final OctetReader ciphertext = new OctetReader();
    private final EcdheParams params;

    private int pointOffset;
    private boolean isVectorForm;

    /**
     * Makes a decoder.
     *
     * @param strictness whether curves may have other numbers than SM2's
     */
    public ClientKeyExchangeDecoder(final Strictness strictness)
    {
        params = new EcdheParams(strictness);
    }

    /**
     * Looks at a message of an ECC suite.
     *
     * @param buffer where it is
     * @param offset where its body begins, behind the handshake header
     * @param length of the body
     * @return true when it is one vector that is not empty; the ciphertext's accessors are total afterwards. What is in
     * it must not be told to the peer: see {@link Sm2CiphertextDer}
     */
    public boolean wrapEcc(final DirectBuffer buffer, final int offset, final int length)
    {
        in.wrap(buffer, offset, length).vector16(ciphertext, 1, 0xffff);
        return in.isComplete();
    }

    /**
     * Looks at a message of an ECDHE suite.
     *
     * @param buffer where it is
     * @param offset where its body begins, behind the handshake header
     * @param length of the body
     * @return true when it is well formed; {@link #pointOffset()} and {@link #isVectorForm()} are total afterwards
     */
    public boolean wrapEcdhe(final DirectBuffer buffer, final int offset, final int length)
    {
        in.wrap(buffer, offset, length);
        isVectorForm = length == VECTOR_FORM_LENGTH;
        if (isVectorForm && in.u16() != Tlcp.ECDHE_PARAMS_LENGTH)
        {
            return false;
        }
        pointOffset = params.read(in) + 1;
        return in.isComplete();
    }

    /**
     * {@return where the ciphertext begins; ECC only}
     */
    public int ciphertextOffset()
    {
        return ciphertext.offset();
    }

    /**
     * {@return length of the ciphertext, 1 or more; ECC only}
     */
    public int ciphertextLength()
    {
        return ciphertext.remaining();
    }

    /**
     * {@return where the coordinates of the ephemeral point begin, x then y, 32 bytes each; ECDHE only}
     */
    public int pointOffset()
    {
        return pointOffset;
    }

    /**
     * {@return whether the message had the 71-byte form; ECDHE only}
     */
    public boolean isVectorForm()
    {
        return isVectorForm;
    }
}
