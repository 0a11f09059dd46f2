// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import dev.trishake.crypto.Columns;
import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.HmacColumns;
import dev.trishake.crypto.Kernels;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * HKDF with SHA-256 (RFC 5869) for up to {@value #LANES} secrets side by side, where infos are long: {@code begin} for
 * each secret, {@code append} for each piece of its info, {@code run}, {@code result}, {@code clear}.
 *
 * <pre>
 *  a lane    0      64       128      160    end
 *           +------+--------+--------+------+---------+
 *           | salt | secret | T(n-1) | info | counter |        T(1) is made from 160 on, others from 128 on
 *           +------+--------+--------+------+---------+
 * </pre>
 *
 * <p>Few lanes, and scalar kernels, are done one after the other by the processor's own instructions, which take half
 * the time of a vector for one message. Many become {@link Columns} and are done side by side. Time depends on lengths,
 * which are public.
 */
public final class HkdfBatch
{
    /** How many secrets a run can take. */
    public static final int LANES = Sha256Lanes.LANES;

    /** How many octets a secret may have. */
    public static final int MAX_SECRET_LENGTH = 64;

    /** From so many lanes on a vector is sooner done. */
    static final int LEAST_LANES = 8;

    private static final int HASH = Sha256.LENGTH;
    private static final int BLOCK = Sha256Lanes.BLOCK_LENGTH;
    private static final int WORDS = Sha256Lanes.WORDS;
    private static final int BLOCK_WORDS = Sha256Lanes.BLOCK_WORDS;

    private static final int SALT = 0;
    private static final int SECRET = SALT + BLOCK;
    private static final int PREVIOUS = SECRET + MAX_SECRET_LENGTH;
    private static final int INFO = PREVIOUS + HASH;

    // the rows of T(n-1) || info || counter
    private static final int INFO_ROW = WORDS;

    private final HmacSha256 hmac = new HmacSha256();
    private final Sha256 sha256 = new Sha256();
    private final int stride;
    private final byte[] lanes;
    private final UnsafeBuffer memory;
    private final UnsafeBuffer outputs;
    private final int maxOutput;
    private final int[] saltLengths = new int[LANES];
    private final int[] secretLengths = new int[LANES];
    private final int[] infoLengths = new int[LANES]; // with the counter
    private final int[] lengths = new int[LANES];
    private int count;

    // null: one after the other
    private final Sha256Lanes kernel;
    private final HmacColumns hmacs;
    private final Columns keys;
    private final Columns messages;

    /**
     * Allocates the scratch.
     *
     * @param kernels   which implementation
     * @param maxInfo   octets of the longest info
     * @param maxOutput octets of the longest output, at most 255 * 32
     */
    public HkdfBatch(final Kernels kernels, final int maxInfo, final int maxOutput)
    {
        this.maxOutput = (maxOutput + HASH - 1) / HASH * HASH;
        outputs = new UnsafeBuffer(new byte[LANES * this.maxOutput]);
        stride = INFO + maxInfo + 1;
        lanes = new byte[LANES * stride];
        memory = new UnsafeBuffer(lanes);
        kernel = kernels.areVector() ? kernels.create(Sha256Lanes.KERNEL) : null;
        hmacs = kernel == null ? null : new HmacColumns(kernel);
        keys = hmacs == null ? null : new Columns(BLOCK_WORDS);
        messages = hmacs == null ? null : new Columns(endRow(Math.max(maxInfo + 1, MAX_SECRET_LENGTH)));
    }

    /**
     * Begins with a secret: HKDF-Extract (2.2).
     *
     * @param salt         holds the salt; what is longer than a block is hashed here, as HMAC does
     * @param saltOffset   where it begins
     * @param saltLength   of it
     * @param secret       holds the input keying material
     * @param secretOffset where it begins
     * @param secretLength of it, at most {@link #MAX_SECRET_LENGTH}
     * @param length       of the output that is wanted, at least 1
     * @return the lane by which the output is asked for, or -1 where all are taken
     */
    public int begin(
        final DirectBuffer salt, final int saltOffset, final int saltLength,
        final DirectBuffer secret, final int secretOffset, final int secretLength, final int length)
    {
        assert length > 0 && length <= maxOutput && secretLength <= MAX_SECRET_LENGTH :
            "length=" + length + " secretLength=" + secretLength;
        if (count == LANES)
        {
            return -1;
        }
        final int at = count * stride;
        if (saltLength > BLOCK)
        {
            sha256.update(salt, saltOffset, saltLength);
            sha256.finish(memory, at + SALT);
        }
        else
        {
            memory.putBytes(at + SALT, salt, saltOffset, saltLength);
        }
        memory.putBytes(at + SECRET, secret, secretOffset, secretLength);
        saltLengths[count] = saltLength > BLOCK ? HASH : saltLength;
        secretLengths[count] = secretLength;
        infoLengths[count] = 1;
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
        final int room = stride - INFO - infoLengths[lane];
        assert length <= room : "info too long: " + length;
        final int fitting = Math.min(length, room);
        memory.putBytes(end(lane), info, offset, fitting);
        infoLengths[lane] += fitting;
    }

    /** Does all that were begun: HKDF-Extract, and HKDF-Expand (2.3). */
    public void run()
    {
        int longest = 0;
        for (int lane = 0; lane < count; lane++)
        {
            longest = Math.max(longest, lengths[lane]);
        }
        if (hmacs != null && count >= LEAST_LANES)
        {
            runTogether(longest);
        }
        else
        {
            for (int lane = 0; lane < count; lane++)
            {
                run(lane);
            }
        }
    }

    /** One after the other. */
    private void run(final int lane)
    {
        final int at = lane * stride;
        hmac.init(memory, at + SALT, saltLengths[lane]);
        hmac.update(memory, at + SECRET, secretLengths[lane]);
        hmac.finish(memory, at + SECRET);
        hmac.init(memory, at + SECRET, HASH);
        for (int done = 0; done < lengths[lane]; done += HASH)
        {
            memory.putByte(end(lane), (byte)(done / HASH + 1));
            final int from = at + (done == 0 ? INFO : PREVIOUS);
            hmac.update(memory, from, end(lane) + 1 - from);
            hmac.finish(memory, at + PREVIOUS);
            outputs.putBytes(lane * maxOutput + done, memory, at + PREVIOUS, HASH);
        }
    }

    /** Side by side. */
    private void runTogether(final int longest)
    {
        final int live = (1 << count) - 1;
        extract(live);
        for (int lane = 0; lane < count; lane++)
        {
            memory.putByte(end(lane), (byte)1);
        }
        fill(INFO_ROW, INFO, infoLengths);
        for (int done = 0; done < longest; done += HASH)
        {
            final int number = done / HASH + 1;
            if (number > 1)
            {
                for (int lane = 0; lane < count; lane++)
                {
                    messages.putOctet(lane, INFO_ROW, infoLengths[lane] - 1, number);
                }
            }
            final Columns output = done == 0 ? hmacs.code(messages, INFO_ROW, infoLengths, 0, 0, live) :
                hmacs.code(messages, 0, infoLengths, 0, HASH, live);
            for (int lane = 0; lane < count; lane++)
            {
                if (done < lengths[lane])
                {
                    output.writeDigest(lane, outputs, lane * maxOutput + done);
                }
            }
            messages.copy(output, WORDS);
        }
    }

    private void extract(final int live)
    {
        for (int lane = 0; lane < count; lane++)
        {
            keys.begin(lane, 0);
            keys.append(memory, lane * stride + SALT, saltLengths[lane]);
            keys.end(BLOCK_WORDS);
        }
        fill(0, SECRET, secretLengths);
        hmacs.prepare(keys, live);
        final Columns secrets = hmacs.code(messages, 0, secretLengths, 0, 0, live);
        keys.wipe();
        keys.copy(secrets, WORDS);
        hmacs.prepare(keys, live);
    }

    /**
     * Makes columns of what lies in each lane's memory, marked, with 0 behind it wherever its last block may end.
     * Blocks that all lanes have whole are taken together; lanes that aren't begun come along and mean nothing.
     */
    private void fill(final int row, final int from, final int[] octets)
    {
        int least = Integer.MAX_VALUE;
        for (int lane = 0; lane < count; lane++)
        {
            least = Math.min(least, octets[lane]);
        }
        int done = 0;
        for (; done + BLOCK <= least; done += BLOCK)
        {
            kernel.read(messages.words(), LANES * (row + done / Integer.BYTES), lanes, from + done, stride);
        }
        for (int filling = (1 << count) - 1; filling != 0; done += BLOCK)
        {
            for (int left = filling; left != 0; left &= left - 1)
            {
                final int lane = Integer.numberOfTrailingZeros(left);
                final int at = lane * stride + from + done;
                final int to = row + done / Integer.BYTES;
                if (octets[lane] - done >= BLOCK)
                {
                    messages.readBlock(lane, to, memory, at);
                }
                else
                {
                    messages.begin(lane, to);
                    messages.append(memory, at, octets[lane] - done);
                    messages.mark();
                    messages.end(endRow(octets[lane]));
                    filling &= ~(1 << lane);
                }
            }
        }
    }

    /** {@return the row behind the last block of T(n-1) || info || counter, or of info || counter in its place} */
    private static int endRow(final int length)
    {
        return Math.max(
            BLOCK_WORDS * HmacColumns.blocks(HASH + length), INFO_ROW + BLOCK_WORDS * HmacColumns.blocks(length));
    }

    /** {@return where a lane's info ends and the counter goes} */
    private int end(final int lane)
    {
        return lane * stride + INFO + infoLengths[lane] - 1;
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
        sha256.wipe();
        for (int lane = 0; lane < count; lane++)
        {
            ConstantTime.wipe(memory, lane * stride, INFO);
        }
        ConstantTime.wipe(outputs, 0, outputs.capacity());
        if (hmacs != null)
        {
            hmacs.wipe();
            keys.wipe();
            messages.wipe(INFO_ROW);
        }
        count = 0;
    }
}
