// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.core.Outbox;
import dev.trishake.tcp.TcpConfig;
import dev.trishake.tcp.TcpCore;
import dev.trishake.tcp.TcpCounter;
import dev.trishake.tcp.TcpState;
import dev.trishake.transport.packet.NetDevice;
import dev.trishake.transport.packet.TunLink;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Our core and the kernel of this machine, each in both roles, over TUN devices in namespaces of their own. */
class TcpToolsTest
{
    private static final String TUN = "tsk0";
    private static final String KERNEL = "10.9.0.1";
    private static final String ENGINE = "10.9.0.2";
    private static final String KERNEL_6 = "fd09::1";
    private static final String ENGINE_6 = "fd09::2";
    private static final int PORT = 80;
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

    private static String tun(final boolean ipv4)
    {
        return " --tun " + TUN + (ipv4 ? " --address " + KERNEL + "/24 --engine-address " + ENGINE :
            " --address " + KERNEL_6 + "/64 --engine-address " + ENGINE_6);
    }

    private static Socket connect(final String host, final int port) throws IOException
    {
        final Socket socket = new Socket(InetAddress.ofLiteral(host), port);
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void echo(final String host, final byte[] bytes) throws IOException
    {
        try (Socket socket = connect(host, PORT))
        {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            assertArrayEquals(bytes, socket.getInputStream().readAllBytes());
        }
    }

    private static long counter(final List<String> lines, final String label)
    {
        return lines.stream().filter(line -> line.startsWith(label + " "))
            .mapToLong(line -> Long.parseLong(line.substring(label.length()).replace(",", "").trim())).sum();
    }

    @ParameterizedTest
    @CsvSource({"10.9.0.2, true, on-overflow", "fd09::2, false, on-overflow", "10.9.0.2, true, always"})
    void shouldServeTheKernelsClients(final String host, final boolean ipv4, final String cookies) throws Throwable
    {
        InNamespace.run(() ->
        {
            try (ServeHere serve = ServeHere.start("--tcp 80 --echo --syn-cookies " + cookies + tun(ipv4)))
            {
                assertEquals("ready tcp " + (ipv4 ? host : "[fd09::2]") + ":80", serve.readLine());
                final int times = ipv4 && !"always".equals(cookies) ? 1000 : 100;
                final byte[] hello = "hello".getBytes(StandardCharsets.US_ASCII);
                for (int i = 0; i < times; i++)
                {
                    echo(host, hello);
                }
                assertThrows(ConnectException.class, () -> connect(host, PORT + 1), "nobody listens there");

                final List<String> lines = serve.stop();
                assertEquals(0, serve.exitCode());
                assertEquals(times, counter(lines, TcpCounter.PASSIVE_OPENS.label()), lines.toString());
                assertEquals("always".equals(cookies) ? times : 0,
                    counter(lines, TcpCounter.SYNCOOKIES_RECV.label()), lines.toString());
                assertEquals(1, counter(lines, TcpCounter.OUT_RSTS.label()), "of the port that is closed");
                assertEquals(0, counter(lines, TcpCounter.IN_ERRS.label()));
                assertEquals(0, counter(lines, TcpCounter.RETRANS_SEGS.label()));
                assertTrue(counter(lines, "LinkReceived") > 5L * times);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldDialTheKernelsServer(final boolean ipv4) throws Throwable
    {
        InNamespace.run(() ->
        {
            try (ServerSocket server = new ServerSocket(0, 100, InetAddress.ofLiteral("::")))
            {
                final Thread acceptor = new Thread(() -> acceptUntilClosed(server), "acceptor");
                acceptor.start();
                final String host = ipv4 ? KERNEL : "[" + KERNEL_6 + "]";
                assertEquals(0, run("dial tcp " + host + ":" + server.getLocalPort() + tun(ipv4) + " -n 300"),
                    out + "" + err);
                assertTrue(out.toString().startsWith("ok=300 fail=0\nSYN to SYN-ACK: p50 "), out.toString());
            }
        });
    }

    @Test
    void shouldSayThatTheServerRefuses() throws Throwable
    {
        InNamespace.run(() ->
        {
            assertEquals(1, run("dial tcp 10.9.0.1:81" + tun(true) + " -n 20 --at-once 4"));
            assertEquals("ok=0 fail=20\nREFUSED 20\n", out.toString());
        });
    }

    @Test
    void shouldCloseFirst() throws Throwable
    {
        InNamespace.run(() ->
        {
            try (TunLink link = TunLink.open(TUN))
            {
                final NetDevice device = new NetDevice(TUN);
                device.address(InetAddress.ofLiteral(KERNEL), 24);
                device.up();
                final Greeter greeter = new Greeter();
                final TcpAgent agent = new TcpAgent(
                    link, new TcpConfig(1, 2).connections(16).timeWaitNs(TimeUnit.MILLISECONDS.toNanos(200)), greeter);
                final AtomicBoolean stop = new AtomicBoolean();
                final Thread thread = new Thread(() ->
                {
                    while (!stop.get())
                    {
                        if (agent.doWork() == 0)
                        {
                            agent.idle(link::await, TimeUnit.MILLISECONDS.toNanos(5));
                        }
                    }
                }, "agent");
                thread.start();
                for (int i = 0; i < 20; i++)
                {
                    try (Socket socket = connect(ENGINE, PORT))
                    {
                        assertArrayEquals(Greeter.GREETING, socket.getInputStream().readAllBytes());
                    }
                }
                final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
                while (agent.core().counters().get(TcpCounter.TIME_WAITED) < 20 && System.nanoTime() - endNs < 0)
                {
                    Thread.sleep(5);
                }
                stop.set(true);
                thread.join();
                assertEquals(20, agent.core().counters().get(TcpCounter.TIME_WAITED), "who closes first waits");
                assertEquals(0, agent.core().timeWaits() + agent.core().connections() + agent.core().buffersInUse());
                assertEquals(TcpState.CLOSED, agent.core().state(greeter.handle));
            }
        });
    }

    @Test
    void shouldEchoMoreThanBuffersHold() throws Throwable
    {
        InNamespace.run(() ->
        {
            try (ServeHere serve = ServeHere.start("--tcp 80 --echo" + tun(true)); Socket socket = open(serve))
            {
                final byte[] bytes = new byte[4 << 20];
                new Random(1).nextBytes(bytes);
                final Thread writer = new Thread(() ->
                {
                    try
                    {
                        socket.getOutputStream().write(bytes);
                        socket.shutdownOutput();
                    }
                    catch (final IOException ex)
                    {
                        throw new AssertionError(ex);
                    }
                }, "writer");
                writer.start();
                assertArrayEquals(bytes, socket.getInputStream().readAllBytes());
            }
        });
    }

    private static Socket open(final ServeHere serve) throws IOException, InterruptedException
    {
        assertEquals("ready tcp 10.9.0.2:80", serve.readLine());
        return connect(ENGINE, PORT);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1", "::", "::1", "fd09::2", "1:0:0:2::3", "1::2:0:0:3:4", "1:2:3:4:5:6:0:8", "fe80::"})
    void shouldWriteAddressesAsPeopleDo(final String text)
    {
        assertEquals(text, Endpoint.text(InetAddress.ofLiteral(text)));
    }

    @Test
    void shouldServeForATime() throws Throwable
    {
        InNamespace.run(() ->
        {
            assertEquals(0, run("serve" + tun(true) + " --tcp 80 --tcp 8080 --seconds 1 --status 1"));
            final List<String> lines = out.toString().lines().toList();
            assertEquals("ready tcp 10.9.0.2:80", lines.get(0));
            assertEquals("ready tcp 10.9.0.2:8080", lines.get(1));
            assertTrue(lines.contains("LinkSent                               0"), out.toString());
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        serve --tcp 80 --tun t --address 10.9.0.1 --engine-address 10.9.0.2  | needs the length of its subnet
        serve --tcp 80 --tun t --address 10.9.0.1/33 --engine-address 10.9.0.2  | needs the length of its subnet
        serve --tcp 80 --tun t --address host/24 --engine-address 10.9.0.2  | 'host' is no IPv4 or IPv6 address
        serve --tcp 80 --tun t --address 10.9.0.1/24 --engine-address 10.8.0.2    | choose one of the subnet of
        serve --tcp 80 --tun t --address 10.9.0.1/24 --engine-address 10.9.0.1  | choose another one for the engine
        serve --tcp 80 --tun t --address 10.9.0.1/24                              | '--engine-address=ADDRESS'
        serve --tcp 0 --tun t --address 10.9.0.1/24 --engine-address 10.9.0.2  | '0' is no port from 1 to 65535
        serve --tcp x --tun t --address 10.9.0.1/24 --engine-address 10.9.0.2  | 'x' needs a port
        serve --tcp 80 --tun t/u --address 10.9.0.1/24 --engine-address 10.9.0.2  | can't be an interface's name
        serve --tcp 80 --tun t --address 10.9.0.1/24 --engine-address 10.9.0.2 --syn-cookies x | none of on-overflow
        serve --tcp 80 --tun t --address 10.9.0.1/24 --engine-address 10.9.0.2 --backlog 0 | 1 to 65536
        dial tcp 10.9.0.1 --tun t --address 10.9.0.1/24 --engine-address 10.9.0.2 | needs a port
        dial tcp 10.9.0.1:0 --tun t --address 10.9.0.1/24 --engine-address 10.9.0.2  | needs a port
        dial tcp [::1]:80 --tun t --address 10.9.0.1/24 --engine-address 10.9.0.2 | is of the address family of
        dial tcp 10.9.0.1:80 --tun t --address 10.9.0.1/24 --engine-address 10.9.0.2 -n 0 | numbers from 1 on
        """)
    void shouldSayWhatIsWrongInOneSentence(final String commandLine, final String sentence) throws Throwable
    {
        InNamespace.run(() ->
        {
            assertEquals(2, run(commandLine));
            assertEquals("", out.toString());
            assertEquals(1, err.toString().lines().count(), err.toString());
            assertTrue(err.toString().contains(sentence), err.toString());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve --help", "dial tcp --help", "dial --help"})
    void shouldExplainItselfWithExamples(final String commandLine)
    {
        assertEquals(0, run(commandLine));
        assertTrue(out.toString().contains("Examples:\n  java -jar soak.jar "), out.toString());
    }

    private static void acceptUntilClosed(final ServerSocket server)
    {
        try
        {
            while (true)
            {
                try (Socket socket = server.accept())
                {
                    socket.setSoTimeout(PATIENCE_MS);
                    assertEquals(-1, socket.getInputStream().read());
                }
            }
        }
        catch (final IOException ex)
        {
            // closed: the test is over
        }
    }

    /** Says hello and closes. */
    private static final class Greeter implements TcpAgent.Application
    {
        static final byte[] GREETING = "hello".getBytes(StandardCharsets.US_ASCII);

        private TcpCore core;
        private Outbox outbox;
        private long handle;

        @Override
        public void begin(final TcpCore core, final Outbox outbox, final long nowNs)
        {
            this.core = core;
            this.outbox = outbox;
            core.listen(0, 0, PORT, 16);
        }

        @Override
        public void onAcceptable(final int listener, final long nowNs)
        {
            handle = core.accept(listener);
            core.send(handle, new UnsafeBuffer(GREETING), 0, GREETING.length, nowNs, outbox);
            core.close(handle, nowNs, outbox);
        }

        @Override
        public int doWork(final long nowNs)
        {
            return 0;
        }
    }
}
