// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.wire.gquic.AckFrameDecoder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Packets that were sent and deserve an acknowledgment: not what was in them but what it would take to say it again. An
 * entry is in use until its packet is acknowledged, or was sent again under another number.
 *
 * <pre>
 *  an entry
 *  0          8          16         24         28       30      31      32
 * +----------+----------+----------+----------+--------+-------+-------+
 * |  number  |  sent ns |  offset  | stream ID| length | level | flags |      a range of one stream, and control frames
 * +----------+----------+----------+----------+--------+-------+-------+
 *  SENT_USED, SENT_LOST: a bit an entry
 * </pre>
 */
final class SentPackets
{
    /** Entries: most packets under way. */
    static final int MAX = Long.SIZE;

    /** In the flags: the stream ends behind the range. */
    static final int FIN = 1;
    /** In the flags: there is a range, or a FIN. */
    static final int RANGE = 1 << 1;
    /** In the flags: PING. */
    static final int PING = 1 << 2;
    /** In the flags: WINDOW_UPDATE of the connection. */
    static final int WINDOW = 1 << 3;
    /** In the flags: BLOCKED of the connection. */
    static final int BLOCKED = 1 << 4;
    /** In the flags: WINDOW_UPDATE of the stream. */
    static final int STREAM_WINDOW = 1 << 5;
    /** In the flags: BLOCKED of the stream. */
    static final int STREAM_BLOCKED = 1 << 6;
    /** In the flags: RST_STREAM. */
    static final int RESET = 1 << 7;

    private static final int NUMBER = 0;
    private static final int SENT_NS = 8;
    private static final int OFFSET = 16;
    private static final int STREAM_ID = 24;
    private static final int RANGE_LENGTH = 28;
    private static final int LEVEL = 30;
    private static final int FLAGS = 31;
    private static final int ENTRY_LENGTH = 32;

    /** Octets of memory. */
    static final int LENGTH = MAX * ENTRY_LENGTH;

    private final GquicSession session;

    SentPackets(final GquicSession session)
    {
        this.session = session;
    }

    /** {@return whether no more can be under way} */
    boolean isFull()
    {
        return used() == -1L;
    }

    /** {@return a bit for each entry in use} */
    long used()
    {
        return session.get(GquicSession.SENT_USED);
    }

    /** {@return a bit for each entry whose packet is lost} */
    long lost()
    {
        return session.get(GquicSession.SENT_LOST);
    }

    /** {@return packets that are neither acknowledged nor lost} */
    int inFlight()
    {
        return Long.bitCount(used() & ~lost());
    }

    /** Takes note of a packet; there must be room. */
    void add(
        final long number, final long nowNs, final int level, final int streamId, final long offset, final int length,
        final int flags)
    {
        final long used = used();
        assert used != -1L : "no room";
        final int entry = Long.numberOfTrailingZeros(~used);
        final int at = at(entry);
        final UnsafeBuffer memory = session.memory();
        memory.putLong(at + NUMBER, number);
        memory.putLong(at + SENT_NS, nowNs);
        memory.putLong(at + OFFSET, offset);
        memory.putInt(at + STREAM_ID, streamId);
        memory.putShort(at + RANGE_LENGTH, (short)length);
        memory.putByte(at + LEVEL, (byte)level);
        memory.putByte(at + FLAGS, (byte)flags);
        session.set(GquicSession.SENT_USED, used | 1L << entry);
    }

    /** Forgets a packet. */
    void remove(final int entry)
    {
        session.set(GquicSession.SENT_USED, used() & ~(1L << entry));
        session.set(GquicSession.SENT_LOST, lost() & ~(1L << entry));
    }

    /** Takes a packet for lost: it is to be sent again. */
    void lose(final int entry)
    {
        session.set(GquicSession.SENT_LOST, lost() | 1L << entry);
    }

    /**
     * {@return a bit for each entry that a frame acknowledges; a frame can't speak of packets that are better protected
     * than itself}
     *
     * @param ack   the frame
     * @param level of its packet
     */
    long acknowledged(final AckFrameDecoder ack, final int level)
    {
        long found = 0;
        ack.rewind();
        while (ack.nextRange())
        {
            for (long rest = used() & ~found; rest != 0; rest &= rest - 1)
            {
                final int entry = Long.numberOfTrailingZeros(rest);
                if (number(entry) >= ack.rangeFirst() && number(entry) <= ack.rangeLast() && level(entry) <= level)
                {
                    found |= 1L << entry;
                }
            }
        }
        return found;
    }

    /** {@return the entry with the least number among those whose bit is set; -1 without any} */
    int oldest(final long entries)
    {
        int oldest = -1;
        for (long rest = entries; rest != 0; rest &= rest - 1)
        {
            final int entry = Long.numberOfTrailingZeros(rest);
            if (oldest < 0 || number(entry) < number(oldest))
            {
                oldest = entry;
            }
        }
        return oldest;
    }

    /** {@return the least offset of a stream that a packet under way or lost speaks of; the default without any} */
    long leastOffset(final int streamId, final long defaultOffset)
    {
        long least = defaultOffset;
        for (long rest = used(); rest != 0; rest &= rest - 1)
        {
            final int entry = Long.numberOfTrailingZeros(rest);
            if (streamId(entry) == streamId && (flags(entry) & RANGE) != 0)
            {
                least = Math.min(least, offset(entry));
            }
        }
        return least;
    }

    /** {@return the least number of the packets in use; the default without any} */
    long leastNumber(final long defaultNumber)
    {
        final int oldest = oldest(used());
        return oldest < 0 ? defaultNumber : number(oldest);
    }

    long number(final int entry)
    {
        return session.memory().getLong(at(entry) + NUMBER);
    }

    long sentNs(final int entry)
    {
        return session.memory().getLong(at(entry) + SENT_NS);
    }

    long offset(final int entry)
    {
        return session.memory().getLong(at(entry) + OFFSET);
    }

    int streamId(final int entry)
    {
        return session.memory().getInt(at(entry) + STREAM_ID);
    }

    int length(final int entry)
    {
        return session.memory().getShort(at(entry) + RANGE_LENGTH);
    }

    int level(final int entry)
    {
        return session.memory().getByte(at(entry) + LEVEL);
    }

    int flags(final int entry)
    {
        return session.memory().getByte(at(entry) + FLAGS) & 0xff;
    }

    private int at(final int entry)
    {
        return session.at(GquicSession.SENT + entry * ENTRY_LENGTH);
    }
}
