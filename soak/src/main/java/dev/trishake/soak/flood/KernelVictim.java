// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import dev.trishake.transport.DeviceException;
import dev.trishake.transport.packet.NetDevice;
import dev.trishake.transport.packet.VethPair;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The kernel's own listener, in a network namespace behind a {@link Cable}: an {@link EchoServer} at 10.9.0.2, with a
 * {@code tcp_syncookies} of its own, all routes by 10.9.0.1.
 */
public final class KernelVictim implements Victim
{
    private static final Path SYN_COOKIES = Path.of("/proc/sys/net/ipv4/tcp_syncookies");

    private final boolean isIpv4;
    private final Cable cable;
    private EchoServer server;
    private Thread thread;

    /**
     * Makes it.
     *
     * @param synCookies its {@code tcp_syncookies}: 0, 1 or 2
     * @param plan       of the run
     * @throws DeviceException when that can't be
     */
    public KernelVictim(final int synCookies, final Plan plan)
    {
        isIpv4 = plan.from().isIpv4();
        cable = new Cable(isIpv4);
        try
        {
            cable.inside().call(() ->
            {
                new NetDevice(Cable.INSIDE).address(address(), Addresses.prefixLength(isIpv4));
                VethPair.defaultRoute(Addresses.outside(isIpv4));
                configure(synCookies);
                server = new EchoServer(new InetSocketAddress(address(), Plan.PORT), plan.backlog());
                return null;
            });
            thread = cable.inside().start("kernel-echo", server);
        }
        catch (final RuntimeException ex)
        {
            close();
            throw ex;
        }
    }

    private static void configure(final int synCookies)
    {
        try
        {
            Files.writeString(SYN_COOKIES, Integer.toString(synCookies));
        }
        catch (final IOException ex)
        {
            throw new DeviceException(SYN_COOKIES + " can't be set to " + synCookies +
                ": the kernel's listener can be compared only where /proc/sys may be written");
        }
    }

    @Override
    public Namespace outside()
    {
        return cable.outside();
    }

    @Override
    public String device()
    {
        return Cable.OUTSIDE;
    }

    @Override
    public byte[] linkHeader()
    {
        return cable.linkHeader();
    }

    @Override
    public InetAddress address()
    {
        return Addresses.victim(isIpv4);
    }

    @Override
    public boolean worksInSendersTime()
    {
        return true;
    }

    @Override
    public long cpuNs()
    {
        return Proc.cpuNs(thread);
    }

    @Override
    public long allocatedBytes()
    {
        return -1;
    }

    @Override
    public Map<String, Long> counters()
    {
        return cable.inside().call(Proc::networkCounters);
    }

    @Override
    public void close()
    {
        if (server != null)
        {
            server.close();
        }
        cable.close();
    }
}
