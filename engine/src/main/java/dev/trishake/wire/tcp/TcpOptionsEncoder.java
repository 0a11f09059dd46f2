// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tcp;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * Writes TCP options. One that finds no room fails, writes nothing, and so do all that follow: see {@link #failed()}.
 */
public final class TcpOptionsEncoder
{
    private static final int LENGTH_OFFSET = 1;
    private static final int VALUE_OFFSET = 2;
    private static final int TS_ECR_OFFSET = 6;
    private static final int WORD_LENGTH = 4;

    private MutableDirectBuffer buffer;
    private int offset;
    private int length;
    private boolean failed;

    /**
     * Begins an empty list.
     *
     * @param buffer where to
     * @param offset where it begins, up to {@link TcpOption#MAX_OPTIONS_LENGTH} bytes
     * @return this
     */
    public TcpOptionsEncoder init(final MutableDirectBuffer buffer, final int offset)
    {
        this.buffer = buffer;
        this.offset = offset;
        this.length = 0;
        this.failed = false;
        return this;
    }

    /**
     * Appends the options of a SYN or SYN-ACK in Linux's order: {@code mss,sackOK,TS,nop,wscale} (20 bytes), without
     * timestamps {@code mss,nop,nop,sackOK,nop,wscale} (12 bytes); what is not wanted is left out, on whole words.
     *
     * @param mss           maximum segment size, 1 to 65535
     * @param sackPermitted whether to say so
     * @param timestamps    whether to have the next two
     * @param tsVal         timestamp value
     * @param tsEcr         timestamp echo reply, 0 in a SYN
     * @param windowScale   0 to 14, or {@link TcpOptionsDecoder#NO_WINDOW_SCALE}
     * @return this
     */
    public TcpOptionsEncoder syn(
        final int mss,
        final boolean sackPermitted,
        final boolean timestamps,
        final int tsVal,
        final int tsEcr,
        final int windowScale)
    {
        assert mss >>> 16 == 0 : "MSS out of range: " + mss;
        assert windowScale <= TcpOption.MAX_WINDOW_SCALE : "shift out of range: " + windowScale;
        final boolean scaled = windowScale != TcpOptionsDecoder.NO_WINDOW_SCALE;
        final int timestampWords = timestamps ? 3 : sackPermitted ? 1 : 0;
        final int total = WORD_LENGTH * (1 + timestampWords + (scaled ? 1 : 0));
        if (!claim(total))
        {
            return this;
        }
        int at = offset + length - total;
        buffer.putInt(at, TcpOption.MSS_WORD | mss, BIG_ENDIAN);
        at += WORD_LENGTH;
        if (timestamps)
        {
            buffer.putInt(
                at, sackPermitted ? TcpOption.SACK_PERMITTED_TIMESTAMPS : TcpOption.NOP_NOP_TIMESTAMPS, BIG_ENDIAN);
            buffer.putInt(at + WORD_LENGTH, tsVal, BIG_ENDIAN);
            buffer.putInt(at + 2 * WORD_LENGTH, tsEcr, BIG_ENDIAN);
        }
        else if (sackPermitted)
        {
            buffer.putInt(at, TcpOption.NOP_NOP_SACK_PERMITTED, BIG_ENDIAN);
        }
        if (scaled)
        {
            buffer.putInt(at + timestampWords * WORD_LENGTH, TcpOption.WINDOW_SCALE_WORD | windowScale, BIG_ENDIAN);
        }
        return this;
    }

    /**
     * {@return this, with a no-operation appended}
     */
    public TcpOptionsEncoder nop()
    {
        if (claim(1))
        {
            buffer.putByte(offset + length - 1, (byte)TcpOption.NOP);
        }
        return this;
    }

    /**
     * {@return this, with an end of list appended: nothing else may follow but {@link #finish()}}
     */
    public TcpOptionsEncoder eol()
    {
        if (claim(1))
        {
            buffer.putByte(offset + length - 1, (byte)TcpOption.EOL);
        }
        return this;
    }

    /**
     * {@return this, with a maximum segment size appended}
     *
     * @param mss 0 to 65535
     */
    public TcpOptionsEncoder mss(final int mss)
    {
        assert mss >>> 16 == 0 : "MSS out of range: " + mss;
        final int at = append(TcpOption.MSS, TcpOption.MSS_LENGTH);
        if (at >= 0)
        {
            buffer.putShort(at + VALUE_OFFSET, (short)mss, BIG_ENDIAN);
        }
        return this;
    }

    /**
     * {@return this, with a window scale appended}
     *
     * @param windowScale shift, 0 to 14
     */
    public TcpOptionsEncoder windowScale(final int windowScale)
    {
        assert windowScale >= 0 && windowScale <= TcpOption.MAX_WINDOW_SCALE : "shift out of range: " + windowScale;
        final int at = append(TcpOption.WINDOW_SCALE, TcpOption.WINDOW_SCALE_LENGTH);
        if (at >= 0)
        {
            buffer.putByte(at + VALUE_OFFSET, (byte)windowScale);
        }
        return this;
    }

    /**
     * {@return this, with SACK permitted appended}
     */
    public TcpOptionsEncoder sackPermitted()
    {
        append(TcpOption.SACK_PERMITTED, TcpOption.SACK_PERMITTED_LENGTH);
        return this;
    }

    /**
     * {@return this, with timestamps appended}
     *
     * @param tsVal timestamp value
     * @param tsEcr timestamp echo reply
     */
    public TcpOptionsEncoder timestamps(final int tsVal, final int tsEcr)
    {
        final int at = append(TcpOption.TIMESTAMPS, TcpOption.TIMESTAMPS_LENGTH);
        if (at >= 0)
        {
            buffer.putInt(at + VALUE_OFFSET, tsVal, BIG_ENDIAN);
            buffer.putInt(at + TS_ECR_OFFSET, tsEcr, BIG_ENDIAN);
        }
        return this;
    }

    /**
     * {@return this, with a SACK option appended; all its blocks must follow with {@link #sackBlock}}
     *
     * @param blocks how many, 1 to 4
     */
    public TcpOptionsEncoder sack(final int blocks)
    {
        assert blocks >= 1 && blocks <= TcpOption.MAX_SACK_BLOCKS : "number of blocks: " + blocks;
        if (room() < TcpOption.HEAD_LENGTH + blocks * TcpOption.SACK_BLOCK_LENGTH)
        {
            failed = true;
        }
        final int at = append(TcpOption.SACK, TcpOption.HEAD_LENGTH);
        if (at >= 0)
        {
            buffer.putByte(
                at + LENGTH_OFFSET, (byte)(TcpOption.HEAD_LENGTH + blocks * TcpOption.SACK_BLOCK_LENGTH));
        }
        return this;
    }

    /**
     * {@return this, with a block of the SACK option appended}
     *
     * @param leftEdge  first sequence number
     * @param rightEdge number behind the last one
     */
    public TcpOptionsEncoder sackBlock(final int leftEdge, final int rightEdge)
    {
        if (claim(TcpOption.SACK_BLOCK_LENGTH))
        {
            final int at = offset + length - TcpOption.SACK_BLOCK_LENGTH;
            buffer.putInt(at, leftEdge, BIG_ENDIAN);
            buffer.putInt(at + Integer.BYTES, rightEdge, BIG_ENDIAN);
        }
        return this;
    }

    /**
     * {@return this, with a Fast Open cookie appended}
     *
     * @param cookie       where it is
     * @param cookieOffset where it begins
     * @param cookieLength 0 (asks for one), or 4 to 16
     */
    public TcpOptionsEncoder fastOpen(final DirectBuffer cookie, final int cookieOffset, final int cookieLength)
    {
        final int at = append(TcpOption.FAST_OPEN, TcpOption.HEAD_LENGTH + cookieLength);
        if (at >= 0)
        {
            buffer.putBytes(at + VALUE_OFFSET, cookie, cookieOffset, cookieLength);
        }
        return this;
    }

    /**
     * Ends the list: pads it with zeros, which are {@link TcpOption#EOL}, to whole words.
     *
     * @return length of the options, 0 to 40, a multiple of 4: what {@link TcpHeaderEncoder#flags} takes
     */
    public int finish()
    {
        while (length % WORD_LENGTH != 0)
        {
            buffer.putByte(offset + length, (byte)TcpOption.EOL);
            length++;
        }
        return length;
    }

    /**
     * {@return true when an option found no room}
     */
    public boolean failed()
    {
        return failed;
    }

    private int append(final int kind, final int optionLength)
    {
        if (!claim(optionLength))
        {
            return -1;
        }
        final int at = offset + length - optionLength;
        buffer.putByte(at, (byte)kind);
        buffer.putByte(at + LENGTH_OFFSET, (byte)optionLength);
        return at;
    }

    private boolean claim(final int bytes)
    {
        if (failed || bytes > room())
        {
            failed = true;
            return false;
        }
        length += bytes;
        return true;
    }

    private int room()
    {
        return TcpOption.MAX_OPTIONS_LENGTH - length;
    }
}
