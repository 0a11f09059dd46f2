// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.transport.DeviceException;
import dev.trishake.transport.linux.Errno;
import dev.trishake.transport.linux.FileCalls;
import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.linux.MemoryCalls;
import dev.trishake.transport.linux.SocketProgram;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

/** A packet socket with its receive ring (packet(7), packet_mmap.rst): its set-up, which may throw, and its end. */
final class PacketSocket
{
    /** {@code linux/if_packet.h}, {@code asm-generic/socket.h}, {@code linux/if_ether.h}, {@code linux/sockios.h}. */
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_ADD_MEMBERSHIP = 1;
    private static final int PACKET_RX_RING = 5;
    private static final int PACKET_STATISTICS = 6;
    private static final int PACKET_VERSION = 10;
    private static final int PACKET_FANOUT = 18;
    private static final int PACKET_QDISC_BYPASS = 20;
    private static final int PACKET_IGNORE_OUTGOING = 23;
    private static final int PACKET_FANOUT_HASH = 0;
    private static final int PACKET_FANOUT_FLAG_UNIQUEID = 0x2000;
    private static final int PACKET_MR_MULTICAST = 0;
    private static final int PACKET_MR_ALLMULTI = 2;
    private static final int PACKET_COPY_THRESH = 7;
    private static final int TPACKET_V2 = 1;
    private static final int TPACKET_V3 = 2;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SO_SNDBUF = 7;
    private static final short ETH_P_ALL = 3;
    private static final int ARPHRD_ETHER = 1;
    private static final long SIOCGIFNAME = 0x8910;
    private static final long SIOCGIFMTU = 0x8921;
    private static final long SIOCGIFHWADDR = 0x8927;
    private static final long SIOCGIFINDEX = 0x8933;

    private static final int RETIRE_MS = 1;
    private static final int MIN_FRAME_LENGTH = 2048;
    /** What comes before a packet in its place in the ring: the kernel's headers, the link's header, alignment. */
    private static final int FRAME_OVERHEAD = 128;
    private static final int MAX_MTU = 1 << 16;
    private static final int SEND_BUFFER_LENGTH = 1 << 21;
    private static final int SOCKADDR_LL_LENGTH = 20;
    private static final ValueLayout.OfShort NETWORK_SHORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    final Libc libc = new Libc();
    private final FileCalls files = new FileCalls();
    private final MemoryCalls memoryCalls = new MemoryCalls();
    private final MemorySegment request;
    private final MemorySegment statistics = Arena.ofAuto().allocate(2 * Long.BYTES, Long.BYTES);
    private final PacketConfig config;
    final int fd;
    private int interfaceIndex;
    private long hardware;
    private int mtu;
    private long ringAddress;
    private long ringLength;
    private ReceiveRing ring;
    private long kernelDrops;

    /**
     * Opens a socket.
     *
     * @param config  what for
     * @param blocks  of its ring
     * @param filter  program of {@link PacketFilter}
     * @param discovers whether it takes multicast frames that ask for our addresses
     * @throws DeviceException when that can't be
     */
    PacketSocket(final PacketConfig config, final int blocks, final SocketProgram filter, final boolean discovers)
    {
        this.config = config;
        request = InterfaceRequest.of(Arena.ofAuto(), config.name);
        fd = libc.socket(AF_PACKET, SOCK_RAW | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        check("open", fd);
        try (Arena arena = Arena.ofConfined())
        {
            identify();
            option(arena, PACKET_VERSION, config.blockwise ? TPACKET_V3 : TPACKET_V2);
            option(arena, PACKET_IGNORE_OUTGOING, 1);
            if (config.bypassQdisc)
            {
                option(arena, PACKET_QDISC_BYPASS, 1);
            }
            check("SO_SNDBUF", libc.setsockopt(
                fd, Libc.SOL_SOCKET, SO_SNDBUF, arena.allocateFrom(JAVA_INT, SEND_BUFFER_LENGTH).address(),
                Integer.BYTES));
            check("SO_ATTACH_FILTER", filter.attach(libc, fd, SO_ATTACH_FILTER));
            map(arena, blocks);
            if (discovers)
            {
                joinGroups(arena);
            }
            bind(arena);
        }
        catch (final DeviceException ex)
        {
            close();
            throw ex;
        }
    }

    ReceiveRing ring()
    {
        return ring;
    }

    long hardware()
    {
        return hardware;
    }

    int mtu()
    {
        return mtu;
    }

    /** {@return the number of a new fanout group of this socket, for others to join} */
    int beginFanout()
    {
        try (Arena arena = Arena.ofConfined())
        {
            option(arena, PACKET_FANOUT, (PACKET_FANOUT_HASH | PACKET_FANOUT_FLAG_UNIQUEID) << Short.SIZE);
            final MemorySegment value = arena.allocate(JAVA_INT);
            check("PACKET_FANOUT", libc.getsockopt(
                fd, SOL_PACKET, PACKET_FANOUT, value.address(),
                arena.allocateFrom(JAVA_INT, Integer.BYTES).address()));
            return Short.toUnsignedInt((short)value.get(JAVA_INT, 0));
        }
    }

    void joinFanout(final int group)
    {
        try (Arena arena = Arena.ofConfined())
        {
            option(arena, PACKET_FANOUT, group | PACKET_FANOUT_HASH << Short.SIZE);
        }
    }

    /** {@return length of the next frame of the socket's queue, which did not fit into the ring; or -errno} */
    int read(final long address, final int length)
    {
        return (int)files.read(fd, address, length);
    }

    /** {@return whether the interface is still there}; a system call, without allocation */
    boolean exists()
    {
        request.set(JAVA_INT, InterfaceRequest.VALUE_OFFSET, interfaceIndex);
        return files.ioctl(fd, SIOCGIFNAME, request.address()) != -Errno.ENODEV;
    }

    /** {@return how many frames the kernel has dropped because the ring was full}; a system call */
    long kernelDrops()
    {
        statistics.set(JAVA_LONG, 0, 0);
        final MemorySegment room = request;
        final int drops = Integer.BYTES;
        room.set(JAVA_INT, InterfaceRequest.VALUE_OFFSET, 3 * Integer.BYTES);
        if (libc.getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, statistics.address(),
            room.address() + InterfaceRequest.VALUE_OFFSET) == 0)
        {
            kernelDrops += Integer.toUnsignedLong(statistics.get(JAVA_INT, drops)); // since the last call
        }
        return kernelDrops;
    }

    void close()
    {
        libc.close(fd);
        if (ringAddress > 0)
        {
            memoryCalls.munmap(ringAddress, ringLength);
            ringAddress = 0;
        }
    }

    private void identify()
    {
        check("find it", files.ioctl(fd, SIOCGIFINDEX, request.address()));
        interfaceIndex = request.get(JAVA_INT, InterfaceRequest.VALUE_OFFSET);
        check("read its MTU", files.ioctl(fd, SIOCGIFMTU, request.address()));
        mtu = request.get(JAVA_INT, InterfaceRequest.VALUE_OFFSET);
        check("read its link-layer address", files.ioctl(fd, SIOCGIFHWADDR, request.address()));
        if (request.get(JAVA_SHORT, InterfaceRequest.VALUE_OFFSET) != ARPHRD_ETHER)
        {
            throw new DeviceException(cannot(config.name) + "it is no Ethernet interface; use a TUN device or the" +
                " kernel's sockets there");
        }
        for (int i = 0; i < 6; i++)
        {
            hardware = hardware << Byte.SIZE | Byte.toUnsignedLong(request.get(
                ValueLayout.JAVA_BYTE, InterfaceRequest.VALUE_OFFSET + Short.BYTES + i));
        }
    }

    /** {@code struct tpacket_req3}, of which TPACKET_V2 takes the first four words. */
    private void map(final Arena arena, final int blocks)
    {
        final int length = config.blockLength;
        final int frameLength = Math.max(
            MIN_FRAME_LENGTH, BitUtil.findNextPositivePowerOfTwo(Math.min(mtu, MAX_MTU) + FRAME_OVERHEAD));
        final MemorySegment req = arena.allocateFrom(
            JAVA_INT, length, blocks, frameLength, length / frameLength * blocks, RETIRE_MS, 0, 0);
        if (!config.blockwise)
        {
            option(arena, PACKET_COPY_THRESH, 1);
        }
        check("PACKET_RX_RING", libc.setsockopt(
            fd, SOL_PACKET, PACKET_RX_RING, req.address(), config.blockwise ? (int)req.byteSize() : 4 * Integer.BYTES));
        ringLength = (long)blocks * length;
        ringAddress = memoryCalls.mmap(fd, ringLength);
        check("mmap", (int)Math.min(0, ringAddress));
        final UnsafeBuffer memory = new UnsafeBuffer(ringAddress, (int)ringLength);
        ring = config.blockwise ? new BlockRing(memory, length, blocks) : new FrameRing(memory, frameLength);
    }

    /** {@code struct packet_mreq}; RFC 4861 7.2.1: who has an address listens to its solicited-node group. */
    private void joinGroups(final Arena arena)
    {
        for (final AddressPrefix prefix : config.own)
        {
            if (!prefix.isIpv4())
            {
                final MemorySegment mreq = arena.allocate(2 * Long.BYTES, Long.BYTES);
                mreq.set(JAVA_INT, 0, interfaceIndex);
                mreq.set(JAVA_SHORT, 4, (short)(prefix.isSingle() ? PACKET_MR_MULTICAST : PACKET_MR_ALLMULTI));
                mreq.set(JAVA_SHORT, 6, (short)(prefix.isSingle() ? 6 : 0));
                final long group = 0x3333_ff00_0000L | (prefix.word(3) & 0xff_ffff);
                for (int i = 0; i < 6; i++)
                {
                    mreq.set(ValueLayout.JAVA_BYTE, 8 + i, (byte)(group >>> ((5 - i) * Byte.SIZE)));
                }
                check("PACKET_ADD_MEMBERSHIP", libc.setsockopt(
                    fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, mreq.address(), (int)mreq.byteSize()));
            }
        }
    }

    /** All protocols: a socket of one protocol sits behind the rules that keep the kernel from answering. */
    private void bind(final Arena arena)
    {
        final MemorySegment address = arena.allocate(SOCKADDR_LL_LENGTH, Long.BYTES);
        address.set(JAVA_SHORT, 0, (short)AF_PACKET);
        address.set(NETWORK_SHORT, 2, ETH_P_ALL);
        address.set(JAVA_INT, 4, interfaceIndex);
        check("bind", libc.bind(fd, address.address(), SOCKADDR_LL_LENGTH));
    }

    private void option(final Arena arena, final int name, final int value)
    {
        check("option " + name, libc.setsockopt(
            fd, SOL_PACKET, name, arena.allocateFrom(JAVA_INT, value).address(), Integer.BYTES));
    }

    private void check(final String what, final int result)
    {
        if (result < 0)
        {
            throw failure(config.name, what, -result);
        }
    }

    static DeviceException failure(final String name, final String what, final int errno)
    {
        return new DeviceException(cannot(name) + switch (errno)
        {
            case Errno.EPERM, Errno.EACCES -> "CAP_NET_RAW is missing; run as root or grant it" +
                " (setcap cap_net_raw+ep on the java executable)";
            case Errno.ENODEV, Errno.ENXIO -> "there is no such interface; ip link shows those that there are";
            case Errno.ENETDOWN -> "it is down; bring it up (ip link set " + name + " up)";
            case Errno.ENOMEM -> "no memory for its receive ring; make the ring smaller";
            case Errno.EMFILE, Errno.ENFILE ->
                "no file descriptor is left; raise the limit (ulimit -n) or close some";
            case Errno.EAFNOSUPPORT -> "the kernel was built without packet sockets; use one with CONFIG_PACKET";
            default -> what + " says errno " + errno + "; look that up in packet(7)";
        });
    }

    private static String cannot(final String name)
    {
        return "cannot open a packet socket on the interface " + name + ": ";
    }
}
