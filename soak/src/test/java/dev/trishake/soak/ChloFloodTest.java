// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.transport.linux.Libc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** {@code soak.jar chlo-flood}: short floods in virtual time, and over loopback. */
class ChloFloodTest
{
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(final String commandLine)
    {
        return Soak.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(commandLine.split(" "));
    }

    /** The cells of the table's rows. */
    private List<List<String>> rows()
    {
        return out.toString().lines().filter(line -> line.startsWith("| Trishake"))
            .map(line -> Stream.of(line.split("\\|", -1)).map(String::strip).toList()).toList();
    }

    private long number(final String counter)
    {
        return out.toString().lines().filter(line -> line.startsWith("  " + counter + " "))
            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", ""))).sum();
    }

    /** In virtual time, with twenty honest clients. */
    private void flood(final String options)
    {
        assertEquals(0, run("chlo-flood --in-process --scalar --seconds 1 --clients-per-second 20 " + options),
            () -> out + "" + err);
    }

    @ParameterizedTest
    @CsvSource({"198.18.0.0/15", "2001:db8::/32"})
    void shouldLoseNobodyAndKeepNothingOfInchoateHellos(final String network)
    {
        flood("--rates 4k --kinds inchoate --source-network " + network);
        final List<String> row = rows().getFirst();
        assertEquals("100 % of 20", row.get(7));
        assertEquals("0 %", row.get(8), "no CHLO was needed twice");
        final long received = number("GquicPacketsReceived");
        assertTrue(number("GquicRejectsStateless") > 4_000 && received > 4_000, out.toString());
        assertEquals(20, number("GquicConnectionsOpened"), "honest clients' alone");
        assertEquals(20, number("GquicConnectionsEstablished"));
    }

    @Test
    void shouldLoseNobodyToOneAddressThatReplays()
    {
        flood("--rates 2k --kinds replayed");
        assertEquals("100 % of 20", rows().getFirst().get(7));
        assertEquals(20 + ChloSite.HANDSHAKES_PER_PREFIX, number("GquicConnectionsOpened"), out.toString());
        assertTrue(number("PrefixLimited") > 2_000, out.toString());
        assertEquals(20, number("GquicConnectionsEstablished"), "nothing that was replayed is taken");
    }

    @Test
    void shouldLoseNobodyToTokensOfOtherAddresses()
    {
        flood("--rates 2k --kinds stolen");
        assertEquals("100 % of 20", rows().getFirst().get(7));
        assertEquals("0 %", rows().getFirst().get(8), "no CHLO was needed twice");
        assertTrue(number("GquicRejectsStateless") > 2_000, "asked for a token of their own: " + out);
        assertEquals(20, number("GquicConnectionsOpened"), "honest clients' alone");
        assertEquals(0, number("PrefixLimited"), "no slot was in question");
        assertEquals(20, number("GquicConnectionsEstablished"));
    }

    @Test
    void shouldFloodAnEngineOverLoopbackAndLeaveAFolder(@TempDir final Path folder) throws IOException
    {
        assumeTrue(Libc.SUPPORTED, "sockets that send from any address");
        final Path made = folder.resolve("flood");
        assertEquals(0, run("chlo-flood --scalar --rates 500 --seconds 1 --clients-per-second 10 --out " + made),
            out + "" + err);
        for (final List<String> row : rows())
        {
            assertEquals("100 % of 10", row.get(7));
        }
        assertEquals(2, rows().size());
        assertTrue(number("PrefixLimited") > 100, out.toString());
        assertTrue(Files.readString(made.resolve("table.md")).startsWith("# CHLO flood"));
        final List<String> csv = Files.readAllLines(made.resolve("flood.csv"));
        assertEquals(3, csv.size());
        assertTrue(csv.get(0).startsWith("listener,rate,seconds,chlos_offered,chlos_carried,rejs_to_spoofed,"),
            csv.get(0));
        assertTrue(Files.readString(made.resolve("counters.txt")).contains("GquicRejectsStateless"));
        assertTrue(ImageIO.read(made.resolve("picture.png").toFile()).getWidth() > 1000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        chlo-flood --rates 0                              | a rate is 1 to 5M a second
        chlo-flood --seconds 0                            | --seconds takes 1 to 60
        chlo-flood --seconds 61                           | --seconds takes 1 to 60
        chlo-flood --clients-per-second 101               | --clients-per-second 1 to 100
        chlo-flood --kinds full                           | 'full' is none of inchoate, replayed, stolen
        chlo-flood --source-network 198.18.0.0/15         | must be a part of 127.0.0.0/8
        chlo-flood --source-network 126.0.0.0/7           | must be a part of 127.0.0.0/8
        chlo-flood --in-process --source-network 10.9.0.0/16 | has the addresses of the flood's own network in it
        chlo-flood --in-process --rates max               | virtual time of --in-process has no max
        chlo-flood --in-process --rates 1k --out /dev/null/x | cannot write to /dev/null/x
        """)
    void shouldSayWhatIsWrongInOneSentence(final String commandLine, final String sentence)
    {
        assertEquals(2, run(commandLine));
        assertEquals("", out.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains(sentence), err.toString());
    }

    @Test
    void shouldExplainItselfWithExamples()
    {
        assertEquals(0, run("chlo-flood --help"));
        assertTrue(out.toString().contains("Examples:"));
    }
}
