// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.tcp.SynCookieMode;
import dev.trishake.tcp.TcpConfig;
import dev.trishake.transport.Link;
import dev.trishake.transport.packet.OwnNamespace;
import dev.trishake.transport.packet.PacketSender;
import dev.trishake.transport.packet.Syn;
import dev.trishake.transport.packet.Veth;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Faults of our own TCP behind a device. */
@ExtendWith(OwnNamespace.class)
abstract class PacketEngineFaultsContract extends EngineFaultsContract
{
    private static final int SPOOFED = 50;

    /** {@return the link to the kernel, whose addresses are those of {@link Veth}} */
    abstract Link packets() throws Exception;

    /** {@return what a packet from the kernel has before it on {@link #kernelDevice}} */
    abstract byte[] linkHeader();

    /** {@return the interface on the kernel's side} */
    abstract String kernelDevice();

    @Override
    final StreamLinkFactory link()
    {
        return Links.tcp(agent -> open(), () -> new TcpConfig(1, 2).connections(64).buffers(128)
            .bufferLength(1 << 14).halfOpen(256).synCookies(SynCookieMode.OFF), List.of(host()));
    }

    private Link open()
    {
        try
        {
            return packets();
        }
        catch (final Exception ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    @Override
    final InetAddress host()
    {
        return Veth.ENGINE_4;
    }

    @Override
    final boolean tellsOfLoss()
    {
        return true;
    }

    @Test
    void shouldForgetWhoVanishesBetweenSynAndAck() throws Exception
    {
        launch();
        final Socket steady = connect(PLAIN);
        assertEcho(steady);
        final byte[] header = linkHeader();
        try (PacketSender sender = PacketSender.open(kernelDevice()))
        {
            for (int i = 1; i <= SPOOFED; i++)
            {
                final byte[] syn = Syn.of(InetAddress.ofLiteral("10.9.0." + (100 + i)), host(), PORT);
                final UnsafeBuffer frame = new UnsafeBuffer(ByteBuffer.allocateDirect(header.length + syn.length));
                frame.putBytes(0, header);
                frame.putBytes(header.length, syn);
                assertEquals(frame.capacity(), sender.send(frame, 0, frame.capacity()));
            }
        }
        until("half-open", () -> count("TCPHalfOpen") == SPOOFED);
        assertEcho(connect(PLAIN));
        until("forgotten", () ->
        {
            clock.jump(TimeUnit.SECONDS.toNanos(1)); // after 63: five more SYN-ACKs, RFC 6298 5.5 apart
            return count("TCPHalfOpen") == 0;
        });
        assertEcho(steady);
        assertEcho(connect(PLAIN));
    }
}
