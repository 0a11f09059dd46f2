// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tcp;

import dev.trishake.wire.Words;
import org.agrona.DirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * What a segment's options say, read in one pass; {@link TcpOptionsIterator} shows them as they stand.
 *
 * <p>As Linux reads them: unknown kinds are skipped (RFC 9293 3.1 MUST-6), so are known ones whose length is not
 * theirs; where an option is repeated the last one counts. Which options count in which segments is for the core.
 */
public final class TcpOptionsDecoder
{
    /** What {@link #windowScale()} says when there is none. */
    public static final int NO_WINDOW_SCALE = -1;

    private static final int VALUE_OFFSET = 2;
    private static final int TS_ECR_OFFSET = 6;
    private static final int LINUX_SYN_LENGTH = 20;
    private static final int TIMESTAMPS_ALONE_LENGTH = TcpOption.HEAD_LENGTH + TcpOption.TIMESTAMPS_LENGTH;

    private DirectBuffer buffer;
    private int mss;
    private int windowScale;
    private boolean sackPermitted;
    private boolean hasTimestamps;
    private int tsVal;
    private int tsEcr;
    private int sackOffset;
    private int sackBlockCount;
    private int fastOpenOffset;
    private int fastOpenLength;

    /**
     * Reads options; what was read before is forgotten.
     *
     * @param buffer where they are
     * @param offset where they begin
     * @param length of them all, 0 or more
     * @return false when reading stopped at an option whose length can't be; what stands before it counts all the same
     */
    public boolean parse(final DirectBuffer buffer, final int offset, final int length)
    {
        this.buffer = buffer;
        mss = 0;
        windowScale = NO_WINDOW_SCALE;
        sackPermitted = false;
        hasTimestamps = false;
        tsVal = 0;
        tsEcr = 0;
        sackBlockCount = 0;
        fastOpenOffset = 0;
        fastOpenLength = -1;

        buffer.boundsCheck(offset, length);
        final byte[] array = buffer.byteArray();
        final long address = buffer.addressOffset() + offset;
        if (length == TIMESTAMPS_ALONE_LENGTH && Words.getInt(array, address) == TcpOption.NOP_NOP_TIMESTAMPS)
        {
            readTimestamps(array, address + TcpOption.HEAD_LENGTH); // what most segments have, RFC 7323 appendix A
            return true;
        }
        if (length == LINUX_SYN_LENGTH && isLinuxSyn(array, address))
        {
            mss = Words.getShort(array, address + VALUE_OFFSET);
            sackPermitted = true;
            readTimestamps(array, address + TcpOption.MSS_LENGTH + TcpOption.SACK_PERMITTED_LENGTH);
            windowScale = Math.min(Words.getByte(array, address + length - 1), TcpOption.MAX_WINDOW_SCALE);
            return true;
        }
        int position = 0;
        while (position < length)
        {
            final int kind = Words.getByte(array, address + position);
            if (kind == TcpOption.EOL)
            {
                break;
            }
            final int stride = TcpOptionsIterator.strideAt(array, address + position, length - position, kind);
            if (stride == TcpOptionsIterator.MALFORMED)
            {
                return false;
            }
            if (kind != TcpOption.NOP)
            {
                read(array, address + position, kind, offset + position, stride);
            }
            position += stride;
        }
        return true;
    }

    /** Whether 20 bytes are {@code mss,sackOK,TS,nop,wscale}. */
    private static boolean isLinuxSyn(final byte[] array, final long address)
    {
        return (Words.getInt(array, address) & ~0xffff) == TcpOption.MSS_WORD &&
            Words.getInt(array, address + 4) == TcpOption.SACK_PERMITTED_TIMESTAMPS &&
            (Words.getInt(array, address + 16) & ~0xff) == TcpOption.WINDOW_SCALE_WORD;
    }

    private void readTimestamps(final byte[] array, final long address)
    {
        hasTimestamps = true;
        tsVal = Words.getInt(array, address + VALUE_OFFSET);
        tsEcr = Words.getInt(array, address + TS_ECR_OFFSET);
    }

    private void read(
        final byte[] array, final long address, final int kind, final int offset, final int length)
    {
        switch (kind)
        {
            case TcpOption.MSS ->
            {
                if (length == TcpOption.MSS_LENGTH)
                {
                    mss = Words.getShort(array, address + VALUE_OFFSET);
                }
            }
            case TcpOption.WINDOW_SCALE ->
            {
                if (length == TcpOption.WINDOW_SCALE_LENGTH)
                {
                    windowScale = Math.min(Words.getByte(array, address + VALUE_OFFSET), TcpOption.MAX_WINDOW_SCALE);
                }
            }
            case TcpOption.SACK_PERMITTED -> sackPermitted |= length == TcpOption.SACK_PERMITTED_LENGTH;
            case TcpOption.SACK ->
            {
                final int blocksLength = length - TcpOption.HEAD_LENGTH;
                if (blocksLength > 0 && blocksLength % TcpOption.SACK_BLOCK_LENGTH == 0)
                {
                    sackOffset = offset + TcpOption.HEAD_LENGTH;
                    sackBlockCount = Math.min(
                        blocksLength / TcpOption.SACK_BLOCK_LENGTH, TcpOption.MAX_SACK_BLOCKS);
                }
            }
            case TcpOption.TIMESTAMPS ->
            {
                if (length == TcpOption.TIMESTAMPS_LENGTH)
                {
                    readTimestamps(array, address);
                }
            }
            case TcpOption.FAST_OPEN ->
            {
                fastOpenOffset = offset + TcpOption.HEAD_LENGTH;
                fastOpenLength = length - TcpOption.HEAD_LENGTH;
            }
            default ->
            {
                // skipped
            }
        }
    }

    /**
     * {@return maximum segment size, 1 to 65535; 0 when there is none, and one of 0 counts as none}
     */
    public int mss()
    {
        return mss;
    }

    /**
     * {@return shift of the window, 0 to 14 (a larger one counts as 14, RFC 7323 2.3), or {@link #NO_WINDOW_SCALE}}
     */
    public int windowScale()
    {
        return windowScale;
    }

    /**
     * {@return true when selective acknowledgments are permitted}
     */
    public boolean sackPermitted()
    {
        return sackPermitted;
    }

    /**
     * {@return true when there are timestamps}
     */
    public boolean hasTimestamps()
    {
        return hasTimestamps;
    }

    /**
     * {@return the timestamp value, 0 without timestamps}
     */
    public int tsVal()
    {
        return tsVal;
    }

    /**
     * {@return the timestamp echo reply, 0 without timestamps; counts only in segments with ACK (RFC 7323 3.2)}
     */
    public int tsEcr()
    {
        return tsEcr;
    }

    /**
     * {@return number of SACK blocks, 0 to 4}
     */
    public int sackBlockCount()
    {
        return sackBlockCount;
    }

    /**
     * {@return first sequence number of a SACK block}
     *
     * @param index of the block, less than {@link #sackBlockCount()}
     */
    public int sackLeftEdge(final int index)
    {
        assert index >= 0 && index < sackBlockCount : "no such block: " + index;
        return buffer.getInt(sackOffset + index * TcpOption.SACK_BLOCK_LENGTH, BIG_ENDIAN);
    }

    /**
     * {@return sequence number behind the last one of a SACK block}
     *
     * @param index of the block, less than {@link #sackBlockCount()}
     */
    public int sackRightEdge(final int index)
    {
        assert index >= 0 && index < sackBlockCount : "no such block: " + index;
        return buffer.getInt(sackOffset + index * TcpOption.SACK_BLOCK_LENGTH + Integer.BYTES, BIG_ENDIAN);
    }

    /**
     * {@return length of the Fast Open cookie: 0 when one is asked for, -1 when there is no such option}
     */
    public int fastOpenLength()
    {
        return fastOpenLength;
    }

    /**
     * {@return where the Fast Open cookie begins in the buffer}
     */
    public int fastOpenOffset()
    {
        return fastOpenOffset;
    }
}
