// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.soak.flood.KernelVictim;
import dev.trishake.soak.flood.Measurement;
import dev.trishake.soak.flood.Plan;
import dev.trishake.soak.flood.SourceNetwork;
import dev.trishake.soak.flood.Trial;
import dev.trishake.soak.flood.Victim;
import dev.trishake.soak.report.Rate;
import dev.trishake.soak.report.Watch;
import dev.trishake.transport.DeviceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

/** {@code soak.jar syn-flood}: short floods in virtual time, and of a TUN device where this user may have one. */
class SynFloodTest
{
    private static final Watch PATIENT = new Watch()
    {
        @Override
        public void tell(final double fraction, final String what)
        {
            // nobody looks
        }

        @Override
        public boolean wantsToStop()
        {
            return false;
        }
    };

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

    private static long number(final String output, final String counter)
    {
        return output.lines().filter(line -> line.startsWith("  " + counter + " "))
            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", ""))).sum();
    }

    @ParameterizedTest
    @CsvSource({"on-overflow, 198.18.0.0/15", "always, 198.18.0.0/15", "on-overflow, 2001:db8::/32"})
    void shouldLoseNobodyWithCookies(final String mode, final String network)
    {
        final String options = " --syn-cookies " + mode + " --source-network " + network;
        assertEquals(0, run("syn-flood --in-process --rates 20k,100k --seconds 1" + options), out + "" + err);
        assertEquals(2, rows().size(), out.toString());
        for (final List<String> row : rows())
        {
            assertEquals("100 % of 100", row.get(7));
            assertEquals("0 %", row.get(8), "no SYN was needed twice");
        }
        assertEquals(100, number(out.toString(), "TcpPassiveOpens"));
        final long cookies = number(out.toString(), "SyncookiesSent");
        assertTrue(cookies > 100_000, out.toString());
        assertTrue("always".equals(mode) || number(out.toString(), "TCPReqQFullDoCookies") == cookies);
    }

    @Test
    void shouldLoseNearlyAllWithoutCookies()
    {
        assertEquals(1, run("syn-flood --in-process --rate 20k --seconds 1 --syn-cookies off"));
        final String failures = out.toString().lines().filter(line -> line.contains(" 20k: NO_ANSWER=")).findFirst()
            .orElseThrow(() -> new AssertionError(out.toString()));
        assertTrue(Integer.parseInt(failures.substring(failures.indexOf('=') + 1)) > 80, failures);
    }

    @Test
    void shouldLeaveAFolderWithTableDataEnvironmentAndPicture(@TempDir final Path folder) throws IOException
    {
        final Path made = folder.resolve("flood");
        assertEquals(0, run("syn-flood --in-process --rates 5k,10k --seconds 1 --out " + made));
        assertTrue(Files.readString(made.resolve("table.md")).contains("| Trishake, cookies on-overflow |"));
        final List<String> csv = Files.readAllLines(made.resolve("flood.csv"));
        assertEquals(3, csv.size());
        assertTrue(csv.get(0).startsWith("listener,rate,seconds,syns_offered,"), csv.get(0));
        final int columns = csv.get(0).split(",", -1).length;
        assertTrue(csv.get(1).startsWith("\"Trishake, cookies on-overflow\",5k,1."), csv.get(1));
        assertEquals(columns + 1, csv.get(1).split(",", -1).length, "one comma is the name's");
        assertTrue(Files.readString(made.resolve("env.txt")).contains("jvm:"));
        assertTrue(Files.readString(made.resolve("counters.txt")).contains("SyncookiesSent"));
        assertTrue(ImageIO.read(made.resolve("picture.png").toFile()).getWidth() > 1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " --packet"})
    void shouldFloodADeviceBesideTheKernelsClients(final String options)
    {
        final int exitCode = run("syn-flood --rate 10k --seconds 1 --clients-per-second 50" + options);
        if (exitCode == 2)
        {
            abort(err.toString()); // no privilege or no device: said in one sentence
        }
        assertEquals(0, exitCode, out + "" + err);
        final List<String> row = rows().get(0);
        assertEquals("100 % of 50", row.get(7));
        assertEquals(50, number(out.toString(), "TcpPassiveOpens"), out.toString());
        assertTrue(number(out.toString(), "SyncookiesSent") > 1_000, out.toString());
        assertEquals(0, number(out.toString(), "TcpInErrs"));
    }

    @Test
    void shouldFloodTheKernelsListenerToo()
    {
        final Plan plan = new Plan(SourceNetwork.of(InetAddress.ofLiteral("198.18.0.0"), 15), 1, 50, 256);
        try (Victim victim = new KernelVictim(1, plan))
        {
            final Measurement measured = new Trial(plan, 1, PATIENT).run("Linux", false, victim, new Rate(10_000));
            assertEquals(50, measured.clients().begun());
            assertTrue(measured.isPerfect(), measured.clients().failures().toString());
            assertTrue(measured.counters().get("SyncookiesSent") > 1_000, measured.counters().toString());
            assertTrue(measured.answered() > 1_000, "SYN-ACKs to nobody");
        }
        catch (final DeviceException ex)
        {
            abort(ex.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        syn-flood --rates 0                               | a rate is 1 to 5M a second
        syn-flood --rates fast                            | 'fast' is no rate
        syn-flood --seconds 0                             | --seconds takes 1 to 60
        syn-flood --seconds 61                            | --seconds takes 1 to 60
        syn-flood --backlog 0                             | --backlog 1 to 65536
        syn-flood --clients-per-second 0                  | --clients-per-second 1 to 1000
        syn-flood --source-network 10.9.0.0/16            | has the addresses of the flood's own network in it
        syn-flood --source-network 224.0.0.0/4            | is no network of unicast addresses
        syn-flood --source-network 198.18.0.0             | needs the length of its subnet
        syn-flood --source-network here/8                 | 'here' is no IPv4 or IPv6 address
        syn-flood --syn-cookies sometimes                 | none of on-overflow, always, off
        syn-flood --in-process --rates max                | virtual time of --in-process has no max
        syn-flood --in-process --compare-kernel           | --compare-kernel needs devices
        syn-flood --in-process --packet                   | --packet needs devices
        syn-flood --in-process --rates 1k --out /dev/null/x | cannot write to /dev/null/x
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
        assertEquals(0, run("syn-flood --help"));
        assertTrue(out.toString().contains("Examples:\n  java -jar soak.jar syn-flood"), out.toString());
    }
}
