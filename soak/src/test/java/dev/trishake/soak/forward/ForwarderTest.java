// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.forward;

import dev.trishake.crypto.Kernels;
import dev.trishake.identity.IdentityException;
import dev.trishake.identity.IdentityLoader;
import dev.trishake.identity.PeerName;
import dev.trishake.identity.TestPki;
import dev.trishake.identity.TlcpTrust;
import dev.trishake.runtime.Engine;
import dev.trishake.runtime.EngineConfig;
import dev.trishake.runtime.Links;
import dev.trishake.runtime.Protocol;
import dev.trishake.runtime.TlcpProtocol;
import dev.trishake.tlcp.TlcpConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The proxy between TLCP clients of ours and a back end with the kernel's TCP, over the kernel's sockets. */
class ForwarderTest
{
    private static final int SESSIONS = 64;
    private static final long PATIENCE_MS = 20_000;
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    private static Path pki;

    @TempDir
    private Path folder;

    private Map<String, Long> counters;

    @BeforeAll
    static void makePki() throws Exception
    {
        new TestPki(new TestPki.Contents("Proxy", List.of("localhost"), "client", Instant.now().minusSeconds(60),
            Duration.ofDays(1), "123456"), new SecureRandom()).write(pki);
    }

    private static TlcpProtocol server() throws IdentityException
    {
        return TlcpProtocol.server(Kernels.scalar(), ForwarderTest::sessions, new IdentityLoader()
            .signing(pki.resolve("server_sign.crt"), pki.resolve("server_sign.key"))
            .encryption(pki.resolve("server_enc.crt"), pki.resolve("server_enc.key"))
            .chain(pki.resolve("subca.crt")).load(Instant.now()), null);
    }

    private static TlcpConfig sessions()
    {
        return new TlcpConfig().sessions(SESSIONS).handshakes(SESSIONS);
    }

    /** Runs a proxy with clients before it until they have all ended, or what else is waited for. */
    private List<String> forward(final int backEndPort, final int count, final int bytes, final BooleanSupplier until)
        throws Exception
    {
        try (TlcpProtocol server = server();
            TlcpProtocol client = TlcpProtocol.client(Kernels.scalar(), ForwarderTest::sessions, null,
                TlcpTrust.load(TlcpTrust.Order.ANY, pki.resolve("ca.crt")), PeerName.ANY);
            Engine proxy = Engine.launch(new EngineConfig().link(Links.kernel(2 * SESSIONS))
                .listen(new InetSocketAddress(LOOPBACK, 0), Protocol.TLCP, SESSIONS)
                .protocol(Protocol.TLCP, server).countersFile(folder.resolve("proxy")),
                agent -> new Forwarder(0, LOOPBACK, backEndPort, SESSIONS)))
        {
            final Clients clients = new Clients(proxy.localAddress(0).getPort(), count, bytes);
            try (Engine engine = Engine.launch(new EngineConfig().link(Links.kernel(SESSIONS))
                .protocol(Protocol.TLCP, client).countersFile(folder.resolve("clients")), clients))
            {
                await(() -> clients.ends().size() == count && until.getAsBoolean(), clients.ends());
                await(() -> proxy.counters().get("SessionsActive") == 0, clients.ends());
                counters = proxy.counters();
                assertEquals(0, counters.get("Errors"), "in the proxy");
                assertEquals(0, engine.counters().get("Errors"), "in the clients");
            }
            return List.copyOf(clients.ends());
        }
    }

    private static void await(final BooleanSupplier condition, final List<String> what) throws InterruptedException
    {
        final long endMs = System.currentTimeMillis() + PATIENCE_MS;
        while (!condition.getAsBoolean())
        {
            assertTrue(System.currentTimeMillis() < endMs, () -> "it does not come to an end: " + what);
            Thread.sleep(5);
        }
    }

    /** Reads a client's pattern to its end, slowly, while another thread writes its own. */
    private static void exchange(final Socket socket, final int bytes) throws Exception
    {
        final int client = new DataInputStream(socket.getInputStream()).readInt();
        final AtomicReference<Exception> failure = new AtomicReference<>();
        final Thread writer = Thread.startVirtualThread(() ->
        {
            try
            {
                write(socket, client, bytes);
            }
            catch (final IOException ex)
            {
                failure.set(ex);
            }
        });
        final byte[] chunk = new byte[8192];
        int position = 0;
        for (int count = socket.getInputStream().read(chunk); count >= 0; count = socket.getInputStream().read(chunk))
        {
            for (int i = 0; i < count; i++)
            {
                assertEquals(Clients.pattern(client, true, position), chunk[i], "of client " + client);
                position++;
            }
            Thread.sleep(1);
        }
        assertEquals(bytes, position, "all of client " + client);
        writer.join();
        if (failure.get() != null)
        {
            throw failure.get();
        }
    }

    private static void write(final Socket socket, final int client, final int bytes) throws IOException
    {
        final byte[] pattern = new byte[bytes];
        for (int i = 0; i < bytes; i++)
        {
            pattern[i] = Clients.pattern(client, false, i);
        }
        socket.getOutputStream().write(pattern);
        socket.shutdownOutput();
    }

    @ParameterizedTest
    @CsvSource({"2, 3000000", "50, 200000"})
    void shouldPassBytesOnBothWaysUnderBackPressure(final int count, final int bytes) throws Exception
    {
        pass(count, bytes);
    }

    @Tag("full")
    @Test
    void shouldPassMegabytesOnForManySessions() throws Exception
    {
        pass(50, 4_000_000);
    }

    private void pass(final int count, final int bytes) throws Exception
    {
        try (BackEnd backEnd = new BackEnd(socket -> exchange(socket, bytes)))
        {
            final List<String> ends = forward(backEnd.port(), count, bytes, () -> true);
            assertEquals(List.of(), backEnd.failures());
            assertEquals(Collections.nCopies(count, "ended after " + bytes), ends);
            await(() -> backEnd.done() == count, ends);
            assertEquals(count, counters.get("ForwardConnected"));
            assertEquals(0, counters.get("ForwardBroken"));
            assertEquals(0, counters.get("SessionsFailed"));
            assertTrue(counters.get("SendsCutShort") > count, "there was no back pressure");
            assertEquals(count * (Integer.BYTES + 2L * bytes), counters.get("BytesOut"));
        }
    }

    @Test
    void shouldEndAClientInOrderWhenNobodyListensBehind() throws Exception
    {
        final int port;
        try (ServerSocket nobody = new ServerSocket(0, 1, LOOPBACK))
        {
            port = nobody.getLocalPort();
        }
        assertEquals(Collections.nCopies(3, "ended after 0"), forward(port, 3, 0, () -> true));
        assertEquals(3, counters.get("ForwardUnreachable"));
        assertEquals(0, counters.get("ForwardConnected"));
        assertEquals(0, counters.get("ForwardBroken"));
    }

    @Test
    void shouldPassOnTheEndOfEitherSideAlone() throws Exception
    {
        // the client's end comes first: only then the back end begins
        try (BackEnd backEnd = new BackEnd(socket ->
        {
            final byte[] all = socket.getInputStream().readAllBytes();
            write(socket, all[3], 100_000);
        }))
        {
            assertEquals(Collections.nCopies(3, "ended after 100000"), forward(backEnd.port(), 3, 10_000, () -> true));
            assertEquals(List.of(), backEnd.failures());
        }
        // the back end's end comes first: it still reads all that the client has
        try (BackEnd backEnd = new BackEnd(socket ->
        {
            socket.shutdownOutput();
            assertEquals(Integer.BYTES + 500_000, socket.getInputStream().readAllBytes().length);
        }))
        {
            final List<String> ends = forward(backEnd.port(), 3, 500_000, () -> backEnd.done() == 3);
            assertEquals(Collections.nCopies(3, "ended after 0"), ends);
            assertEquals(List.of(), backEnd.failures());
        }
    }

    @Test
    void shouldResetAClientWhoseBackEndBreaks() throws Exception
    {
        try (BackEnd backEnd = new BackEnd(socket ->
        {
            socket.getInputStream().readNBytes(1000);
            socket.setSoLinger(true, 0); // closes with RST
        }))
        {
            final List<String> ends = forward(backEnd.port(), 3, 1_000_000, () -> true);
            assertTrue(ends.stream().allMatch(end -> end.startsWith("failed by RESET")), ends::toString);
            assertEquals(3, counters.get("ForwardBroken"));
        }
    }

    @Test
    void shouldResetABackEndWhoseClientBreaks() throws Exception
    {
        final int bytes = 1_000_000;
        try (BackEnd backEnd = new BackEnd(socket ->
        {
            socket.getInputStream().readNBytes(1000);
            // the client throws at the first wrong octet, which resets its session
            socket.getOutputStream().write(new byte[] {1, 2, 3, 4});
            assertThrows(SocketException.class, () -> socket.getInputStream().readAllBytes());
        }))
        {
            final AtomicReference<List<String>> ends = new AtomicReference<>();
            assertThrows(AssertionError.class, () -> ends.set(forward(backEnd.port(), 1, bytes,
                () -> backEnd.done() == 1)), "the engine of the client has logged what it threw");
            assertEquals(List.of(), backEnd.failures());
            assertEquals(1, backEnd.done());
            assertEquals(1, counters.get("ForwardBroken"));
        }
    }
}
