// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.transport.DeviceException;
import dev.trishake.transport.linux.Errno;
import dev.trishake.transport.linux.FileCalls;
import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.linux.SocketAddressCodec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import static java.lang.foreign.ValueLayout.JAVA_INT;

/**
 * The kernel's side of a network interface, set up by the ioctls of netdevice(7) in the network namespace of the
 * calling thread. Needs CAP_NET_ADMIN. Set-up only: allocates and throws.
 */
public final class NetDevice
{
    private static final long SIOCGIFFLAGS = 0x8913;
    private static final long SIOCSIFFLAGS = 0x8914;
    private static final long SIOCSIFADDR = 0x8916;
    private static final long SIOCSIFNETMASK = 0x891c;
    private static final long SIOCSIFMTU = 0x8922;
    private static final long SIOCGIFINDEX = 0x8933;
    private static final long SIOCSIFTXQLEN = 0x8943;
    private static final int IFF_UP = 1;

    /** {@code struct in6_ifreq}: address, prefix length, index of the interface. */
    private static final int IN6_IFREQ_LENGTH = 24;
    private static final int IN6_PREFIX_LENGTH_OFFSET = 16;
    private static final int IN6_INDEX_OFFSET = 20;

    /** Duplicate address detection takes a second where the link is shared, a moment on a TUN device. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Libc libc = new Libc();
    private final FileCalls files = new FileCalls();
    private final String name;
    private final List<InetAddress> addresses = new ArrayList<>();

    /**
     * Names an interface.
     *
     * @param name of an interface that there is
     * @throws DeviceException when there can't be such a name
     */
    public NetDevice(final String name)
    {
        InterfaceRequest.checkName(name);
        this.name = name;
    }

    /**
     * Gives the interface an address and, while it is up, a route to its subnet. A second IPv4 address takes the place
     * of the first, IPv6 addresses add up.
     *
     * @param address      of the kernel
     * @param prefixLength of the subnet, 0 to 32 or 128
     * @throws DeviceException when that can't be
     */
    public void address(final InetAddress address, final int prefixLength)
    {
        try (Arena arena = Arena.ofConfined())
        {
            final String what = "give it the address " + address.getHostAddress() + "/" + prefixLength;
            if (address instanceof Inet6Address)
            {
                final MemorySegment request = arena.allocate(IN6_IFREQ_LENGTH, Long.BYTES);
                MemorySegment.copy(address.getAddress(), 0, request, ValueLayout.JAVA_BYTE, 0, 2 * Long.BYTES);
                request.set(JAVA_INT, IN6_PREFIX_LENGTH_OFFSET, prefixLength);
                request.set(JAVA_INT, IN6_INDEX_OFFSET, index());
                control(what, Libc.AF_INET6, SIOCSIFADDR, request);
                addresses.add(address);
            }
            else
            {
                control(what, Libc.AF_INET, SIOCSIFADDR, ipv4(arena, address));
                control(what, Libc.AF_INET, SIOCSIFNETMASK, ipv4(arena, netmask(prefixLength)));
            }
        }
    }

    /**
     * Sets the longest packet that the kernel sends here.
     *
     * @param mtu bytes; IPv6 needs 1280
     * @throws DeviceException when that can't be
     */
    public void mtu(final int mtu)
    {
        try (Arena arena = Arena.ofConfined())
        {
            final MemorySegment request = InterfaceRequest.of(arena, name);
            request.set(JAVA_INT, InterfaceRequest.VALUE_OFFSET, mtu);
            control("set its MTU to " + mtu, Libc.AF_INET, SIOCSIFMTU, request);
        }
    }

    /**
     * Sets how many packets the kernel keeps for whoever reads them, where a TUN device has 500: so many may come while
     * that thread does something else.
     *
     * @param packets 1 or more
     * @throws DeviceException when that can't be
     */
    public void queueLength(final int packets)
    {
        try (Arena arena = Arena.ofConfined())
        {
            final MemorySegment request = InterfaceRequest.of(arena, name);
            request.set(JAVA_INT, InterfaceRequest.VALUE_OFFSET, packets);
            control("give it a queue of " + packets + " packets", Libc.AF_INET, SIOCSIFTXQLEN, request);
        }
    }

    /**
     * Brings the interface up, and waits until the addresses given before can be used: the kernel takes a while to make
     * sure that nobody else has an IPv6 address.
     *
     * @throws DeviceException when that can't be
     */
    public void up()
    {
        flags("bring it up", ~0, IFF_UP);
        for (final InetAddress address : addresses)
        {
            final long startNs = System.nanoTime();
            while (!isUsable(address))
            {
                if (System.nanoTime() - startNs > PATIENCE_NS)
                {
                    throw failure(name, "use " + address.getHostAddress(), Errno.EADDRNOTAVAIL);
                }
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    /**
     * Takes the interface down.
     *
     * @throws DeviceException when that can't be
     */
    public void down()
    {
        flags("take it down", ~IFF_UP, 0);
    }

    private boolean isUsable(final InetAddress address)
    {
        try (Arena arena = Arena.ofConfined())
        {
            final MemorySegment socketAddress = arena.allocate(SocketAddressCodec.MAX_LENGTH, Long.BYTES);
            final int length = SocketAddressCodec.encode(socketAddress, new InetSocketAddress(address, 0));
            final int socket = libc.socket(Libc.AF_INET6, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0);
            final int bound = libc.bind(socket, socketAddress.address(), length);
            libc.close(socket);
            return bound == 0;
        }
    }

    private void flags(final String what, final int keep, final int add)
    {
        try (Arena arena = Arena.ofConfined())
        {
            final MemorySegment request = InterfaceRequest.of(arena, name);
            control(what, Libc.AF_INET, SIOCGIFFLAGS, request);
            InterfaceRequest.flags(request, (InterfaceRequest.flags(request) & keep) | add);
            control(what, Libc.AF_INET, SIOCSIFFLAGS, request);
        }
    }

    /** {@return the kernel's number of the interface} */
    int index()
    {
        try (Arena arena = Arena.ofConfined())
        {
            final MemorySegment request = InterfaceRequest.of(arena, name);
            control("find it", Libc.AF_INET, SIOCGIFINDEX, request);
            return request.get(JAVA_INT, InterfaceRequest.VALUE_OFFSET);
        }
    }

    private MemorySegment ipv4(final Arena arena, final InetAddress address)
    {
        final MemorySegment request = InterfaceRequest.of(arena, name);
        final MemorySegment socketAddress = arena.allocate(SocketAddressCodec.MAX_LENGTH, Long.BYTES);
        final int length = SocketAddressCodec.encode(socketAddress, new InetSocketAddress(address, 0));
        MemorySegment.copy(socketAddress, 0, request, InterfaceRequest.VALUE_OFFSET, length);
        return request;
    }

    private void control(final String what, final int family, final long request, final MemorySegment argument)
    {
        final int socket = libc.socket(family, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0);
        final int result = socket < 0 ? socket : files.ioctl(socket, request, argument.address());
        if (socket >= 0)
        {
            libc.close(socket);
        }
        // an address that the interface has already is what was asked for
        if (result < 0 && result != -Errno.EEXIST)
        {
            throw failure(name, what, -result);
        }
    }

    static DeviceException failure(final String name, final String what, final int errno)
    {
        return new DeviceException("cannot set up the interface " + name + " (" + what + "): " + switch (errno)
        {
            case Errno.EPERM, Errno.EACCES -> "CAP_NET_ADMIN is missing; run as root or grant it";
            case Errno.ENODEV -> "there is no such interface; make it first";
            case Errno.EAFNOSUPPORT ->
                "this machine does not speak that address family; use an address of the other one";
            case Errno.EADDRNOTAVAIL -> "another machine has that address; choose another one";
            default -> "the system says errno " + errno + "; look that up in netdevice(7)";
        });
    }

    private static InetAddress netmask(final int prefixLength)
    {
        final int mask = prefixLength == 0 ? 0 : -1 << (Integer.SIZE - prefixLength);
        return InetAddress.ofLiteral(
            (mask >>> 24) + "." + (mask >>> 16 & 0xff) + "." + (mask >>> 8 & 0xff) + "." + (mask & 0xff));
    }
}
