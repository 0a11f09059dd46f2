// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.transport.DatagramLink;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.IntFunction;

/** Datagram sockets of the configuration, and what is spoken there. */
record Datagrams(
    IntFunction<DatagramLink> link, List<InetSocketAddress> addresses, DatagramProtocol.Factory protocol)
{
    /** {@return an agent's port, bound} */
    DatagramPort open(final int agent, final EngineConfig config, final CounterAllocator counters, final long nowNs)
    {
        final DatagramLink opened = link.apply(agent);
        try
        {
            addresses.forEach(opened::bind);
            return new DatagramPort(opened, protocol.create(agent, nowNs), config, counters);
        }
        catch (final RuntimeException ex)
        {
            opened.close();
            throw ex;
        }
    }
}
