// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** What a {@link PacketLink} is to be: our addresses on an interface, and the way to others. Fluent, for set-up. */
public final class PacketConfig
{
    static final int MAX_ADDRESSES = 64;

    private static final int DEFAULT_BLOCK_LENGTH = 1 << 18;
    private static final int DEFAULT_BLOCKS = 16;
    private static final int DEFAULT_NEIGHBOURS = 1 << 12;

    final String name;
    final List<AddressPrefix> own = new ArrayList<>();
    final List<AddressPrefix> onLink = new ArrayList<>();
    final List<InetAddress> neighbourAddresses = new ArrayList<>();
    final List<Long> neighbourHardware = new ArrayList<>();
    InetAddress gateway4;
    InetAddress gateway6;
    int blockLength = DEFAULT_BLOCK_LENGTH;
    int blocks = DEFAULT_BLOCKS;
    int neighbours = DEFAULT_NEIGHBOURS;
    boolean bypassQdisc;
    boolean blockwise;

    /**
     * For an interface.
     *
     * @param name of an Ethernet interface that there is
     */
    public PacketConfig(final String name)
    {
        InterfaceRequest.checkName(name);
        this.name = name;
    }

    /**
     * {@return this, with an address of ours} The kernel should not have it: it would answer too, with RSTs.
     *
     * @param address      ours
     * @param prefixLength of its subnet, whose other addresses are reached directly; 0 to 32 or 128
     */
    public PacketConfig address(final InetAddress address, final int prefixLength)
    {
        own.add(AddressPrefix.of(address, address instanceof Inet6Address ? AddressPrefix.MAX_LENGTH : Integer.SIZE));
        onLink.add(AddressPrefix.of(address, prefixLength));
        return checked();
    }

    /**
     * {@return this, with all addresses of a subnet as ours}
     *
     * @param network      one of them
     * @param prefixLength how many bits they have in common, 0 to 32 or 128
     */
    public PacketConfig addresses(final InetAddress network, final int prefixLength)
    {
        own.add(AddressPrefix.of(network, prefixLength));
        return checked();
    }

    /**
     * {@return this, with a router for what is not reached directly} There may be one for IPv4 and one for IPv6.
     *
     * @param gateway its address, which is reached directly
     */
    public PacketConfig gateway(final InetAddress gateway)
    {
        if (gateway instanceof Inet6Address)
        {
            gateway6 = gateway;
        }
        else
        {
            gateway4 = gateway;
        }
        return this;
    }

    /**
     * {@return this, with a neighbour that is never asked for}
     *
     * @param address  its IP address
     * @param hardware its link-layer address, the low 48 bits
     */
    public PacketConfig neighbour(final InetAddress address, final long hardware)
    {
        neighbourAddresses.add(address);
        neighbourHardware.add(hardware);
        return this;
    }

    /**
     * {@return this, with a receive ring of so many blocks}
     *
     * @param blocks      at least 2
     * @param blockLength bytes, a power of two of at least 131,072: a block holds the longest frame
     */
    public PacketConfig ring(final int blocks, final int blockLength)
    {
        final int longestFrame = 1 << 17;
        if (blocks < 2 || Integer.bitCount(blockLength) != 1 || blockLength < longestFrame ||
            (long)blocks * blockLength > 1 << 30)
        {
            throw new IllegalArgumentException("a ring needs 2 blocks, of a power of two of at least " + longestFrame +
                " bytes, and 1 GiB at most: " + blocks + " * " + blockLength);
        }
        this.blocks = blocks;
        this.blockLength = blockLength;
        return this;
    }

    /**
     * {@return this, with room for so many neighbours}
     *
     * @param count a power of two, at least 4
     */
    public PacketConfig neighbours(final int count)
    {
        this.neighbours = count;
        return this;
    }

    /**
     * {@return this, sending past the interface's queueing discipline or not} (PACKET_QDISC_BYPASS: a full device drops
     * what it would have queued.)
     *
     * @param on whether to send past it
     */
    public PacketConfig bypassQdisc(final boolean on)
    {
        this.bypassQdisc = on;
        return this;
    }

    /**
     * {@return this, receiving block by block or not} (TPACKET_V3 instead of V2.) Then a packet waits until its block is
     * full or one to two ticks of the kernel's clock have passed: for captures, not for handshakes.
     *
     * @param on whether to
     */
    public PacketConfig blockwise(final boolean on)
    {
        this.blockwise = on;
        return this;
    }

    private PacketConfig checked()
    {
        if (own.size() > MAX_ADDRESSES)
        {
            throw new IllegalArgumentException("more than " + MAX_ADDRESSES + " addresses: name subnets instead");
        }
        return this;
    }
}
