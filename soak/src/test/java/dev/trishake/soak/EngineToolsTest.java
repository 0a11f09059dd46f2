// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.transport.packet.NetDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The tools on the engine, over each transport, in namespaces of their own. */
class EngineToolsTest
{
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);
    private static final int PATIENCE_MS = 10_000;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(final String commandLine)
    {
        return Soak.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(commandLine.split(" "));
    }

    static Process serve(final String options) throws IOException
    {
        final List<String> command = new ArrayList<>(List.of(
            System.getProperty("java.home") + "/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-ea",
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
            "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED",
            "-cp", System.getProperty("java.class.path"), Soak.class.getName(), "serve"));
        command.addAll(Arrays.asList(options.split(" ")));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    static void ip(final String arguments) throws IOException, InterruptedException
    {
        final List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(Arrays.asList(arguments.split(" ")));
        assumeTrue(new ProcessBuilder(command).start().waitFor() == 0, "ip " + arguments);
    }

    private static void echo(final String host, final int port) throws IOException
    {
        try (Socket client = new Socket(InetAddress.ofLiteral(host), port))
        {
            client.setSoTimeout(PATIENCE_MS);
            client.getOutputStream().write(HELLO);
            client.shutdownOutput();
            assertArrayEquals(HELLO, client.getInputStream().readAllBytes());
        }
    }

    /** What stat says, once it says so or time is up. */
    private long countUntil(final long pid, final String label, final long expected) throws InterruptedException
    {
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        long count = -1;
        while (count != expected && System.nanoTime() - endNs < 0)
        {
            Thread.sleep(50);
            out.getBuffer().setLength(0);
            assertEquals(0, run("stat " + pid), err::toString);
            count = counter(out.toString().lines().toList(), label);
        }
        return count;
    }

    static List<String> terminate(final Process serve, final BufferedReader reader) throws InterruptedException
    {
        serve.toHandle().destroy(); // SIGTERM
        final List<String> lines = reader.lines().toList();
        assertTrue(serve.waitFor(PATIENCE_MS, TimeUnit.MILLISECONDS));
        return lines;
    }

    private static long counter(final List<String> lines, final String label)
    {
        return lines.stream().filter(line -> line.startsWith(label + " "))
            .mapToLong(line -> Long.parseLong(line.substring(label.length()).replace(",", "").trim())).sum();
    }

    @ParameterizedTest
    @CsvSource({"epoll, 2, 127.0.0.1", "nio, 1, ::1"})
    void shouldServeAndDialOverTheKernel(final String transport, final int threads, final String host) throws Throwable
    {
        InNamespace.run(() ->
        {
            new NetDevice("lo").up();
            final Process serve = serve("--transport " + transport + " --host " + host + " --threads " + threads +
                " --tcp 7777 --echo");
            try (BufferedReader reader = serve.inputReader(StandardCharsets.UTF_8))
            {
                final String at = (host.contains(":") ? "[" + host + "]" : host) + ":7777";
                assertEquals("ready tcp " + at, reader.readLine());
                for (int i = 0; i < 20; i++)
                {
                    echo(host, 7777);
                }
                assertEquals(0, run("dial tcp " + at + " --transport " + transport + " -n 200 --at-once 4"),
                    out + "" + err);
                assertTrue(out.toString().startsWith("ok=200 fail=0\n"), out.toString());
                assertEquals(220, countUntil(serve.pid(), "SessionsAccepted", 220), "the kernel is ahead of us");
                assertEquals(220, counter(terminate(serve, reader), "SessionsClosed"));
                assertEquals(0, serve.exitValue());
                assertEquals(2, run("stat " + serve.pid()), "the file went with the engine");
            }
            finally
            {
                serve.destroyForcibly();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    void shouldServeOnAnInterface(final int threads) throws Throwable
    {
        InNamespace.run(() ->
        {
            ip("link add tskv0 type veth peer name tskv1");
            ip("link set tskv0 up");
            ip("link set tskv1 up");
            ip("addr add 10.8.0.1/24 dev tskv0");
            try (ServeHere serve = ServeHere.start("--packet tskv1 --address 10.8.0.1/24 " +
                "--engine-address 10.8.0.2 --threads " + threads + " --tcp 80 --echo"))
            {
                assertEquals("ready tcp 10.8.0.2:80", serve.readLine());
                for (int i = 0; i < 50; i++)
                {
                    echo("10.8.0.2", 80);
                }
                final List<String> lines = serve.stop();
                assertEquals(50, counter(lines, "TcpPassiveOpens"), lines::toString);
                assertEquals(0, serve.exitCode());
            }
        });
    }

    @Test
    void shouldSayThatItsDeviceIsGone() throws Throwable
    {
        InNamespace.run(() ->
        {
            try (ServeHere serve = ServeHere.start(
                "--tun tsk1 --address 10.9.0.1/24 --engine-address 10.9.0.2 --tcp 80 --echo"))
            {
                assertEquals("ready tcp 10.9.0.2:80", serve.readLine());
                echo("10.9.0.2", 80);
                ip("link del tsk1");
                final List<String> lines = serve.await();
                assertEquals(1, serve.exitCode(), lines::toString);
                assertEquals("somebody has deleted tsk1", lines.getLast());
                assertTrue(lines.stream().anyMatch(line -> line.contains("the device of link 0 of agent 0 was")),
                    lines::toString);
            }
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        serve --tcp 80 --threads 0                                     | --threads must be 1 to 64
        serve --tcp 80 --threads 2 --cpus 0                            | --cpus must name one for each of the 2 threads
        serve --tcp 80 --engine-address 10.9.0.2                       | are for our own TCP
        serve --tcp 80 --transport tun --engine-address 10.9.0.2       | '--tun=NAME'
        serve --tcp 80 --idle lazy                                     | idleStrategy must be spin, yield
        serve --tcp 80 --host 192.0.2.1                                | no interface of this machine has that address
        dial tcp 127.0.0.1:80 --threads 2                              | a dialer has one thread
        stat 999999999                                                 | no engine runs there
        stat 1 --every -1                                              | take numbers from 0 on
        """)
    void shouldSayWhatIsWrongInOneSentence(final String commandLine, final String sentence)
    {
        assertEquals(2, run(commandLine.trim()));
        assertEquals("", out.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains(sentence), err.toString());
    }
}
