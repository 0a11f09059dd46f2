// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.crypto.sm.TlcpConnections;
import dev.trishake.crypto.sm.TlcpConnections.Connection;
import dev.trishake.crypto.sm.TlcpConnections.ProtectedRecord;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Captures of other implementations, opened with their key logs; what they say was found by an independent decoder. */
class TlcpKeyLogTest
{
    private static final PacketFormatter NO_LINE = (out, packet) -> out.append('-');
    private static final int APPLICATION_DATA = 23;
    private static final int HANDSHAKE = 22;

    private static final List<Connection> CONNECTIONS = TlcpConnections.all();

    private static String line(final Connection connection)
    {
        return "CLIENT_RANDOM " + Vectors.hex(connection.value("client_random")) + " " +
            Vectors.hex(connection.value("master_secret")) + "\n";
    }

    private static TlcpSecrets secrets(final String text)
    {
        return TlcpSecrets.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static TlcpOpener.Keys keys(final TlcpOpener opener, final Connection connection)
    {
        return opener.keys(connection.value("client_random"), connection.value("server_random"),
            Integer.parseInt(connection.suite(), 16));
    }

    private static int open(
        final TlcpOpener opener, final TlcpOpener.Keys keys, final ProtectedRecord record, final byte[] fragment)
    {
        // exactly as long as the fragment: one octet too far throws
        return opener.open(keys, record.byClient(), record.contentType(), new UnsafeBuffer(fragment), 0,
            fragment.length);
    }

    private static byte[] octets(final DirectBuffer buffer, final int length)
    {
        final byte[] octets = new byte[length];
        buffer.getBytes(0, octets);
        return octets;
    }

    static Stream<Connection> connections()
    {
        return CONNECTIONS.stream();
    }

    static Stream<String> captures()
    {
        return CONNECTIONS.stream().map(connection -> connection.name().replaceFirst("/.*", "")).distinct();
    }

    @ParameterizedTest
    @MethodSource("connections")
    void shouldOpenEveryRecord(final Connection connection)
    {
        final TlcpOpener opener = new TlcpOpener(secrets(line(connection)));
        final TlcpOpener.Keys keys = keys(opener, connection);
        assertNotNull(keys);
        assertFalse(connection.records().isEmpty());
        for (final ProtectedRecord record : connection.records())
        {
            final int length = open(opener, keys, record, record.fragment());
            assertEquals(record.plaintext().length, length, () -> "record " + record.sequenceNumber());
            assertArrayEquals(record.plaintext(), octets(opener.plaintext(), length));
        }
    }

    @Test
    void shouldOpenNothingThatWasTouched()
    {
        final StringBuilder log = new StringBuilder();
        CONNECTIONS.forEach(connection -> log.append(line(connection)));
        final TlcpOpener opener = new TlcpOpener(secrets(log.toString()));
        Seeded.forEach(300, random ->
        {
            final Connection connection = CONNECTIONS.get(random.nextInt(CONNECTIONS.size()));
            final ProtectedRecord record = connection.records().getFirst();
            final byte[] flipped = record.fragment().clone();
            flipped[random.nextInt(flipped.length)] ^= (byte)(1 << random.nextInt(8));
            assertEquals(TlcpOpener.FAILED, open(opener, keys(opener, connection), record, flipped));
            final byte[] cut = Arrays.copyOf(record.fragment(), random.nextInt(record.fragment().length));
            assertEquals(TlcpOpener.FAILED, open(opener, keys(opener, connection), record, cut));
            final TlcpOpener.Keys late = keys(opener, connection);
            open(opener, late, record, record.fragment());
            assertEquals(TlcpOpener.FAILED, open(opener, late, record, record.fragment()), "another sequence number");
        });
    }

    @ParameterizedTest
    @MethodSource("captures")
    void shouldPrintWhatRecordsSay(final String capture)
    {
        final List<Connection> own =
            CONNECTIONS.stream().filter(connection -> connection.name().startsWith(capture + "/")).toList();
        final StringBuilder log = new StringBuilder("# a comment\n");
        own.forEach(connection -> log.append(line(connection)));
        final String text = String.join("\n", Captures.lines(
            new TlcpFormatter(NO_LINE, TlcpFormatter.ANY_PORT, secrets(log.toString())),
            Vectors.bytes("tlcp/" + capture + ".pcap")));
        assertFalse(text.contains("does not open"), text);
        assertEquals(2L * own.size(), text.lines().filter(line -> line.endsWith("verify_data")).count(), text);
        for (final Connection connection : own)
        {
            for (final ProtectedRecord record : connection.records())
            {
                assertTrue(text.contains(record.fragment().length + " bytes, " + record.plaintext().length +
                    (record.plaintext().length == 1 ? " byte" : " bytes") + " of plaintext"), text);
                if (record.contentType() == APPLICATION_DATA)
                {
                    final StringBuilder dump = new StringBuilder();
                    HexDump.append(
                        dump, "          ", new UnsafeBuffer(record.plaintext()), 0, record.plaintext().length);
                    assertTrue(text.contains(dump), text);
                }
                else if (record.contentType() == HANDSHAKE)
                {
                    final String verifyData = Vectors.hex(record.plaintext()).substring(8).replaceAll("(..)", " $1");
                    assertTrue(text.contains("{" + verifyData.trim() + "}  verify_data"), text);
                }
            }
        }
    }

    @Test
    void shouldSayThatASecretIsAnothers()
    {
        final Connection connection = CONNECTIONS.getFirst();
        final String wrong = line(connection).replaceFirst("[0-9a-f]{8}\n$", "00000000\n");
        final String text = String.join("\n", Captures.lines(
            new TlcpFormatter(NO_LINE, TlcpFormatter.ANY_PORT, secrets(wrong)),
            Vectors.bytes("tlcp/" + connection.name().replaceFirst("/.*", "") + ".pcap")));
        assertEquals(connection.records().size(),
            text.lines().filter(line -> line.endsWith(", does not open with the key log's secret")).count(), text);
    }

    @Test
    void shouldTakeLogsAsOthersWriteThem()
    {
        final String random = "0123456789abcdef".repeat(4);
        final String secret = "00112233445566778899aabbccddeeff".repeat(3);
        final TlcpSecrets secrets = secrets("# SSL/TLS secrets log file, generated by OpenSSL\r\n\r\n" +
            "CLIENT_HANDSHAKE_TRAFFIC_SECRET " + random + " " + secret + "\n" +
            "CLIENT_RANDOM " + random + " " + secret.replace('0', '1') + "\n" +
            "CLIENT_RANDOM " + random.toUpperCase(Locale.ROOT) + "  " + secret + "\r\n" +
            "CLIENT_RANDOM " + random + " " + secret.substring(2) + "\n");
        assertEquals(1, secrets.size());
        assertArrayEquals(Vectors.hex(secret), secrets.masterSecret(Vectors.hex(random)), "the last that is whole");
        assertNull(secrets.masterSecret(new byte[32]));
        assertEquals(0, secrets("").size());
        assertEquals(0, TlcpSecrets.of(new byte[] {-1, 0, 10, -128}).size());
    }

    @Test
    void shouldDumpSixteenOctetsALine()
    {
        final StringBuilder dump = new StringBuilder();
        HexDump.append(dump, "  ", new UnsafeBuffer("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)), 0,
            18);
        assertEquals("\n  0x0000:  4745 5420 2f20 4854 5450 2f31 2e30 0d0a  GET / HTTP/1.0.." +
            "\n  0x0010:  0d0a                                     ..", dump.toString());
    }
}
