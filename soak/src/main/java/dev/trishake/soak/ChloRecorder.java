// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.gquic.GquicLevel;
import dev.trishake.gquic.GquicTap;
import dev.trishake.soak.flood.ChloWriter;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Keeps the first packet of the connection that a client began last: a full CHLO where it has been there before. */
final class ChloRecorder implements GquicTap
{
    private static final int HASH_LENGTH = 12;

    private final UnsafeBuffer packet = new UnsafeBuffer(new byte[ChloWriter.MAX_LENGTH]);
    private volatile int length;

    /** {@return who writes it again and again} */
    ChloWriter writer()
    {
        return ChloWriter.replayed(packet, 0, length);
    }

    @Override
    public void onSent(
        final int slot, final int level, final long number, final DirectBuffer buffer, final int headerOffset,
        final int headerLength, final DirectBuffer frames, final int framesOffset, final int framesLength)
    {
        if (level == GquicLevel.NULL && number == 1)
        {
            packet.putBytes(0, buffer, headerOffset, headerLength);
            packet.putBytes(headerLength + HASH_LENGTH, frames, framesOffset, framesLength);
            length = headerLength + HASH_LENGTH + framesLength;
        }
    }
}
