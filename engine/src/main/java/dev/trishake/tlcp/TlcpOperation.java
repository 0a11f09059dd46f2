// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.core.CryptoOperation;
import dev.trishake.crypto.sm.Sm2;
import dev.trishake.crypto.sm.Sm3;
import dev.trishake.crypto.sm.Sm3Batch;
import org.agrona.concurrent.UnsafeBuffer;

/** What the operations of TLCP share: a view of a session for each lane, and the hashing of transcripts. */
abstract class TlcpOperation implements CryptoOperation
{
    final TlcpMemory memory;
    final TlcpSession[] lanes;
    /** A digest for each lane. */
    final UnsafeBuffer digests;
    private long nowNs;

    TlcpOperation(final TlcpMemory memory, final int lanes)
    {
        this.memory = memory;
        this.lanes = new TlcpSession[lanes];
        for (int i = 0; i < lanes; i++)
        {
            this.lanes[i] = memory.view();
        }
        digests = new UnsafeBuffer(new byte[lanes * Sm3.DIGEST_LENGTH]);
    }

    @Override
    public final int lanes()
    {
        return lanes.length;
    }

    @Override
    public final void execute(final int[] slots, final int count, final long nowNs)
    {
        this.nowNs = nowNs;
        for (int i = 0; i < count; i++)
        {
            lanes[i].wrap(slots[i]);
            lanes[i].clear(TlcpSession.POSTED);
        }
        execute(count);
        digests.setMemory(0, digests.capacity(), (byte)0);
    }

    /** Computes for the first so many lanes. */
    abstract void execute(int count);

    /** {@return the agent's time} */
    final long nowNs()
    {
        return nowNs;
    }

    static int digestOffset(final int lane)
    {
        return lane * Sm3.DIGEST_LENGTH;
    }

    /** Takes a session's messages up to an offset into its running hash; {@code run} and {@code clear} follow. */
    final void addTranscript(final Sm3Batch sm3, final TlcpSession session, final int end)
    {
        final int hashed = session.get(TlcpSession.HASHED);
        if (end > hashed)
        {
            sm3.addUpdate(session.memory(), session.at(TlcpSession.TRANSCRIPT_HASH));
            sm3.append(memory.messages(), memory.messagesOffset(session) + hashed, end - hashed);
            session.set(TlcpSession.HASHED, end);
        }
    }

    /** Hands the digests of the jobs 0 to count - 1 to the lanes. */
    final void takeDigests(final Sm3Batch sm3, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            sm3.result(i, digests, digestOffset(i));
        }
        sm3.clear();
    }

    /** {@return where the peer's public encryption key begins} */
    static int encryptionKey(final TlcpSession session)
    {
        return session.at(TlcpSession.PEER_KEYS + Sm2.POINT_LENGTH);
    }
}
