// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.crypto.Kernels;
import dev.trishake.identity.IdentityLoader;
import dev.trishake.identity.TestPki;
import dev.trishake.runtime.Engine;
import dev.trishake.runtime.EngineConfig;
import dev.trishake.runtime.Links;
import dev.trishake.runtime.Protocol;
import dev.trishake.runtime.TlcpProtocol;
import dev.trishake.tlcp.TlcpConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What decode reads of our own handshakes, captured between client and server, with the key log that dial has left. */
class KeyLogTest
{
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int SERVER_PORT = 4433;
    private static final int CLIENT_PORT = 50_000;
    private static final int SYN = 2;
    private static final int ACK = 16;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<Piece> pieces = Collections.synchronizedList(new ArrayList<>());

    /** Octets that went one way in one of the connections. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Piece(int connection, boolean fromClient, byte[] octets)
    {
    }

    private int run(final Object... args)
    {
        return Soak.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err))
            .execute(Arrays.stream(args).map(Object::toString).toArray(String[]::new));
    }

    @Test
    void shouldDecodeOurOwnHandshakesWithOurOwnKeyLog(@TempDir final Path folder) throws Exception
    {
        new TestPki(new TestPki.Contents("Log", List.of("localhost"), "client", Instant.now().minusSeconds(60),
            Duration.ofDays(1), "123456"), new SecureRandom()).write(folder);
        try (TlcpProtocol protocol = TlcpProtocol.server(Kernels.scalar(),
            () -> new TlcpConfig().sessions(8).handshakes(8).resumption(8, 1L << 50), new IdentityLoader()
                .signing(folder.resolve("server_sign.crt"), folder.resolve("server_sign.key"))
                .encryption(folder.resolve("server_enc.crt"), folder.resolve("server_enc.key"))
                .chain(folder.resolve("subca.crt")).load(Instant.now()), null);
            Engine engine = Engine.launch(new EngineConfig().link(Links.kernel(8))
                .listen(new InetSocketAddress(LOOPBACK, 0), Protocol.TLCP, 8).protocol(Protocol.TLCP, protocol)
                .countersFile(folder.resolve("counters")), (session, buffer, offset, length) ->
                session.send(buffer, offset, length));
            ServerSocket between = new ServerSocket(0, 8, LOOPBACK))
        {
            Thread.startVirtualThread(() -> accept(between, engine.localAddress(0).getPort()));
            for (final String suite : List.of("e053", "e013"))
            {
                assertEquals(0, run("dial", "tlcp", "127.0.0.1:" + between.getLocalPort(), "--ca",
                    folder.resolve("ca.crt"), "-n", 2, "--resume", "--suite", suite, "--echo", "seventeen octets!",
                    "--keylog", folder.resolve("log")), () -> out + "" + err);
            }
        }
        Files.write(folder.resolve("between.pcap"), pcap());
        out.getBuffer().setLength(0);
        assertEquals(0, run("decode", "-n", "--tlcp-port", SERVER_PORT, "--keylog", folder.resolve("log"),
            folder.resolve("between.pcap")), err::toString);
        final String text = out.toString();
        assertFalse(text.contains("does not open"), text);
        assertEquals(4, Files.readAllLines(folder.resolve("log")).size());
        assertEquals(8, text.lines().filter(line -> line.endsWith("verify_data")).count(), text);
        assertEquals(8, text.lines().filter(line -> line.endsWith("7365 7665 6e74 6565 6e20 6f63 7465 7473" +
            "  seventeen octets")).count(), () -> "there and back, four times: " + text);
        assertTrue(text.contains("close_notify"), text);
    }

    private void accept(final ServerSocket between, final int port)
    {
        try
        {
            for (int connection = 0; true; connection++)
            {
                final int number = connection;
                final Socket client = between.accept();
                final Socket server = new Socket(LOOPBACK, port);
                Thread.startVirtualThread(() -> copy(number, true, client, server));
                Thread.startVirtualThread(() -> copy(number, false, server, client));
            }
        }
        catch (final IOException ex)
        {
            // closed
        }
    }

    private void copy(final int connection, final boolean fromClient, final Socket from, final Socket to)
    {
        final byte[] octets = new byte[1000];
        try
        {
            for (int count = from.getInputStream().read(octets); count >= 0;
                count = from.getInputStream().read(octets))
            {
                pieces.add(new Piece(connection, fromClient, Arrays.copyOf(octets, count)));
                to.getOutputStream().write(octets, 0, count);
            }
            to.shutdownOutput();
        }
        catch (final IOException ex)
        {
            // the other one has gone
        }
    }

    /** {@return a capture of raw IP packets, one for each piece} */
    private byte[] pcap()
    {
        final ByteBuffer file = ByteBuffer.allocate(1 << 20);
        file.putInt(0xa1b2c3d4).putShort((short)2).putShort((short)4).putInt(0).putInt(0).putInt(65_535).putInt(101);
        final int[][] sequences = new int[8][2];
        for (final Piece piece : pieces)
        {
            final int[] sequence = sequences[piece.connection];
            if (sequence[0] == 0)
            {
                packet(file, piece.connection, true, SYN, 0, new byte[0]);
                packet(file, piece.connection, false, SYN | ACK, 0, new byte[0]);
                sequence[0] = 1;
                sequence[1] = 1;
            }
            final int side = piece.fromClient ? 0 : 1;
            packet(file, piece.connection, piece.fromClient, ACK, sequence[side], piece.octets);
            sequence[side] += piece.octets.length;
        }
        return Arrays.copyOf(file.array(), file.position());
    }

    private static void packet(
        final ByteBuffer file, final int connection, final boolean fromClient, final int flags, final int sequence,
        final byte[] octets)
    {
        final int length = 40 + octets.length;
        final int client = CLIENT_PORT + connection;
        file.putInt(0).putInt(0).putInt(length).putInt(length);
        file.putShort((short)0x4500).putShort((short)length).putInt(0).putInt(0x4006_0000)
            .putInt(fromClient ? 0x0a00_0001 : 0x0a00_0002).putInt(fromClient ? 0x0a00_0002 : 0x0a00_0001);
        file.putShort((short)(fromClient ? client : SERVER_PORT)).putShort((short)(fromClient ? SERVER_PORT : client))
            .putInt(sequence).putInt(0).putShort((short)(0x5000 | flags)).putShort((short)1000).putInt(0).put(octets);
    }
}
