// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.transport.DeviceException;
import dev.trishake.transport.linux.Errno;
import dev.trishake.transport.linux.FileCalls;
import dev.trishake.transport.linux.Libc;
import org.agrona.DirectBuffer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Sends packets through an interface as they stand, whatever their source address says: packet(7), in the network
 * namespace of the thread that opens it. On a TUN device a packet begins with its IP header, on others with an Ethernet
 * header. Nothing is received. One thread; {@link #send} allocates nothing and never waits.
 */
public final class PacketSender implements AutoCloseable
{
    /** {@code struct sockaddr_ll}: family, protocol, index of the interface, what only answers have. */
    private static final int ADDRESS_LENGTH = 20;
    private static final int INDEX_OFFSET = 4;

    private static final int SOL_PACKET = 263;
    private static final int PACKET_QDISC_BYPASS = 20;
    private static final int CLOSED = -1;

    private final Libc libc;
    private final FileCalls files = new FileCalls();
    private int fd;

    private PacketSender(final Libc libc, final int fd)
    {
        this.libc = libc;
        this.fd = fd;
    }

    /**
     * {@return what sends through an interface, past its queueing discipline: what the device does not take is
     * known at once}
     *
     * @param name of the interface
     * @throws DeviceException               when that can't be; CAP_NET_RAW is needed
     * @throws UnsupportedOperationException unless {@link Libc#SUPPORTED}
     */
    public static PacketSender open(final String name)
    {
        final Libc libc = new Libc();
        final int index = new NetDevice(name).index();
        // protocol 0: nothing is received, and what is sent is looked into for its own
        final int fd = libc.socket(Libc.AF_PACKET, Libc.SOCK_RAW | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (fd < 0)
        {
            throw failure(name, -fd);
        }
        try (Arena arena = Arena.ofConfined())
        {
            final MemorySegment address = arena.allocate(ADDRESS_LENGTH, Long.BYTES);
            address.set(ValueLayout.JAVA_SHORT, 0, (short)Libc.AF_PACKET);
            address.set(ValueLayout.JAVA_INT, INDEX_OFFSET, index);
            final MemorySegment yes = arena.allocateFrom(ValueLayout.JAVA_INT, 1);
            int result = libc.bind(fd, address.address(), ADDRESS_LENGTH);
            result = result < 0 ? result :
                libc.setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, yes.address(), Integer.BYTES);
            if (result < 0)
            {
                libc.close(fd);
                throw failure(name, -result);
            }
        }
        return new PacketSender(libc, fd);
    }

    /**
     * Sends one packet.
     *
     * @param buffer direct memory
     * @param offset where the packet begins
     * @param length of it
     * @return the length, or -errno: ENOBUFS when the device's queue is full and the packet is lost
     */
    public int send(final DirectBuffer buffer, final int offset, final int length)
    {
        assert buffer.byteArray() == null : "a system call can't read the heap";
        return fd == CLOSED ? -Errno.EBADF : (int)files.write(fd, buffer.addressOffset() + offset, length);
    }

    @Override
    public void close()
    {
        if (fd != CLOSED)
        {
            libc.close(fd);
            fd = CLOSED;
        }
    }

    private static DeviceException failure(final String name, final int errno)
    {
        return new DeviceException("cannot send packets through " + name + ": " + switch (errno)
        {
            case Errno.EPERM, Errno.EACCES -> "CAP_NET_RAW is missing; run as root or grant it";
            case Errno.EAFNOSUPPORT -> "the kernel has no packet sockets; load them (modprobe af_packet)";
            default -> "the system says errno " + errno + "; look that up in packet(7)";
        });
    }
}
