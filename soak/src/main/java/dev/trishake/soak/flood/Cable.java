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

/**
 * Two network namespaces with a veth pair between them.
 *
 * <pre>
 *  outside: flooder, clients             inside: the listener
 *  [ flood0 10.9.0.1 ] ═══════ veth ═══════ [ victim0 ]
 * </pre>
 */
public final class Cable implements AutoCloseable
{
    /** The interface outside. */
    public static final String OUTSIDE = "flood0";

    /** The interface inside: up, without an address. */
    public static final String INSIDE = "victim0";

    private static final long OUTSIDE_MAC = 0x02_00_00_09_00_01L; // locally administered
    private static final long INSIDE_MAC = 0x02_00_00_09_00_02L;

    private final boolean isIpv4;
    private final Namespace outside;
    private final Namespace inside;

    /**
     * Makes it.
     *
     * @param isIpv4 whether the kernel's address outside is of IPv4
     * @throws DeviceException when that can't be
     */
    public Cable(final boolean isIpv4)
    {
        this.isIpv4 = isIpv4;
        outside = Namespace.make("flood-outside");
        inside = Namespace.make("flood-inside");
        try
        {
            connect();
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
        outside.run(() ->
        {
            final NetDevice device = new NetDevice(OUTSIDE);
            device.address(Addresses.outside(isIpv4), Addresses.prefixLength(isIpv4));
            device.up();
        });
    }

    /** {@return where flooder and clients are} */
    public Namespace outside()
    {
        return outside;
    }

    /** {@return where the listener is} */
    public Namespace inside()
    {
        return inside;
    }

    /** {@return what comes before each packet to the listener on the interface outside} */
    public byte[] linkHeader()
    {
        final byte[] header = new byte[EthernetFlyweight.HEADER_LENGTH];
        new EthernetEncoder().init(new UnsafeBuffer(header), 0).destination(INSIDE_MAC).source(OUTSIDE_MAC)
            .etherType(isIpv4 ? EtherType.IPV4 : EtherType.IPV6);
        return header;
    }

    @Override
    public void close()
    {
        outside.close();
        inside.close();
    }
}
