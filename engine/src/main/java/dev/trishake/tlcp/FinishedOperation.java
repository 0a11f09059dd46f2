// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.PrfSm3Batch;
import dev.trishake.crypto.sm.Sm3;
import dev.trishake.crypto.sm.Sm3Batch;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.concurrent.UnsafeBuffer;

/** What the next Finished, whoever's, must say: PRF(master secret, label, SM3 of all messages so far), 12 octets. */
final class FinishedOperation extends TlcpOperation
{
    private static final UnsafeBuffer CLIENT_LABEL = KeyScheduleOperation.label("client finished");
    private static final UnsafeBuffer SERVER_LABEL = KeyScheduleOperation.label("server finished");

    private final Sm3Batch sm3;
    private final PrfSm3Batch prf;

    FinishedOperation(final TlcpMemory memory, final Kernels kernels)
    {
        super(memory, MAX_LANES);
        sm3 = new Sm3Batch(kernels, MAX_LANES);
        prf = new PrfSm3Batch(kernels, MAX_LANES);
    }

    @Override
    void execute(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            addTranscript(sm3, lanes[i], lanes[i].get(TlcpSession.TRANSCRIPT_LENGTH));
        }
        sm3.run();
        sm3.clear();
        for (int i = 0; i < count; i++)
        {
            sm3.addFrom(lanes[i].memory(), lanes[i].at(TlcpSession.TRANSCRIPT_HASH));
        }
        sm3.run();
        takeDigests(sm3, count);
        for (int i = 0; i < count; i++)
        {
            final UnsafeBuffer label = isOfClient(lanes[i]) ? CLIENT_LABEL : SERVER_LABEL;
            prf.add(lanes[i].memory(), lanes[i].at(TlcpSession.MASTER), TlcpSession.MASTER_LENGTH,
                Tlcp.VERIFY_DATA_LENGTH);
            prf.append(label, 0, label.capacity());
            prf.append(digests, digestOffset(i), Sm3.DIGEST_LENGTH);
        }
        prf.run();
        for (int i = 0; i < count; i++)
        {
            prf.result(i, lanes[i].memory(), lanes[i].at(TlcpSession.VERIFY_DATA));
        }
        prf.clear();
    }

    /** {@return whether the next Finished in the session's row is the client's} */
    private static boolean isOfClient(final TlcpSession session)
    {
        final int kind = session.get(TlcpSession.KIND);
        int index = session.get(TlcpSession.INDEX);
        while (TlcpFlights.at(kind, index) != TlcpMessage.CLIENT_FINISHED &&
            TlcpFlights.at(kind, index) != TlcpMessage.SERVER_FINISHED)
        {
            index++;
        }
        return TlcpFlights.at(kind, index) == TlcpMessage.CLIENT_FINISHED;
    }
}
