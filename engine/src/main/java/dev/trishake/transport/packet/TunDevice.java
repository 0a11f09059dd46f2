// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.transport.DeviceException;
import dev.trishake.transport.linux.Errno;
import dev.trishake.transport.linux.FileCalls;
import dev.trishake.transport.linux.Libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Set-up of a descriptor of a TUN device, one queue of it: everything that may throw. */
final class TunDevice
{
    private static final String CLONE_DEVICE = "/dev/net/tun";

    /** {@code linux/if_tun.h}. */
    private static final long TUNSETIFF = 0x4004_54caL;
    private static final int IFF_TUN = 0x0001;
    private static final int IFF_MULTI_QUEUE = 0x0100;
    private static final int IFF_NO_PI = 0x1000;

    private TunDevice()
    {
    }

    static int open(final Libc libc, final FileCalls files, final String name, final boolean multiQueue)
    {
        InterfaceRequest.checkName(name);
        try (Arena arena = Arena.ofConfined())
        {
            final int fd = files.open(
                arena.allocateFrom(CLONE_DEVICE).address(),
                FileCalls.O_RDWR | FileCalls.O_NONBLOCK | FileCalls.O_CLOEXEC);
            if (fd < 0)
            {
                throw openFailure(name, -fd);
            }
            final MemorySegment request = InterfaceRequest.of(arena, name);
            InterfaceRequest.flags(request, IFF_TUN | IFF_NO_PI | (multiQueue ? IFF_MULTI_QUEUE : 0));
            final int attached = files.ioctl(fd, TUNSETIFF, request.address());
            if (attached < 0)
            {
                libc.close(fd);
                throw attachFailure(name, -attached);
            }
            return fd;
        }
    }

    static DeviceException openFailure(final String name, final int errno)
    {
        return new DeviceException(cannot(name) + switch (errno)
        {
            case Errno.ENOENT -> CLONE_DEVICE + " is missing; load the driver (modprobe tun), or give the container" +
                " the device (--device " + CLONE_DEVICE + ")";
            case Errno.ENODEV, Errno.ENXIO -> "the kernel has no TUN driver; load it (modprobe tun)";
            case Errno.EACCES, Errno.EPERM -> "no permission to open " + CLONE_DEVICE +
                "; run as root, or allow this user to read and write it";
            case Errno.EMFILE, Errno.ENFILE ->
                "no file descriptor is left; raise the limit (ulimit -n) or close some";
            default -> "open of " + CLONE_DEVICE + " says errno " + errno + "; look that up in open(2)";
        });
    }

    static DeviceException attachFailure(final String name, final int errno)
    {
        return new DeviceException(cannot(name) + switch (errno)
        {
            case Errno.EPERM -> "CAP_NET_ADMIN is missing; run as root, grant it, or let root make the device for" +
                " this user (ip tuntap add dev " + name + " mode tun user NAME)";
            case Errno.EBUSY -> "another process has it; stop that, or choose another name";
            case Errno.EINVAL -> "an interface of that name is no TUN device, or differs in having several queues;" +
                " choose another name";
            case Errno.E2BIG -> "it has all the queues that the kernel allows; use fewer";
            default -> "TUNSETIFF says errno " + errno + "; look that up in the kernel's tuntap.rst";
        });
    }

    private static String cannot(final String name)
    {
        return "cannot use the TUN device " + name + ": ";
    }
}
