// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.transport.DeviceException;
import dev.trishake.transport.linux.Errno;
import dev.trishake.transport.linux.Libc;

/** A network of one's own inside this machine: see network_namespaces(7). */
public final class NetworkNamespace
{
    private NetworkNamespace()
    {
    }

    /**
     * Moves the calling thread to a new, empty network namespace, where only the loopback is up. Sockets and devices
     * that it makes from now on are there, as are threads and processes that it starts; the rest of this process stays
     * where it is. The namespace ends with the last of them. There is no way back: use a thread that ends.
     *
     * @throws DeviceException               when that can't be
     * @throws UnsupportedOperationException unless {@link Libc#SUPPORTED}
     */
    public static void enterNew()
    {
        final int result = new Libc().unshare(Libc.CLONE_NEWNET);
        if (result < 0)
        {
            throw failure(-result);
        }
        new NetDevice("lo").up();
    }

    static DeviceException failure(final int errno)
    {
        return new DeviceException("cannot make a network namespace: " + switch (errno)
        {
            case Errno.EPERM -> "CAP_SYS_ADMIN is missing; run as root or grant it";
            case Errno.EINVAL -> "the kernel was built without them; use one with CONFIG_NET_NS";
            default -> "the system says errno " + errno + "; look that up in unshare(2)";
        });
    }
}
