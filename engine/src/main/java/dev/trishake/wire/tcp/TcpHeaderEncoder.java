// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tcp;

import dev.trishake.wire.Words;
import dev.trishake.wire.ip.Checksum;
import org.agrona.MutableDirectBuffer;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * Writes a TCP header; laid out as {@link TcpHeaderFlyweight} shows. Options are {@link TcpOptionsEncoder}'s, written
 * at {@link #optionsOffset()}; then the payload; then {@link #finish}.
 */
public final class TcpHeaderEncoder
{
    private static final long LOW_32 = 0xffff_ffffL;

    private MutableDirectBuffer buffer;
    private int offset;

    /**
     * Writes a header at once but for its last word. {@link #writeChecksum} ends it, with the sum of all words: those
     * returned here, the options', the payload's and the pseudo header's, in any order. So nothing is read back that
     * was written a moment ago in other pieces, which would wait until the cache has it.
     *
     * @param buffer        where to
     * @param offset        where it begins
     * @param srcPort       its low 16 bits count
     * @param dstPort       its low 16 bits count
     * @param seq           sequence number
     * @param ack           acknowledgment number, 0 in a segment without {@link TcpFlags#ACK}
     * @param flags         see {@link TcpFlags}
     * @param optionsLength a multiple of 4, 0 to 40
     * @param window        as it stands, already scaled down, 0 to 65535
     * @return the sum of the header's words of 32 bits
     */
    public static long write(
        final MutableDirectBuffer buffer,
        final int offset,
        final int srcPort,
        final int dstPort,
        final int seq,
        final int ack,
        final int flags,
        final int optionsLength,
        final int window)
    {
        assert (flags & ~TcpFlags.ALL) == 0 : "no such flags: " + flags;
        assert window >>> 16 == 0 : "window out of range: " + window;
        buffer.boundsCheck(offset, TcpHeaderFlyweight.MIN_LENGTH + optionsLength);
        final byte[] array = buffer.byteArray();
        final long address = buffer.addressOffset() + offset;
        final long ports = (srcPort & 0xffffL) << 16 | (dstPort & 0xffffL);
        final long control = (TcpHeaderFlyweight.MIN_LENGTH + (long)optionsLength) << 26 | (long)flags << 16 | window;
        Words.putLong(array, address, ports << Integer.SIZE | (seq & LOW_32));
        Words.putLong(array, address + TcpHeaderFlyweight.ACK_OFFSET, (long)ack << Integer.SIZE | control);
        return ports + (seq & LOW_32) + (ack & LOW_32) + control;
    }

    /**
     * Ends a header that {@link #write} began, with its checksum and an urgent pointer of 0.
     *
     * @param buffer where it is
     * @param offset where it begins
     * @param sum    of all words covered
     */
    public static void writeChecksum(final MutableDirectBuffer buffer, final int offset, final long sum)
    {
        buffer.boundsCheck(offset, TcpHeaderFlyweight.MIN_LENGTH);
        Words.putInt(
            buffer.byteArray(),
            buffer.addressOffset() + offset + TcpHeaderFlyweight.CHECKSUM_OFFSET,
            ~Checksum.fold(sum) << 16);
    }

    /**
     * Begins a header with an urgent pointer of 0. All else must follow.
     *
     * @param buffer where to
     * @param offset where it begins, {@link TcpHeaderFlyweight#MIN_LENGTH} bytes, then options and payload
     * @return this
     */
    public TcpHeaderEncoder init(final MutableDirectBuffer buffer, final int offset)
    {
        this.buffer = buffer;
        this.offset = offset;
        buffer.putInt(offset + TcpHeaderFlyweight.CHECKSUM_OFFSET, 0);
        return this;
    }

    /**
     * {@return this, with the source port written}
     *
     * @param srcPort its low 16 bits count
     */
    public TcpHeaderEncoder srcPort(final int srcPort)
    {
        buffer.putShort(offset + TcpHeaderFlyweight.SRC_PORT_OFFSET, (short)srcPort, BIG_ENDIAN);
        return this;
    }

    /**
     * {@return this, with the destination port written}
     *
     * @param dstPort its low 16 bits count
     */
    public TcpHeaderEncoder dstPort(final int dstPort)
    {
        buffer.putShort(offset + TcpHeaderFlyweight.DST_PORT_OFFSET, (short)dstPort, BIG_ENDIAN);
        return this;
    }

    /**
     * {@return this, with the sequence number written}
     *
     * @param seq sequence number
     */
    public TcpHeaderEncoder seq(final int seq)
    {
        buffer.putInt(offset + TcpHeaderFlyweight.SEQ_OFFSET, seq, BIG_ENDIAN);
        return this;
    }

    /**
     * {@return this, with the acknowledgment number written}
     *
     * @param ack acknowledgment number, 0 in a segment without {@link TcpFlags#ACK}
     */
    public TcpHeaderEncoder ack(final int ack)
    {
        buffer.putInt(offset + TcpHeaderFlyweight.ACK_OFFSET, ack, BIG_ENDIAN);
        return this;
    }

    /**
     * {@return this, with data offset and flags written, which share two bytes}
     *
     * @param flags         see {@link TcpFlags}
     * @param optionsLength what {@link TcpOptionsEncoder#finish()} returned; 0 without options
     */
    public TcpHeaderEncoder flags(final int flags, final int optionsLength)
    {
        assert (flags & ~TcpFlags.ALL) == 0 : "no such flags: " + flags;
        assert optionsLength >= 0 && optionsLength <= TcpOption.MAX_OPTIONS_LENGTH && (optionsLength & 3) == 0 :
            "no such length of options: " + optionsLength;
        final int dataOffset = TcpHeaderFlyweight.MIN_LENGTH + optionsLength;
        buffer.putShort(
            offset + TcpHeaderFlyweight.DATA_OFFSET_OFFSET, (short)(dataOffset << 10 | flags), BIG_ENDIAN);
        return this;
    }

    /**
     * {@return this, with the window written}
     *
     * @param window as it stands, already scaled down, 0 to 65535
     */
    public TcpHeaderEncoder window(final int window)
    {
        assert window >>> 16 == 0 : "window out of range: " + window;
        buffer.putShort(offset + TcpHeaderFlyweight.WINDOW_OFFSET, (short)window, BIG_ENDIAN);
        return this;
    }

    /**
     * {@return this, with the urgent pointer written}
     *
     * @param urgentPointer 0 to 65535
     */
    public TcpHeaderEncoder urgentPointer(final int urgentPointer)
    {
        buffer.putShort(offset + TcpHeaderFlyweight.URGENT_POINTER_OFFSET, (short)urgentPointer, BIG_ENDIAN);
        return this;
    }

    /**
     * {@return where the options begin in the buffer}
     */
    public int optionsOffset()
    {
        return offset + TcpHeaderFlyweight.MIN_LENGTH;
    }

    /**
     * Writes the checksum, which {@link #init} has left at 0.
     *
     * @param pseudoHeader its sum, for this length
     * @param length       of header and payload, all in their places
     */
    public void finish(final int pseudoHeader, final int length)
    {
        final int checksum = Checksum.complement(pseudoHeader + Checksum.sum(buffer, offset, length));
        buffer.putShort(offset + TcpHeaderFlyweight.CHECKSUM_OFFSET, (short)checksum, BIG_ENDIAN);
    }
}
