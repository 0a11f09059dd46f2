// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.wire.OctetWriter;
import org.agrona.DirectBuffer;

/**
 * Writes handshake messages with their headers, all but the hellos, whose parts are many. All go through a writer that
 * is asked for failure at the end.
 */
public final class HandshakeEncoder
{
    private HandshakeEncoder()
    {
    }

    /**
     * Begins a message; {@link OctetWriter#endVector} ends it.
     *
     * @param out  the writer
     * @param type of the message
     * @return mark for the end
     */
    public static int begin(final OctetWriter out, final int type)
    {
        return out.u8(type).beginVector24();
    }

    /**
     * Writes a message without a body: HelloRequest or ServerHelloDone.
     *
     * @param out  the writer
     * @param type of the message
     */
    public static void empty(final OctetWriter out, final int type)
    {
        out.u8(type).u24(0);
    }

    /**
     * Begins a Certificate: each certificate is then one {@link #certificate}, and two {@code endVector} end it, for
     * this mark and the message's.
     *
     * @param out the writer, in a message of that type
     * @return mark for the end
     */
    public static int beginCertificates(final OctetWriter out)
    {
        return out.beginVector24();
    }

    /**
     * Writes one certificate of the list.
     *
     * @param out    the writer
     * @param der    where it is
     * @param offset where it begins
     * @param length of it
     */
    public static void certificate(final OctetWriter out, final DirectBuffer der, final int offset, final int length)
    {
        final int vector = out.beginVector24();
        out.bytes(der, offset, length).endVector(vector);
    }

    /**
     * Writes a ServerKeyExchange of an ECC suite.
     *
     * @param out       the writer
     * @param signature where it is as the kernels give it: r, s
     * @param offset    where it begins
     */
    public static void eccServerKeyExchange(final OctetWriter out, final DirectBuffer signature, final int offset)
    {
        final int message = begin(out, HandshakeType.SERVER_KEY_EXCHANGE);
        signature(out, signature, offset);
        out.endVector(message);
    }

    /**
     * Writes a ServerKeyExchange of an ECDHE suite.
     *
     * @param out         the writer
     * @param point       where the ephemeral point is: x, y
     * @param pointOffset where it begins
     * @param signature   where it is: r, s
     * @param offset      where it begins
     */
    public static void ecdheServerKeyExchange(
        final OctetWriter out,
        final DirectBuffer point,
        final int pointOffset,
        final DirectBuffer signature,
        final int offset)
    {
        final int message = begin(out, HandshakeType.SERVER_KEY_EXCHANGE);
        EcdheParams.write(out, point, pointOffset);
        signature(out, signature, offset);
        out.endVector(message);
    }

    /**
     * Writes what an ECDHE suite's ServerKeyExchange says of the server's point, a part of what is signed:
     * {@link Tlcp#ECDHE_PARAMS_LENGTH} bytes.
     *
     * @param out         the writer
     * @param point       where the ephemeral point is: x, y
     * @param pointOffset where it begins
     */
    public static void ecdheParams(final OctetWriter out, final DirectBuffer point, final int pointOffset)
    {
        EcdheParams.write(out, point, pointOffset);
    }

    /**
     * Writes a CertificateRequest.
     *
     * @param out               the writer
     * @param types             where the certificate types are, see {@link CertificateType}
     * @param typesOffset       where they begin
     * @param typeCount         1 to 255
     * @param authorities       where the names of the authorities are, each behind its length (u16)
     * @param authoritiesOffset where they begin
     * @param authoritiesLength of them all
     */
    public static void certificateRequest(
        final OctetWriter out,
        final DirectBuffer types,
        final int typesOffset,
        final int typeCount,
        final DirectBuffer authorities,
        final int authoritiesOffset,
        final int authoritiesLength)
    {
        final int message = begin(out, HandshakeType.CERTIFICATE_REQUEST);
        final int typeVector = out.beginVector8();
        out.bytes(types, typesOffset, typeCount).endVector(typeVector);
        final int authorityVector = out.beginVector16();
        out.bytes(authorities, authoritiesOffset, authoritiesLength).endVector(authorityVector).endVector(message);
    }

    /**
     * Writes a ClientKeyExchange of an ECC suite.
     *
     * @param out        the writer
     * @param ciphertext where it is as the kernels give it: x, y, C3, C2
     * @param offset     where it begins
     */
    public static void eccClientKeyExchange(final OctetWriter out, final DirectBuffer ciphertext, final int offset)
    {
        final int message = begin(out, HandshakeType.CLIENT_KEY_EXCHANGE);
        final int vector = out.beginVector16();
        Sm2CiphertextDer.encode(out, ciphertext, offset, Tlcp.PRE_MASTER_SECRET_LENGTH);
        out.endVector(vector).endVector(message);
    }

    /**
     * Writes a ClientKeyExchange of an ECDHE suite.
     *
     * @param out          the writer
     * @param point        where the ephemeral point is: x, y
     * @param offset       where it begins
     * @param isVectorForm whether a length stands before it: 71 bytes, not 69
     */
    public static void ecdheClientKeyExchange(
        final OctetWriter out, final DirectBuffer point, final int offset, final boolean isVectorForm)
    {
        final int message = begin(out, HandshakeType.CLIENT_KEY_EXCHANGE);
        if (isVectorForm)
        {
            out.u16(Tlcp.ECDHE_PARAMS_LENGTH);
        }
        EcdheParams.write(out, point, offset);
        out.endVector(message);
    }

    /**
     * Writes a CertificateVerify.
     *
     * @param out       the writer
     * @param signature where it is: r, s
     * @param offset    where it begins
     */
    public static void certificateVerify(final OctetWriter out, final DirectBuffer signature, final int offset)
    {
        final int message = begin(out, HandshakeType.CERTIFICATE_VERIFY);
        signature(out, signature, offset);
        out.endVector(message);
    }

    /**
     * Writes a NewSessionTicket.
     *
     * @param out             the writer
     * @param lifetimeSeconds 0 to 0xffffffff
     * @param ticket          where it is
     * @param offset          where it begins
     * @param length          of it, 0 to 0xffff
     */
    public static void newSessionTicket(
        final OctetWriter out,
        final long lifetimeSeconds,
        final DirectBuffer ticket,
        final int offset,
        final int length)
    {
        final int message = begin(out, HandshakeType.NEW_SESSION_TICKET);
        final int vector = out.u32(lifetimeSeconds).beginVector16();
        out.bytes(ticket, offset, length).endVector(vector).endVector(message);
    }

    /**
     * Writes a Finished.
     *
     * @param out        the writer
     * @param verifyData where it is, {@link Tlcp#VERIFY_DATA_LENGTH} bytes
     * @param offset     where it begins
     */
    public static void finished(final OctetWriter out, final DirectBuffer verifyData, final int offset)
    {
        final int message = begin(out, HandshakeType.FINISHED);
        out.bytes(verifyData, offset, Tlcp.VERIFY_DATA_LENGTH).endVector(message);
    }

    private static void signature(final OctetWriter out, final DirectBuffer signature, final int offset)
    {
        final int vector = out.beginVector16();
        Sm2SignatureDer.encode(out, signature, offset);
        out.endVector(vector);
    }
}
