// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.Columns;
import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.HmacColumns;
import dev.trishake.crypto.Kernels;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * SM3 over many messages of many sessions side by side. A message is the sum of up to {@link #MAX_PIECES} ranges; their
 * lengths differ as they like: a lane whose message has come to its end takes the next one.
 *
 * <pre>
 *   final int digest = batch.add(z, 0, 32);           // a message, its first range
 *   batch.append(message, offset, length);            // its second range
 *   batch.addFrom(slab, transcript);                  // what a running hash has come to
 *   batch.run();
 *   batch.result(digest, out, 0);
 *   batch.clear();
 * </pre>
 *
 * <p>Ranges are noted, not copied, so they stay as they are until {@link #run()} is over. Time depends on lengths only.
 * {@link #run()} leaves digests behind and nothing else, {@link #clear()} wipes them.
 */
public final class Sm3Batch
{
    /** How many ranges a message is put together from. */
    public static final int MAX_PIECES = 6;

    private static final int LANES = Sm3Lanes.LANES;
    private static final int BLOCK_LENGTH = Sm3.BLOCK_LENGTH;
    private static final int LENGTH_ROW = Sm3Lanes.BLOCK_WORDS - Sm3.LENGTH_LENGTH / Integer.BYTES;
    private static final int NONE = -1;

    private final Sm3Lanes kernel;
    private final Columns chaining = new Columns(Sm3Lanes.WORDS);
    private final Columns blocks = new Columns(Sm3Lanes.BLOCK_WORDS);

    // what each message is
    private final int capacity;
    private final DirectBuffer[] pieceBuffers;
    private final int[] pieceOffsets;
    private final int[] pieceLengths;
    private final int[] pieceCounts;
    private final DirectBuffer[] starts;
    private final int[] startOffsets;
    private final long[] startCounts;
    private final int[] lengths;
    private final MutableDirectBuffer[] states;
    private final boolean[] padding;
    private final UnsafeBuffer digests;
    private int size;

    private final Lane[] lanes = new Lane[LANES];

    /**
     * Allocates all the memory that the operation will ever use.
     *
     * @param kernels  vectors or scalar code
     * @param capacity how many messages one run can take, at least 1; sixteen are done at a time
     */
    public Sm3Batch(final Kernels kernels, final int capacity)
    {
        this.kernel = kernels.create(Sm3Lanes.KERNEL);
        this.capacity = capacity;
        this.pieceBuffers = new DirectBuffer[MAX_PIECES * capacity];
        this.pieceOffsets = new int[MAX_PIECES * capacity];
        this.pieceLengths = new int[MAX_PIECES * capacity];
        this.pieceCounts = new int[capacity];
        this.starts = new DirectBuffer[capacity];
        this.startOffsets = new int[capacity];
        this.startCounts = new long[capacity];
        this.lengths = new int[capacity];
        this.states = new MutableDirectBuffer[capacity];
        this.padding = new boolean[capacity];
        this.digests = new UnsafeBuffer(new byte[Sm3.DIGEST_LENGTH * capacity]);
        for (int i = 0; i < LANES; i++)
        {
            lanes[i] = new Lane();
        }
    }

    /**
     * {@return how many messages there are}
     */
    public int size()
    {
        return size;
    }

    /**
     * {@return how many messages one run can take}
     */
    public int capacity()
    {
        return capacity;
    }

    /**
     * Begins a message.
     *
     * @param message holds its first range
     * @param offset  where that begins
     * @param length  of it, at least 0
     * @return the number by which the digest is asked for
     */
    public int add(final DirectBuffer message, final int offset, final int length)
    {
        final int job = add();
        append(message, offset, length);
        return job;
    }

    /**
     * Begins an empty message; {@link #append} gives it content.
     *
     * @return the number by which the digest is asked for
     */
    public int add()
    {
        return addBehind(null, 0, 0L);
    }

    /**
     * Continues the message that a state of {@link Sm3} stands for; the state stays as it is.
     *
     * @param state holds the state
     * @param at    where that begins
     * @return the number by which the digest is asked for
     */
    public int addFrom(final DirectBuffer state, final int at)
    {
        final long count = state.getLong(at + Sm3.COUNT_OFFSET);
        final int unfinished = (int)count & (BLOCK_LENGTH - 1);
        final int job = addBehind(state, at, count - unfinished);
        append(state, at + Sm3.UNFINISHED_OFFSET, unfinished);
        return job;
    }

    /**
     * Takes what is appended into a state of {@link Sm3}, which is written by {@link #run()}. There is no digest.
     *
     * @param state holds the state; no other message of the same run is about it
     * @param at    where that begins
     * @return the number of the message
     */
    public int addUpdate(final MutableDirectBuffer state, final int at)
    {
        final int job = addFrom(state, at);
        states[job] = state;
        padding[job] = false;
        return job;
    }

    /**
     * Appends to the message that was added last.
     *
     * @param range  holds what is appended
     * @param offset where it begins
     * @param length of it, at least 0
     */
    public void append(final DirectBuffer range, final int offset, final int length)
    {
        final int job = size - 1;
        assert length >= 0 && pieceCounts[job] < MAX_PIECES : "length=" + length + " pieces=" + pieceCounts[job];

        final int piece = MAX_PIECES * job + pieceCounts[job]++;
        pieceBuffers[piece] = range;
        pieceOffsets[piece] = offset;
        pieceLengths[piece] = length;
        lengths[job] += length;
    }

    /** Does all messages added. */
    public void run()
    {
        compressAll();
        wipeScratch();
    }

    /**
     * Hands a digest out.
     *
     * @param job    the message's number
     * @param out    where {@link Sm3#DIGEST_LENGTH} octets are written
     * @param offset where they begin
     */
    public void result(final int job, final MutableDirectBuffer out, final int offset)
    {
        for (int i = 0; i < Sm3.DIGEST_LENGTH; i += Long.BYTES)
        {
            out.putLong(offset + i, digests.getLong(Sm3.DIGEST_LENGTH * job + i));
        }
    }

    /** Wipes the digests, forgets all ranges and begins anew. */
    public void clear()
    {
        wipeDigests();
        // as loops, C2 sees that it is null, and leaves the collector's marks out
        for (int i = 0; i < MAX_PIECES * size; i++)
        {
            pieceBuffers[i] = null;
        }
        for (int job = 0; job < size; job++)
        {
            starts[job] = null;
            states[job] = null;
        }
        size = 0;
    }

    /** Overwrites the digests, for operations that have taken what they made of them. */
    void wipeDigests()
    {
        ConstantTime.wipe(digests, 0, Sm3.DIGEST_LENGTH * size);
    }

    /** Where the digests are after {@link #run()}, one behind the other, for the operations that are built on this. */
    DirectBuffer digests()
    {
        return digests;
    }

    /**
     * Begins a message behind whole blocks that have been compressed.
     *
     * @param start holds their chaining value; null: there are none
     * @param at    where that begins
     * @param count octets that it stands for, a multiple of the block's
     */
    private int addBehind(final DirectBuffer start, final int at, final long count)
    {
        assert size < capacity : "full: capacity=" + capacity;

        final int job = size++;
        starts[job] = start;
        startOffsets[job] = at;
        startCounts[job] = count;
        lengths[job] = 0;
        pieceCounts[job] = 0;
        states[job] = null;
        padding[job] = true;
        return job;
    }

    /** Does all messages; what went through the lanes stays in scratch. */
    private void compressAll()
    {
        int next = 0;
        int live = 0;
        for (int lane = 0; lane < LANES; lane++)
        {
            next = start(lane, next, 0);
            live |= lanes[lane].job == NONE ? 0 : 1 << lane;
        }

        int step = 0;
        while (live != 0)
        {
            final int end = firstEnd(live);
            for (; step < end; step++)
            {
                for (int left = live; left != 0; left &= left - 1)
                {
                    fill(Integer.numberOfTrailingZeros(left), step);
                }
                kernel.compress(chaining.words(), blocks.words(), 0, live);
            }
            for (int left = live; left != 0; left &= left - 1)
            {
                final int lane = Integer.numberOfTrailingZeros(left);
                if (lanes[lane].end == end)
                {
                    finish(lane);
                    next = start(lane, next, step);
                    live &= lanes[lane].job == NONE ? ~(1 << lane) : -1;
                }
            }
        }
    }

    private void wipeScratch()
    {
        chaining.wipe();
        blocks.wipe();
        kernel.wipe();
    }

    /** {@return the step before which the first lane will have come to its message's end} */
    private int firstEnd(final int live)
    {
        int end = Integer.MAX_VALUE;
        for (int left = live; left != 0; left &= left - 1)
        {
            end = Math.min(end, lanes[Integer.numberOfTrailingZeros(left)].end);
        }
        return end;
    }

    /**
     * Gives a lane the first message from {@code from} on that has a block to compress, or none.
     *
     * @return the number of the message after it
     */
    private int start(final int number, final int from, final int step)
    {
        final Lane lane = lanes[number];
        int job = from;
        while (job < size && blocks(job) == 0)
        {
            keepUnfinished(job, MAX_PIECES * job, 0);
            job++;
        }
        if (job >= size)
        {
            lane.job = NONE;
            return job;
        }

        lane.job = job;
        lane.piece = MAX_PIECES * job;
        lane.position = 0;
        lane.wholeBlocks = pieceCounts[job] == 0 ? 0 : pieceLengths[lane.piece] / BLOCK_LENGTH;
        lane.end = step + blocks(job);
        lane.marked = false;
        if (starts[job] == null)
        {
            Sm3Block.begin(chaining, number);
        }
        else
        {
            chaining.readDigest(number, starts[job], startOffsets[job]);
        }
        return job + 1;
    }

    /** How many blocks of a message are compressed. */
    private int blocks(final int job)
    {
        return padding[job] ? HmacColumns.blocks(lengths[job]) : lengths[job] / BLOCK_LENGTH;
    }

    /** Gives a lane its next block: 64 octets of the message, or what is left of it and padding, GB/T 32905 5.2. */
    private void fill(final int number, final int step)
    {
        final Lane lane = lanes[number];
        if (lane.wholeBlocks > 0)
        {
            blocks.readBlock(number, 0, pieceBuffers[lane.piece], pieceOffsets[lane.piece] + lane.position);
            lane.position += BLOCK_LENGTH;
            lane.wholeBlocks--;
        }
        else
        {
            fillFromPieces(number, lane, step);
        }
    }

    private void fillFromPieces(final int number, final Lane lane, final int step)
    {
        final int endPiece = MAX_PIECES * lane.job + pieceCounts[lane.job];
        int piece = lane.piece;
        int position = lane.position;
        int room = BLOCK_LENGTH;
        blocks.begin(number, 0);
        while (room > 0 && piece < endPiece)
        {
            final int left = pieceLengths[piece] - position;
            final int length = Math.min(room, left);
            blocks.append(pieceBuffers[piece], pieceOffsets[piece] + position, length);
            room -= length;
            position = length == left ? 0 : position + length;
            piece += length == left ? 1 : 0;
        }
        lane.piece = piece;
        lane.position = position;
        lane.wholeBlocks = piece < endPiece ? (pieceLengths[piece] - position) / BLOCK_LENGTH : 0;

        if (room > 0)
        {
            if (!lane.marked)
            {
                blocks.mark();
                lane.marked = true;
            }
            blocks.end(Sm3Lanes.BLOCK_WORDS);
            if (step + 1 == lane.end)
            {
                blocks.put(number, LENGTH_ROW, (startCounts[lane.job] + lengths[lane.job]) << 3);
            }
        }
    }

    /** Takes a lane's chaining value to where it belongs. */
    private void finish(final int number)
    {
        final Lane lane = lanes[number];
        final MutableDirectBuffer state = states[lane.job];
        if (state == null)
        {
            chaining.writeDigest(number, digests, Sm3.DIGEST_LENGTH * lane.job);
        }
        else
        {
            chaining.writeDigest(number, state, startOffsets[lane.job]);
            keepUnfinished(lane.job, lane.piece, lane.position);
        }
    }

    /** Copies what is less than a block to where a state keeps it; the state's own piece is there already. */
    private void keepUnfinished(final int job, final int firstPiece, final int firstPosition)
    {
        final MutableDirectBuffer state = states[job];
        final int at = startOffsets[job];
        final int endPiece = MAX_PIECES * job + pieceCounts[job];
        int filled = 0;
        int position = firstPosition;
        for (int piece = firstPiece; piece < endPiece; piece++)
        {
            final int length = pieceLengths[piece] - position;
            if (piece != MAX_PIECES * job)
            {
                state.putBytes(
                    at + Sm3.UNFINISHED_OFFSET + filled, pieceBuffers[piece], pieceOffsets[piece] + position, length);
            }
            filled += length;
            position = 0;
        }
        state.putLong(at + Sm3.COUNT_OFFSET, startCounts[job] + lengths[job]);
    }

    /** How far a lane is with its message. */
    private static final class Lane
    {
        private int job;
        private int piece; // of which the next octets are
        private int position; // of these in it
        private int wholeBlocks; // that lie in it from there on
        private int end; // the step before which the message is over
        private boolean marked; // whether its padding has begun
    }
}
