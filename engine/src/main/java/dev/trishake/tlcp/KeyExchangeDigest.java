// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.sm.Sm2;
import dev.trishake.crypto.sm.Sm3Batch;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a ServerKeyExchange's signature covers, behind Z: both randoms, then with ECC the encryption certificate behind
 * its length, with ECDHE the parameters.
 */
final class KeyExchangeDigest
{
    private static final int LENGTH_LENGTH = 3;
    private static final DirectBuffer PARAMS_HEAD = new UnsafeBuffer(
        new byte[] {Tlcp.NAMED_CURVE_TYPE, 0, Tlcp.CURVE_SM2, Tlcp.POINT_LENGTH, Tlcp.UNCOMPRESSED});

    private KeyExchangeDigest()
    {
    }

    /** Appends to the message that was added last: as a server that signs. */
    static void append(final Sm3Batch sm3, final TlcpSession session, final TlcpCredentials credentials)
    {
        sm3.append(session.memory(), session.at(TlcpSession.CLIENT_RANDOM), TlcpMemory.RANDOMS_LENGTH);
        if (session.isEcdhe())
        {
            sm3.append(PARAMS_HEAD, 0, PARAMS_HEAD.capacity());
            sm3.append(session.memory(), session.at(TlcpSession.EPHEMERAL_POINT), Sm2.POINT_LENGTH);
        }
        else
        {
            // in the Certificate message the certificate stands behind its length too
            sm3.append(credentials.certificateBody(), credentials.encryptionCertificateOffset() - LENGTH_LENGTH,
                LENGTH_LENGTH + credentials.encryptionCertificateLength());
        }
    }

    /** Appends to the message that was added last: as a client that verifies. */
    static void append(final Sm3Batch sm3, final TlcpSession session, final TlcpMemory memory)
    {
        sm3.append(session.memory(), session.at(TlcpSession.CLIENT_RANDOM), TlcpMemory.RANDOMS_LENGTH);
        if (session.isEcdhe())
        {
            sm3.append(memory.messages(), memory.bodyOffset(session), Tlcp.ECDHE_PARAMS_LENGTH);
        }
        else
        {
            sm3.append(memory.messages(),
                memory.messagesOffset(session) + session.get(TlcpSession.ENCRYPTION_OFFSET) - LENGTH_LENGTH,
                LENGTH_LENGTH + session.get(TlcpSession.ENCRYPTION_LENGTH));
        }
    }
}
