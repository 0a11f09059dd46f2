// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.core.CryptoOperation;

/** What the handshakes' operations share: a view of a session for each lane. */
abstract class GquicOperation implements CryptoOperation
{
    final GquicMemory memory;
    final GquicSession[] lanes;

    GquicOperation(final GquicMemory memory, final int lanes)
    {
        this.memory = memory;
        this.lanes = new GquicSession[lanes];
        for (int i = 0; i < lanes; i++)
        {
            this.lanes[i] = memory.view();
        }
    }

    @Override
    public final int lanes()
    {
        return lanes.length;
    }

    @Override
    public final void execute(final int[] slots, final int count, final long nowNs)
    {
        for (int i = 0; i < count; i++)
        {
            lanes[i].wrap(slots[i]);
            lanes[i].clear(GquicSession.POSTED);
            lanes[i].set(HandshakeFields.RESULT, 0);
        }
        execute(count, nowNs);
    }

    /** Computes for the first so many lanes. */
    abstract void execute(int count, long nowNs);

    static boolean has(final GquicSession session, final int work)
    {
        return (session.get(HandshakeFields.WORK) & work) != 0;
    }
}
