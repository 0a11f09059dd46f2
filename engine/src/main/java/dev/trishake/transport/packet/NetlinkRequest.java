// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.transport.linux.FileCalls;
import dev.trishake.transport.linux.Libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One request to the kernel about its network, rtnetlink(7), and its answer.
 *
 * <pre>
 *  0                    16                 attributes, each a multiple of 4 bytes
 * +--------------------+------------------+-------------------+----
 * | nlmsghdr           | header of family | length type value | ...
 * | length type flags  |                  |   16    16        |
 * +--------------------+------------------+-------------------+----
 * </pre>
 */
final class NetlinkRequest
{
    static final short RTM_NEWLINK = 16;
    static final short RTM_NEWROUTE = 24;

    private static final int CAPACITY = 512;
    private static final int HEADER_LENGTH = 16;
    private static final int ATTRIBUTE_HEADER_LENGTH = 4;
    private static final int ALIGNMENT = 4;
    private static final short NLM_F_REQUEST_ACK_EXCL_CREATE = 0x605;
    private static final int NETLINK_ROUTE = 0;

    private final ByteBuffer message = ByteBuffer.allocateDirect(CAPACITY).order(ByteOrder.nativeOrder());

    NetlinkRequest(final short type)
    {
        message.putInt(0).putShort(type).putShort(NLM_F_REQUEST_ACK_EXCL_CREATE).putInt(1).putInt(0);
    }

    /** Appends a header of its family, or a part of one. */
    NetlinkRequest bytes(final byte... value)
    {
        message.put(value);
        return this;
    }

    NetlinkRequest attribute(final int type, final byte... value)
    {
        final int start = begin(type);
        message.put(value);
        return end(start);
    }

    NetlinkRequest attribute(final int type, final String value)
    {
        return attribute(type, (value + "\0").getBytes(StandardCharsets.US_ASCII));
    }

    NetlinkRequest attribute(final int type, final int value)
    {
        final int start = begin(type);
        message.putInt(value);
        return end(start);
    }

    /** Begins an attribute that holds others; {@link #end} takes what this returns. */
    int begin(final int type)
    {
        final int start = message.position();
        message.putShort((short)0).putShort((short)type);
        return start;
    }

    NetlinkRequest end(final int start)
    {
        message.putShort(start, (short)(message.position() - start));
        while (message.position() % ALIGNMENT != 0)
        {
            message.put((byte)0);
        }
        return this;
    }

    /** {@return 0 or -errno, as the kernel answers} */
    int send()
    {
        message.putInt(0, message.position());
        final Libc libc = new Libc();
        final FileCalls files = new FileCalls();
        // the kernel answers before write(2) returns
        final int fd = libc.socket(
            Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, NETLINK_ROUTE);
        if (fd < 0)
        {
            return fd;
        }
        try (Arena arena = Arena.ofConfined())
        {
            final MemorySegment answer = arena.allocate(2 * CAPACITY, Long.BYTES);
            final long written = files.write(fd, MemorySegment.ofBuffer(message.flip()).address(), message.limit());
            final long read = written < 0 ? written : files.read(fd, answer.address(), answer.byteSize());
            return read < HEADER_LENGTH + ATTRIBUTE_HEADER_LENGTH ? (int)Math.min(read, -1) :
                answer.get(ValueLayout.JAVA_INT, HEADER_LENGTH);
        }
        finally
        {
            libc.close(fd);
        }
    }
}
