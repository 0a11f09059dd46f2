// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.session.FourTuple;
import dev.trishake.wire.gquic.PacketHeaderDecoder;
import org.agrona.DirectBuffer;

import java.util.HashSet;
import java.util.Set;

/** Knows which packets a client has sent under initial keys, and may have them lost. */
final class LevelTap implements GquicTap
{
    boolean loses;
    int initialPackets;
    private final Set<Long> numbers = new HashSet<>();
    private long cid;

    boolean isLost(
        final PacketHeaderDecoder header, final DirectBuffer buffer, final int offset, final int length)
    {
        header.wrap(buffer, offset + FourTuple.LENGTH, length - FourTuple.LENGTH, true);
        return loses && header.connectionId() == cid && numbers.contains(header.truncatedNumber());
    }

    @Override
    public void onSent(
        final int slot, final int level, final long number, final DirectBuffer buffer, final int headerOffset,
        final int headerLength, final DirectBuffer frames, final int framesOffset, final int framesLength)
    {
        if (level == GquicLevel.INITIAL)
        {
            initialPackets++;
            final PacketHeaderDecoder header = new PacketHeaderDecoder();
            header.wrap(buffer, headerOffset, headerLength, true);
            if (cid != header.connectionId())
            {
                numbers.clear();
            }
            cid = header.connectionId();
            numbers.add(number);
        }
    }
}
