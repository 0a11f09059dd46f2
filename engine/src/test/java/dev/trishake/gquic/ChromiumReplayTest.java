// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.session.FourTuple;
import dev.trishake.support.Vectors;
import dev.trishake.wire.gquic.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Browsers' packets again, as they came: our server takes each of them as it did when it met them, whatever has become
 * of it since. What it drew then is put where it is drawn.
 */
class ChromiumReplayTest
{
    /** A forward-secure packet with a number of two octets, as these browsers want it: without a connection ID. */
    private static final int SHORT = 0x31;
    private static final int WITHOUT_ID = 0x10;
    private static final String SENT = "sent|";
    private static final List<String> OURS = List.of(SENT, "random|", "established|", "data|", "closed|");

    static Stream<String> recordings()
    {
        return Vectors.lines("gquic/chromium.txt").stream().map(line -> line.substring(0, line.indexOf('|')))
            .distinct();
    }

    private static List<String> recorded(final String name, final String kind)
    {
        final String prefix = name + '|' + kind;
        return Vectors.lines("gquic/chromium.txt").stream().filter(line -> line.startsWith(prefix))
            .map(line -> line.substring(name.length() + 1)).toList();
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void shouldServeTheRecordedBrowser(final String name)
    {
        final String[] start = recorded(name, "start|").getFirst().split("\\|", -1);
        final long startNs = Long.parseLong(start[1]);
        final ChromiumSite site = new ChromiumSite(startNs, Long.parseLong(start[2]));
        final Set<Integer> firstOctets = new TreeSet<>();
        site.pair.wire = (from, buffer, offset, length) ->
            firstOctets.add(buffer.getByte(offset + FourTuple.LENGTH) & 0xff);
        site.randoms = recorded(name, "random|").stream().map(line -> line.split("\\|", -1)[1]).iterator();
        for (final String line : recorded(name, "in|"))
        {
            final String[] at = line.split("\\|", -1);
            site.runUntil(startNs + Long.parseLong(at[1]));
            site.give(Integer.parseInt(at[2]), Vectors.hex(at[3]));
        }
        assertEquals(events(recorded(name, "")), events(site.events));
        assertEquals(2, site.pair.server.core.counters().sessionsEstablished());
        assertEquals(name.endsWith("-late") ? 2 : 1, site.pair.server.core.counters().rejectsStateless());
        assertTrue(firstOctets.contains(name.contains("-q044") ? SHORT : WITHOUT_ID), firstOctets::toString);
        assertEquals(0, site.pair.server.core.counters().packetsMalformed());
        assertEquals(0, site.pair.server.core.active());
    }

    /** What came of it, without what differs: nonces of tokens and signatures, and how well the JDK's zlib deflates. */
    private static List<String> events(final List<String> lines)
    {
        return lines.stream().filter(line -> OURS.stream().anyMatch(line::startsWith))
            .map(line -> line.startsWith(SENT) ? SENT + Vectors.hex(new Message(
                Vectors.hex(line.substring(SENT.length()))).remove(Tag.STK).remove(Tag.PROF).remove(Tag.CRT).bytes()) :
                line).toList();
    }
}
