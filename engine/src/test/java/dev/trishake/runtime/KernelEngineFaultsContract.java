// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.transport.packet.Veth;

import java.net.InetAddress;

/** Faults of the kernel's TCP: on the loopback, and where the loss of an interface takes an address away. */
abstract class KernelEngineFaultsContract extends EngineFaultsContract
{
    static final int CONNECTIONS = 64;

    @Override
    final InetAddress host()
    {
        return InetAddress.ofLiteral("127.0.0.1");
    }

    @Override
    final InetAddress removableHost()
    {
        return Veth.KERNEL_4;
    }

    @Override
    final String removableDevice() throws Exception
    {
        Veth.make();
        return Veth.KERNEL;
    }
}
