// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import org.agrona.DirectBuffer;

/**
 * Packets that came before their keys: a list in each session, and those that came before their session, which the
 * latest drive out.
 */
final class EarlyPackets
{
    private static final int SHARE_OF_ORPHANS = 4;

    private final GquicMemory memory;
    private final PacketSlots packets;
    private final int[] orphans;
    private final long[] orphanIds;
    private int nextOrphan;

    EarlyPackets(final GquicMemory memory)
    {
        this.memory = memory;
        packets = memory.early;
        orphans = new int[memory.config.earlyPackets / SHARE_OF_ORPHANS];
        orphanIds = new long[orphans.length];
    }

    /** {@return whether the packet was kept} */
    boolean keep(
        final GquicSession session, final DirectBuffer buffer, final int tupleOffset, final int length)
    {
        if (session.get(GquicSession.EARLY_COUNT) >= memory.config.earlyPacketsPerSession)
        {
            return false;
        }
        final int packet = packets.take(0);
        if (packet == PacketSlots.NONE)
        {
            return false;
        }
        packets.fill(packet, buffer, tupleOffset, length);
        append(session, packet);
        memory.counters.packetsEarly++;
        return true;
    }

    private void append(final GquicSession session, final int packet)
    {
        int last = session.get(GquicSession.EARLY_FIRST) - 1;
        if (last < 0)
        {
            session.set(GquicSession.EARLY_FIRST, packet + 1);
        }
        else
        {
            while (packets.next(last) != PacketSlots.NONE)
            {
                last = packets.next(last);
            }
            packets.next(last, packet);
        }
        session.add(GquicSession.EARLY_COUNT, 1);
    }

    /** {@return the packet that has waited longest, which is the caller's to release; NONE without any} */
    int takeFirst(final GquicSession session)
    {
        final int packet = session.get(GquicSession.EARLY_FIRST) - 1;
        if (packet != PacketSlots.NONE)
        {
            session.set(GquicSession.EARLY_FIRST, packets.next(packet) + 1);
            session.add(GquicSession.EARLY_COUNT, -1);
        }
        return packet;
    }

    /** Forgets the packets of a session. */
    void releaseAll(final GquicSession session)
    {
        int packet = takeFirst(session);
        while (packet != PacketSlots.NONE)
        {
            packets.release(packet);
            packet = takeFirst(session);
        }
    }

    /** Keeps a packet that came before its session. */
    void keepOrphan(final long cid, final DirectBuffer buffer, final int tupleOffset, final int length)
    {
        if (orphans.length == 0)
        {
            return;
        }
        int packet = orphans[nextOrphan] - 1;
        if (packet == PacketSlots.NONE)
        {
            packet = packets.take(0);
        }
        orphans[nextOrphan] = packet + 1;
        orphanIds[nextOrphan] = cid;
        nextOrphan = nextOrphan + 1 < orphans.length ? nextOrphan + 1 : 0;
        if (packet != PacketSlots.NONE)
        {
            packets.fill(packet, buffer, tupleOffset, length);
            memory.counters.packetsEarly++;
        }
    }

    /** Gives a new session the packets that came before it. */
    void adopt(final GquicSession session)
    {
        final long cid = session.get(GquicSession.CID);
        for (int i = 0; i < orphans.length; i++)
        {
            final int index = (nextOrphan + i) % orphans.length;
            if (orphans[index] != 0 && orphanIds[index] == cid)
            {
                final int packet = orphans[index] - 1;
                orphans[index] = 0;
                if (session.get(GquicSession.EARLY_COUNT) < memory.config.earlyPacketsPerSession)
                {
                    append(session, packet);
                }
                else
                {
                    packets.release(packet);
                }
            }
        }
    }
}
