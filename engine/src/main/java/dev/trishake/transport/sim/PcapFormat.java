// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The header of a classic pcap file, and the layout of its records.
 *
 * <pre>
 *  file header, 24 bytes                          record header, 16 bytes, then the packet
 *   0  magic: a1b2c3d4 us, a1b23c4d ns             0  seconds since 1970
 *   4  version major 2, minor 4 (16 bits each)     4  micro- or nanoseconds
 *   8  0                                           8  captured length: bytes that follow
 *  12  0                                          12  original length: bytes on the wire
 *  16  snapshot length
 *  20  link type (low 26 bits)
 * </pre>
 *
 * @param order       byte order of all fields; a reader sees it from the magic
 * @param nanoseconds whether times have nine decimals, else six
 * @param linkType    what stands before a packet's network header
 * @param snapLength  most bytes of a packet that were kept
 */
public record PcapFormat(ByteOrder order, boolean nanoseconds, PcapLinkType linkType, int snapLength)
{
    /** Most bytes of one packet in a file; libpcap's own bound. */
    public static final int MAX_SNAP_LENGTH = 262_144;

    static final int FILE_HEADER_LENGTH = 24;
    static final int RECORD_HEADER_LENGTH = 16;
    static final int MICROSECOND_MAGIC = 0xa1b2_c3d4;
    static final int NANOSECOND_MAGIC = 0xa1b2_3c4d;
    static final int PCAPNG_MAGIC = 0x0a0d_0d0a;
    static final int VERSION_MAJOR = 2;
    static final int VERSION_MINOR = 4;
    static final int LINK_TYPE_MASK = 0x03ff_ffff;
    static final long NS_PER_SECOND = 1_000_000_000L;
    static final int NS_PER_MICROSECOND = 1000;

    /**
     * {@return the format to write by default: little-endian, nanoseconds, nothing cut off}
     *
     * @param linkType what stands before a packet's network header
     */
    public static PcapFormat of(final PcapLinkType linkType)
    {
        return new PcapFormat(ByteOrder.LITTLE_ENDIAN, true, linkType, MAX_SNAP_LENGTH);
    }

    void encode(final ByteBuffer target)
    {
        target.order(order)
            .putInt(nanoseconds ? NANOSECOND_MAGIC : MICROSECOND_MAGIC)
            .putShort((short)VERSION_MAJOR)
            .putShort((short)VERSION_MINOR)
            .putLong(0)
            .putInt(snapLength)
            .putInt(linkType.number());
    }

    /** {@return null when the magic is none of a classic pcap file's four} */
    static ByteOrder orderOf(final int bigEndianMagic)
    {
        return switch (bigEndianMagic)
        {
            case MICROSECOND_MAGIC, NANOSECOND_MAGIC -> ByteOrder.BIG_ENDIAN;
            default -> switch (Integer.reverseBytes(bigEndianMagic))
            {
                case MICROSECOND_MAGIC, NANOSECOND_MAGIC -> ByteOrder.LITTLE_ENDIAN;
                default -> null;
            };
        };
    }
}
