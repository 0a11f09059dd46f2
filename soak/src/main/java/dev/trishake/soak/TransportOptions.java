// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.runtime.DatagramLinkFactory;
import dev.trishake.runtime.DatagramLinks;
import dev.trishake.runtime.EngineConfig;
import dev.trishake.runtime.Links;
import dev.trishake.runtime.StreamLinkFactory;
import dev.trishake.tcp.TcpConfig;
import dev.trishake.transport.DeviceException;
import dev.trishake.transport.Link;
import dev.trishake.transport.packet.NetDevice;
import dev.trishake.transport.packet.PacketConfig;
import dev.trishake.transport.packet.PacketLink;
import dev.trishake.transport.packet.TunLink;
import picocli.CommandLine.Option;

import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** What carries a tool's connections, what the kernel is called there, what we are, and on how many threads. */
final class TransportOptions
{
    /** What may come to a TUN device while our thread waits for a processor: 20 ms of 100,000 packets a second. */
    static final int QUEUE_LENGTH = 2000;

    private static final SecureRandom SECRETS = new SecureRandom();
    private static final int MAX_THREADS = 64;

    @Option(
        names = "--transport",
        paramLabel = "NAME",
        description = "epoll or nio: the kernel's TCP; tun or packet: ours (default: what --tun or --packet says," +
            " else epoll)")
    private Transport transport;

    @Option(
        names = "--tun", paramLabel = "NAME", description = "the TUN device; made if there is none, gone with the tool")
    private String tun;

    @Option(
        names = "--packet",
        paramLabel = "IFACE",
        description = "the interface; --address says which subnet is there, and the kernel must not have our address")
    private String packet;

    @Option(
        names = "--address",
        paramLabel = "ADDRESS/N",
        converter = Subnet.Converter.class,
        description = "the kernel's address there, with its subnet; again for IPv6")
    private List<Subnet> subnets = new ArrayList<>();

    @Option(
        names = "--engine-address",
        paramLabel = "ADDRESS",
        converter = Subnet.AddressConverter.class,
        description = "our address, another one of that subnet; again for IPv6")
    private List<InetAddress> engineAddresses = new ArrayList<>();

    @Option(
        names = "--gateway",
        paramLabel = "ADDRESS",
        converter = Subnet.AddressConverter.class,
        description = "with --packet: the way out of the subnet; again for IPv6")
    private List<InetAddress> gateways = new ArrayList<>();

    @Option(
        names = "--threads",
        defaultValue = "1",
        paramLabel = "N",
        description = "agents, a thread each (default: ${DEFAULT-VALUE})")
    private int threads;

    @Option(names = "--cpus", split = ",", paramLabel = "CPU", description = "pin each thread to one of these CPUs")
    private int[] cpus = {};

    @Option(
        names = "--idle",
        defaultValue = "backoff",
        paramLabel = "STRATEGY",
        description = "what a thread without work does: spin, yield, backoff, sleep-ns, sleep-ms" +
            " (default: ${DEFAULT-VALUE})")
    private String idle;

    @Option(
        names = "--counters",
        paramLabel = "FILE",
        description = "where 'stat' finds the counters (default: by process)")
    private Path counters;

    /** {@return what it is, by what was given} */
    Transport transport()
    {
        if (transport != null)
        {
            return transport;
        }
        return tun != null ? Transport.TUN : (packet != null ? Transport.PACKET : Transport.EPOLL);
    }

    /** {@return whether the kernel's own TCP is used} */
    boolean isKernels()
    {
        return transport() == Transport.EPOLL || transport() == Transport.NIO;
    }

    List<InetAddress> engineAddresses()
    {
        return engineAddresses;
    }

    int threads()
    {
        return threads;
    }

    /** {@return the device's name} */
    String device()
    {
        return tun == null ? packet : tun;
    }

    /** {@return what is wrong with the options, or null} */
    String mistake()
    {
        if (threads < 1 || threads > MAX_THREADS)
        {
            return "--threads must be 1 to " + MAX_THREADS;
        }
        if (cpus.length != 0 && cpus.length != threads)
        {
            return "--cpus must name one for each of the " + threads + " threads";
        }
        if (isKernels())
        {
            return tun == null && packet == null && engineAddresses.isEmpty() ? null :
                "--tun, --packet and --engine-address are for our own TCP: leave them or --transport out";
        }
        if (transport() == Transport.TUN ? tun == null : packet == null)
        {
            return "Missing required option: '--" + (transport() == Transport.TUN ? "tun=NAME'" : "packet=IFACE'");
        }
        if (engineAddresses.isEmpty() || subnets.isEmpty())
        {
            return "Missing required option: '" +
                (subnets.isEmpty() ? "--address=ADDRESS/N'" : "--engine-address=ADDRESS'");
        }
        return engineAddresses.stream().map(this::mistake).filter(text -> text != null).findFirst().orElse(null);
    }

    /** {@return what is wrong with the options of a client of this server, or null} */
    String mistakeOfClient(final Endpoint server)
    {
        if (mistake() != null || threads != 1)
        {
            return mistake() == null ? "a dialer has one thread" : mistake();
        }
        return isKernels() || engineAddresses.stream()
            .anyMatch(address -> address.getClass() == server.address().getClass()) ? null :
            "no --engine-address is of the address family of " + server + ": give one";
    }

    private String mistake(final InetAddress address)
    {
        final String text = Endpoint.text(address);
        if (subnets.stream().noneMatch(subnet -> subnet.contains(address)))
        {
            return "the kernel has no way to the engine address " + text +
                ": choose one of the subnet of an --address";
        }
        if (subnets.stream().anyMatch(subnet -> subnet.address().equals(address)))
        {
            return "the kernel keeps packets to its own address " + text + ": choose another one for the engine";
        }
        return null;
    }

    /**
     * {@return a configuration with one link, of that transport; devices are opened now}
     *
     * @param connections of each thread
     * @param tcp         adds to the configuration of our own TCP
     */
    EngineConfig engine(final int connections, final UnaryOperator<TcpConfig> tcp)
    {
        return engine().link(link(connections, tcp));
    }

    /** {@return a configuration without a link} */
    EngineConfig engine()
    {
        return new EngineConfig().agents(threads).cpus(cpus).countersFile(counters).idleStrategy(idle);
    }

    /** {@return the kernel's UDP, as that transport does it} */
    DatagramLinkFactory datagrams()
    {
        return transport() == Transport.NIO ? DatagramLinks.nio() : DatagramLinks.epoll();
    }

    private StreamLinkFactory link(final int connections, final UnaryOperator<TcpConfig> tcp)
    {
        if (transport() == Transport.EPOLL)
        {
            return Links.epoll(connections);
        }
        if (transport() == Transport.NIO)
        {
            return Links.nio(connections);
        }
        final Link[] links = transport() == Transport.TUN ? tuns() : packets();
        return Links.tcp(agent -> links[agent],
            () -> tcp.apply(new TcpConfig(SECRETS.nextLong(), SECRETS.nextLong()).connections(connections)),
            engineAddresses);
    }

    /** {@return queues of a device whose kernel side is up, with its addresses} */
    private Link[] tuns()
    {
        final TunLink[] links = threads == 1 ? new TunLink[] {TunLink.open(tun)} : TunLink.openQueues(tun, threads);
        try
        {
            final NetDevice device = new NetDevice(tun);
            for (final Subnet subnet : subnets)
            {
                device.address(subnet.address(), subnet.prefixLength());
            }
            device.queueLength(QUEUE_LENGTH);
            device.up();
        }
        catch (final DeviceException ex)
        {
            Arrays.stream(links).forEach(TunLink::close);
            throw ex;
        }
        return links;
    }

    private Link[] packets()
    {
        final PacketConfig config = new PacketConfig(packet);
        for (final InetAddress address : engineAddresses)
        {
            config.address(address, subnets.stream().filter(subnet -> subnet.contains(address)).findFirst()
                .orElseThrow().prefixLength());
        }
        gateways.forEach(config::gateway);
        return threads == 1 ? new Link[] {PacketLink.open(config)} : PacketLink.openShared(config, threads);
    }
}
