// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.transport.DatagramLink;

import java.net.InetSocketAddress;
import java.util.List;

/** Datagram sockets of the configuration, and what is spoken there. */
record Datagrams(DatagramLinkFactory link, List<InetSocketAddress> addresses, DatagramProtocol.Factory protocol)
{
    /** {@return an agent's port, bound where the first agent's was if they are shared} */
    DatagramPort open(
        final int agent, final EngineConfig config, final List<InetSocketAddress> bound, final Forwarding forwarding,
        final CounterAllocator counters, final long nowNs)
    {
        final DatagramLink opened = link.create(agent, !protocol.isClient() && config.agents() > 1);
        try
        {
            for (int i = 0; i < addresses.size(); i++)
            {
                final int socket = opened.bind(i < bound.size() ? bound.get(i) : addresses.get(i));
                if (forwarding != null)
                {
                    opened.steer(socket, forwarding.steering());
                }
            }
            final DatagramPort port =
                new DatagramPort(opened, protocol.create(agent, config.agents(), nowNs), config, counters);
            port.forwarding(agent, forwarding, counters);
            if (protocol.isClient())
            {
                port.ownSockets(addresses.size());
            }
            return port;
        }
        catch (final RuntimeException ex)
        {
            opened.close();
            throw ex;
        }
    }
}
