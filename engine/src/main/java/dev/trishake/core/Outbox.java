// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.core;

import org.agrona.MutableDirectBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

import java.nio.ByteOrder;

import static org.agrona.concurrent.ringbuffer.RecordDescriptor.ALIGNMENT;
import static org.agrona.concurrent.ringbuffer.RecordDescriptor.HEADER_LENGTH;
import static org.agrona.concurrent.ringbuffer.RingBuffer.PADDING_MSG_TYPE_ID;
import static org.agrona.concurrent.ringbuffer.RingBufferDescriptor.HEAD_CACHE_POSITION_OFFSET;
import static org.agrona.concurrent.ringbuffer.RingBufferDescriptor.HEAD_POSITION_OFFSET;
import static org.agrona.concurrent.ringbuffer.RingBufferDescriptor.TAIL_POSITION_OFFSET;

/**
 * Where a core puts its output: records ({@link OutboxRecord}) in an Agrona ring that a link reads.
 *
 * <pre>
 * if (!outbox.reserve(handle, 2, SYN_ACK_LENGTH + EVENT_LENGTH))      // the whole flight, before any change
 * {
 *     return Outcome.BACK_PRESSURED;
 * }
 * final int index = outbox.claim(SEGMENT, SYN_ACK_LENGTH);            // can't fail now
 * encode(outbox.buffer(), index);
 * outbox.commit(index);
 * ...                                                                 // the second record, then the state changes
 * </pre>
 *
 * <p>A <i>flight</i> is what a core sends for one input. It begins with a {@link #reserve} that returns true, and ends
 * with its last record or with {@link #release()}; there is one at a time. Reserving takes nothing from the ring, it
 * only proves that the flight fits, whatever the lengths of its records turn out to be. That holds because the outbox
 * is the ring's only producer, and what the consumer does meanwhile only makes room.
 *
 * <p>A flight must fit into an empty ring at every position: {@code R} records with {@code N} octets take at most
 * {@code T = 16R + min(8N, N + 7R)} of it, rounded down to a multiple of 8 (without handles 8R), and {@code T} plus
 * the largest record must not exceed the ring's capacity; where that much is free a flight is never refused. Asking
 * for more is a programmer's error, as is claiming more than was reserved. A payload has at most {@link #maxLength()}
 * octets.
 *
 * <p>Where connections take a bounded number of octets ({@link OutputCredit}), a flight must fit into its connection's
 * credit too: what a peer does not read waits below, and its connection's flights are refused, nobody else's.
 *
 * <p>A claimed record holds up all behind it until it is committed or aborted.
 *
 * <p>Records are written as the ring's own {@code tryClaim}, {@code commit} and {@code abort} write them, octet for
 * octet, which a test compares. They are written here because what {@link #reserve} has proven need not be asked again
 * per record, neither about room nor about bounds: that is half of what a record costs.
 *
 * <p>Used by the agent's thread only; the link that reads the ring may run on another.
 */
public final class Outbox
{
    private static final int ALIGNMENT_MASK = ALIGNMENT - 1;
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final long LOW_32 = 0xffff_ffffL;

    private static final OutputCredit UNLIMITED = new OutputCredit()
    {
        @Override
        public int outputCredit(final long handle)
        {
            return Integer.MAX_VALUE;
        }

        @Override
        public void onClaimed(final long handle, final int length)
        {
        }
    };

    private final OutputCredit credit;
    /** Of each record, before its payload. */
    private final int overhead;
    private final MutableDirectBuffer buffer;
    private final int capacity;
    private final int maxLength;
    private final long start;
    private final long tailPosition;
    private final long headCachePosition;
    private final long headPosition;
    private long flightHandle;
    private int flightRecords;
    private int flightBytes;

    /**
     * An outbox that is the ring's only producer.
     *
     * @param ring where records go; its memory is off the heap, and its longest message must hold a handle
     */
    public Outbox(final OneToOneRingBuffer ring)
    {
        this(ring, UNLIMITED);
    }

    /**
     * {@return an outbox that is the ring's only producer, and whose records are their payloads alone}: for what goes
     * to a packet link, which knows no sessions, so that the link can read the ring itself
     *
     * @param ring where records go
     */
    public static Outbox withoutHandles(final OneToOneRingBuffer ring)
    {
        return new Outbox(ring, UNLIMITED, 0);
    }

    /**
     * An outbox that is the ring's only producer, for connections each of which takes a bounded number of octets.
     *
     * @param ring   where records go; its longest message must hold a handle
     * @param credit of each connection: a flight that exceeds it is refused, as one that finds no room in the ring
     */
    public Outbox(final OneToOneRingBuffer ring, final OutputCredit credit)
    {
        this(ring, credit, OutboxRecord.PAYLOAD_OFFSET);
    }

    private Outbox(final OneToOneRingBuffer ring, final OutputCredit credit, final int payloadOffset)
    {
        this.credit = credit;
        this.overhead = HEADER_LENGTH + payloadOffset;
        this.buffer = ring.buffer();
        this.capacity = ring.capacity();
        this.maxLength = ring.maxMsgLength() - payloadOffset;
        if (maxLength < 0)
        {
            throw new IllegalArgumentException("ring too small for a handle: capacity=" + capacity);
        }
        if (buffer.byteArray() != null)
        {
            throw new IllegalArgumentException("ring on the heap");
        }
        start = buffer.addressOffset();
        tailPosition = start + capacity + TAIL_POSITION_OFFSET;
        headCachePosition = start + capacity + HEAD_CACHE_POSITION_OFFSET;
        headPosition = start + capacity + HEAD_POSITION_OFFSET;
    }

    /**
     * Begins a flight, if there is room for all of it.
     *
     * @param handle  of the session, or of the connection below it, that the records are for; each of them carries it
     * @param records how many at most, at least 1
     * @param bytes   of all their payloads together at most
     * @return true when up to so many records with up to so many octets can be claimed without fail; false when nothing
     * was changed: the core answers {@link Outcome#BACK_PRESSURED}
     */
    public boolean reserve(final long handle, final int records, final int bytes)
    {
        assert flightRecords == 0 : "records of an earlier flight neither claimed nor released: " + flightRecords;
        assert records > 0 && bytes >= 0 && bytes <= (long)records * maxLength : "no flight: " + records + ", " + bytes;

        if (!hasRoom(records, bytes) || credit.outputCredit(handle) < bytes)
        {
            return false;
        }
        flightHandle = handle;
        flightRecords = records;
        flightBytes = bytes;
        return true;
    }

    /**
     * Claims the next record of the flight and writes its handle, if its records have one.
     *
     * @param msgTypeId what the payload is, positive; the link knows it
     * @param length    of the payload, at most what the flight has left
     * @return where the payload begins in {@link #buffer()}: a multiple of 8; its octets are not cleared
     */
    public int claim(final int msgTypeId, final int length)
    {
        assert flightRecords > 0 : "no record reserved";
        assert length >= 0 && length <= flightBytes : "length=" + length + " reserved=" + flightBytes;

        assert msgTypeId > 0 : "no message type: " + msgTypeId;

        flightRecords--;
        flightBytes -= length;
        final int recordLength = overhead + length;
        final int aligned = recordLength + ALIGNMENT_MASK & -ALIGNMENT;
        long tail = UnsafeApi.getLong(tailPosition);
        int record = (int)tail & (capacity - 1);
        if (aligned > capacity - record)
        {
            pad(tail, capacity - record);
            tail += capacity - record;
            record = 0;
        }
        // where the reader stops; nobody has written there since it read it
        UnsafeApi.putLong(start + (record + aligned & (capacity - 1)), 0);
        UnsafeApi.putLongRelease(null, tailPosition, tail + aligned);
        UnsafeApi.putLongRelease(null, start + record, header(msgTypeId, -recordLength));
        if (overhead > HEADER_LENGTH)
        {
            UnsafeApi.putLong(start + record + HEADER_LENGTH + OutboxRecord.HANDLE_OFFSET, flightHandle);
        }
        if (credit != UNLIMITED)
        {
            credit.onClaimed(flightHandle, length);
        }
        return record + overhead;
    }

    /** Fills what is left up to the end of the ring; the record that has no room there begins at its start. */
    private void pad(final long tail, final int length)
    {
        final long record = start + capacity - length;
        UnsafeApi.putLong(start, 0);
        UnsafeApi.putLongRelease(null, tailPosition, tail + length);
        UnsafeApi.putLongRelease(null, record, header(PADDING_MSG_TYPE_ID, length));
    }

    /** Agrona's header of a record in one word: its length, negative while it is claimed, then its type. */
    private static long header(final int msgTypeId, final int length)
    {
        return LITTLE_ENDIAN ? (long)msgTypeId << Integer.SIZE | (length & LOW_32) :
            (long)length << Integer.SIZE | (msgTypeId & LOW_32);
    }

    /**
     * Makes a claimed record visible to the link. Records become readable in the order in which they were claimed.
     *
     * @param index as returned by {@link #claim}
     */
    public void commit(final int index)
    {
        final long record = claimed(index);
        UnsafeApi.putIntRelease(null, record, Math.abs(UnsafeApi.getInt(record)));
    }

    /**
     * Turns a claimed record into padding, which the link does not see.
     *
     * @param index as returned by {@link #claim}
     */
    public void abort(final int index)
    {
        final long record = claimed(index);
        UnsafeApi.putLongRelease(null, record, header(PADDING_MSG_TYPE_ID, Math.abs(UnsafeApi.getInt(record))));
    }

    /** Where a claimed record is; inside the ring, whatever the index is. */
    private long claimed(final int index)
    {
        final int record = index - overhead & (capacity - ALIGNMENT);
        assert record == index - overhead : "never claimed: " + index;
        assert UnsafeApi.getInt(start + record) < 0 : "not claimed, or no more: " + index;
        return start + record;
    }

    /** Ends the flight before all its records were claimed; what was claimed stays. Does nothing without a flight. */
    public void release()
    {
        flightRecords = 0;
        flightBytes = 0;
    }

    /**
     * {@return the buffer of the ring, where claimed payloads are written}
     */
    public MutableDirectBuffer buffer()
    {
        return buffer;
    }

    /**
     * {@return the longest payload that a record can have: an eighth of the ring's capacity, less the handle if any}
     */
    public int maxLength()
    {
        return maxLength;
    }

    /**
     * Whether Agrona's claimCapacity would succeed for every way to spread the octets over the records.
     *
     * <p>It lets a record of {@code a} octets in (header and alignment included) where {@code a + 8} are free, as the
     * next record's header is cleared with it. If {@code a} is what is left up to the end of the buffer, it goes there;
     * if {@code a + 8} is more than that, the rest up to the end becomes padding, and {@code a + 8} octets must be free
     * at the start.
     */
    private boolean hasRoom(final int records, final int bytes)
    {
        final long total = worstLength(records, bytes);
        final long largest = worstLength(1, Math.min(bytes, maxLength));
        assert total + largest <= capacity : "never fits: records=" + records + " bytes=" + bytes;

        final long tail = UnsafeApi.getLong(tailPosition);
        if (total + largest <= capacity - (tail - UnsafeApi.getLong(headCachePosition)))
        {
            return true; // by where the consumer was when last asked, and it only goes on
        }
        final long head = UnsafeApi.getLongVolatile(null, headPosition);
        UnsafeApi.putLong(headCachePosition, head);
        final int free = capacity - (int)(tail - head);
        final int toEnd = capacity - ((int)tail & (capacity - 1));
        final int fromStart = free - toEnd;

        if (fromStart <= 0) // the free space is in one piece and no record can meet the buffer's end
        {
            return total + HEADER_LENGTH <= free;
        }
        // it goes before the end, or after it wherever the first record wraps, or wraps in the middle: the padding is
        // then less than the record that did not fit, by the 8 octets or more which the last one wants behind it
        return total <= toEnd || total + HEADER_LENGTH <= fromStart || total + largest <= free;
    }

    /** The most that records take in the ring; alignment adds at most 7 octets each, and an empty payload none. */
    private long worstLength(final int records, final int bytes)
    {
        final long aligned = Math.min(8L * bytes, (bytes + (long)ALIGNMENT_MASK * records) & -ALIGNMENT);
        return aligned + (long)overhead * records;
    }
}
