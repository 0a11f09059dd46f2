// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import dev.trishake.soak.report.Rate;
import dev.trishake.soak.report.Watch;
import dev.trishake.transport.DeviceException;
import dev.trishake.transport.packet.PacketSender;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One listener under one flood, in real time. The flood is there before the first client and after the last one: at
 * most {@link Plan#PATIENCE_NS} longer than clients begin.
 */
public final class Trial
{
    private static final long LEAD_NS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long BASELINE_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long GLANCE_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final double NS_PER_SECOND = 1e9;
    private static final long JOIN_MS = 5_000;

    private final Plan plan;
    private final Watch watch;
    private final long seed;

    /**
     * Begins.
     *
     * @param plan  of the run
     * @param seed  of the spoofed SYNs
     * @param watch is told
     */
    public Trial(final Plan plan, final long seed, final Watch watch)
    {
        this.plan = plan;
        this.seed = seed;
        this.watch = watch;
    }

    /**
     * {@return what a flood does to a listener}
     *
     * @param listener its name
     * @param isOurs   whether it is Trishake's
     * @param victim   the listener, up
     * @param rate     of the flood
     * @throws DeviceException when there can't be a flood
     */
    public Measurement run(final String listener, final boolean isOurs, final Victim victim, final Rate rate)
    {
        final Namespace outside = victim.outside();
        final double idleNs = victim.worksInSendersTime() ? cpuPerSend(victim, rate) : 0;
        final PacketSender socket = outside.call(() -> PacketSender.open(victim.device()));
        final Flooder flooder = flooder(victim, socket, victim.address(), rate);
        final Outcomes outcomes = new Outcomes();
        final LegitClients clients =
            new LegitClients(new InetSocketAddress(victim.address(), Plan.PORT), plan, outcomes);

        final Measurement.Memory before = Measurement.Memory.now();
        final Map<String, Long> kernelBefore = outside.call(Proc::networkCounters);
        final Map<String, Long> countersBefore = victim.counters();
        final long softBefore = Proc.softInterruptNs();
        final long allocatedBefore = victim.allocatedBytes();
        final long cpuBefore = victim.cpuNs();
        final long startNs = System.nanoTime();
        final Thread flooding = outside.start("flooder", flooder);
        LockSupport.parkNanos(LEAD_NS);
        outside.start("clients", clients);
        watchUntilDone(listener + " " + rate, flooder, clients, outcomes);

        final long sendersNs = Proc.cpuNs(flooding);
        final long cpuNs = victim.cpuNs() - cpuBefore;
        final double seconds = (System.nanoTime() - startNs) / NS_PER_SECOND;
        final long allocated = victim.allocatedBytes() - allocatedBefore;
        stop(flooder, flooding, socket);
        final long softNs = Proc.softInterruptNs() - softBefore;
        final Map<String, Long> kernel = difference(outside.call(Proc::networkCounters), kernelBefore);
        final long inKernelNs = victim.worksInSendersTime() ?
            Math.max(0, sendersNs + softNs - (long)(idleNs * (double)flooder.offered())) : 0;
        return new Measurement(
            listener, isOurs, rate, seconds, flooder.offered(), flooder.offered() - flooder.refused(),
            notForAnybody(kernel), cpuNs + inKernelNs, outcomes, kernel.getOrDefault("TCPSynRetrans", 0L),
            before.until(), victim.allocatedBytes() < 0 ? -1 : allocated,
            difference(victim.counters(), countersBefore));
    }

    private Flooder flooder(
        final Victim victim, final PacketSender socket, final InetAddress to, final Rate rate)
    {
        return Flooder.ofSyns(
            socket, victim.linkHeader(), new SynWriter(plan.from(), to, Plan.PORT, seed), rate);
    }

    /** {@return CPU time per SYN, ns, where the kernel behind the cable throws it away: nobody has the address} */
    private double cpuPerSend(final Victim victim, final Rate rate)
    {
        final PacketSender socket = victim.outside().call(() -> PacketSender.open(victim.device()));
        final Flooder flooder = flooder(victim, socket, Addresses.nobody(plan.from().isIpv4()), rate);
        final long softBefore = Proc.softInterruptNs();
        final Thread flooding = victim.outside().start("baseline", flooder);
        LockSupport.parkNanos(BASELINE_NS);
        final long cpuNs = Proc.cpuNs(flooding);
        stop(flooder, flooding, socket);
        return (cpuNs + Proc.softInterruptNs() - softBefore) / (double)Math.max(1, flooder.offered());
    }

    private static void stop(final Flooder flooder, final Thread flooding, final PacketSender socket)
    {
        flooder.stop();
        try
        {
            flooding.join(JOIN_MS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        socket.close();
    }

    private void watchUntilDone(
        final String what, final Flooder flooder, final LegitClients clients, final Outcomes outcomes)
    {
        final long startNs = System.nanoTime();
        long offeredBefore = flooder.offered();
        long beforeNs = startNs;
        while (!clients.isDone())
        {
            LockSupport.parkNanos(GLANCE_NS);
            final long nowNs = System.nanoTime();
            final long offered = flooder.offered();
            watch.tell(
                Math.min(1, (nowNs - startNs) / (double)plan.lengthNs()),
                String.format(Locale.ROOT, "%s: %s SYN/s, clients %d of %d ok", what,
                    Rate.text((offered - offeredBefore) * NS_PER_SECOND / (nowNs - beforeNs)),
                    outcomes.ok(), outcomes.begun()));
            offeredBefore = offered;
            beforeNs = nowNs;
            if (watch.wantsToStop())
            {
                clients.stop();
            }
        }
    }

    /** SYN-ACKs to spoofed addresses: the kernel outside has no way there and counts them. */
    private static long notForAnybody(final Map<String, Long> kernel)
    {
        return kernel.getOrDefault("IpInAddrErrors", 0L) + kernel.getOrDefault("IpExtInNoRoutes", 0L) +
            kernel.getOrDefault("Ip6InAddrErrors", 0L) + kernel.getOrDefault("Ip6InNoRoutes", 0L);
    }

    private static Map<String, Long> difference(final Map<String, Long> after, final Map<String, Long> before)
    {
        final Map<String, Long> difference = new TreeMap<>();
        after.forEach((name, value) -> difference.put(name, value - before.getOrDefault(name, 0L)));
        difference.values().removeIf(value -> value == 0);
        return difference;
    }
}
