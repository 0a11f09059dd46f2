// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.tcp.TcpConfig;
import dev.trishake.transport.DeviceException;
import dev.trishake.transport.packet.NetDevice;
import dev.trishake.transport.packet.TunLink;
import picocli.CommandLine.Option;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.List;

/** Which TUN device, what the kernel is called there, and what we are. */
final class TunOptions
{
    /** What may come while our thread waits for a processor: 20 ms of 100,000 packets a second. */
    static final int QUEUE_LENGTH = 2000;

    private static final SecureRandom SECRETS = new SecureRandom();

    @Option(
        names = "--tun",
        required = true,
        paramLabel = "NAME",
        description = "the TUN device; made if there is none, and gone with the tool")
    private String name;

    @Option(
        names = "--address",
        required = true,
        paramLabel = "ADDRESS/N",
        converter = Subnet.Converter.class,
        description = "the kernel's address there, with its subnet; again for IPv6")
    private List<Subnet> subnets;

    @Option(
        names = "--engine-address",
        required = true,
        paramLabel = "ADDRESS",
        converter = Subnet.AddressConverter.class,
        description = "our address, another one of that subnet; again for IPv6")
    private List<InetAddress> engineAddresses;

    List<InetAddress> engineAddresses()
    {
        return engineAddresses;
    }

    /** {@return a link whose kernel side is up, with its addresses} */
    TunLink open()
    {
        for (final InetAddress address : engineAddresses)
        {
            check(address);
        }
        final TunLink link = TunLink.open(name);
        try
        {
            final NetDevice device = new NetDevice(name);
            for (final Subnet subnet : subnets)
            {
                device.address(subnet.address(), subnet.prefixLength());
            }
            device.queueLength(QUEUE_LENGTH);
            device.up();
        }
        catch (final DeviceException ex)
        {
            link.close();
            throw ex;
        }
        return link;
    }

    /** {@return a configuration with our addresses and fresh secrets} */
    TcpConfig config()
    {
        final TcpConfig config = new TcpConfig(SECRETS.nextLong(), SECRETS.nextLong());
        for (final InetAddress address : engineAddresses)
        {
            config.address(Endpoint.high(address), Endpoint.low(address));
        }
        return config;
    }

    private void check(final InetAddress address)
    {
        final String text = Endpoint.text(address);
        if (subnets.stream().noneMatch(subnet -> subnet.contains(address)))
        {
            throw new DeviceException("the kernel has no way to the engine address " + text +
                ": choose one of the subnet of an --address");
        }
        if (subnets.stream().anyMatch(subnet -> subnet.address().equals(address)))
        {
            throw new DeviceException("the kernel keeps packets to its own address " + text +
                ": choose another one for the engine");
        }
    }
}
