// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.storm;

import dev.trishake.runtime.Protocol;
import dev.trishake.runtime.SessionHandler;
import dev.trishake.session.FourTuple;
import dev.trishake.soak.report.Rate;
import dev.trishake.soak.report.Watch;
import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/** Clients on an engine's agents that do one load after the other, and what each has shown. */
public final class Storm
{
    private static final long LEAD_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long GLANCE_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long SEED = 1;

    private final List<StormClients> agents = new ArrayList<>();
    private final Watch watch;

    /**
     * Makes the clients; they begin with the first {@link #run}.
     *
     * @param protocol     that they speak
     * @param server       the remote side; of the local one nothing
     * @param threads      agents of their engine
     * @param mostUnderWay of each agent
     * @param describe     says why a session failed
     * @param watch        is told
     */
    public Storm(
        final Protocol protocol, final FourTuple server, final int threads, final int mostUnderWay,
        final IntFunction<String> describe, final Watch watch)
    {
        this.watch = watch;
        for (int i = 0; i < threads; i++)
        {
            agents.add(new StormClients(protocol, server, mostUnderWay, describe, SEED + i));
        }
    }

    /**
     * {@return the handler of an agent}
     *
     * @param agent number
     */
    public SessionHandler handler(final int agent)
    {
        return agents.get(agent);
    }

    /**
     * {@return what a load does to a server; nothing when the user has stopped it} Returns once all of its handshakes
     * have ended, or two seconds later than the load.
     *
     * @param load     of all agents together
     * @param lengthNs how long handshakes begin
     * @param server   where it can be looked at, or null
     */
    public Optional<StormMeasurement> run(final Load load, final long lengthNs, final Server server)
    {
        final Map<String, Long> countersBefore = server == null ? Map.of() : server.counters();
        final Server.Cpu cpuBefore = server == null ? Server.Cpu.NONE : server.cpu();
        final Server.Cpu ownBefore = Server.cpu(ProcessHandle.current().pid());
        final long startNs = System.nanoTime() + LEAD_NS;
        final List<Gust> gusts = new ArrayList<>();
        for (int i = 0; i < agents.size(); i++)
        {
            final Gust gust = new Gust(load.share(i, agents.size()), startNs, lengthNs, GRACE_NS);
            gusts.add(gust);
            agents.get(i).begin(gust);
        }
        if (!awaitEnd(load, gusts, startNs, lengthNs))
        {
            return Optional.empty();
        }
        final long tookNs = System.nanoTime() - startNs;
        final Map<String, Long> counters = new TreeMap<>();
        if (server != null)
        {
            server.counters().forEach(
                (name, value) -> counters.put(name, value - countersBefore.getOrDefault(name, 0L)));
        }
        final Histogram latency = gusts.getFirst().latency;
        gusts.stream().skip(1).forEach(gust -> latency.add(gust.latency));
        final Map<String, Integer> failures = new TreeMap<>();
        gusts.forEach(gust -> gust.failures.forEach((why, count) -> failures.merge(why, count, Integer::sum)));
        final long begun = gusts.stream().mapToLong(gust -> gust.begun).sum();
        final long inTime = gusts.stream().mapToLong(gust -> gust.inTime).sum();
        return Optional.of(new StormMeasurement(load, lengthNs, tookNs, begun, inTime, latency, failures,
            server == null ? Server.Cpu.NONE : server.cpu().minus(cpuBefore),
            Server.cpu(ProcessHandle.current().pid()).minus(ownBefore), counters));
    }

    private boolean awaitEnd(final Load load, final List<Gust> gusts, final long startNs, final long lengthNs)
    {
        while (!gusts.stream().allMatch(Gust::isOver) && !watch.wantsToStop())
        {
            LockSupport.parkNanos(GLANCE_NS);
            final long elapsedNs = Math.max(1, System.nanoTime() - startNs);
            watch.tell(Math.min(1, elapsedNs / (double)lengthNs), String.format(Locale.ROOT, "%s: %s handshakes/s",
                load, Rate.text(gusts.stream().mapToLong(gust -> gust.inTime).sum() * 1e9 / elapsedNs)));
        }
        return !watch.wantsToStop();
    }
}
