// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Storms over a server of their own, which is another process, on loopback or in a namespace. */
class StormTest
{
    /** Of each load: enough for some handshakes of scalar code that was not compiled yet. */
    private static final double SECONDS = 0.2;

    private static final double US_PER_SECOND = 1e6;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(final String commandLine)
    {
        return Soak.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err))
            .execute(commandLine.split(" "));
    }

    /** The raw data: a line for each load, by column. */
    private List<String> column(final String name) throws IOException
    {
        final List<String> lines = Files.readAllLines(folder.resolve("storm.csv"));
        final int index = List.of(lines.getFirst().split(",", -1)).indexOf(name);
        return lines.stream().skip(1).map(line -> line.split(",", -1)[index]).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tlcp", "gquic"})
    void shouldStormAServerOfItsOwn(final String protocol) throws IOException
    {
        storm(protocol, "--concurrency 4 --rates 50%", 2);
        assertEquals(List.of("\"closed\"", "\"open\""), column("loop"));
        final double perSecond = Double.parseDouble(column("done_in_time").getFirst()) / SECONDS;
        assertEquals(perSecond / 2, Double.parseDouble(column("load").getLast()), 0.01, "half of it");
        // four at a time, all the time: what they took together is four times what the load took, or nearly
        final double togetherUs = Double.parseDouble(column("done").getFirst()) * longestUs().getFirst();
        assertTrue(togetherUs > 4 * SECONDS * US_PER_SECOND / 2, out::toString);
    }

    private List<Double> longestUs() throws IOException
    {
        return column("latency_us_max").stream().map(Double::parseDouble).toList();
    }

    @Tag("full")
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        tlcp  | --suite e011 --concurrency 1,16 --rates 50
        tlcp  | --resume --concurrency 16 --rates 300,100%
        tlcp  | --client-auth --concurrency 8 --rates 50%
        gquic | --resume --concurrency 1,16 --rates 50%
        gquic | --proof RSA --aead CC20 --version Q043 --concurrency 16 --rates 50
        """)
    void shouldStormInEachWay(final String protocol, final String options) throws IOException
    {
        storm(protocol, options, 1 + options.replaceAll("[^,]", "").length() + 1);
    }

    @Tag("full")
    @Test
    void shouldStormOverTun() throws Throwable
    {
        InNamespace.run(() -> storm("tlcp", "--tun tskstorm --concurrency 8 --rates 50%", 2));
    }

    private void storm(final String protocol, final String options, final int loads) throws IOException
    {
        assertEquals(0,
            run("storm " + protocol + " --scalar --seconds " + SECONDS + " --out " + folder + " " + options),
            () -> out + "" + err);
        assertEquals(loads + 2, out.toString().lines().filter(line -> line.startsWith("|")).count(), out::toString);
        assertEquals(loads, column("begun").size());
        assertEquals(column("begun"), column("done"), "none failed");
        assertTrue(column("done").stream().allMatch(done -> Long.parseLong(done) > 0), () -> out + "" + err);
        assertTrue(column("server_cpu_ns").stream().allMatch(ns -> Long.parseLong(ns) > 0), out::toString);
        assertTrue(column("lanes_all").stream().allMatch(lanes -> Double.parseDouble(lanes) >= 1), out::toString);
        for (int i = 0; i < loads; i++)
        {
            final double tookUs = Double.parseDouble(column("took_ns").get(i)) / 1_000;
            final double medianUs = Double.parseDouble(column("latency_us_p50").get(i));
            assertTrue(0 < medianUs && medianUs <= longestUs().get(i) && longestUs().get(i) <= tookUs, out::toString);
        }
        for (final String file : List.of("table.md", "counters.txt", "env.txt", "picture.png"))
        {
            assertTrue(Files.size(folder.resolve(file)) > 0, file);
        }
        assertTrue(Files.readString(folder.resolve("counters.txt"))
            .contains(protocol.equals("tlcp") ? "CryptoTlcpRecordsBatches" : "CryptoGquicX25519Batches"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        storm tlcp --seconds 0                    | --seconds takes 0.1 to 60
        storm gquic --seconds 61                  | --seconds takes 0.1 to 60
        storm tlcp --concurrency 0                | --concurrency takes 1 to 2048
        storm tlcp --rates fast                   | --rates takes numbers like 5000, or shares like 90%
        storm gquic --concurrency 1025            | --concurrency takes 1 to 1024
        storm tlcp 127.0.0.1:1                    | HOST:PORT needs --ca
        storm tlcp --sign-cert x                  | give --sign-cert, --sign-key, --enc-cert and --enc-key
        storm tlcp --ca x.crt                     | give HOST:PORT
        storm gquic 127.0.0.1:1 --ca /none/ca.crt | /none/ca.crt
        storm tlcp 127.0.0.1:1 --ca /none/ca.crt  | /none/ca.crt
        """)
    void shouldSayWhatIsWrongInOneSentence(final String commandLine, final String sentence)
    {
        assertEquals(2, run(commandLine.trim()), out::toString);
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains(sentence), err.toString());
    }
}
