// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tcp;

import dev.trishake.wire.Words;
import org.agrona.MutableDirectBuffer;

/**
 * The options of a segment that a host sends, in whole words (RFC 7323 appendix A), held until it is known where they
 * go. What any segment may hold, octet by octet, is {@link TcpOptionsEncoder}'s.
 */
public final class TcpOptionWords
{
    private static final long LOW_32 = 0xffff_ffffL;

    private final int[] words = new int[TcpOption.MAX_OPTIONS_LENGTH / Integer.BYTES];
    private int count;

    /** No options. */
    public TcpOptionWords()
    {
    }

    /**
     * {@return this, without options}
     */
    public TcpOptionWords clear()
    {
        count = 0;
        return this;
    }

    /**
     * Appends the options of a SYN or SYN-ACK, as {@link TcpOptionsEncoder#syn} writes them.
     *
     * @param mss           maximum segment size, 1 to 65535
     * @param sackPermitted whether to say so
     * @param timestamps    whether to have the next two
     * @param tsVal         timestamp value
     * @param tsEcr         timestamp echo reply, 0 in a SYN
     * @param windowScale   0 to 14, or {@link TcpOptionsDecoder#NO_WINDOW_SCALE}
     * @return this
     */
    public TcpOptionWords syn(
        final int mss,
        final boolean sackPermitted,
        final boolean timestamps,
        final int tsVal,
        final int tsEcr,
        final int windowScale)
    {
        assert mss >>> 16 == 0 : "MSS out of range: " + mss;
        assert windowScale <= TcpOption.MAX_WINDOW_SCALE : "shift out of range: " + windowScale;
        append(TcpOption.MSS_WORD | mss);
        if (timestamps)
        {
            append(sackPermitted ? TcpOption.SACK_PERMITTED_TIMESTAMPS : TcpOption.NOP_NOP_TIMESTAMPS);
            append(tsVal);
            append(tsEcr);
        }
        else if (sackPermitted)
        {
            append(TcpOption.NOP_NOP_SACK_PERMITTED);
        }
        if (windowScale != TcpOptionsDecoder.NO_WINDOW_SCALE)
        {
            append(TcpOption.WINDOW_SCALE_WORD | windowScale);
        }
        return this;
    }

    /**
     * {@return this, with timestamps appended}
     *
     * @param tsVal timestamp value
     * @param tsEcr timestamp echo reply
     */
    public TcpOptionWords timestamps(final int tsVal, final int tsEcr)
    {
        append(TcpOption.NOP_NOP_TIMESTAMPS);
        append(tsVal);
        append(tsEcr);
        return this;
    }

    /**
     * {@return this, with a SACK option appended; all its blocks must follow with {@link #sackBlock}}
     *
     * @param blocks how many, 1 to 4, with timestamps 3
     */
    public TcpOptionWords sack(final int blocks)
    {
        assert blocks >= 1 && blocks <= TcpOption.MAX_SACK_BLOCKS : "number of blocks: " + blocks;
        append(TcpOption.NOP_NOP_SACK | (TcpOption.HEAD_LENGTH + blocks * TcpOption.SACK_BLOCK_LENGTH));
        return this;
    }

    /**
     * {@return this, with a block of the SACK option appended}
     *
     * @param leftEdge  first sequence number
     * @param rightEdge number behind the last one
     */
    public TcpOptionWords sackBlock(final int leftEdge, final int rightEdge)
    {
        append(leftEdge);
        append(rightEdge);
        return this;
    }

    /**
     * {@return length of the options, 0 to 40}
     */
    public int length()
    {
        return count * Integer.BYTES;
    }

    /**
     * Writes the options.
     *
     * @param buffer where to
     * @param offset where they begin, {@link #length()} bytes
     * @return their sum, as words; see {@link TcpHeaderEncoder#write}
     */
    public long write(final MutableDirectBuffer buffer, final int offset)
    {
        buffer.boundsCheck(offset, length());
        final byte[] array = buffer.byteArray();
        final long address = buffer.addressOffset() + offset;
        long sum = 0;
        for (int i = 0; i < count; i++)
        {
            Words.putInt(array, address + (long)i * Integer.BYTES, words[i]);
            sum += words[i] & LOW_32;
        }
        return sum;
    }

    private void append(final int word)
    {
        assert count < words.length : "more than 40 bytes of options";
        words[count++] = word;
    }
}
