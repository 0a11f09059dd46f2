// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.support.Vectors;
import dev.trishake.transport.sim.PcapLinkType;
import dev.trishake.transport.sim.PcapReader;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.ip.UdpFlyweight;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The seed's capture files hold the seed's packets, byte for byte, and nothing in them is invalid. */
class SeedCapturesTest
{
    private static final Map<String, String> FRAMES = Vectors.lines("tcp/seed-frames.txt").stream()
        .map(line -> line.split(" = "))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));

    private static String packet(final PcapReader reader, final int from)
    {
        final byte[] bytes = new byte[reader.offset() + reader.capturedLength() - from];
        reader.buffer().getBytes(from, bytes);
        return Vectors.hex(bytes);
    }

    @Test
    void shouldHoldTheFirstTrace() throws IOException
    {
        final PcapReader reader = PcapReader.wrap(Vectors.bytes("tcp/seed-002-a.pcap"), "a");
        assertEquals(PcapLinkType.NULL, reader.format().linkType());
        for (int i = 1; i <= 3; i++)
        {
            assertTrue(reader.next());
            assertEquals(FRAMES.get("A" + i), packet(reader, reader.networkOffset()));
        }
    }

    @Test
    void shouldHoldTheSecondTrace() throws IOException
    {
        final PcapReader reader = PcapReader.wrap(Vectors.bytes("tcp/seed-002-b.pcap"), "b");
        assertEquals(PcapLinkType.ETHERNET, reader.format().linkType());
        final Ipv4Flyweight ip = new Ipv4Flyweight();
        final UdpFlyweight udp = new UdpFlyweight();
        for (int i = 1; i <= 82; i++)
        {
            assertTrue(reader.next());
            final String frame = FRAMES.get("B" + i);
            if (frame != null)
            {
                assertEquals(i == 81 ? frame.substring(0, 2 * 54) : frame, packet(reader, reader.offset()));
            }
            else if (reader.etherType() == 0x0800)
            {
                assertTrue(ip.wrap(reader.buffer(), reader.networkOffset(), reader.capturedLength() - 14));
                assertTrue(ip.isChecksumValid());
                assertTrue(udp.wrap(reader.buffer(), ip.payloadOffset(), ip.payloadLength()));
                assertTrue(udp.isChecksumValid(ip.pseudoHeader(ip.payloadLength())));
            }
        }
        assertEquals(4, Arrays.stream(new int[] {78, 80, 81, 82}).filter(i -> FRAMES.containsKey("B" + i)).count());
    }
}
