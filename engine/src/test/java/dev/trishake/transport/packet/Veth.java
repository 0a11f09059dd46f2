// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.transport.linux.Libc;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * A {@link VethPair} with both ends in the network namespace of the calling thread: the kernel has addresses on one,
 * the engine takes the other.
 */
public final class Veth
{
    /** The kernel's end. */
    public static final String KERNEL = "tskk";

    /** The engine's end. */
    public static final String ENGINE = "tske";

    /** The kernel's addresses. */
    public static final InetAddress KERNEL_4 = InetAddress.ofLiteral("10.9.0.1");

    /** The kernel's addresses. */
    public static final InetAddress KERNEL_6 = InetAddress.ofLiteral("fd09::1");

    /** The engine's addresses. */
    public static final InetAddress ENGINE_4 = InetAddress.ofLiteral("10.9.0.2");

    /** The engine's addresses. */
    public static final InetAddress ENGINE_6 = InetAddress.ofLiteral("fd09::2");

    /** Link-layer address of the kernel's end; locally administered. */
    public static final long KERNEL_MAC = 0x02_00_00_09_00_01L;

    /** Link-layer address of the engine's end. */
    public static final long ENGINE_MAC = 0x02_00_00_09_00_02L;

    private static final ThreadLocal<Boolean> MADE = ThreadLocal.withInitial(() -> false);

    private Veth()
    {
    }

    /**
     * Makes the pair; does nothing when the thread has made it.
     *
     * @throws Exception when it can't be
     */
    public static void make() throws Exception
    {
        if (MADE.get())
        {
            return;
        }
        MADE.set(true);
        final int here = VethPair.namespaceOfThisThread();
        VethPair.create(KERNEL, KERNEL_MAC, ENGINE, ENGINE_MAC, here);
        new Libc().close(here);
        for (final String name : new String[] {KERNEL, ENGINE})
        {
            sysctl("ipv6/conf/" + name + "/accept_dad", "0"); // nobody else is there: no second of waiting
            sysctl("ipv6/conf/" + name + "/router_solicitations", "0");
        }
        new NetDevice(ENGINE).up();
        final NetDevice device = new NetDevice(KERNEL);
        device.address(KERNEL_4, 24);
        device.address(KERNEL_6, 64);
        device.up();
    }

    /**
     * {@return the engine's configuration for its end}
     */
    public static PacketConfig config()
    {
        return new PacketConfig(ENGINE).address(ENGINE_4, 24).address(ENGINE_6, 64);
    }

    /**
     * Sets one of net's.
     *
     * @param name  below net, with slashes
     * @param value what to
     * @throws IOException when it can't be
     */
    public static void sysctl(final String name, final String value) throws IOException
    {
        Files.writeString(Path.of("/proc/sys/net/" + name), value); // that of the calling thread's namespace
    }

    /**
     * Runs ip(8).
     *
     * @param arguments its
     * @throws Exception when it can't be run or fails
     */
    public static void ip(final String... arguments) throws Exception
    {
        final String[] command = new String[arguments.length + 1];
        command[0] = "ip";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    }
}
