// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

import dev.trishake.wire.OctetReader;
import org.agrona.DirectBuffer;

/**
 * Reads an ACK frame, gQUIC 3.
 *
 * <pre>
 *  type     | largest      | delay 2  | [count 1] | first block  | {gap 1, block} * count | timestamps 1 | ...
 *  01nullmm   ll: 1,2,4,6    ufloat16   n           mm: 1,2,4,6
 * </pre>
 *
 * <p>The frame is checked whole when it is read: no block goes below packet 1. Then its ranges are walked, from the
 * largest number down:
 *
 * <pre>
 * ack.rewind();
 * while (ack.nextRange())
 * {
 *     acknowledge(ack.rangeFirst(), ack.rangeLast());
 * }
 * </pre>
 */
public final class AckFrameDecoder
{
    static final int BLOCKS_BIT = 0x20;
    static final int LARGEST_SHIFT = 2;
    static final int LENGTH_CODE_MASK = 0x03;
    private static final int FIRST_TIMESTAMP_LENGTH = 5;
    private static final int TIMESTAMP_LENGTH = 3;

    private DirectBuffer buffer;
    private long largest;
    private long delayUs;
    private long firstBlock;
    private int blockLength;
    private int blockCount;
    private int blocksOffset;
    private int timestampCount;

    private int nextBlock;
    private long rangeFirst;
    private long rangeLast;

    /**
     * Reads the frame behind its type octet.
     *
     * @param type octet
     * @param in   stands behind it, and behind the frame afterwards
     * @return 0, or the {@link GquicError} that the frame deserves
     */
    int read(final int type, final OctetReader in)
    {
        buffer = in.buffer();
        largest = take(in, widthOf(type >> LARGEST_SHIFT));
        delayUs = UFloat16.decode(in.u16());
        blockCount = (type & BLOCKS_BIT) != 0 ? in.u8() : 0;
        blockLength = widthOf(type);
        firstBlock = take(in, blockLength);
        blocksOffset = in.skip(blockCount * (1 + blockLength));
        timestampCount = in.u8();
        if (timestampCount > 0)
        {
            in.skip(FIRST_TIMESTAMP_LENGTH + (timestampCount - 1) * TIMESTAMP_LENGTH);
        }
        return in.failed() || !isSound() ? GquicError.INVALID_ACK_DATA : 0;
    }

    private boolean isSound()
    {
        if (firstBlock < 1 || firstBlock > largest)
        {
            return false;
        }
        long lowest = largest - firstBlock + 1;
        for (int i = 0; i < blockCount; i++)
        {
            final long step = gap(i) + block(i);
            if (step >= lowest)
            {
                return false;
            }
            lowest -= step;
        }
        return true;
    }

    /** Begins to walk the ranges. */
    public void rewind()
    {
        nextBlock = -1;
        rangeFirst = largest + 1;
    }

    /**
     * {@return whether there is one more range, which {@link #rangeFirst} and {@link #rangeLast} then give}
     */
    public boolean nextRange()
    {
        if (nextBlock < 0)
        {
            nextBlock = 0;
            rangeLast = largest;
            rangeFirst = largest - firstBlock + 1;
            return true;
        }
        long below = rangeFirst;
        while (nextBlock < blockCount)
        {
            below -= gap(nextBlock);
            final long length = block(nextBlock++);
            if (length > 0) // a block of length 0 only carries on a gap of more than 255
            {
                rangeLast = below - 1;
                rangeFirst = below - length;
                return true;
            }
        }
        return false;
    }

    private int gap(final int index)
    {
        return buffer.getByte(blocksOffset + index * (1 + blockLength)) & 0xff;
    }

    private long block(final int index)
    {
        return BigEndian.get(buffer, blocksOffset + index * (1 + blockLength) + 1, blockLength);
    }

    private static int widthOf(final int code)
    {
        final int low = code & LENGTH_CODE_MASK;
        return low == 0 ? 1 : 2 * low;
    }

    private static long take(final OctetReader in, final int length)
    {
        final int at = in.skip(length);
        return at < 0 ? 0 : BigEndian.get(in.buffer(), at, length);
    }

    /**
     * {@return the least packet number of the range}
     */
    public long rangeFirst()
    {
        return rangeFirst;
    }

    /**
     * {@return the greatest packet number of the range}
     */
    public long rangeLast()
    {
        return rangeLast;
    }

    /**
     * {@return the greatest packet number that is acknowledged, at least 1}
     */
    public long largest()
    {
        return largest;
    }

    /**
     * {@return microseconds between the largest one's arrival and this frame}
     */
    public long delayUs()
    {
        return delayUs;
    }

    /**
     * {@return how many blocks follow the first one, those of length 0 included}
     */
    public int blockCount()
    {
        return blockCount;
    }

    /**
     * {@return octets of a block's length as it was sent: 1, 2, 4 or 6}
     */
    public int blockLength()
    {
        return blockLength;
    }

    /**
     * {@return how many timestamps there are; they are not read}
     */
    public int timestampCount()
    {
        return timestampCount;
    }
}
