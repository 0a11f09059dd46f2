// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import org.agrona.DirectBuffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes a classic pcap file through a buffer of its own. Writing a packet allocates nothing and never throws: the
 * first fault of the channel is kept in {@link #failure()}, and packets after it are counted as lost.
 */
public final class PcapWriter implements AutoCloseable
{
    private static final int BUFFER_LENGTH =
        2 * (PcapFormat.MAX_SNAP_LENGTH + PcapFormat.RECORD_HEADER_LENGTH);

    private final WritableByteChannel channel;
    private final PcapFormat format;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_LENGTH);
    private IOException failure;
    private long written;
    private long lost;

    /**
     * Begins a file: its header is buffered.
     *
     * @param channel blocking; closed with this writer
     * @param format  byte order, resolution, link type and where packets are cut
     */
    public PcapWriter(final WritableByteChannel channel, final PcapFormat format)
    {
        if (format.snapLength() < 1 || format.snapLength() > PcapFormat.MAX_SNAP_LENGTH)
        {
            throw new IllegalArgumentException(
                "snapshot length is 1 to " + PcapFormat.MAX_SNAP_LENGTH + ": " + format.snapLength());
        }
        this.channel = channel;
        this.format = format;
        format.encode(buffer);
    }

    /**
     * {@return a writer to a file, which is made or overwritten}
     *
     * @param file   where to
     * @param format what to write
     * @throws IOException when the file can't be opened
     */
    public static PcapWriter create(final Path file, final PcapFormat format) throws IOException
    {
        return new PcapWriter(
            FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE),
            format);
    }

    /**
     * Writes a packet, cut to the snapshot length.
     *
     * @param timeNs nanoseconds since 1970, from 0; microsecond files round down
     * @param source where the packet is
     * @param offset of the packet
     * @param length of the packet, at least 0
     * @return false when the packet is lost because the channel has failed
     */
    public boolean write(final long timeNs, final DirectBuffer source, final int offset, final int length)
    {
        final int captured = Math.min(length, format.snapLength());
        if (buffer.remaining() < PcapFormat.RECORD_HEADER_LENGTH + captured)
        {
            flush();
        }
        if (failure != null)
        {
            lost++;
            return false;
        }

        final int fraction = (int)(timeNs % PcapFormat.NS_PER_SECOND);
        buffer.putInt((int)(timeNs / PcapFormat.NS_PER_SECOND))
            .putInt(format.nanoseconds() ? fraction : fraction / PcapFormat.NS_PER_MICROSECOND)
            .putInt(captured)
            .putInt(length);
        source.getBytes(offset, buffer, captured);
        written++;
        return true;
    }

    /** Hands what is buffered to the channel. */
    public void flush()
    {
        if (failure == null)
        {
            buffer.flip();
            try
            {
                while (buffer.hasRemaining())
                {
                    channel.write(buffer);
                }
            }
            catch (final IOException ex)
            {
                failure = ex;
            }
            buffer.clear();
        }
    }

    /**
     * {@return the packets taken}
     */
    public long written()
    {
        return written;
    }

    /**
     * {@return the packets refused after the channel's fault}
     */
    public long lost()
    {
        return lost;
    }

    /**
     * {@return the channel's first fault, or null}
     */
    public IOException failure()
    {
        return failure;
    }

    /** Flushes and closes the channel; look at {@link #failure()} afterwards. Closing twice is no fault. */
    @Override
    public void close()
    {
        if (!channel.isOpen())
        {
            return;
        }
        flush();
        try
        {
            channel.close();
        }
        catch (final IOException ex)
        {
            failure = failure == null ? ex : failure;
        }
    }
}
