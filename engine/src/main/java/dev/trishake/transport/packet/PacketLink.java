// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.transport.CounterVisitor;
import dev.trishake.transport.DeviceException;
import dev.trishake.transport.Link;
import dev.trishake.transport.linux.EpollCalls;
import dev.trishake.transport.linux.Libc;
import dev.trishake.wire.ip.EtherType;
import dev.trishake.wire.ip.EthernetFlyweight;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.ip.Ipv6Flyweight;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * IP packets from and to an Ethernet interface, past the kernel's own TCP/IP: a packet socket (packet(7)).
 *
 * <pre>
 *  interface ─► filter ─► ring of the kernel's memory ─┬─ IP packets for us ──────────────► ingress ring
 *                                                      └─ ARP, NDP ─► NeighbourDiscovery ─┐
 *  interface ◄─ sendmmsg ◄─ FrameSender ◄─ NextHops ◄─ egress ring                        │
 *                               ▲────────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>The rings have IP packets ({@link Link#LINKTYPE_RAW}): Ethernet is the link's business. It answers for our
 * addresses, learns its neighbours from what they say and send, and asks for those it has never heard of.
 *
 * <p>Packets that a kernel of this machine has sent without a checksum get theirs here. Packets of up to 64 KiB come
 * whole (segmentation that was left to a card that was never there) if the ingress ring takes them; what does not fit
 * into its place in the kernel's ring costs a read. What has a VLAN tag is not ours: use the VLAN's own interface.
 *
 * <p>Nothing throws once the link is open. While the interface is down what is sent is dropped and counted; once it was
 * removed the link {@link #isGone()}, which it notices within a second.
 */
public final class PacketLink implements Link
{
    private static final long CHECK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int DISCOVERY_BLOCKS = 2;
    private static final int MAX_FRAME_LENGTH = EthernetFlyweight.HEADER_LENGTH + 2 * EthernetFlyweight.TAG_LENGTH + 0xffff;
    /** So that the IP header begins at a multiple of 8. */
    private static final int LEAD = 2;
    private static final int IPV4_SOURCE_OFFSET = 12;
    private static final int IPV4_DESTINATION_OFFSET = 16;

    private final String name;
    private final PacketSocket traffic;
    /** Where several links share the interface: ARP and NDP, of which each must hear all; else null. */
    private final PacketSocket discoverySocket;
    private final EpollCalls epoll = new EpollCalls();
    private final UnsafeBuffer event =
        new UnsafeBuffer(BufferUtil.allocateDirectAligned(EpollCalls.EVENT_LENGTH, Long.BYTES));
    private final int epollFd;
    private final FrameSender sender;
    private final Neighbours neighbours;
    private final NeighbourDiscovery discovery;
    private final NextHops nextHops;
    private final PartialChecksum partialChecksum = new PartialChecksum();
    private final EthernetFlyweight ethernet = new EthernetFlyweight();
    private final Ipv6Flyweight ipv6 = new Ipv6Flyweight();
    private final UnsafeBuffer large =
        new UnsafeBuffer(BufferUtil.allocateDirectAligned(LEAD + MAX_FRAME_LENGTH, Long.BYTES));
    private final ControlledMessageHandler toFrames = this::toFrame;
    /** Of the frame that did not fit into its place in the ring, 0 when it was not read yet. */
    private int largeLength;
    private long nowNs;
    private long lastCheckNs = Long.MIN_VALUE / 2;
    private boolean closed;
    private boolean gone;

    private long received;
    private long completed;
    private long oversized;
    private long truncated;
    private long foreign;
    private long dead;
    private long kernelDrops;

    private PacketLink(final PacketConfig config, final boolean shared, final boolean answers)
    {
        final AddressPrefix[] own = config.own.toArray(AddressPrefix[]::new);
        name = config.name;
        traffic = new PacketSocket(config, config.blocks, PacketFilter.of(own, true, !shared), !shared);
        PacketSocket second = null;
        try
        {
            second = shared ?
                new PacketSocket(config, DISCOVERY_BLOCKS, PacketFilter.of(own, false, true), true) : null;
        }
        catch (final DeviceException ex)
        {
            traffic.close();
            throw ex;
        }
        discoverySocket = second;
        epollFd = epoll.epollCreate1(EpollCalls.EPOLL_CLOEXEC);
        sender = new FrameSender(traffic.fd);
        neighbours = new Neighbours(config.neighbours, new SecureRandom().nextLong());
        discovery = new NeighbourDiscovery(own, traffic.hardware(), answers, neighbours, sender);
        nextHops = new NextHops(
            config.onLink.toArray(AddressPrefix[]::new),
            config.gateway6 == null ? 0 : AddressPrefix.high(config.gateway6),
            config.gateway6 == null ? 0 : AddressPrefix.low(config.gateway6),
            config.gateway4 == null ? 0 : AddressPrefix.low(config.gateway4),
            traffic.hardware(), traffic.mtu(), neighbours, discovery, sender);
        if (epollFd < 0)
        {
            close();
            throw PacketSocket.failure(name, "epoll_create1", -epollFd);
        }
        watch(traffic);
        if (discoverySocket != null)
        {
            watch(discoverySocket);
        }
        enterNeighbours(config);
    }

    /**
     * {@return a link}
     *
     * @param config which interface, which addresses
     * @throws DeviceException               when that can't be
     * @throws UnsupportedOperationException unless {@link Libc#SUPPORTED}
     */
    public static PacketLink open(final PacketConfig config)
    {
        return new PacketLink(config, false, true);
    }

    /**
     * {@return links that share an interface and its addresses, each for an agent of its own}. A flow's packets all come
     * to one of them (PACKET_FANOUT, by the hash of the flow); the first one answers ARP and NDP.
     *
     * @param config which interface, which addresses
     * @param count  at least 1
     * @throws DeviceException               when that can't be
     * @throws UnsupportedOperationException unless {@link Libc#SUPPORTED}
     */
    public static PacketLink[] openShared(final PacketConfig config, final int count)
    {
        final PacketLink[] links = new PacketLink[count];
        int opened = 0;
        try
        {
            int group = 0;
            for (; opened < count; opened++)
            {
                final PacketLink link = new PacketLink(config, true, opened == 0);
                links[opened] = link;
                if (opened == 0)
                {
                    group = link.traffic.beginFanout();
                }
                else
                {
                    link.traffic.joinFanout(group);
                }
            }
            return links;
        }
        catch (final DeviceException ex)
        {
            for (final PacketLink link : links)
            {
                if (link != null)
                {
                    link.close();
                }
            }
            throw ex;
        }
    }

    /**
     * {@return the name of the interface, as it was when the link was opened}
     */
    public String name()
    {
        return name;
    }

    /**
     * {@return the interface's link-layer address, the low 48 bits}
     */
    public long hardwareAddress()
    {
        return traffic.hardware();
    }

    @Override
    public int linkType()
    {
        return LINKTYPE_RAW;
    }

    @Override
    public int poll(final OneToOneRingBuffer ingress, final long now, final int limit)
    {
        if (closed || gone)
        {
            return 0;
        }
        nowNs = now;
        int handled = discoverySocket == null ? 0 : read(discoverySocket, ingress, limit);
        handled += read(traffic, ingress, limit - handled);
        nextHops.onTimers(now);
        sender.flush();
        check(handled);
        return handled;
    }

    @Override
    public int flush(final OneToOneRingBuffer egress, final long now, final int limit)
    {
        if (closed)
        {
            return 0;
        }
        nowNs = now;
        // one read ends where the ring wraps
        final int beforeWrap = egress.controlledRead(toFrames, limit);
        final int taken = beforeWrap == limit ?
            limit : beforeWrap + egress.controlledRead(toFrames, limit - beforeWrap);
        sender.flush();
        return taken;
    }

    /**
     * Waits until there is a packet to poll, for tools that have nothing else to do. May end early.
     *
     * @param timeoutMs milliseconds; 0 does not wait, -1 waits for ever
     * @return whether there is something to poll
     */
    public boolean await(final int timeoutMs)
    {
        if (closed || gone)
        {
            return false;
        }
        return traffic.ring().next() || (discoverySocket != null && discoverySocket.ring().next()) ||
            epoll.epollWait(epollFd, event.addressOffset(), 1, timeoutMs) > 0;
    }

    @Override
    public boolean isGone()
    {
        return gone;
    }

    @Override
    public void visitCounters(final CounterVisitor visitor)
    {
        visitor.onCounter("LinkReceived", received);
        visitor.onCounter("LinkChecksumsCompleted", completed);
        visitor.onCounter("LinkOversized", oversized);
        visitor.onCounter("LinkTruncated", truncated);
        visitor.onCounter("LinkForeign", foreign);
        visitor.onCounter("LinkKernelDrops", kernelDrops);
        sender.visitCounters(visitor);
        visitor.onCounter("LinkDead", dead);
        nextHops.visitCounters(visitor);
        discovery.visitCounters(visitor);
    }

    /**
     * {@return packets that have gone to an ingress ring}
     */
    public long received()
    {
        return received;
    }

    /**
     * {@return frames that the kernel has taken, those of ARP and NDP included}
     */
    public long sent()
    {
        return sender.sent();
    }

    /**
     * {@return the error number of the last frame that the kernel refused, 0 when it has refused none}
     */
    public int lastErrno()
    {
        return sender.lastErrno();
    }

    @Override
    public void close()
    {
        if (closed)
        {
            return;
        }
        closed = true;
        if (epollFd >= 0)
        {
            traffic.libc.close(epollFd);
        }
        traffic.close();
        if (discoverySocket != null)
        {
            discoverySocket.close();
        }
    }

    private void watch(final PacketSocket socket)
    {
        event.putInt(0, EpollCalls.EPOLLIN);
        epoll.epollCtl(epollFd, EpollCalls.EPOLL_CTL_ADD, socket.fd, event.addressOffset());
    }

    private void enterNeighbours(final PacketConfig config)
    {
        for (int i = 0; i < config.neighbourAddresses.size(); i++)
        {
            final long high = AddressPrefix.high(config.neighbourAddresses.get(i));
            final long low = AddressPrefix.low(config.neighbourAddresses.get(i));
            if (!neighbours.permanent(high, low, config.neighbourHardware.get(i)))
            {
                close();
                throw new DeviceException("the neighbours of the interface " + name +
                    " do not fit into their table: make it larger, or name fewer");
            }
        }
    }

    private int read(final PacketSocket socket, final OneToOneRingBuffer ingress, final int limit)
    {
        final ReceiveRing ring = socket.ring();
        int handled = 0;
        while (handled < limit && ring.next() && take(socket, ring, ingress))
        {
            ring.release();
            largeLength = 0;
            handled++;
        }
        return handled;
    }

    /** {@return false when the frame must wait for room in the ring} */
    private boolean take(final PacketSocket socket, final ReceiveRing ring, final OneToOneRingBuffer ingress)
    {
        final int status = ring.status();
        final boolean isLarge = (status & ReceiveRing.TP_STATUS_COPY) != 0;
        if (isLarge && largeLength == 0)
        {
            largeLength = socket.read(large.addressOffset() + LEAD, MAX_FRAME_LENGTH);
        }
        if (isLarge ? largeLength <= 0 : !ring.isWhole())
        {
            truncated++;
            return true;
        }
        final AtomicBuffer buffer = isLarge ? large : ring.buffer();
        final int offset = isLarge ? LEAD : ring.offset();
        final int frameLength = isLarge ? largeLength : ring.length();
        if ((status & ReceiveRing.TP_STATUS_VLAN_VALID) != 0 || !ethernet.wrap(buffer, offset, frameLength))
        {
            foreign++;
            return true;
        }
        final int payload = ethernet.payloadOffset();
        final int length = ethernet.payloadLength();
        final boolean isForUs = switch (ethernet.etherType())
        {
            case EtherType.ARP ->
            {
                discovery.onArp(buffer, payload, length, nowNs);
                yield false;
            }
            case EtherType.IPV4 -> isIpv4ForUs(ring, buffer, payload, length);
            case EtherType.IPV6 -> isIpv6ForUs(ring, buffer, payload, length);
            default ->
            {
                foreign++;
                yield false;
            }
        };
        return !isForUs || move(buffer, payload, length, status, ingress);
    }

    private boolean isIpv4ForUs(
        final ReceiveRing ring, final AtomicBuffer buffer, final int offset, final int length)
    {
        if (ring.packetType() != ReceiveRing.PACKET_HOST || length < Ipv4Flyweight.MIN_HEADER_LENGTH ||
            !discovery.isOwn(0, AddressPrefix.ipv4(buffer.getInt(offset + IPV4_DESTINATION_OFFSET, BIG_ENDIAN))))
        {
            foreign++;
            return false;
        }
        neighbours.observe(
            0, AddressPrefix.ipv4(buffer.getInt(offset + IPV4_SOURCE_OFFSET, BIG_ENDIAN)), ethernet.source(), nowNs);
        return true;
    }

    private boolean isIpv6ForUs(
        final ReceiveRing ring, final AtomicBuffer buffer, final int offset, final int length)
    {
        if (!ipv6.wrap(buffer, offset, length))
        {
            foreign++;
            return false;
        }
        if (discovery.onIpv6(buffer, ipv6, nowNs))
        {
            return false;
        }
        if (ring.packetType() != ReceiveRing.PACKET_HOST ||
            !discovery.isOwn(ipv6.destinationHigh(), ipv6.destinationLow()))
        {
            foreign++;
            return false;
        }
        neighbours.observe(ipv6.sourceHigh(), ipv6.sourceLow(), ethernet.source(), nowNs);
        return true;
    }

    private boolean move(
        final AtomicBuffer buffer, final int offset, final int length, final int status,
        final OneToOneRingBuffer ingress)
    {
        if (length > ingress.maxMsgLength())
        {
            oversized++;
            return true;
        }
        final int index = ingress.tryClaim(PACKET, length);
        if (index <= 0)
        {
            return false;
        }
        ingress.buffer().putBytes(index, buffer, offset, length);
        if ((status & ReceiveRing.TP_STATUS_CSUMNOTREADY) != 0 &&
            partialChecksum.complete(ingress.buffer(), index, length))
        {
            completed++;
        }
        ingress.commit(index);
        received++;
        return true;
    }

    private ControlledMessageHandler.Action toFrame(
        final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        if (gone)
        {
            dead++;
        }
        else if (msgTypeId != PACKET)
        {
            foreign++;
        }
        else if (nextHops.send(buffer, index, length, nowNs) == NextHops.NO_ROOM)
        {
            return ControlledMessageHandler.Action.ABORT;
        }
        return ControlledMessageHandler.Action.CONTINUE;
    }

    /** Once a second, when there is nothing else to do: is the interface still there? */
    private void check(final int handled)
    {
        if (handled == 0 && nowNs - lastCheckNs >= CHECK_INTERVAL_NS)
        {
            lastCheckNs = nowNs;
            kernelDrops = traffic.kernelDrops();
            gone = !traffic.exists();
        }
    }
}
