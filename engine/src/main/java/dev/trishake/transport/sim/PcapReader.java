// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;

/**
 * Reads a classic pcap file, packet by packet, through a buffer of its own: any size of file, no allocation per packet.
 *
 * <pre>
 * while (reader.next())
 * {
 *     ... reader.buffer(), reader.offset(), reader.capturedLength() ...   // until the next call
 * }
 * if (reader.problem() != null) ...                                       // why it ended early
 * </pre>
 *
 * <p>Only the header of a file can be refused with an exception, in one sentence for the user. Afterwards a file that
 * is cut off, damaged or unreadable just ends, and {@link #problem()} says why. A record that claims more than
 * {@link PcapFormat#MAX_SNAP_LENGTH} bytes is damage: where the next one begins can't be known.
 */
public final class PcapReader implements AutoCloseable
{
    /** {@link #etherType()} of a packet whose network protocol isn't known, or whose link header is cut off. */
    public static final int NO_ETHER_TYPE = -1;

    private static final int BUFFER_LENGTH = 2 * (PcapFormat.MAX_SNAP_LENGTH + PcapFormat.RECORD_HEADER_LENGTH);
    private static final long UNSIGNED = 0xffff_ffffL;

    private final ReadableByteChannel channel;
    private final String name;
    private final ByteBuffer bytes;
    private final UnsafeBuffer buffer;
    private final LinkHeader linkHeader = new LinkHeader();
    private final PcapFormat format;
    private boolean truncated;
    private String problem;
    private long timeNs;
    private int offset;
    private int capturedLength;
    private int originalLength;

    /**
     * Begins to read.
     *
     * @param channel blocking; closed with this reader
     * @param name    what messages call the file
     * @throws IOException when it is no file that can be read here; the message is one sentence with the name
     */
    public PcapReader(final ReadableByteChannel channel, final String name) throws IOException
    {
        this(channel, ByteBuffer.allocateDirect(BUFFER_LENGTH).limit(0), name);
    }

    private PcapReader(final ReadableByteChannel channel, final ByteBuffer bytes, final String name) throws IOException
    {
        this.channel = channel;
        this.bytes = bytes;
        this.buffer = new UnsafeBuffer(bytes.duplicate().clear());
        this.name = name;
        this.format = readFileHeader();
    }

    /**
     * {@return a reader of a file}
     *
     * @param file which
     * @throws IOException when it can't be opened or is no file that can be read here
     */
    public static PcapReader open(final Path file) throws IOException
    {
        final FileChannel channel = FileChannel.open(file);
        try
        {
            return new PcapReader(channel, file.toString());
        }
        catch (final IOException ex)
        {
            channel.close();
            throw ex;
        }
    }

    /**
     * {@return a reader of a file in memory}
     *
     * @param file its bytes, read in place
     * @param name what messages call it
     * @throws IOException when it is no file that can be read here
     */
    public static PcapReader wrap(final byte[] file, final String name) throws IOException
    {
        return new PcapReader(null, ByteBuffer.wrap(file), name);
    }

    /**
     * Moves to the next packet.
     *
     * @return false at the end, whatever ended it
     */
    public boolean next()
    {
        if (problem != null || !require(PcapFormat.RECORD_HEADER_LENGTH))
        {
            return false;
        }
        final int header = bytes.position();
        final long captured = bytes.getInt(header + 8) & UNSIGNED;
        if (captured > PcapFormat.MAX_SNAP_LENGTH)
        {
            problem = name + " is damaged: a packet claims " + captured + " captured bytes";
            return false;
        }
        if (!require(PcapFormat.RECORD_HEADER_LENGTH + (int)captured))
        {
            return false;
        }

        final int record = bytes.position();
        final long fraction = bytes.getInt(record + 4) & UNSIGNED;
        timeNs = (bytes.getInt(record) & UNSIGNED) * PcapFormat.NS_PER_SECOND +
            (format.nanoseconds() ? fraction : fraction * PcapFormat.NS_PER_MICROSECOND);
        capturedLength = (int)captured;
        // a length that no packet has can't be used by anybody: at least what was captured, at most the largest int
        originalLength = (int)Math.min(
            Integer.MAX_VALUE, Math.max(captured, bytes.getInt(record + 12) & UNSIGNED));
        offset = record + PcapFormat.RECORD_HEADER_LENGTH;
        bytes.position(offset + capturedLength);
        linkHeader.locate(format, buffer, offset, capturedLength);
        return true;
    }

    /**
     * {@return true when the next packet is already here, so that {@link #next()} won't wait for the channel}
     */
    public boolean isNextBuffered()
    {
        final int behindHeader = bytes.remaining() - PcapFormat.RECORD_HEADER_LENGTH;
        return behindHeader >= 0 && behindHeader >= (bytes.getInt(bytes.position() + 8) & UNSIGNED);
    }

    /**
     * {@return byte order, resolution, link type and snapshot length of the file}
     */
    public PcapFormat format()
    {
        return format;
    }

    /**
     * {@return true when the file ended within a packet}
     */
    public boolean truncated()
    {
        return truncated;
    }

    /**
     * {@return why the file ended early, as a sentence for the user, or null: it is complete so far}
     */
    public String problem()
    {
        return problem;
    }

    /**
     * {@return when the packet was captured, nanoseconds since 1970}
     */
    public long timeNs()
    {
        return timeNs;
    }

    /**
     * {@return where the packet is; its content is valid until {@link #next()}}
     */
    public DirectBuffer buffer()
    {
        return buffer;
    }

    /**
     * {@return where the packet begins in {@link #buffer()}, with its link header}
     */
    public int offset()
    {
        return offset;
    }

    /**
     * {@return bytes that the file has of the packet, 0 to {@link PcapFormat#MAX_SNAP_LENGTH}}
     */
    public int capturedLength()
    {
        return capturedLength;
    }

    /**
     * {@return bytes that the packet had on the wire, at least {@link #capturedLength()}}
     */
    public int originalLength()
    {
        return originalLength;
    }

    /**
     * {@return the network protocol as an EtherType, 0 to 0xffff; or {@link #NO_ETHER_TYPE}}
     */
    public int etherType()
    {
        return linkHeader.etherType();
    }

    /**
     * {@return where the network header begins in {@link #buffer()}, from {@link #offset()} to the packet's end}
     */
    public int networkOffset()
    {
        return linkHeader.networkOffset();
    }

    @Override
    public void close() throws IOException
    {
        if (channel != null)
        {
            channel.close();
        }
    }

    private PcapFormat readFileHeader() throws IOException
    {
        if (!require(PcapFormat.FILE_HEADER_LENGTH) && bytes.remaining() < Integer.BYTES)
        {
            throw new IOException(failed() ? problem : name + " is not a pcap file: it has no header");
        }
        final int magic = bytes.order(ByteOrder.BIG_ENDIAN).getInt(0);
        if (magic == PcapFormat.PCAPNG_MAGIC)
        {
            throw new IOException(name + ": pcapng is not supported; convert with `editcap -F pcap`");
        }
        final ByteOrder order = PcapFormat.orderOf(magic);
        if (order == null)
        {
            throw new IOException(name + " is not a pcap file: it begins with 0x" + Integer.toHexString(magic));
        }
        if (bytes.remaining() < PcapFormat.FILE_HEADER_LENGTH)
        {
            throw new IOException(failed() ? problem : name + " is not a pcap file: its header is cut off");
        }

        bytes.order(order);
        final int major = bytes.getShort(4);
        final int minor = bytes.getShort(6);
        if (major != PcapFormat.VERSION_MAJOR || minor != PcapFormat.VERSION_MINOR)
        {
            throw new IOException(name + ": pcap version " + major + "." + minor + " is not supported, only 2.4 is");
        }
        final int number = bytes.getInt(20) & PcapFormat.LINK_TYPE_MASK;
        final PcapLinkType linkType = PcapLinkType.of(number);
        if (linkType == null)
        {
            throw new IOException(name + ": link-type " + number +
                " is not supported; NULL, EN10MB, RAW, LINUX_SLL and LINUX_SLL2 are");
        }
        final int claimedSnapLength = bytes.getInt(16);
        // 0 and nonsense mean that nobody cut, as libpcap reads it
        final int snapLength = claimedSnapLength <= 0 ? PcapFormat.MAX_SNAP_LENGTH : claimedSnapLength;
        final boolean nanoseconds = bytes.getInt(0) == PcapFormat.NANOSECOND_MAGIC;
        bytes.position(PcapFormat.FILE_HEADER_LENGTH);
        return new PcapFormat(order, nanoseconds, linkType, snapLength);
    }

    private boolean failed()
    {
        return problem != null && !truncated;
    }

    /** {@return true when so many bytes stand behind the buffer's position} */
    private boolean require(final int length)
    {
        if (bytes.remaining() >= length)
        {
            return true;
        }
        fill(length);
        if (bytes.remaining() >= length)
        {
            return true;
        }
        if (problem == null && bytes.hasRemaining())
        {
            truncated = true;
            problem = name + " is cut off: it ends within a packet";
        }
        return false;
    }

    private void fill(final int length)
    {
        if (channel == null)
        {
            return;
        }
        bytes.compact();
        try
        {
            while (bytes.position() < length && channel.read(bytes) >= 0)
            {
                // a channel may give less than it is asked for
            }
        }
        catch (final IOException ex)
        {
            problem = name + " can't be read: " + ex.getMessage();
        }
        bytes.flip();
    }
}
