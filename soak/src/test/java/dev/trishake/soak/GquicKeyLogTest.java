// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.crypto.Kernels;
import dev.trishake.gquic.GquicConfig;
import dev.trishake.identity.GquicIdentity;
import dev.trishake.identity.GquicTestPki;
import dev.trishake.runtime.DatagramLinks;
import dev.trishake.runtime.Engine;
import dev.trishake.runtime.EngineConfig;
import dev.trishake.runtime.GquicProtocol;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Encoder;
import dev.trishake.wire.ip.Ipv4Flyweight;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What decode reads of our own connections of gQUIC, captured on their way, with the key logs of either side. */
class GquicKeyLogTest
{
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final String TEXT = "seventeen octets!";
    private static final int MAX_LENGTH = 2048;
    /** A packet of which nothing but the header is said. */
    private static final Pattern CLOSED_PACKET =
        Pattern.compile("packet 0x.* for connection .*\\n.*Header\\{.*\\n(?!\\s+(Queueing|<- &|-> &))");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(final Object... args)
    {
        out.getBuffer().setLength(0);
        return Soak.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err))
            .execute(Arrays.stream(args).map(Object::toString).toArray(String[]::new));
    }

    @Test
    void shouldDecodeOurOwnConnectionsWithTheKeyLogOfEitherSide(@TempDir final Path folder) throws Exception
    {
        new GquicTestPki("Log", List.of("localhost"), Instant.now().minusSeconds(60), Duration.ofDays(1),
            new SecureRandom()).write(folder);
        final GquicIdentity identity = GquicIdentity.load(
            folder.resolve("gquic_ecdsa_chain.crt"), folder.resolve("gquic_ecdsa.key"), null, Instant.now());
        final Path servers = folder.resolve("servers");
        final Path clients = folder.resolve("clients");
        try (KeyLogFile log = KeyLogFile.open(servers);
            GquicProtocol protocol = GquicProtocol.server(Kernels.scalar(),
                () -> new GquicConfig().sessions(8).handshakes(8).keyLog(log), identity);
            Engine engine = Engine.launch(new EngineConfig().countersFile(folder.resolve("counters"))
                .datagrams(DatagramLinks.kernel(), List.of(new InetSocketAddress(LOOPBACK, 0)), protocol),
                (session, buffer, offset, length) -> session.send(buffer, offset, length));
            Between between = new Between(engine.localAddress(0)))
        {
            for (final String options : List.of("--version Q044 --aead AESG", "--version Q039 --aead CC20"))
            {
                final List<String> args = new ArrayList<>(List.of("dial", "gquic", "127.0.0.1:" + between.port(),
                    "--ca", folder.resolve("gquic_ca.crt").toString(), "-n", "2", "--zero-rtt", "--echo", TEXT,
                    "--keylog", clients.toString()));
                args.addAll(List.of(options.split(" ")));
                assertEquals(0, run(args.toArray()), () -> out + "" + err);
            }
            Files.write(folder.resolve("between.pcap"), between.pcap());
        }
        assertTrue(err.toString().contains("the secrets of all connections go to " + clients), err::toString);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(clients)));
        assertEquals(8, Files.readAllLines(servers).size(), "two levels of four connections");
        assertEquals(12, Files.readAllLines(clients).size(), "the server's initial keys are known later");

        assertEquals(0, run("decode", "-n", "--gquic-keys", servers, folder.resolve("between.pcap")), err::toString);
        final String text = out.toString();
        assertEquals(4, text.lines().filter(line -> line.endsWith("Sending SHLO:")).count(), text);
        assertTrue(text.lines().filter(line -> line.contains("StreamFrame{") &&
            line.contains("Data length: 0x" + Integer.toHexString(TEXT.length()) + ",")).count() >= 8, text);
        assertFalse(CLOSED_PACKET.matcher(text).find(), () -> "a packet that was not opened: " + text);
        assertEquals(0, run("decode", "-n", "--gquic-keys", clients, folder.resolve("between.pcap")), err::toString);
        assertEquals(text, out.toString(), "both sides have logged the same keys");
    }

    /** Passes datagrams on between clients and a server, and captures them. */
    private static final class Between implements AutoCloseable
    {
        private static final int CLIENT = 0x0a00_0001;
        private static final int SERVER = 0x0a00_0002;
        private static final int SERVER_PORT = 4433;
        private static final int HEADERS_LENGTH = 28;

        private final DatagramSocket front = new DatagramSocket(0, LOOPBACK);
        private final Map<Integer, DatagramSocket> backs = new ConcurrentHashMap<>();
        private final List<byte[]> packets = Collections.synchronizedList(new ArrayList<>());
        private final InetSocketAddress server;

        Between(final InetSocketAddress server) throws IOException
        {
            this.server = server;
            Thread.startVirtualThread(() -> copy(front, 0));
        }

        int port()
        {
            return front.getLocalPort();
        }

        /** From the clients, or from the server to one of them. */
        private void copy(final DatagramSocket from, final int toClient)
        {
            final DatagramPacket datagram = new DatagramPacket(new byte[MAX_LENGTH], MAX_LENGTH);
            try
            {
                while (true)
                {
                    datagram.setLength(MAX_LENGTH);
                    from.receive(datagram);
                    final int client = toClient == 0 ? datagram.getPort() : toClient;
                    capture(datagram, toClient == 0, client);
                    datagram.setSocketAddress(toClient == 0 ? server : new InetSocketAddress(LOOPBACK, client));
                    (toClient == 0 ? back(client) : front).send(datagram);
                }
            }
            catch (final IOException ex)
            {
                // closed
            }
        }

        private DatagramSocket back(final int client)
        {
            return backs.computeIfAbsent(client, port ->
            {
                try
                {
                    final DatagramSocket socket = new DatagramSocket(0, LOOPBACK);
                    Thread.startVirtualThread(() -> copy(socket, port));
                    return socket;
                }
                catch (final IOException ex)
                {
                    throw new UncheckedIOException(ex);
                }
            });
        }

        private void capture(final DatagramPacket datagram, final boolean fromClient, final int client)
        {
            final byte[] packet = new byte[HEADERS_LENGTH + datagram.getLength()];
            final UnsafeBuffer buffer = new UnsafeBuffer(packet);
            Ipv4Encoder.write(buffer, 0, IpProtocol.UDP, fromClient ? CLIENT : SERVER, fromClient ? SERVER : CLIENT,
                packet.length - Ipv4Flyweight.MIN_HEADER_LENGTH);
            ByteBuffer.wrap(packet).position(Ipv4Flyweight.MIN_HEADER_LENGTH)
                .putShort((short)(fromClient ? client : SERVER_PORT))
                .putShort((short)(fromClient ? SERVER_PORT : client)).putShort((short)(8 + datagram.getLength()))
                .putShort((short)0).put(datagram.getData(), 0, datagram.getLength());
            packets.add(packet);
        }

        byte[] pcap()
        {
            final ByteBuffer file = ByteBuffer.allocate(1 << 20);
            file.putInt(0xa1b2c3d4).putShort((short)2).putShort((short)4).putInt(0).putInt(0).putInt(65_535)
                .putInt(101);
            packets.forEach(packet ->
                file.putInt(0).putInt(0).putInt(packet.length).putInt(packet.length).put(packet));
            return Arrays.copyOf(file.array(), file.position());
        }

        @Override
        public void close()
        {
            front.close();
            backs.values().forEach(DatagramSocket::close);
        }
    }
}
