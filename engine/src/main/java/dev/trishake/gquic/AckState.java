// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.wire.gquic.FrameEncoder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Which packets have come: the greatest number and a bit for each of the {@value #WINDOW} up to it. Older ones count as
 * duplicates. It says what an ACK frame says, and when one is due: for the first packet and every second one that
 * deserves it at once, else after {@link #DELAY_NS}, gQUIC 14.
 *
 * <pre>
 *  bit number % WINDOW of RECEIVED: the packet has come; those above LARGEST_RECEIVED are 0
 * </pre>
 */
final class AckState
{
    /** Packet numbers that are told from duplicates, a power of 2. */
    static final int WINDOW = 256;

    /** Octets of memory. */
    static final int LENGTH = WINDOW / Byte.SIZE;

    /** How long an acknowledgment may wait for another packet, or for one to travel with. */
    static final long DELAY_NS = 25_000_000;

    /** Blocks behind the first one that a frame has at most; more gaps than that are told by later frames. */
    private static final int MAX_BLOCKS = 16;

    private static final int MAX_GAP = 255;
    private static final int NS_PER_US = 1000;
    private static final int PACKETS_PER_ACK = 2;

    private AckState()
    {
    }

    /** {@return whether a packet has come, or is too old to tell} */
    static boolean isDuplicate(final GquicSession session, final long number)
    {
        final long largest = session.get(GquicSession.LARGEST_RECEIVED);
        return number <= largest && (number <= largest - WINDOW || has(session, number));
    }

    /** Takes note of a packet that was opened and is no duplicate. */
    static void onReceived(final GquicSession session, final long number, final long nowNs)
    {
        final long largest = session.get(GquicSession.LARGEST_RECEIVED);
        if (number > largest)
        {
            if (number - largest >= WINDOW)
            {
                session.wipe(GquicSession.RECEIVED, LENGTH);
            }
            else
            {
                for (long skipped = largest + 1; skipped < number; skipped++)
                {
                    set(session, skipped, false);
                }
            }
            session.set(GquicSession.LARGEST_RECEIVED, number);
            session.set(GquicSession.LARGEST_RECEIVED_NS, nowNs);
        }
        set(session, number, true);
    }

    /** Takes note that the packet which was received last deserves an acknowledgment. */
    static void onAckDeserved(final GquicSession session, final long nowNs)
    {
        final int owed = session.get(GquicSession.ACK_OWED) + 1;
        session.set(GquicSession.ACK_OWED, owed);
        if (owed == 1)
        {
            session.set(GquicSession.ACK_DUE_NS, nowNs + DELAY_NS);
        }
        if (owed >= PACKETS_PER_ACK || !session.is(GquicSession.HEARD))
        {
            session.raise(GquicSession.ACK_DUE);
        }
    }

    /** Takes note that an ACK frame is on its way. */
    static void onAckSent(final GquicSession session)
    {
        session.set(GquicSession.ACK_OWED, 0);
        session.clear(GquicSession.ACK_DUE);
    }

    /** Forgets what the peer does not send again. */
    static void onStopWaiting(final GquicSession session, final long leastUnacked)
    {
        if (leastUnacked > session.get(GquicSession.LEAST_AWAITED))
        {
            session.set(GquicSession.LEAST_AWAITED, leastUnacked);
        }
    }

    /** Writes an ACK frame of what has come, at least one packet. */
    static void write(final GquicSession session, final FrameEncoder frames, final long nowNs)
    {
        final long largest = session.get(GquicSession.LARGEST_RECEIVED);
        final long least = Math.max(Math.max(1, largest - WINDOW + 1),
            Math.min(largest, session.get(GquicSession.LEAST_AWAITED)));
        final long firstBlock = runDown(session, largest, least);
        int count = 0;
        long longest = firstBlock;
        long number = largest - firstBlock;
        while (count < MAX_BLOCKS)
        {
            final long received = gapDown(session, number, least);
            if (received < least)
            {
                break;
            }
            final long block = runDown(session, received, least);
            longest = Math.max(longest, block);
            count++;
            number = received - block;
        }
        final long delayUs = Math.max(0, nowNs - session.get(GquicSession.LARGEST_RECEIVED_NS)) / NS_PER_US;
        frames.beginAck(largest, delayUs, firstBlock, count, longest);
        number = largest - firstBlock;
        for (int i = 0; i < count; i++)
        {
            final long received = gapDown(session, number, least);
            assert number - received <= MAX_GAP : "wider than the window";
            final long block = runDown(session, received, least);
            frames.ackBlock((int)(number - received), block);
            number = received - block;
        }
        frames.endAck();
    }

    /** {@return how many numbers in a row have come, from one that has downwards} */
    private static long runDown(final GquicSession session, final long from, final long least)
    {
        long number = from;
        while (number >= least && has(session, number))
        {
            number--;
        }
        return from - number;
    }

    /** {@return the greatest number that has come, from one that has not downwards; less than the least if none has} */
    private static long gapDown(final GquicSession session, final long from, final long least)
    {
        long number = from;
        while (number >= least && !has(session, number))
        {
            number--;
        }
        return number;
    }

    private static boolean has(final GquicSession session, final long number)
    {
        final int bit = (int)number & (WINDOW - 1);
        return (session.memory().getByte(session.at(GquicSession.RECEIVED + (bit >> 3))) & 1 << (bit & 7)) != 0;
    }

    private static void set(final GquicSession session, final long number, final boolean received)
    {
        final UnsafeBuffer memory = session.memory();
        final int bit = (int)number & (WINDOW - 1);
        final int at = session.at(GquicSession.RECEIVED + (bit >> 3));
        final int octet = memory.getByte(at);
        final int mask = 1 << (bit & 7);
        memory.putByte(at, (byte)(received ? octet | mask : octet & ~mask));
    }
}
