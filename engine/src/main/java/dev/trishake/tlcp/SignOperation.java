// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.Sm2;
import dev.trishake.crypto.sm.Sm2Identity;
import dev.trishake.crypto.sm.Sm2Sign;
import dev.trishake.crypto.sm.Sm3;
import dev.trishake.crypto.sm.Sm3Batch;

/**
 * Signs: a server its ServerKeyExchange, a client its CertificateVerify, over the hash of all messages so far or, as
 * GmSSL does, over the messages themselves. The signature goes to the session's scratch.
 */
final class SignOperation extends TlcpOperation
{
    private final Sm3Batch sm3;
    private final Sm2Sign sign;

    SignOperation(final TlcpMemory memory, final Kernels kernels, final Entropy entropy)
    {
        super(memory, Sm2.LANES);
        sm3 = new Sm3Batch(kernels, Sm2.LANES);
        sign = new Sm2Sign(kernels, entropy);
    }

    @Override
    void execute(final int count)
    {
        hashTranscripts(count);
        for (int i = 0; i < count; i++)
        {
            final TlcpCredentials credentials = memory.credentials(lanes[i]);
            sm3.add(credentials.identities(), credentials.signingIdentityOffset(), Sm2Identity.LENGTH);
            append(i);
        }
        sm3.run();
        takeDigests(sm3, count);
        for (int i = 0; i < count; i++)
        {
            sign.add(memory.credentials(lanes[i]).signingKey(), digests, digestOffset(i));
        }
        sign.run();
        for (int i = 0; i < count; i++)
        {
            if (sign.succeeded(i))
            {
                sign.result(i, lanes[i].memory(), lanes[i].at(TlcpSession.SCRATCH));
                lanes[i].raise(TlcpSession.RESULT_GOOD);
            }
        }
        sign.clear();
    }

    private void append(final int lane)
    {
        final TlcpSession session = lanes[lane];
        session.clear(TlcpSession.RESULT_GOOD);
        if (!session.is(TlcpSession.IS_CLIENT))
        {
            KeyExchangeDigest.append(sm3, session, memory.credentials(session));
        }
        else if (memory.config.rawCertificateVerify)
        {
            sm3.append(memory.messages(), memory.messagesOffset(session), session.get(TlcpSession.TRANSCRIPT_LENGTH));
        }
        else
        {
            sm3.append(digests, digestOffset(lane), Sm3.DIGEST_LENGTH);
        }
    }

    /** CertificateVerify is over the hash of the messages: GB/T 38636 6.4.5.9. */
    private void hashTranscripts(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (lanes[i].is(TlcpSession.IS_CLIENT))
            {
                addTranscript(sm3, lanes[i], lanes[i].get(TlcpSession.TRANSCRIPT_LENGTH));
            }
        }
        sm3.run();
        sm3.clear();
        for (int i = 0; i < count; i++)
        {
            if (lanes[i].is(TlcpSession.IS_CLIENT))
            {
                sm3.addFrom(lanes[i].memory(), lanes[i].at(TlcpSession.TRANSCRIPT_HASH));
            }
            else
            {
                sm3.add();
            }
        }
        sm3.run();
        takeDigests(sm3, count);
    }
}
