// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The recorded handshakes walked through from BEFORE to ESTABLISHED, and the seed's messages in the seed's groups. */
class TlcpFormatterTest
{
    private static final int PCAP_HEADER_LENGTH = 24;
    private static final Pattern MESSAGE = Pattern.compile("(?m)^ {10}([A-Z][A-Za-z]+)");
    private static final Pattern FAULT =
        Pattern.compile("unexpected|malformed|missing|no record|out of its place|not followed");
    private static final PacketFormatter NO_LINE = (out, packet) -> out.append('-');

    static List<String> captures()
    {
        return dev.trishake.wire.tlcp.Captures.names();
    }

    @ParameterizedTest
    @MethodSource("captures")
    void shouldWalkThroughEveryRecordedHandshake(final String capture)
    {
        final byte[] file = Vectors.bytes("tlcp/" + capture + ".pcap");
        final String text = String.join("\n", Captures.lines(new TlcpFormatter(NO_LINE, TlcpFormatter.ANY_PORT), file));
        assertFalse(FAULT.matcher(text).find(), text);
        final List<String> expected = dev.trishake.wire.tlcp.Captures.messages().stream()
            .filter(message -> message.capture().equals(capture))
            .map(message -> dev.trishake.wire.tlcp.HandshakeType.name(
                Integer.parseInt(message.hex().substring(0, 2), 16)))
            .filter(name -> !"Finished".equals(name))
            .toList();
        final List<String> walked = MESSAGE.matcher(text).results().map(result -> result.group(1)).toList();
        assertEquals(expected, walked.stream()
            .filter(name -> !"Finished".equals(name) && !"ChangeCipherSpec".equals(name)).toList());
        final long connections = walked.stream().filter("ClientHello"::equals).count();
        assertEquals(2 * connections, Collections.frequency(walked, "Finished"), "the sealed ones are known by place");
        assertEquals(2 * connections, Collections.frequency(walked, "ChangeCipherSpec"));
        assertEquals(2 * connections, count(text, "> ESTABLISHED [(]TLS_ST_OK[)]"));
        assertEquals(2 * connections, count(text, ": BEFORE [(]TLS_ST_BEFORE[)] >"));
    }

    @Test
    void shouldTellTheSameByPortAndNothingOfOthers()
    {
        final byte[] file = Vectors.bytes("tlcp/tongsuo-E013-noauth.pcap");
        final List<String> any = Captures.lines(new TlcpFormatter(NO_LINE, TlcpFormatter.ANY_PORT), file);
        assertEquals(any, Captures.lines(new TlcpFormatter(NO_LINE, 20001), file));
        assertTrue(Captures.lines(new TlcpFormatter(NO_LINE, 443), file).stream().allMatch("-"::equals));
        assertTrue(Captures.lines(new TlcpFormatter(NO_LINE, TlcpFormatter.ANY_PORT), Vectors.bytes("tcp/words.pcap"))
            .stream().allMatch("-"::equals));
    }

    @Test
    void shouldPrintTheSeedsMessagesInTheSeedsGroups()
    {
        // the seed's bytes, with the compression that is missing in its print
        final String hello = "c3e7f11b1fdfa2630423cd40cec45018c88fa068dc360c91fce0bfa0efd5b00f";
        final String answer = "5512503c44985e8cb9ad4caf5a89aa0cf7f07585dcc639ab67bd7b75b815510d";
        final String id = "1040596d1120daeb43912a4fbcdbe133aee06ef4f1e6c3c00bf0c771faa134d9";
        final TlcpDialog dialog = new TlcpDialog(new TlcpFields(), new TlcpOpener(TlcpSecrets.NONE));
        final StringBuilder out = new StringBuilder();
        append(dialog, out, true, "160101002f" + "0100002b0101" + hello + "000004e01300ff0100");
        append(dialog, out, false, "160101004a" + "020000460101" + answer + "20" + id + "e01300");
        append(dialog, out, false, "1601010004" + "0e000000");
        assertEquals("""

                    TLCP client > server: handshake, 47 bytes
                      ClientHello
                        client: BEFORE (TLS_ST_BEFORE) > CLIENT_WROTE_CLIENT_HELLO (TLS_ST_CW_CLNT_HELLO)
                        server: BEFORE (TLS_ST_BEFORE) > SERVER_READ_CLIENT_HELLO (TLS_ST_SR_CLNT_HELLO)
                        {01} {00 00 2b}  type ClientHello, length 43
                        {01} {01}  client_version
                        {c3 e7 f1 1b 1f df a2 63 04 23 cd 40 ce c4 50 18 c8 8f a0 68 dc 36 0c 91 fc e0 bf a0 \
            ef d5 b0 0f}  random
                        {00}  session_id
                        {00 04} {e0 13 00 ff}  cipher_suites ECC_SM4_CBC_SM3 EMPTY_RENEGOTIATION_INFO_SCSV
                        {01} {00}  compression_methods
                    TLCP server > client: handshake, 74 bytes
                      ServerHello
                        client: CLIENT_WROTE_CLIENT_HELLO (TLS_ST_CW_CLNT_HELLO) > CLIENT_READ_SERVER_HELLO \
            (TLS_ST_CR_SRVR_HELLO)
                        server: SERVER_READ_CLIENT_HELLO (TLS_ST_SR_CLNT_HELLO) > SERVER_WROTE_SERVER_HELLO \
            (TLS_ST_SW_SRVR_HELLO)
                        {02} {00 00 46}  type ServerHello, length 70
                        {01} {01}  server_version
                        {55 12 50 3c 44 98 5e 8c b9 ad 4c af 5a 89 aa 0c f7 f0 75 85 dc c6 39 ab 67 bd 7b 75 \
            b8 15 51 0d}  random
                        {20} {10 40 59 6d 11 20 da eb 43 91 2a 4f bc db e1 33 ae e0 6e f4 f1 e6 c3 c0 0b f0 \
            c7 71 fa a1 34 d9}  session_id
                        {e0 13}  cipher_suite ECC_SM4_CBC_SM3
                        {00}  compression_method
                    TLCP server > client: handshake, 4 bytes
                      ServerHelloDone, unexpected
                        {0e} {00 00 00}  type ServerHelloDone, length 0\
            """, out.toString());
    }

    @Test
    void shouldSayWhatIsWrong()
    {
        assertSaid("server_hello is cut", "no record of TLCP: protocol_version", true, "160303000500");
        assertSaid("too long", "no record of TLCP: record_overflow", true, "1601014001");
        assertSaid("too long a message", "ClientHello (1), 131397 bytes: illegal_parameter", true,
            "1601010004" + "01020145");
        assertSaid("damaged", "{ff ff ff}  malformed, 3 bytes", true, "1601010007" + "01000003ffffff");
        assertSaid("no message", "Unknown (99), 0 bytes: unexpected_message", true, "1601010004" + "63000000");
        assertSaid("alert", "alert, 2 bytes: fatal handshake_failure (40)", false, "1501010002" + "0228");
        assertSaid("alert", "alert, 2 bytes: malformed", false, "1501010002" + "0728");
        assertSaid("early", "change_cipher_spec, 1 byte\n          ChangeCipherSpec, unexpected", true,
            "1401010001" + "01");
    }

    @Test
    void shouldTellTheSameHoweverTheBytesCome()
    {
        final byte[] stream = dev.trishake.wire.tlcp.Captures.streams("tongsuo-E013-clientauth").get(1);
        final String expected = dialog(List.of(new int[] {0, stream.length}), stream);
        assertTrue(count(expected, "TLCP server > client") > 5);
        Seeded.forEach(Scale.pick(100, 5000), random ->
        {
            final List<int[]> segments = new ArrayList<>();
            int at = 0;
            while (at < stream.length)
            {
                final int length = Math.min(stream.length - at, 1 + random.nextInt(random.nextBoolean() ? 20 : 900));
                segments.add(new int[] {at, length});
                if (random.nextInt(4) == 0)
                {
                    // again, from a little before to a little after
                    final int from = Math.max(0, at - random.nextInt(50));
                    segments.add(new int[] {from, Math.min(stream.length - from, length + random.nextInt(50))});
                }
                at += length;
            }
            Collections.shuffle(segments.subList(1, segments.size()), new Random(random.nextLong()));
            assertEquals(expected, dialog(segments, stream));
        });
    }

    @Test
    void shouldGiveUpADirectionWhoseBytesAreMissing()
    {
        final TlcpDialog dialog = new TlcpDialog(new TlcpFields(), new TlcpOpener(TlcpSecrets.NONE));
        final ByteStream stream = new ByteStream();
        stream.syn(-10);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1400]);
        int segments = 0;
        while (stream.add(100 + 1400 * segments, buffer, 0, 1400))
        {
            segments++;
        }
        assertEquals(ByteStream.MAX_EARLY / 1400, segments);
        final StringBuilder out = new StringBuilder();
        dialog.appendLost(out, true);
        dialog.appendLost(out, true);
        assertEquals(1, count(out.toString(), "bytes are missing"));
    }

    @Test
    void shouldNeverFailWhateverTheBytesAre()
    {
        final List<String> names = captures();
        Seeded.forEach(Scale.pick(150, 10_000), random ->
        {
            final TlcpDialog dialog = new TlcpDialog(new TlcpFields(), new TlcpOpener(TlcpSecrets.NONE));
            final List<byte[]> streams =
                dev.trishake.wire.tlcp.Captures.streams(names.get(random.nextInt(names.size())));
            final StringBuilder out = new StringBuilder();
            for (int i = 0; i < 2; i++)
            {
                final byte[] bytes = damaged(random, streams.get(i));
                final ByteStream stream = new ByteStream();
                stream.add(random.nextInt(), new UnsafeBuffer(bytes), 0, bytes.length);
                dialog.append(out, i == 0, stream);
            }
            assertTrue(out.length() < 100_000, "text of " + out.length());
        });
    }

    @Test
    void shouldNeverFailWhateverThePacketsAre()
    {
        final List<String> names = captures();
        final int[] packets = new int[1];
        Seeded.forEach(Scale.pick(100, 10_000), random ->
        {
            final byte[] file = Vectors.bytes("tlcp/" + names.get(random.nextInt(names.size())) + ".pcap");
            final byte[] body = Arrays.copyOfRange(file, PCAP_HEADER_LENGTH, file.length);
            Seeded.mutate(random, body, random.nextInt(30));
            System.arraycopy(body, 0, file, PCAP_HEADER_LENGTH, body.length);
            final int port = random.nextBoolean() ? TlcpFormatter.ANY_PORT : 20_001;
            packets[0] += Captures.lines(new TlcpFormatter(NO_LINE, port), file).size();
        });
        assertTrue(packets[0] > 500, "packets: " + packets[0]);
    }

    private static byte[] damaged(final SplittableRandom random, final byte[] stream)
    {
        final byte[] bytes = Arrays.copyOf(stream, 1 + random.nextInt(stream.length));
        Seeded.mutate(random, bytes, random.nextInt(8));
        return bytes;
    }

    private static String dialog(final List<int[]> segments, final byte[] bytes)
    {
        final TlcpDialog dialog = new TlcpDialog(new TlcpFields(), new TlcpOpener(TlcpSecrets.NONE));
        final StringBuilder out = new StringBuilder();
        final ByteStream stream = new ByteStream();
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        stream.syn(-2001); // the sequence numbers turn over
        for (final int[] segment : segments)
        {
            assertTrue(stream.add(-2000 + segment[0], buffer, segment[0], segment[1]));
            dialog.append(out, false, stream);
        }
        assertEquals(0, stream.available());
        return out.toString();
    }

    private static void append(
        final TlcpDialog dialog, final StringBuilder out, final boolean fromClient, final String hex)
    {
        final byte[] bytes = Vectors.hex(hex);
        final ByteStream stream = new ByteStream();
        stream.add(1, new UnsafeBuffer(bytes), 0, bytes.length);
        dialog.append(out, fromClient, stream);
    }

    private static void assertSaid(
        final String what, final String expected, final boolean fromClient, final String hex)
    {
        final StringBuilder out = new StringBuilder();
        append(new TlcpDialog(new TlcpFields(), new TlcpOpener(TlcpSecrets.NONE)), out, fromClient, hex);
        assertTrue(out.toString().contains(expected), () -> what + ": " + out);
    }

    private static long count(final String text, final String pattern)
    {
        return Pattern.compile(pattern).matcher(text).results().map(MatchResult::group).count();
    }
}
