// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.Sm2;
import dev.trishake.crypto.sm.Sm2Identity;
import dev.trishake.crypto.sm.Sm2Verify;
import dev.trishake.crypto.sm.Sm3;
import dev.trishake.crypto.sm.Sm3Batch;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Verifies the signature in the session's scratch with the peer's signing key: a client that of ServerKeyExchange, a
 * server that of CertificateVerify.
 */
final class VerifyOperation extends TlcpOperation
{
    private final Sm3Batch sm3;
    private final Sm2Identity identity;
    private final Sm2Verify verify;
    private final UnsafeBuffer signed = new UnsafeBuffer(new byte[Sm2.LANES * Sm3.DIGEST_LENGTH]);
    private final UnsafeBuffer identities = new UnsafeBuffer(new byte[Sm2.LANES * Sm2Identity.LENGTH]);

    VerifyOperation(final TlcpMemory memory, final Kernels kernels)
    {
        super(memory, Sm2.LANES);
        sm3 = new Sm3Batch(kernels, Sm2.LANES);
        identity = new Sm2Identity(kernels);
        verify = new Sm2Verify(kernels);
    }

    @Override
    void execute(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            lanes[i].clear(TlcpSession.RESULT_GOOD);
            identity.add(lanes[i].memory(), lanes[i].at(TlcpSession.PEER_KEYS));
        }
        identity.run();
        for (int i = 0; i < count; i++)
        {
            identity.result(i, identities, i * Sm2Identity.LENGTH);
        }
        identity.clear();
        hashTranscripts(count);
        verify(count, false);
        if (memory.config.rawCertificateVerify)
        {
            verify(count, true);
        }
    }

    /** All that have not verified yet, over the messages' hash or over themselves; what does not matter is done too. */
    private void verify(final int count, final boolean raw)
    {
        for (int i = 0; i < count; i++)
        {
            sm3.add(identities, i * Sm2Identity.LENGTH, Sm2Identity.LENGTH);
            if (lanes[i].is(TlcpSession.IS_CLIENT))
            {
                KeyExchangeDigest.append(sm3, lanes[i], memory);
            }
            else if (raw)
            {
                sm3.append(
                    memory.messages(), memory.messagesOffset(lanes[i]), TlcpMemory.messageStart(lanes[i]));
            }
            else
            {
                sm3.append(digests, digestOffset(i), Sm3.DIGEST_LENGTH);
            }
        }
        sm3.run();
        for (int i = 0; i < count; i++)
        {
            sm3.result(i, signed, digestOffset(i));
            verify.add(lanes[i].memory(), lanes[i].at(TlcpSession.PEER_KEYS), signed, digestOffset(i),
                lanes[i].memory(), lanes[i].at(TlcpSession.SCRATCH));
        }
        sm3.clear();
        verify.run();
        for (int i = 0; i < count; i++)
        {
            if (verify.succeeded(i))
            {
                lanes[i].raise(TlcpSession.RESULT_GOOD);
            }
        }
        verify.clear();
    }

    /** CertificateVerify covers all messages before it. */
    private void hashTranscripts(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (!lanes[i].is(TlcpSession.IS_CLIENT))
            {
                addTranscript(sm3, lanes[i], TlcpMemory.messageStart(lanes[i]));
            }
        }
        sm3.run();
        sm3.clear();
        for (int i = 0; i < count; i++)
        {
            if (lanes[i].is(TlcpSession.IS_CLIENT))
            {
                sm3.add();
            }
            else
            {
                sm3.addFrom(lanes[i].memory(), lanes[i].at(TlcpSession.TRANSCRIPT_HASH));
            }
        }
        sm3.run();
        takeDigests(sm3, count);
    }
}
