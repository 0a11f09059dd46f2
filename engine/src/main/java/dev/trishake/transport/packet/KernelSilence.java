// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.transport.DeviceException;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps the kernel from answering TCP segments for an address that it has itself and the engine serves: it would send a
 * RST before our SYN-ACK. A rule of nftables at the interface's ingress hides them from it, where packet sockets of all
 * protocols (a {@link PacketLink} is one) have already seen them. Not needed for addresses that the kernel does not
 * have.
 *
 * <p>For set-up: runs {@code nft}, allocates and throws. The rule goes with {@link #close()}; a process that is killed
 * leaves it behind ({@code nft delete table netdev NAME}).
 */
public final class KernelSilence implements AutoCloseable
{
    private static final long PATIENCE_S = 10;
    private static final int MAX_PORT = 0xffff;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final String table;
    private boolean closed;

    private KernelSilence(final String table)
    {
        this.table = table;
    }

    /**
     * {@return the rule, in force}
     *
     * @param interfaceName where the segments come in
     * @param address       theirs and ours
     * @param firstPort     of those that are the engine's, 1 to 65535
     * @param lastPort      of those, at least the first
     * @throws DeviceException when it can't be made
     */
    public static KernelSilence begin(
        final String interfaceName, final InetAddress address, final int firstPort, final int lastPort)
    {
        InterfaceRequest.checkName(interfaceName);
        if (interfaceName.indexOf('"') >= 0 || firstPort < 1 || lastPort < firstPort || lastPort > MAX_PORT)
        {
            throw new IllegalArgumentException(
                "no such ports or interface: " + firstPort + " to " + lastPort + ", " + interfaceName);
        }
        final KernelSilence rule =
            new KernelSilence("trishake_" + ProcessHandle.current().pid() + "_" + NUMBERS.incrementAndGet());
        final String family = address instanceof Inet6Address ? "ip6" : "ip";
        rule.run("table netdev " + rule.table + " {\nchain ingress {\n" +
            "type filter hook ingress device \"" + interfaceName + "\" priority 0;\n" +
            family + " daddr " + address.getHostAddress() + " tcp dport " + firstPort + "-" + lastPort + " drop\n" +
            "}\n}\n");
        return rule;
    }

    /** Takes the rule away; twice is no fault. */
    @Override
    public void close()
    {
        if (!closed)
        {
            closed = true;
            run("delete table netdev " + table + "\n");
        }
    }

    private void run(final String commands)
    {
        try
        {
            final Process nft = new ProcessBuilder("nft", "-f", "-").redirectErrorStream(true).start();
            try (OutputStream in = nft.getOutputStream())
            {
                in.write(commands.getBytes(StandardCharsets.US_ASCII));
            }
            final String said = new String(nft.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            if (!nft.waitFor(PATIENCE_S, TimeUnit.SECONDS) || nft.exitValue() != 0)
            {
                nft.destroyForcibly();
                throw new DeviceException("cannot silence the kernel: nft says \"" +
                    said.lines().findFirst().orElse("") + "\"; run as root, with nftables in the kernel, or use an" +
                    " address that the kernel does not have");
            }
        }
        catch (final IOException ex)
        {
            throw new DeviceException("cannot silence the kernel: nft is missing; install nftables, or use an address" +
                " that the kernel does not have");
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new DeviceException("cannot silence the kernel: interrupted; try again");
        }
    }
}
