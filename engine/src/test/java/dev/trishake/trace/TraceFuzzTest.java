// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import dev.trishake.transport.sim.PcapReader;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TraceFuzzTest
{
    private static final int[] ETHER_TYPES = {0x0800, 0x0800, 0x86dd, 0x86dd, 0x0806, 0x88cc, Packet.UNKNOWN};

    private final List<PacketFormatter> formatters = List.of(
        new TcpdumpFormatter(ZoneOffset.UTC, false, false),
        new TcpdumpFormatter(ZoneOffset.UTC, true, true),
        new WiresharkFormatter());
    private final StringBuilder line = new StringBuilder();
    private final Packet packet = new Packet();

    /** A packet of exactly these bytes, so that one byte too far throws. */
    private void format(final int etherType, final byte[] bytes, final int notCaptured)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        packet.wrap(0, etherType, buffer, 0, bytes.length, bytes.length + notCaptured, bytes.length + notCaptured + 14);
        for (final PacketFormatter formatter : formatters)
        {
            line.setLength(0);
            formatter.append(line, packet);
            assertTrue(line.length() > 0 && line.length() < 1500, "a line has a bounded length: " + line.length());
            assertEquals(-1, line.indexOf("\n"), "one line");
            if (formatter instanceof WiresharkFormatter)
            {
                assertEquals(7, line.chars().filter(c -> c == '\t').count(), () -> "columns: " + line);
            }
        }
    }

    private static final class Sample
    {
        private final int etherType;
        private final byte[] bytes;

        private Sample(final int etherType, final byte[] bytes)
        {
            this.etherType = etherType;
            this.bytes = bytes;
        }
    }

    private static List<Sample> samples()
    {
        final List<Sample> samples = new ArrayList<>();
        for (final String vector : List.of("seed-002-a.pcap", "seed-002-b.pcap", "words.pcap", "conversations.pcap"))
        {
            try (PcapReader reader = PcapReader.wrap(Vectors.bytes("tcp/" + vector), vector))
            {
                while (reader.next())
                {
                    final byte[] bytes = new byte[reader.offset() + reader.capturedLength() - reader.networkOffset()];
                    reader.buffer().getBytes(reader.networkOffset(), bytes);
                    samples.add(new Sample(reader.etherType(), bytes));
                }
            }
            catch (final IOException ex)
            {
                throw new AssertionError(ex);
            }
        }
        return samples;
    }

    @Test
    void shouldPrintALineForAnyBytes()
    {
        Seeded.forEach(Scale.pick(20_000, 2_000_000), random ->
        {
            final byte[] bytes = Seeded.bytes(random, random.nextInt(120));
            final int etherType = ETHER_TYPES[random.nextInt(ETHER_TYPES.length)];
            if (bytes.length > 0 && etherType == 0x0800)
            {
                bytes[0] = (byte)(0x40 | random.nextInt(4, 8));
            }
            else if (bytes.length > 0 && etherType == 0x86dd)
            {
                bytes[0] = 0x60;
            }
            format(etherType, bytes, random.nextInt(3) == 0 ? random.nextInt(2000) : 0);
        });
    }

    @Test
    void shouldPrintALineForDamagedPackets()
    {
        final List<Sample> samples = samples();
        Seeded.forEach(Scale.pick(40_000, 4_000_000), random ->
        {
            final Sample sample = samples.get(random.nextInt(samples.size()));
            final byte[] bytes = sample.bytes.clone();
            Seeded.mutate(random, bytes, random.nextInt(1, 6));
            format(sample.etherType, cut(random, bytes), random.nextInt(3) == 0 ? random.nextInt(2000) : 0);
        });
    }

    private static byte[] cut(final SplittableRandom random, final byte[] bytes)
    {
        return random.nextInt(4) != 0 || bytes.length == 0 ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }

    @Test
    void shouldPrintALineWhereverAPacketIsCutOff()
    {
        for (final Sample sample : samples())
        {
            for (int length = 0; length <= sample.bytes.length; length++)
            {
                format(sample.etherType, Arrays.copyOf(sample.bytes, length), sample.bytes.length - length);
                format(sample.etherType, Arrays.copyOf(sample.bytes, length), 0);
            }
        }
    }
}
