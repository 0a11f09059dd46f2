// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.crypto.Kernels;
import dev.trishake.gquic.GquicConfig;
import dev.trishake.identity.GquicIdentity;
import dev.trishake.runtime.DatagramLinks;
import dev.trishake.runtime.Engine;
import dev.trishake.runtime.EngineConfig;
import dev.trishake.runtime.GquicProtocol;
import dev.trishake.runtime.Session;
import dev.trishake.runtime.SessionHandler;
import dev.trishake.wire.gquic.GquicVersion;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Live, with browsers that others wrote: Chromium 71, 72 and 74 open a page over gQUIC, in a network namespace. What
 * they ask for is answered with as much HTTP as stands here: they are sent to a second page and their connection is
 * closed, so that they come back with what they know of the server.
 */
@Tag("full")
class ChromiumTest
{
    private static final int PATIENCE_S = 40;
    /** So that the browser has read what it was sent last, and its network's process has written its log. */
    private static final int SETTLE_MS = 500;
    private static final int HOSTS = 100;

    @TempDir
    private static Path pki;

    @TempDir
    private Path folder;

    private List<String> events = List.of();

    @BeforeAll
    static void makePki()
    {
        makePki(pki.resolve("short"), "localhost");
        final StringBuilder hosts = new StringBuilder("localhost");
        final Random random = new Random(1);
        for (int i = 0; i < HOSTS; i++)
        {
            hosts.append(',').append(Long.toHexString(random.nextLong())).append(".example");
        }
        makePki(pki.resolve("long"), hosts.toString());
    }

    private static void makePki(final Path where, final String hosts)
    {
        assertEquals(0, Soak.commandLine().setOut(new PrintWriter(new StringWriter()))
            .execute("pki", "--host", hosts, where.toString()));
    }

    /** Answers the first request by sending the browser elsewhere and closing, the second one with an empty page. */
    private static final class Pages implements SessionHandler
    {
        private static final int HEADERS_STREAM = 3;
        private static final int FRAME_HEADER_LENGTH = 9;
        private static final int HEADERS = 1;
        private static final int END_STREAM_AND_HEADERS = 5;

        private final List<String> requests = new CopyOnWriteArrayList<>();
        private final CountDownLatch awaited;

        Pages(final int awaited)
        {
            this.awaited = new CountDownLatch(awaited);
        }

        @Override
        public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
        {
            assert session.stream() == HEADERS_STREAM : session.stream();
            for (int at = 0; length - at >= FRAME_HEADER_LENGTH;
                at += FRAME_HEADER_LENGTH + (buffer.getInt(offset + at, ByteOrder.BIG_ENDIAN) >>> Byte.SIZE))
            {
                if (buffer.getByte(offset + at + 3) == HEADERS)
                {
                    requests.add(new GquicReport().agreed(session.parameters()));
                    answer(session, buffer.getInt(offset + at + 5, ByteOrder.BIG_ENDIAN));
                }
            }
            return length;
        }

        /** HTTP/2's HEADERS with HPACK's literals, RFC 7540 6.2 and RFC 7541 6; the request's stream ends with it. */
        private void answer(final Session session, final int stream)
        {
            final boolean isFirst = requests.size() == 1;
            final ByteArrayOutputStream block = new ByteArrayOutputStream();
            block.write(0x48); // :status
            block.write(3);
            block.writeBytes((isFirst ? "302" : "200").getBytes(StandardCharsets.US_ASCII));
            if (isFirst)
            {
                block.write(0x6e); // location
                block.write(5);
                block.writeBytes("/next".getBytes(StandardCharsets.US_ASCII));
            }
            final UnsafeBuffer frame = new UnsafeBuffer(new byte[FRAME_HEADER_LENGTH + block.size()]);
            frame.putInt(0, block.size() << Byte.SIZE | HEADERS, ByteOrder.BIG_ENDIAN);
            frame.putByte(4, (byte)END_STREAM_AND_HEADERS);
            frame.putInt(5, stream, ByteOrder.BIG_ENDIAN);
            frame.putBytes(FRAME_HEADER_LENGTH, block.toByteArray());
            final int taken = session.send(HEADERS_STREAM, frame, 0, frame.capacity());
            assert taken == frame.capacity() : taken;
            if (isFirst)
            {
                session.close();
            }
            awaited.countDown();
        }
    }

    private static String keyHash(final Path certificate) throws Exception
    {
        try (InputStream in = Files.newInputStream(certificate))
        {
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(
                CertificateFactory.getInstance("X.509").generateCertificate(in).getPublicKey().getEncoded()));
        }
    }

    /** Lets a browser come until something is over; answers what was served. */
    private Pages visit(
        final Path program, final String identity, final int wanted, final int awaited, final int... spoken)
        throws Throwable
    {
        final Pages pages = new Pages(awaited);
        final List<Throwable> errors = new CopyOnWriteArrayList<>();
        InNamespace.run(() ->
        {
            final Path certificate = pki.resolve(identity + "_chain.crt");
            try (GquicProtocol gquic = GquicProtocol.server(Kernels.scalar(), () -> new GquicConfig().versions(spoken),
                    GquicIdentity.load(certificate, pki.resolve(identity + ".key"), null, Instant.now()));
                Engine engine = Engine.launch(new EngineConfig().agents(2).errorHandler(errors::add)
                    .datagrams(DatagramLinks.epoll(),
                        List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), gquic), agent -> pages);
                Chromium chromium = new Chromium(
                    program, folder, engine.localAddress(0).getPort(), keyHash(certificate), wanted))
            {
                while (awaited == 0 && engine.counters().get("GquicVersionNegotiations") == 0)
                {
                    TimeUnit.MILLISECONDS.sleep(10);
                }
                final boolean isServed = pages.awaited.await(PATIENCE_S, TimeUnit.SECONDS);
                TimeUnit.MILLISECONDS.sleep(SETTLE_MS);
                events = chromium.leave();
                assertTrue(isServed, this::told);
                assertEquals(0, engine.counters().get("GquicPacketsMalformed"));
            }
        });
        assertEquals(List.of(), errors);
        return pages;
    }

    private String told()
    {
        return String.join("\n", events);
    }

    private long count(final String event)
    {
        return events.stream().filter(line -> line.matches(event)).count();
    }

    /** All went well for both: it has read what it was told, one connection was closed by us, the other by its end. */
    private void assertServed()
    {
        assertEquals(2, count("QUIC_SESSION_CRYPTO_HANDSHAKE_MESSAGE_RECEIVED .*SHLO.*"), this::told);
        // what it finds when its connection has gone already, it asks for again
        assertEquals(1, count("QUIC_CHROMIUM_CLIENT_STREAM_READ_RESPONSE_HEADERS .*:status.*200.*"), this::told);
        assertEquals(1, count("QUIC_SESSION_CONNECTION_CLOSE_FRAME_RECEIVED .*\"quic_error\":16}.*"), this::told);
        assertEquals(count("QUIC_SESSION_CONNECTION_CLOSE_FRAME_SENT .*"), // its page was ended
            count("QUIC_SESSION_CONNECTION_CLOSE_FRAME_SENT .*\"net error\",\"quic_error\":70}.*"), this::told);
        assertEquals(0, count("QUIC_SESSION_PUBLIC_RESET_PACKET_RECEIVED .*"), this::told);
    }

    @ParameterizedTest
    @CsvSource({
        "CHROMIUM_71, 39, ecdsa", "CHROMIUM_71, 43, ecdsa", "CHROMIUM_71, 44, rsa", "CHROMIUM_71, 43, rsa",
        "CHROMIUM_72, 39, rsa", "CHROMIUM_72, 43, ecdsa", "CHROMIUM_72, 44, ecdsa", "CHROMIUM_72, 43, rsa",
        "CHROMIUM_74, 39, ecdsa", "CHROMIUM_74, 43, ecdsa", "CHROMIUM_74, 44, ecdsa", "CHROMIUM_74, 43, rsa",
    })
    void shouldServe(final Chromium.Release release, final int version, final String key) throws Throwable
    {
        final Pages pages = visit(release.program(), "short/gquic_" + key, version, 2,
            GquicVersion.Q044, GquicVersion.Q043, GquicVersion.Q039);
        final String agreed = String.format(Locale.ROOT, "version Q0%d, AESG, C255, ", version);
        // the first CHLO of three has been forgotten; what is asked for comes right behind the last one, or after SHLO
        assertEquals(List.of(agreed + "2 CHLOs", agreed + "1 CHLO, resumed"),
            pages.requests.stream().map(request -> request.replace(", 0-RTT data", "")).toList());
        assertServed();
    }

    /** A list of certificates that takes several packets. */
    @ParameterizedTest
    @EnumSource
    void shouldShowALongChain(final Chromium.Release release) throws Throwable
    {
        visit(release.program(), "long/gquic_rsa", 43, 2, GquicVersion.Q043);
        assertTrue(count("QUIC_SESSION_PACKET_RECEIVED .*\"size\":12\\d\\d}.*") > 1, this::told);
        assertServed();
    }

    /** 2.5; it can be told of one version alone, so it finds none in common and says so. */
    @ParameterizedTest
    @EnumSource
    void shouldSayWhichVersionsThereAre(final Chromium.Release release) throws Throwable
    {
        visit(release.program(), "short/gquic_ecdsa", 43, 0, GquicVersion.Q044, GquicVersion.Q039);
        assertTrue(count("QUIC_SESSION_VERSION_NEGOTIATION_PACKET_RECEIVED .*Q044.*Q039.*") > 0, this::told);
        assertTrue(count("QUIC_SESSION_CLOSED .*\"quic_error\":20}.*") > 0, this::told);
    }
}
