// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.transport.CounterVisitor;
import dev.trishake.wire.ip.EtherType;
import dev.trishake.wire.ip.EthernetEncoder;
import dev.trishake.wire.ip.EthernetFlyweight;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.ip.Ipv6Flyweight;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.concurrent.TimeUnit;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * Puts IP packets into frames: finds whose link-layer address a packet goes to, and asks for it where nobody knows. The
 * last packet for an address that is asked for is kept (RFC 1122 2.3.2.2), for so many addresses at a time; others are
 * dropped and counted: what they belong to sends them again.
 */
final class NextHops
{
    /** {@link #send}: the packet has gone, is kept, or can't go: it is done with. */
    static final boolean TAKEN = true;
    /** {@link #send}: there is no room for a frame now. */
    static final boolean NO_ROOM = false;

    /** RFC 4861 10: MAX_MULTICAST_SOLICIT, RETRANS_TIMER. */
    static final int MAX_REQUESTS = 3;
    static final long RETRANSMIT_NS = TimeUnit.SECONDS.toNanos(1);

    private static final int PENDING = 64;
    /** How often at most somebody who is known is asked whether that is still so. */
    private static final long REFRESH_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int IPV4_SOURCE_OFFSET = 12;
    private static final int IPV4_DESTINATION_OFFSET = 16;
    private static final int IPV6_SOURCE_OFFSET = 8;
    private static final int IPV6_DESTINATION_OFFSET = 24;

    private final AddressPrefix[] onLink;
    private final long gatewayIpv4;
    private final long gatewayIpv6High;
    private final long gatewayIpv6Low;
    private final Neighbours neighbours;
    private final NeighbourDiscovery discovery;
    private final FrameOutput output;
    private final long hardware;
    private final int maxHeld;
    private final EthernetEncoder ethernet = new EthernetEncoder();

    private final UnsafeBuffer held;
    private final long[] pendingHigh = new long[PENDING];
    private final long[] pendingLow = new long[PENDING];
    private final long[] nextRequestNs = new long[PENDING];
    private final int[] requests = new int[PENDING];
    /** 0 where nothing is pending. */
    private final int[] heldLength = new int[PENDING];
    private int pending;
    private long lastRefreshNs = Long.MIN_VALUE / 2;

    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private long malformed;
    private long unresolved;
    private long noRoute;

    /**
     * For one link.
     *
     * @param onLink      addresses that are reached directly
     * @param gatewayHigh of IPv6, 0 with a low of 0 for none
     * @param gatewayLow  its lower half
     * @param gatewayIpv4 IPv4-mapped, 0 for none
     * @param hardware    our link-layer address
     * @param mtu         longest packet that can be kept
     * @param neighbours  who is known
     * @param discovery   asks
     * @param output      where frames go
     */
    NextHops(
        final AddressPrefix[] onLink, final long gatewayHigh, final long gatewayLow, final long gatewayIpv4,
        final long hardware, final int mtu, final Neighbours neighbours, final NeighbourDiscovery discovery,
        final FrameOutput output)
    {
        this.onLink = onLink.clone();
        this.gatewayIpv6High = gatewayHigh;
        this.gatewayIpv6Low = gatewayLow;
        this.gatewayIpv4 = gatewayIpv4;
        this.neighbours = neighbours;
        this.discovery = discovery;
        this.output = output;
        this.hardware = hardware;
        maxHeld = mtu;
        held = new UnsafeBuffer(BufferUtil.allocateDirectAligned(PENDING * maxHeld, Long.BYTES));
    }

    /** {@return {@link #TAKEN} or {@link #NO_ROOM}} */
    boolean send(final DirectBuffer buffer, final int offset, final int length, final long nowNs)
    {
        if (!readAddresses(buffer, offset, length))
        {
            malformed++;
            return TAKEN;
        }
        long hopHigh = destinationHigh;
        long hopLow = destinationLow;
        long to = neighbours.find(hopHigh, hopLow, nowNs);
        if (to == Neighbours.UNKNOWN && !isOnLink(hopHigh, hopLow))
        {
            final boolean isIpv4 = AddressPrefix.isIpv4(hopHigh, hopLow);
            hopHigh = isIpv4 ? 0 : gatewayIpv6High;
            hopLow = isIpv4 ? gatewayIpv4 : gatewayIpv6Low;
            if ((hopHigh | hopLow) == 0)
            {
                noRoute++;
                return TAKEN;
            }
            to = neighbours.find(hopHigh, hopLow, nowNs);
        }
        if (to == Neighbours.UNKNOWN)
        {
            hold(buffer, offset, length, hopHigh, hopLow, nowNs);
            return TAKEN;
        }
        if (nowNs - lastRefreshNs >= REFRESH_NS && neighbours.isStale(hopHigh, hopLow, nowNs))
        {
            lastRefreshNs = nowNs;
            discovery.request(sourceHigh, sourceLow, hopHigh, hopLow);
        }
        return frame(to, buffer, offset, length);
    }

    /** Asks again, sends what was kept for those who are known by now, gives up what nobody has answered. */
    void onTimers(final long nowNs)
    {
        for (int i = 0; pending > 0 && i < PENDING; i++)
        {
            if (heldLength[i] == 0)
            {
                continue;
            }
            final long to = neighbours.find(pendingHigh[i], pendingLow[i], nowNs);
            if (to != Neighbours.UNKNOWN)
            {
                if (frame(to, held, i * maxHeld, heldLength[i]))
                {
                    forget(i);
                }
            }
            else if (nowNs - nextRequestNs[i] >= 0)
            {
                if (requests[i] == MAX_REQUESTS)
                {
                    unresolved++;
                    forget(i);
                }
                else if (readAddresses(held, i * maxHeld, heldLength[i]))
                {
                    request(i, nowNs);
                }
            }
        }
    }

    int pending()
    {
        return pending;
    }

    void visitCounters(final CounterVisitor visitor)
    {
        visitor.onCounter("LinkMalformed", malformed);
        visitor.onCounter("LinkNoRoute", noRoute);
        visitor.onCounter("LinkUnresolved", unresolved);
    }

    private void hold(
        final DirectBuffer buffer, final int offset, final int length, final long high, final long low,
        final long nowNs)
    {
        int slot = -1;
        for (int i = 0; i < PENDING; i++)
        {
            if (heldLength[i] != 0 && pendingLow[i] == low && pendingHigh[i] == high)
            {
                slot = i;
                break;
            }
            if (heldLength[i] == 0 && slot < 0)
            {
                slot = i;
            }
        }
        if (slot < 0 || length > maxHeld)
        {
            unresolved++;
            return;
        }
        final boolean isNew = heldLength[slot] == 0;
        unresolved += isNew ? 0 : 1; // the last one takes the place of the one before
        held.putBytes(slot * maxHeld, buffer, offset, length);
        heldLength[slot] = length;
        if (isNew)
        {
            pending++;
            pendingHigh[slot] = high;
            pendingLow[slot] = low;
            requests[slot] = 0;
            request(slot, nowNs);
        }
    }

    private void request(final int slot, final long nowNs)
    {
        if (discovery.request(sourceHigh, sourceLow, pendingHigh[slot], pendingLow[slot]))
        {
            requests[slot]++;
            nextRequestNs[slot] = nowNs + RETRANSMIT_NS;
        }
        else
        {
            nextRequestNs[slot] = nowNs;
        }
    }

    private void forget(final int slot)
    {
        heldLength[slot] = 0;
        pending--;
    }

    private boolean frame(final long to, final DirectBuffer buffer, final int offset, final int length)
    {
        final int index = output.claim(EthernetFlyweight.HEADER_LENGTH + length);
        if (index == FrameOutput.NO_ROOM)
        {
            return NO_ROOM;
        }
        final int etherType = version(buffer, offset) == 4 ? EtherType.IPV4 : EtherType.IPV6;
        final int payload = ethernet.init(output.buffer(), index).destination(to).source(hardware)
            .etherType(etherType).payloadOffset();
        output.buffer().putBytes(payload, buffer, offset, length);
        output.commit();
        return TAKEN;
    }

    private boolean isOnLink(final long high, final long low)
    {
        for (int i = 0; i < onLink.length; i++)
        {
            if (onLink[i].contains(high, low))
            {
                return true;
            }
        }
        return false;
    }

    private boolean readAddresses(final DirectBuffer buffer, final int offset, final int length)
    {
        final int version = length < Ipv4Flyweight.MIN_HEADER_LENGTH ? 0 : version(buffer, offset);
        if (version == 4)
        {
            sourceHigh = 0;
            destinationHigh = 0;
            sourceLow = AddressPrefix.ipv4(buffer.getInt(offset + IPV4_SOURCE_OFFSET, BIG_ENDIAN));
            destinationLow = AddressPrefix.ipv4(buffer.getInt(offset + IPV4_DESTINATION_OFFSET, BIG_ENDIAN));
            return true;
        }
        if (version != 6 || length < Ipv6Flyweight.HEADER_LENGTH)
        {
            return false;
        }
        sourceHigh = buffer.getLong(offset + IPV6_SOURCE_OFFSET, BIG_ENDIAN);
        sourceLow = buffer.getLong(offset + IPV6_SOURCE_OFFSET + Long.BYTES, BIG_ENDIAN);
        destinationHigh = buffer.getLong(offset + IPV6_DESTINATION_OFFSET, BIG_ENDIAN);
        destinationLow = buffer.getLong(offset + IPV6_DESTINATION_OFFSET + Long.BYTES, BIG_ENDIAN);
        return true;
    }

    private static int version(final DirectBuffer buffer, final int offset)
    {
        return buffer.getByte(offset) >>> 4 & 0xf;
    }
}
