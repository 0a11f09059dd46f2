// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.session;

import org.agrona.BitUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Finds the slot of a session by its {@link FourTuple}: an open-addressed hash table outside the heap, allocated once,
 * with a record for every slot, so that it can't be full for a slot that is free.
 *
 * <pre>
 *  index: a power of two of entries, at least twice the slots         an entry; 0 is an empty one
 * +---------+---------+---------+--     --+                         63         32 31          0
 * | entry   | entry   | entry   |   ...   |                        +-------------+-------------+
 * +---------+---------+---------+--     --+                        |     tag     |  slot + 1   |
 *                                                                  +-------------+-------------+
 *  records: one a slot, each a cache line
 *  0                    40             48       64
 * +--------------------+--------------+--------+
 * |     FourTuple      | its entry, or|        |
 * |                    | 0: no tuple  |        |
 * +--------------------+--------------+--------+
 * </pre>
 *
 * <p>The tag is half of SipHash-1-3 of the tuple under a secret key; its lowest bits say in which bucket of the index
 * the entry is at home. Who does not know the key can't choose tuples that meet in a bucket. An entry lies in the first
 * free bucket from home on; as at most half of the index is used, a search reads 1.5 entries on average when it finds
 * and 2.5 when it does not, nearly always in one cache line, and a record only when all 32 bits of the tag agree. A
 * removed entry leaves no tombstone: those behind it move up, so that the table after any number of changes is as
 * good as a new one.
 */
public final class SessionTable
{
    private static final int ENTRY_SHIFT = 3;
    private static final long EMPTY = 0;

    private static final int RECORD_SHIFT = 6;
    private static final int RECORD_LENGTH = 1 << RECORD_SHIFT;
    private static final int ENTRY_OFFSET = FourTuple.LENGTH;

    private final int capacity;
    private final long k0;
    private final long k1;
    private final int mask;
    private final UnsafeBuffer index;
    private final UnsafeBuffer records;
    private final long indexAddress;
    private final long recordsAddress;
    private int size;

    /**
     * Allocates all that this table will ever use: 64 bytes for each slot, and 16 to 32 for its share of the index.
     *
     * @param capacity number of slots, at least 1
     * @param k0       first half of a secret random key of this table alone
     * @param k1       second half
     * @throws IllegalArgumentException when the records do not fit into one buffer; the limit is some 33 million slots
     */
    public SessionTable(final int capacity, final long k0, final long k1)
    {
        this.capacity = Memory.checkCapacity(capacity);
        this.k0 = k0;
        this.k1 = k1;
        records = Memory.allocate("session table", capacity, RECORD_LENGTH);
        final int buckets = 2 * BitUtil.findNextPositivePowerOfTwo(capacity);
        mask = buckets - 1;
        index = Memory.allocate("index of the session table", buckets, 1 << ENTRY_SHIFT);
        indexAddress = index.addressOffset();
        recordsAddress = records.addressOffset();
    }

    /**
     * {@return the tag of a tuple}: who asks about a tuple more than once hashes it once, and gives it with its tag.
     *
     * @param tuple any
     */
    public int tagOf(final FourTuple tuple)
    {
        return (int)tuple.hash(k0, k1);
    }

    /**
     * {@return the slot of the session with this tuple, or {@link SessionSlab#NULL_SLOT}}
     *
     * @param tuple what to look for
     */
    public int find(final FourTuple tuple)
    {
        return find(tuple, tagOf(tuple));
    }

    /**
     * {@return the slot of the session with this tuple, or {@link SessionSlab#NULL_SLOT}}
     *
     * @param tuple what to look for
     * @param tag   its tag
     */
    public int find(final FourTuple tuple, final int tag)
    {
        return slot(entry(bucketOf(tuple, tag)));
    }

    /**
     * Gives a slot its tuple, unless another slot has it.
     *
     * @param tuple what to be found by; copied
     * @param slot  0 to capacity - 1, without a tuple
     * @return false, and nothing is changed, when the tuple is there already: {@link #find} tells the slot that has it;
     *         also when the slot has another tuple, which is the caller's error and asserted
     */
    public boolean put(final FourTuple tuple, final int slot)
    {
        return put(tuple, tagOf(tuple), slot);
    }

    /**
     * Gives a slot its tuple, unless another slot has it.
     *
     * @param tuple what to be found by; copied
     * @param tag   its tag
     * @param slot  0 to capacity - 1, without a tuple
     * @return as {@link #put(FourTuple, int)}
     */
    public boolean put(final FourTuple tuple, final int tag, final int slot)
    {
        if (entryOf(slot) != EMPTY)
        {
            assert false : "slot " + slot + " has a tuple already";
            return false;
        }
        assert tag == tagOf(tuple) : "tag of another tuple";
        final int bucket = bucketOf(tuple, tag);
        if (entry(bucket) != EMPTY)
        {
            return false;
        }
        store(tuple, tag, bucket, slot);
        size++;
        return true;
    }

    /**
     * Takes its tuple from one slot, whose record is wiped, and gives it to another, which has none: what lay half open
     * is open. Nothing moves in the index.
     *
     * @param tuple the tuple of the first slot
     * @param from  0 to capacity - 1, a slot that has this tuple
     * @param to    0 to capacity - 1, a slot without a tuple
     */
    public void move(final FourTuple tuple, final int from, final int to)
    {
        final long moved = entryOf(from);
        if (moved == EMPTY || entryOf(to) != EMPTY)
        {
            assert false : "nothing to move, or not free: " + from + " " + to;
            return;
        }
        assert tuple.isStoredAt(record(from)) : "tuple of another slot";
        store(tuple, tag(moved), bucketOf(moved), to);
        Memory.wipe(record(from), RECORD_LENGTH);
    }

    private void store(final FourTuple tuple, final int tag, final int bucket, final int slot)
    {
        final long added = (long)tag << Integer.SIZE | (slot + 1);
        tuple.store(record(slot));
        UnsafeApi.putLong(record(slot) + ENTRY_OFFSET, added);
        entry(bucket, added);
    }

    /**
     * Takes its tuple from a slot and wipes the record.
     *
     * @param slot 0 to capacity - 1
     * @return false when it had none
     */
    public boolean remove(final int slot)
    {
        final long removed = entryOf(slot);
        if (removed == EMPTY)
        {
            return false;
        }
        closeGap(bucketOf(removed));
        Memory.wipe(record(slot), RECORD_LENGTH);
        size--;
        return true;
    }

    /**
     * Reads the tuple of a slot.
     *
     * @param slot 0 to capacity - 1
     * @param out  set to the tuple, or left as it is
     * @return false when the slot has none
     */
    public boolean keyOf(final int slot, final FourTuple out)
    {
        if (entryOf(slot) == EMPTY)
        {
            return false;
        }
        out.load(record(slot));
        return true;
    }

    /** Forgets all tuples and wipes the memory. */
    public void clear()
    {
        index.setMemory(0, index.capacity(), (byte)0);
        records.setMemory(0, records.capacity(), (byte)0);
        size = 0;
    }

    /**
     * {@return the number of slots that have a tuple}
     */
    public int size()
    {
        return size;
    }

    /**
     * {@return the number of slots}
     */
    public int capacity()
    {
        return capacity;
    }

    /** How many buckets behind its home the entry of a slot with a tuple lies: what a search for it reads, less one. */
    int displacement(final int slot)
    {
        final long entry = entryOf(slot);
        return bucketOf(entry) - tag(entry) & mask;
    }

    /** The bucket of the entry with this tuple, or the empty one where a search for it ends. */
    private int bucketOf(final FourTuple tuple, final int tag)
    {
        int bucket = tag & mask;
        for (long entry = entry(bucket); entry != EMPTY; entry = entry(bucket))
        {
            if (tag(entry) == tag && tuple.isStoredAt(record(slot(entry))))
            {
                break;
            }
            bucket = bucket + 1 & mask;
        }
        return bucket;
    }

    private int bucketOf(final long entry)
    {
        int bucket = tag(entry) & mask;
        while (entry(bucket) != entry)
        {
            bucket = bucket + 1 & mask;
        }
        return bucket;
    }

    /** Empties a bucket and moves up each entry behind it that may lie nearer to its home. */
    private void closeGap(final int bucket)
    {
        int gap = bucket;
        int next = gap + 1 & mask;
        long entry = entry(next);
        while (entry != EMPTY)
        {
            if ((next - tag(entry) & mask) >= (next - gap & mask))
            {
                entry(gap, entry);
                gap = next;
            }
            next = next + 1 & mask;
            entry = entry(next);
        }
        entry(gap, EMPTY);
    }

    private static int tag(final long entry)
    {
        return (int)(entry >>> Integer.SIZE);
    }

    /** The slot of an entry, NULL_SLOT of an empty one. */
    private static int slot(final long entry)
    {
        return (int)entry - 1;
    }

    private long entryOf(final int slot)
    {
        assert slot >= 0 && slot < capacity : "no such slot: " + slot;
        records.boundsCheck(slot << RECORD_SHIFT, RECORD_LENGTH); // of all slots only this one is the caller's
        return UnsafeApi.getLong(record(slot) + ENTRY_OFFSET);
    }

    private long record(final int slot)
    {
        return recordsAddress + ((long)slot << RECORD_SHIFT);
    }

    private long entry(final int bucket)
    {
        return UnsafeApi.getLong(indexAddress + ((long)bucket << ENTRY_SHIFT));
    }

    private void entry(final int bucket, final long entry)
    {
        UnsafeApi.putLong(indexAddress + ((long)bucket << ENTRY_SHIFT), entry);
    }
}
