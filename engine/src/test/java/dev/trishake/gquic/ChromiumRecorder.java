// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.session.FourTuple;
import dev.trishake.support.Vectors;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes {@code vectors/gquic/chromium.txt}: serves a browser on port 4433 of the loopback and appends what it sends to
 * a file, with all that a replay needs. {@code java ... ChromiumRecorder NAME SECONDS FILE HOURS}, and beside it a
 * Chromium as {@code ChromiumTest} starts it, told to trust the key of {@link TestServers#ECDSA}.
 */
final class ChromiumRecorder
{
    private static final int PORT = 4433;

    private ChromiumRecorder()
    {
    }

    /**
     * Records.
     *
     * @param args name of the recording, how many seconds it takes, where to, hours behind the first connection
     * @throws IOException when there is no such port, or file
     */
    public static void main(final String[] args) throws IOException
    {
        final long startNs = unixNs();
        final long leapNs = TimeUnit.HOURS.toNanos(Integer.parseInt(args[3]));
        final long endNs = startNs + TimeUnit.SECONDS.toNanos(Integer.parseInt(args[1]));
        final ChromiumSite site = new ChromiumSite(startNs, leapNs);
        final List<String> lines = new ArrayList<>(List.of("start|" + startNs + '|' + leapNs));
        final ByteBuffer in = ByteBuffer.allocate(GquicConfig.MAX_DATAGRAM_LENGTH + 1);
        try (DatagramChannel channel = DatagramChannel.open())
        {
            channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT)).configureBlocking(false);
            site.pair.wire = (from, buffer, offset, length) ->
            {
                final byte[] bytes = new byte[length - FourTuple.LENGTH];
                buffer.getBytes(offset + FourTuple.LENGTH, bytes);
                final FourTuple tuple = new FourTuple();
                tuple.load(buffer, offset);
                lines.add("out|" + (site.pair.nowNs - startNs) + '|' + tuple.remotePort() + '|' + Vectors.hex(bytes));
                try
                {
                    channel.send(ByteBuffer.wrap(bytes),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), tuple.remotePort()));
                }
                catch (final IOException ex)
                {
                    throw new IllegalStateException(ex);
                }
            };
            System.out.println("ready");
            while (site.pair.nowNs < endNs)
            {
                site.runUntil(unixNs());
                final InetSocketAddress who = (InetSocketAddress)channel.receive(in.clear());
                if (who != null)
                {
                    final byte[] bytes = new byte[in.flip().remaining()];
                    in.get(bytes);
                    lines.add("in|" + (site.pair.nowNs - startNs) + '|' + who.getPort() + '|' + Vectors.hex(bytes));
                    site.give(who.getPort(), bytes);
                }
                site.events.forEach(lines::add);
                site.events.clear();
            }
        }
        Files.write(Path.of(args[2]), lines.stream().map(line -> args[0] + '|' + line).toList(),
            StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static long unixNs()
    {
        return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    }
}
