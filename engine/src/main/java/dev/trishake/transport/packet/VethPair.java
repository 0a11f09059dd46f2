// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.transport.DeviceException;
import dev.trishake.transport.linux.Errno;
import dev.trishake.transport.linux.FileCalls;
import dev.trishake.transport.linux.Libc;

import java.lang.foreign.Arena;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * A cable between two network namespaces: veth(4). Each end is an Ethernet interface, gone with its namespace. Needs
 * CAP_NET_ADMIN in both. Set-up only: allocates and throws.
 */
public final class VethPair
{
    private static final String NAMESPACE = "/proc/thread-self/ns/net";
    private static final int O_RDONLY = 0;

    private static final int INTERFACE_HEADER_LENGTH = 16;
    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_NET_NS_FD = 28;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int VETH_INFO_PEER = 1;

    private static final int RTA_GATEWAY = 5;
    private static final byte RT_TABLE_MAIN = (byte)254;
    private static final byte RTPROT_BOOT = 3;
    private static final byte RTN_UNICAST = 1;

    private static final int MAC_LENGTH = 6;

    private VethPair()
    {
    }

    /**
     * {@return a descriptor of the calling thread's network namespace, for {@link #create}, or -errno}; of
     * {@link Libc#close}.
     */
    public static int namespaceOfThisThread()
    {
        try (Arena arena = Arena.ofConfined())
        {
            return new FileCalls().open(arena.allocateFrom(NAMESPACE).address(), O_RDONLY | FileCalls.O_CLOEXEC);
        }
    }

    /**
     * Makes a pair: one end where the calling thread is, one elsewhere. Both are down and have no address yet.
     *
     * @param name           of the end here
     * @param mac            link-layer address of the end here, 48 bits
     * @param otherName      of the other end
     * @param otherMac       link-layer address of the other end
     * @param otherNamespace where that end is: {@link #namespaceOfThisThread} of a thread there
     * @throws DeviceException               when that can't be
     * @throws UnsupportedOperationException unless {@link Libc#SUPPORTED}
     */
    public static void create(
        final String name, final long mac, final String otherName, final long otherMac, final int otherNamespace)
    {
        InterfaceRequest.checkName(name);
        InterfaceRequest.checkName(otherName);
        final NetlinkRequest request = new NetlinkRequest(NetlinkRequest.RTM_NEWLINK)
            .bytes(new byte[INTERFACE_HEADER_LENGTH])
            .attribute(IFLA_IFNAME, name)
            .attribute(IFLA_ADDRESS, octets(mac));
        final int info = request.begin(IFLA_LINKINFO);
        request.attribute(IFLA_INFO_KIND, "veth");
        final int data = request.begin(IFLA_INFO_DATA);
        final int peer = request.begin(VETH_INFO_PEER);
        request.bytes(new byte[INTERFACE_HEADER_LENGTH])
            .attribute(IFLA_IFNAME, otherName)
            .attribute(IFLA_ADDRESS, octets(otherMac))
            .attribute(IFLA_NET_NS_FD, otherNamespace)
            .end(peer).end(data).end(info);
        final int result = request.send();
        if (result < 0)
        {
            throw failure("cannot make the veth pair " + name + " and " + otherName, -result);
        }
    }

    /**
     * Sends what has no other way through a gateway, in the calling thread's namespace.
     *
     * @param gateway on a subnet of an interface that is up
     * @throws DeviceException when that can't be
     */
    public static void defaultRoute(final InetAddress gateway)
    {
        final byte family = (byte)(gateway instanceof Inet6Address ? Libc.AF_INET6 : Libc.AF_INET);
        final int result = new NetlinkRequest(NetlinkRequest.RTM_NEWROUTE)
            .bytes(family, (byte)0, (byte)0, (byte)0, RT_TABLE_MAIN, RTPROT_BOOT, (byte)0, RTN_UNICAST)
            .bytes(new byte[Integer.BYTES])
            .attribute(RTA_GATEWAY, gateway.getAddress())
            .send();
        if (result < 0)
        {
            throw failure("cannot make " + gateway.getHostAddress() + " the default gateway", -result);
        }
    }

    private static byte[] octets(final long mac)
    {
        final byte[] octets = new byte[MAC_LENGTH];
        for (int i = 0; i < MAC_LENGTH; i++)
        {
            octets[i] = (byte)(mac >>> (Byte.SIZE * (MAC_LENGTH - 1 - i)));
        }
        return octets;
    }

    private static DeviceException failure(final String what, final int errno)
    {
        return new DeviceException(what + ": " + switch (errno)
        {
            case Errno.EPERM, Errno.EACCES -> "CAP_NET_ADMIN is missing; run as root or grant it";
            case Errno.EOPNOTSUPP -> "the kernel has no veth devices; load them (modprobe veth)";
            case Errno.EEXIST -> "it is there already; choose another name";
            case Errno.ENETUNREACH -> "the gateway is on no subnet of an interface that is up";
            default -> "the system says errno " + errno + "; look that up in rtnetlink(7)";
        });
    }
}
