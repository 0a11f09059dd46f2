// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import dev.trishake.transport.DeviceException;
import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.packet.NetDevice;
import dev.trishake.transport.packet.VethPair;
import dev.trishake.wire.ip.EtherType;
import dev.trishake.wire.ip.EthernetEncoder;
import dev.trishake.wire.ip.EthernetFlyweight;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The kernel's own listener, in a network namespace behind a veth pair.
 *
 * <pre>
 *  outside: flooder, clients             inside: EchoServer
 *  [ flood0 10.9.0.1 ] ═══════ veth ═══════ [ victim0 10.9.0.2, tcp_syncookies=N, all routes by 10.9.0.1 ]
 * </pre>
 */
public final class KernelVictim implements Victim
{
    private static final String OUTSIDE = "flood0";
    private static final String INSIDE = "victim0";
    private static final long OUTSIDE_MAC = 0x02_00_00_09_00_01L; // locally administered
    private static final long INSIDE_MAC = 0x02_00_00_09_00_02L;
    private static final Path SYN_COOKIES = Path.of("/proc/sys/net/ipv4/tcp_syncookies");

    private final boolean isIpv4;
    private final Namespace outside;
    private final Namespace inside;
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
        outside = Namespace.make("flood-outside");
        inside = Namespace.make("flood-inside");
        try
        {
            connect();
            inside.call(() ->
            {
                configure(synCookies);
                server = new EchoServer(new InetSocketAddress(address(), Plan.PORT), plan.backlog());
                return null;
            });
            thread = inside.start("kernel-echo", server);
        }
        catch (final RuntimeException ex)
        {
            close();
            throw ex;
        }
    }

    private void connect()
    {
        final int namespace = inside.call(VethPair::namespaceOfThisThread);
        try
        {
            outside.run(() -> VethPair.create(OUTSIDE, OUTSIDE_MAC, INSIDE, INSIDE_MAC, namespace));
        }
        finally
        {
            new Libc().close(namespace);
        }
        // an end is up only when both are, and IPv6 waits for that
        inside.run(() -> new NetDevice(INSIDE).up());
        outside.run(() -> address(OUTSIDE, Addresses.outside(isIpv4)));
        inside.run(() ->
        {
            address(INSIDE, address());
            VethPair.defaultRoute(Addresses.outside(isIpv4));
        });
    }

    private void address(final String name, final InetAddress address)
    {
        final NetDevice device = new NetDevice(name);
        device.address(address, Addresses.prefixLength(isIpv4));
        device.up();
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
        return outside;
    }

    @Override
    public String device()
    {
        return OUTSIDE;
    }

    @Override
    public byte[] linkHeader()
    {
        final byte[] header = new byte[EthernetFlyweight.HEADER_LENGTH];
        new EthernetEncoder().init(new UnsafeBuffer(header), 0).destination(INSIDE_MAC).source(OUTSIDE_MAC)
            .etherType(isIpv4 ? EtherType.IPV4 : EtherType.IPV6);
        return header;
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
        return inside.call(Proc::networkCounters);
    }

    @Override
    public void close()
    {
        if (server != null)
        {
            server.close();
        }
        outside.close();
        inside.close();
    }
}
