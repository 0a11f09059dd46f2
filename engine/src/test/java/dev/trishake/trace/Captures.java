// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.support.Vectors;
import dev.trishake.transport.sim.PcapReader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Formats whole capture files, for tests. */
final class Captures
{
    private Captures()
    {
    }

    static List<String> lines(final PacketFormatter formatter, final String vector)
    {
        return lines(formatter, Vectors.bytes("tcp/" + vector));
    }

    static List<String> lines(final PacketFormatter formatter, final byte[] file)
    {
        final List<String> lines = new ArrayList<>();
        final StringBuilder line = new StringBuilder();
        final Packet packet = new Packet();
        try (PcapReader reader = PcapReader.wrap(file, "capture"))
        {
            while (reader.next())
            {
                final int linkHeaderLength = reader.networkOffset() - reader.offset();
                line.setLength(0);
                formatter.append(line, packet.wrap(reader.timeNs(), reader.etherType(), reader.buffer(),
                    reader.networkOffset(), reader.capturedLength() - linkHeaderLength,
                    reader.originalLength() - linkHeaderLength, reader.originalLength()));
                lines.add(line.toString());
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return lines;
    }
}
