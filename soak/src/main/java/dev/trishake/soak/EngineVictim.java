// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.soak.flood.Addresses;
import dev.trishake.soak.flood.Namespace;
import dev.trishake.soak.flood.Plan;
import dev.trishake.soak.flood.Proc;
import dev.trishake.soak.flood.Victim;
import dev.trishake.tcp.SynCookieMode;
import dev.trishake.tcp.TcpConfig;
import dev.trishake.tcp.TcpCore;
import dev.trishake.tcp.TcpCounter;
import dev.trishake.transport.packet.NetDevice;
import dev.trishake.transport.packet.TunLink;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Our listener behind a TUN device in a network namespace of its own: flood and clients come through one queue.
 *
 * <pre>
 *  flooder (packet socket) ─┐
 *                           ├─► [ flood0 10.9.0.1 ] ══ TUN queue ══ TunLink ─► TcpAgent, 10.9.0.2
 *  clients (kernel's TCP) ──┘
 * </pre>
 */
final class EngineVictim implements Victim
{
    private static final String DEVICE = "flood0";
    private static final int CONNECTIONS = 1 << 14;
    private static final int LEAST_HALF_OPEN = 2048;
    private static final int LEAST_SOMAXCONN = 4096;
    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long JOIN_MS = 5_000;
    private static final SecureRandom SECRETS = new SecureRandom();

    private final boolean isIpv4;
    private final Namespace namespace;
    private final TunLink link;
    private final TcpAgent agent;
    private final Thread thread;
    private volatile boolean stopped;

    EngineVictim(final SynCookieMode mode, final Plan plan)
    {
        isIpv4 = plan.from().isIpv4();
        namespace = Namespace.make("flood");
        try
        {
            link = namespace.call(this::open);
            agent = new TcpAgent(link, config(mode, plan), server(plan));
            thread = namespace.start("agent", this::work);
        }
        catch (final RuntimeException ex)
        {
            namespace.close();
            throw ex;
        }
    }

    /** {@return what our listener is made with, the same for each way to flood it} */
    static TcpConfig config(final SynCookieMode mode, final Plan plan)
    {
        final InetAddress address = Addresses.victim(plan.from().isIpv4());
        return new TcpConfig(SECRETS.nextLong(), SECRETS.nextLong())
            .address(Endpoint.high(address), Endpoint.low(address))
            .connections(CONNECTIONS)
            .halfOpen(Math.max(LEAST_HALF_OPEN, plan.backlog() + 1))
            .somaxconn(Math.max(LEAST_SOMAXCONN, plan.backlog()))
            .synCookies(mode);
    }

    /** {@return the application on top of it} */
    static StreamServer server(final Plan plan)
    {
        return new StreamServer(
            List.of(new Endpoint(Addresses.victim(plan.from().isIpv4()), Plan.PORT)), plan.backlog(), true);
    }

    /** {@return what a core has counted} */
    static Map<String, Long> counters(final TcpCore core)
    {
        final Map<String, Long> counters = new TreeMap<>();
        for (final TcpCounter counter : TcpCounter.values())
        {
            counters.put(counter.label(), core.counters().get(counter));
        }
        return counters;
    }

    private TunLink open()
    {
        final TunLink opened = TunLink.open(DEVICE);
        try
        {
            final NetDevice device = new NetDevice(DEVICE);
            device.address(Addresses.outside(isIpv4), Addresses.prefixLength(isIpv4));
            device.queueLength(TransportOptions.QUEUE_LENGTH);
            device.up();
            return opened;
        }
        catch (final RuntimeException ex)
        {
            opened.close();
            throw ex;
        }
    }

    private void work()
    {
        while (!stopped)
        {
            if (agent.doWork() == 0)
            {
                agent.idle(link, IDLE_NS);
            }
        }
        link.close();
    }

    @Override
    public Namespace outside()
    {
        return namespace;
    }

    @Override
    public String device()
    {
        return DEVICE;
    }

    @Override
    public byte[] linkHeader()
    {
        return new byte[0];
    }

    @Override
    public InetAddress address()
    {
        return Addresses.victim(isIpv4);
    }

    @Override
    public boolean worksInSendersTime()
    {
        return false;
    }

    @Override
    public long cpuNs()
    {
        return Proc.cpuNs(thread);
    }

    @Override
    public long allocatedBytes()
    {
        return Proc.allocatedBytes(thread);
    }

    @Override
    public Map<String, Long> counters()
    {
        return counters(agent.core());
    }

    @Override
    public void close()
    {
        stopped = true;
        try
        {
            thread.join(JOIN_MS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        namespace.close();
    }
}
