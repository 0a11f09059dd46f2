// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Kernels;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * HKDF with SHA-256 (RFC 5869) for up to {@value #LANES} secrets side by side, where infos are long: {@code begin} for
 * each secret, {@code append} for each piece of its info, {@code run}, {@code result}, {@code clear}.
 *
 * <pre>
 *  a lane    0           64          128          192      224          end
 *           +-----------+-----------+------------+--------+------------+---------+---------+
 *           | key, ipad | key, opad | inner hash | T(n-1) | info       | counter | padding |
 *           +-----------+-----------+------------+--------+------------+---------+---------+
 *                                    padded block          T(1) is made from here, others from 192 on
 * </pre>
 *
 * <p>Few lanes, and scalar kernels, are done one after the other by the processor's own instructions, which take half
 * the time of a vector for one message. Time depends on lengths, which are public.
 */
public final class HkdfBatch
{
    /** How many secrets a run can take. */
    public static final int LANES = Sha256Lanes.LANES;

    /** From so many lanes on a vector is sooner done. */
    static final int LEAST_LANES = 11;

    private static final int HASH = Sha256.LENGTH;
    private static final int BLOCK = Sha256Lanes.BLOCK_LENGTH;
    private static final int WORDS = Sha256Lanes.WORDS;
    private static final int PADDING = 1 + Long.BYTES;
    private static final long INNER_PAD = 0x3636_3636_3636_3636L;
    private static final long OUTER_PAD = 0x5c5c_5c5c_5c5c_5c5cL;
    private static final byte END = (byte)0x80;

    private static final int INNER_KEY = 0;
    private static final int OUTER_KEY = INNER_KEY + BLOCK;
    private static final int INNER_HASH = OUTER_KEY + BLOCK;
    private static final int PREVIOUS = INNER_HASH + BLOCK;
    private static final int INFO = PREVIOUS + HASH;

    private final Sha256Lanes kernel; // null: one after the other
    private final HmacSha256 hmac = new HmacSha256();
    private final int stride;
    private final byte[] messages;
    private final UnsafeBuffer memory;
    private final UnsafeBuffer keys = new UnsafeBuffer(new byte[LANES * HASH]);
    private final UnsafeBuffer outputs;
    private final int maxOutput;
    private final int[] ends = new int[LANES];
    private final int[] lengths = new int[LANES];
    private final int[] blockCounts = new int[LANES];
    private final int[] chaining = new int[WORDS * LANES];
    private int count;

    /**
     * Allocates the scratch.
     *
     * @param kernels   which implementation
     * @param maxInfo   octets of the longest info
     * @param maxOutput octets of the longest output, at most 255 * 32
     */
    public HkdfBatch(final Kernels kernels, final int maxInfo, final int maxOutput)
    {
        kernel = kernels.areVector() ? kernels.create(Sha256Lanes.KERNEL) : null;
        this.maxOutput = (maxOutput + HASH - 1) / HASH * HASH;
        outputs = new UnsafeBuffer(new byte[LANES * this.maxOutput]);
        stride = (INFO + maxInfo + 1 + PADDING + BLOCK - 1) / BLOCK * BLOCK + BLOCK;
        messages = new byte[LANES * stride];
        memory = new UnsafeBuffer(messages);
        for (int lane = 0; lane < LANES; lane++)
        {
            final int at = lane * stride + INNER_HASH;
            memory.putByte(at + HASH, END);
            memory.putLong(at + BLOCK - Long.BYTES, (BLOCK + HASH) * (long)Byte.SIZE, BIG_ENDIAN);
        }
    }

    /**
     * Begins with a secret: HKDF-Extract (2.2).
     *
     * @param salt         holds the salt
     * @param saltOffset   where it begins
     * @param saltLength   of it
     * @param secret       holds the input keying material
     * @param secretOffset where it begins
     * @param secretLength of it
     * @param length       of the output that is wanted, at least 1
     * @return the lane by which the output is asked for, or -1 where all are taken
     */
    public int begin(
        final DirectBuffer salt, final int saltOffset, final int saltLength,
        final DirectBuffer secret, final int secretOffset, final int secretLength, final int length)
    {
        assert length > 0 && length <= maxOutput : "length=" + length;
        if (count == LANES)
        {
            return -1;
        }
        hmac.init(salt, saltOffset, saltLength);
        hmac.update(secret, secretOffset, secretLength);
        hmac.finish(keys, count * HASH);
        for (int i = 0; i < BLOCK; i += Long.BYTES)
        {
            final long word = i < HASH ? keys.getLong(count * HASH + i) : 0;
            memory.putLong(count * stride + INNER_KEY + i, word ^ INNER_PAD);
            memory.putLong(count * stride + OUTER_KEY + i, word ^ OUTER_PAD);
        }
        ends[count] = count * stride + INFO;
        lengths[count] = length;
        return count++;
    }

    /**
     * Takes the next piece of the info of the secret that was begun last.
     *
     * @param info   holds the piece; copied
     * @param offset where it begins
     * @param length of it; what is longer than the constructor was told is left out
     */
    public void append(final DirectBuffer info, final int offset, final int length)
    {
        final int lane = count - 1;
        final int room = (lane + 1) * stride - BLOCK - ends[lane];
        assert length <= room : "info too long: " + length;
        final int fitting = Math.min(length, room);
        memory.putBytes(ends[lane], info, offset, fitting);
        ends[lane] += fitting;
    }

    /** HKDF-Expand (2.3) for all that were begun. */
    public void run()
    {
        int longest = 0;
        for (int lane = 0; lane < count; lane++)
        {
            longest = Math.max(longest, lengths[lane]);
        }
        for (int done = 0; done < longest; done += HASH)
        {
            int live = 0;
            for (int lane = 0; lane < count; lane++)
            {
                if (lengths[lane] > done)
                {
                    live |= 1 << lane;
                    memory.putByte(ends[lane], (byte)(done / HASH + 1));
                }
            }
            if (kernel == null || Integer.bitCount(live) < LEAST_LANES)
            {
                runEach(live, done);
            }
            else
            {
                runTogether(live, done);
            }
        }
    }

    /** {@return where in a lane its message begins: T(1) has none before it} */
    private static int message(final int done)
    {
        return done == 0 ? INFO : PREVIOUS;
    }

    /** T(n) of the live lanes, one after the other. */
    private void runEach(final int live, final int done)
    {
        for (int left = live; left != 0; left &= left - 1)
        {
            final int lane = Integer.numberOfTrailingZeros(left);
            final int from = lane * stride + message(done);
            hmac.init(keys, lane * HASH, HASH);
            hmac.update(memory, from, ends[lane] + 1 - from);
            hmac.finish(memory, lane * stride + PREVIOUS);
            outputs.putBytes(lane * maxOutput + done, memory, lane * stride + PREVIOUS, HASH);
        }
    }

    /** T(n) of the live lanes, side by side. */
    private void runTogether(final int live, final int done)
    {
        int most = 0;
        for (int left = live; left != 0; left &= left - 1)
        {
            final int lane = Integer.numberOfTrailingZeros(left);
            pad(lane, lane * stride + message(done));
            most = Math.max(most, blockCounts[lane]);
        }
        beginHash(live, INNER_KEY);
        for (int i = 0; i < most; i++)
        {
            int reached = 0;
            for (int left = live; left != 0; left &= left - 1)
            {
                final int lane = Integer.numberOfTrailingZeros(left);
                reached |= i < blockCounts[lane] ? 1 << lane : 0;
            }
            kernel.compress(chaining, messages, message(done) + i * BLOCK, stride, reached);
            for (int left = reached; left != 0; left &= left - 1)
            {
                final int lane = Integer.numberOfTrailingZeros(left);
                if (i + 1 == blockCounts[lane])
                {
                    takeHash(lane, lane * stride + INNER_HASH);
                }
            }
        }
        beginHash(live, OUTER_KEY);
        kernel.compress(chaining, messages, INNER_HASH, stride, live);
        for (int left = live; left != 0; left &= left - 1)
        {
            final int lane = Integer.numberOfTrailingZeros(left);
            takeHash(lane, lane * stride + PREVIOUS);
            outputs.putBytes(lane * maxOutput + done, memory, lane * stride + PREVIOUS, HASH);
        }
    }

    /** FIPS 180-4 5.1.1, for a message behind the key's block. */
    private void pad(final int lane, final int from)
    {
        final int end = ends[lane] + 1;
        final int blocks = (end - from + PADDING + BLOCK - 1) / BLOCK;
        final int last = from + blocks * BLOCK;
        memory.setMemory(end, last - end, (byte)0);
        memory.putByte(end, END);
        memory.putLong(last - Long.BYTES, (BLOCK + end - from) * (long)Byte.SIZE, BIG_ENDIAN);
        blockCounts[lane] = blocks;
    }

    /** The initial value, and one of the key's blocks. */
    private void beginHash(final int live, final int key)
    {
        for (int i = 0; i < WORDS; i++)
        {
            Arrays.fill(chaining, i * LANES, (i + 1) * LANES, Sha256Block.iv(i));
        }
        kernel.compress(chaining, messages, key, stride, live);
    }

    private void takeHash(final int lane, final int at)
    {
        for (int i = 0; i < WORDS; i++)
        {
            memory.putInt(at + Integer.BYTES * i, chaining[i * LANES + lane], BIG_ENDIAN);
        }
    }

    /**
     * Hands an output out.
     *
     * @param lane   as {@link #begin} gave it
     * @param out    where as many octets go as were wanted
     * @param offset where they begin
     */
    public void result(final int lane, final MutableDirectBuffer out, final int offset)
    {
        out.putBytes(offset, outputs, lane * maxOutput, lengths[lane]);
    }

    /** Wipes keys and outputs, and begins anew. Infos are no secret, and stay. */
    public void clear()
    {
        hmac.wipe();
        if (kernel != null)
        {
            kernel.wipe();
        }
        for (int lane = 0; lane < count; lane++)
        {
            ConstantTime.wipe(memory, lane * stride, INNER_HASH + HASH);
            ConstantTime.wipe(memory, lane * stride + PREVIOUS, HASH);
        }
        ConstantTime.wipe(keys, 0, keys.capacity());
        ConstantTime.wipe(outputs, 0, outputs.capacity());
        Arrays.fill(chaining, 0);
        count = 0;
    }
}
