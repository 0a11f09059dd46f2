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

import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** Our listener at a {@link EngineSite}: a {@link TcpAgent} with a thread of its own. */
final class EngineVictim implements Victim
{
    private static final int CONNECTIONS = 1 << 14;
    private static final int LEAST_HALF_OPEN = 2048;
    private static final int LEAST_SOMAXCONN = 4096;
    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long JOIN_MS = 5_000;
    private static final SecureRandom SECRETS = new SecureRandom();

    private final boolean isIpv4;
    private final EngineSite site;
    private final TcpAgent agent;
    private final Thread thread;
    private volatile boolean stopped;

    EngineVictim(final EngineSite site, final SynCookieMode mode, final Plan plan)
    {
        isIpv4 = plan.from().isIpv4();
        this.site = site;
        agent = new TcpAgent(site.link(), config(mode, plan), server(plan));
        thread = site.inside().start("agent", this::work);
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

    private void work()
    {
        final IntConsumer await = site::await;
        while (!stopped)
        {
            if (agent.doWork() == 0)
            {
                agent.idle(await, IDLE_NS);
            }
        }
        site.link().close();
    }

    @Override
    public Namespace outside()
    {
        return site.outside();
    }

    @Override
    public String device()
    {
        return site.device();
    }

    @Override
    public byte[] linkHeader()
    {
        return site.linkHeader();
    }

    @Override
    public InetAddress address()
    {
        return Addresses.victim(isIpv4);
    }

    @Override
    public boolean worksInSendersTime()
    {
        return site.worksInSendersTime();
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
        site.close();
    }
}
