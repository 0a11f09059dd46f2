// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.StreamResult;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** All that an agent does with datagrams: its ports, in the order of the configuration, and the sessions over them. */
final class DatagramPorts
{
    private final EngineConfig config;
    private final int agent;
    private final DatagramPort[] ports;
    /** A view of a session of each port. */
    private final Session[] views;
    private final List<LinkCounters> counters = new ArrayList<>();
    private int opened;

    DatagramPorts(final int agent, final EngineConfig config)
    {
        this.agent = agent;
        this.config = config;
        ports = new DatagramPort[config.datagrams().size()];
        views = new Session[ports.length];
    }

    /**
     * Opens all ports; the first agent's are everybody's where they are shared.
     *
     * @param addresses   where the engine listens: those of streams, to which the first agent adds those of datagrams
     * @param forwardings of each port, or null
     */
    void open(
        final List<InetSocketAddress> addresses, final List<Forwarding> forwardings, final CounterAllocator allocator,
        final long nowNs)
    {
        int first = config.listens().size();
        for (int i = 0; i < ports.length; i++)
        {
            final Datagrams datagrams = config.datagrams().get(i);
            final boolean isShared = !datagrams.protocol().isClient();
            final int count = isShared ? datagrams.addresses().size() : 0;
            final List<InetSocketAddress> bound = agent == 0 ? List.of() : addresses.subList(first, first + count);
            ports[i] = datagrams.open(agent, config, bound, forwardings.get(i), allocator, nowNs);
            opened++;
            for (int socket = 0; agent == 0 && socket < count; socket++)
            {
                addresses.add(ports[i].link().localAddress(socket));
            }
            first += count;
            final DatagramPort port = ports[i];
            final String prefix = ports.length == 1 ? "Udp" : "udp " + i + ": ";
            counters.add(new LinkCounters(visitor -> port.link().visitCounters(visitor), prefix, allocator));
            if (port.connections() != null)
            {
                counters.add(new LinkCounters(
                    visitor -> port.connections().visitCounters(visitor), ports.length == 1 ? "" : prefix, allocator));
            }
        }
    }

    /** {@return most sessions at once} */
    int capacity()
    {
        int capacity = 0;
        for (final DatagramPort port : ports)
        {
            capacity += port.connections() == null ? 0 : port.connections().capacity();
        }
        return capacity;
    }

    /** {@return how much another thread may have under way to a session, at most} */
    int window(final int most)
    {
        int window = most;
        for (final DatagramPort port : ports)
        {
            window = port.connections() == null ? window : Math.min(window, port.connections().sendCapacity());
        }
        return window;
    }

    /** Makes the sessions, whose slots begin behind those of streams. */
    void begin(
        final int base, final GuardedHandler handler, final AgentCounters agentCounters, final SendWindows windows)
    {
        int next = base;
        for (int i = 0; i < ports.length; i++)
        {
            if (ports[i].connections() != null)
            {
                final DatagramSessions sessions =
                    new DatagramSessions(agent, next, ports[i], config, handler, agentCounters, windows);
                ports[i].sessions(sessions);
                views[i] = new Session(sessions);
                next += ports[i].connections().capacity();
            }
        }
    }

    void nowNs(final long nowNs)
    {
        for (final DatagramPort port : ports)
        {
            port.nowNs(nowNs);
        }
    }

    int poll(final long nowNs)
    {
        int work = 0;
        for (final DatagramPort port : ports)
        {
            work += port.poll(nowNs);
        }
        return work;
    }

    int flush(final long nowNs)
    {
        int work = 0;
        for (final DatagramPort port : ports)
        {
            work += port.flush(nowNs);
        }
        return work;
    }

    /** {@return whose session a handle names or has named; null where it is none of these} */
    DatagramSessions owner(final long handle)
    {
        for (final DatagramPort port : ports)
        {
            if (port.sessions() != null && port.sessions().owns(handle))
            {
                return port.sessions();
            }
        }
        return null;
    }

    /** {@return a view of a session, good until the next call; null where it is gone or none of these} */
    Session view(final long handle)
    {
        for (int i = 0; i < ports.length; i++)
        {
            final int slot = views[i] == null ? -1 : ports[i].sessions().resolve(handle);
            if (slot >= 0)
            {
                return views[i].wrap(slot);
            }
        }
        return null;
    }

    long connect(final int port, final FourTuple who)
    {
        return port < 0 || port >= ports.length || ports[port].sessions() == null ? StreamResult.NO_CAPACITY :
            ports[port].sessions().connect(who);
    }

    void updateCounters()
    {
        for (int i = 0; i < counters.size(); i++)
        {
            counters.get(i).update();
        }
    }

    /** {@return whether all sessions have ended} */
    boolean drain()
    {
        int active = 0;
        for (final DatagramPort port : ports)
        {
            if (port.sessions() != null)
            {
                port.sessions().drain();
                active += port.sessions().active();
            }
        }
        return active == 0;
    }

    /** Ends what has not ended, says so to the peers, and closes the sockets. */
    void close(final long nowNs)
    {
        for (int i = 0; i < opened; i++)
        {
            ports[i].close(nowNs);
        }
    }
}
