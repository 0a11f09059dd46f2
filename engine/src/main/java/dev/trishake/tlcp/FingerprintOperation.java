// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.Sm3Batch;

/** The SM3 fingerprint of a peer's Certificate message, to the session's scratch: its trust is looked for by it. */
final class FingerprintOperation extends TlcpOperation
{
    private final Sm3Batch sm3;

    FingerprintOperation(final TlcpMemory memory, final Kernels kernels)
    {
        super(memory, MAX_LANES);
        sm3 = new Sm3Batch(kernels, MAX_LANES);
    }

    @Override
    void execute(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            sm3.add(memory.messages(), memory.bodyOffset(lanes[i]), lanes[i].get(TlcpSession.MESSAGE_LENGTH));
        }
        sm3.run();
        for (int i = 0; i < count; i++)
        {
            sm3.result(i, lanes[i].memory(), lanes[i].at(TlcpSession.SCRATCH));
        }
        sm3.clear();
    }
}
