// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.PrfSm3Batch;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

/**
 * From the pre-master secret to the keys of records. A session that is resumed has its master secret already.
 *
 * <pre>
 * master secret = PRF(pre-master secret, "master secret", client random || server random)     48
 * key block     = PRF(master secret, "key expansion", server random || client random)         40 or 96
 * </pre>
 */
final class KeyScheduleOperation extends TlcpOperation
{
    private static final UnsafeBuffer MASTER_LABEL = label("master secret");
    private static final UnsafeBuffer KEY_LABEL = label("key expansion");

    private final PrfSm3Batch prf;

    KeyScheduleOperation(final TlcpMemory memory, final Kernels kernels)
    {
        super(memory, MAX_LANES);
        prf = new PrfSm3Batch(kernels, MAX_LANES);
    }

    static UnsafeBuffer label(final String text)
    {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    void execute(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            final TlcpSession session = lanes[i];
            prf.add(session.memory(), session.at(TlcpSession.PRE_MASTER), Tlcp.PRE_MASTER_SECRET_LENGTH,
                TlcpSession.MASTER_LENGTH);
            prf.append(MASTER_LABEL, 0, MASTER_LABEL.capacity());
            prf.append(session.memory(), session.at(TlcpSession.CLIENT_RANDOM), TlcpMemory.RANDOMS_LENGTH);
        }
        prf.run();
        for (int i = 0; i < count; i++)
        {
            if (!isResumed(lanes[i]))
            {
                prf.result(i, lanes[i].memory(), lanes[i].at(TlcpSession.MASTER));
            }
            ConstantTime.wipe(
                lanes[i].memory(), lanes[i].at(TlcpSession.PRE_MASTER), Tlcp.PRE_MASTER_SECRET_LENGTH);
        }
        prf.clear();
        expand(count);
    }

    private void expand(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            final TlcpSession session = lanes[i];
            prf.add(session.memory(), session.at(TlcpSession.MASTER), TlcpSession.MASTER_LENGTH,
                session.keyBlockLength());
            prf.append(KEY_LABEL, 0, KEY_LABEL.capacity());
            prf.append(session.memory(), session.at(TlcpSession.SERVER_RANDOM), Tlcp.RANDOM_LENGTH);
            prf.append(session.memory(), session.at(TlcpSession.CLIENT_RANDOM), Tlcp.RANDOM_LENGTH);
        }
        prf.run();
        for (int i = 0; i < count; i++)
        {
            prf.result(i, lanes[i].memory(), lanes[i].at(TlcpSession.KEY_BLOCK));
        }
        prf.clear();
    }

    private static boolean isResumed(final TlcpSession session)
    {
        return (session.get(TlcpSession.KIND) & TlcpFlights.RESUMED) != 0;
    }
}
