// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.Columns;
import dev.trishake.crypto.ConstantTime;
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

    // how far each lane is with its message
    private final int[] jobs = new int[LANES];
    private final int[] pieces = new int[LANES];
    private final int[] positions = new int[LANES];
    private final int[] wholeBlocks = new int[LANES]; // that lie in this range
    private final int[] blocksLeft = new int[LANES];
    private final boolean[] marked = new boolean[LANES];

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
        out.putBytes(offset, digests, Sm3.DIGEST_LENGTH * job, Sm3.DIGEST_LENGTH);
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
            next = start(lane, next);
            live |= jobs[lane] == NONE ? 0 : 1 << lane;
        }

        while (live != 0)
        {
            int ending = 0;
            for (int left = live; left != 0; left &= left - 1)
            {
                final int lane = Integer.numberOfTrailingZeros(left);
                fill(lane);
                ending |= blocksLeft[lane] == 0 ? 1 << lane : 0;
            }
            kernel.compress(chaining.words(), blocks.words(), 0, live);
            for (int left = ending; left != 0; left &= left - 1)
            {
                final int lane = Integer.numberOfTrailingZeros(left);
                finish(lane);
                next = start(lane, next);
                live &= jobs[lane] == NONE ? ~(1 << lane) : -1;
            }
        }
    }

    private void wipeScratch()
    {
        chaining.wipe();
        blocks.wipe();
        kernel.wipe();
    }

    /**
     * Gives a lane the first message from {@code from} on that has a block to compress, or none.
     *
     * @return the number of the message after it
     */
    private int start(final int lane, final int from)
    {
        int job = from;
        while (job < size && blocks(job) == 0)
        {
            keepUnfinished(job, MAX_PIECES * job, 0);
            job++;
        }
        if (job >= size)
        {
            jobs[lane] = NONE;
            return job;
        }

        jobs[lane] = job;
        pieces[lane] = MAX_PIECES * job;
        positions[lane] = 0;
        wholeBlocks[lane] = pieceCounts[job] == 0 ? 0 : pieceLengths[MAX_PIECES * job] / BLOCK_LENGTH;
        blocksLeft[lane] = blocks(job);
        marked[lane] = false;
        if (starts[job] == null)
        {
            Sm3Block.begin(chaining, lane);
        }
        else
        {
            chaining.readDigest(lane, starts[job], startOffsets[job]);
        }
        return job + 1;
    }

    /** How many blocks of a message are compressed. */
    private int blocks(final int job)
    {
        return (lengths[job] + (padding[job] ? Sm3Lanes.LEAST_PADDING + BLOCK_LENGTH - 1 : 0)) / BLOCK_LENGTH;
    }

    /** Gives a lane its next block: 64 octets of the message, or what is left of it and padding, GB/T 32905 5.2. */
    private void fill(final int lane)
    {
        blocksLeft[lane]--;
        if (wholeBlocks[lane] > 0)
        {
            final int piece = pieces[lane];
            final int position = positions[lane];
            blocks.readBlock(lane, 0, pieceBuffers[piece], pieceOffsets[piece] + position);
            positions[lane] = position + BLOCK_LENGTH;
            wholeBlocks[lane]--;
        }
        else
        {
            fillFromPieces(lane);
        }
    }

    private void fillFromPieces(final int lane)
    {
        final int job = jobs[lane];
        final int endPiece = MAX_PIECES * job + pieceCounts[job];
        int piece = pieces[lane];
        int position = positions[lane];
        int room = BLOCK_LENGTH;
        blocks.begin(lane, 0);
        while (room > 0 && piece < endPiece)
        {
            final int left = pieceLengths[piece] - position;
            final int length = Math.min(room, left);
            blocks.append(pieceBuffers[piece], pieceOffsets[piece] + position, length);
            room -= length;
            position = length == left ? 0 : position + length;
            piece += length == left ? 1 : 0;
        }
        pieces[lane] = piece;
        positions[lane] = position;
        wholeBlocks[lane] = piece < endPiece ? (pieceLengths[piece] - position) / BLOCK_LENGTH : 0;

        if (room > 0)
        {
            if (!marked[lane])
            {
                blocks.mark();
                marked[lane] = true;
            }
            blocks.end(Sm3Lanes.BLOCK_WORDS);
            if (blocksLeft[lane] == 0)
            {
                blocks.put(lane, LENGTH_ROW, (startCounts[job] + lengths[job]) << 3);
            }
        }
    }

    /** Takes a lane's chaining value to where it belongs. */
    private void finish(final int lane)
    {
        final int job = jobs[lane];
        final MutableDirectBuffer out = states[job] == null ? digests : states[job];
        final int offset = states[job] == null ? Sm3.DIGEST_LENGTH * job : startOffsets[job];
        chaining.writeDigest(lane, out, offset);
        if (states[job] != null)
        {
            keepUnfinished(job, pieces[lane], positions[lane]);
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
}
