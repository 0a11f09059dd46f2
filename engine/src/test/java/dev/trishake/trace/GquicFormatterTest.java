// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import dev.trishake.wire.gquic.MessageDecoder;
import dev.trishake.wire.gquic.Recordings;
import dev.trishake.wire.ip.EtherType;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Encoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteOrder;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The recorded conversations, packet for packet what an independent decoder found in them. */
class GquicFormatterTest
{
    private static final String[] CAPTURES = {
        "q039-cached", "q039-rsa", "q043-cached-ccrt", "q043-rsa-chain", "q043-rsa-retx", "q043-rsa", "q044-cached",
        "q044-ecdsa", "q044-rsa", "vn-43-to-39", "vn-44-to-39"};
    private static final List<Recordings.Packet> PACKETS = Recordings.packets();
    private static final String KEY_LOG = keyLog();

    static List<String> captures()
    {
        return List.of(CAPTURES);
    }

    @ParameterizedTest
    @MethodSource("captures")
    void shouldTellEveryFrameOfEveryRecordedPacket(final String name)
    {
        final GquicFormatter formatter = formatter(15443, GquicSecrets.parse(KEY_LOG));
        int packets = 0;
        for (final Recordings.Packet packet : PACKETS)
        {
            if (packet.name().startsWith(name + "/"))
            {
                final StringBuilder out = new StringBuilder();
                formatter.append(out, udp(packet.datagram(), packet.fromClient()));
                final List<String> lines = out.toString().lines()
                    .filter(line -> !line.contains("Serving") && !line.contains("Creating")).toList();
                assertEquals("        " + (packet.fromClient() ? "<- Reading" : "-> Sending") + " packet 0x" +
                    Long.toHexString(packet.number()) + " (" + packet.datagram().length + " bytes) for connection 0x" +
                    connectionId(packet.name()) + ", " + level(packet), lines.get(1), packet.name());
                assertEquals(frames(packet), lines.stream().filter(line -> line.contains(" &wire.")).toList());
                packets++;
            }
        }
        assertTrue(packets > 10, "packets: " + packets);
    }

    @ParameterizedTest
    @MethodSource("captures")
    void shouldOpenEveryPacketOfEveryCapture(final String name)
    {
        final List<String> packets = Captures.lines(
            formatter(GquicFormatter.ANY_PORT, GquicSecrets.parse(KEY_LOG)), Vectors.bytes("gquic/" + name + ".pcap"));
        assertTrue(packets.size() > 10, "packets: " + packets.size());
        for (final String packet : packets)
        {
            assertTrue(packet.contains(" &wire.") || packet.contains("VersionNegotiationPacket{"), packet);
            assertFalse(packet.contains("malformed"), packet);
        }
    }

    /** A datagram as it is behind a link header. */
    private static Packet udp(final byte[] datagram, final boolean fromClient)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[28 + datagram.length]);
        Ipv4Encoder.write(buffer, 0, IpProtocol.UDP, 0x7f000001, 0x7f000001, 8 + datagram.length);
        buffer.putShort(20, (short)(fromClient ? 40_000 : 15_443), ByteOrder.BIG_ENDIAN);
        buffer.putShort(22, (short)(fromClient ? 15_443 : 40_000), ByteOrder.BIG_ENDIAN);
        buffer.putShort(24, (short)(8 + datagram.length), ByteOrder.BIG_ENDIAN);
        buffer.putBytes(28, datagram);
        return new Packet().wrap(0, EtherType.IPV4, buffer, 0, buffer.capacity(), buffer.capacity(), buffer.capacity());
    }

    @ParameterizedTest
    @ValueSource(strings = {"q039-cached", "q043-rsa-chain", "q043-rsa-retx", "q044-ecdsa", "vn-44-to-39"})
    void shouldTellEveryRecordedMessage(final String name)
    {
        final String text = text(name, GquicFormatter.ANY_PORT, GquicSecrets.parse(KEY_LOG));
        final MessageDecoder decoder = new MessageDecoder();
        int at = 0;
        for (final Recordings.Message message : Recordings.messages())
        {
            if (message.name().startsWith(name + "/"))
            {
                final StringBuilder words = new StringBuilder("        ").append(
                    message.fromClient() ? "Got " : "Sending ");
                assertTrue(decoder.wrap(message.buffer(), 0, message.bytes().length) > 0);
                GquicText.appendMessage(words, "        ", decoder);
                at = text.indexOf(words.append('\n').toString(), at);
                assertTrue(at > 0, message.name());
            }
        }
    }

    @Test
    void shouldTellTheVersionsThatAServerSpeaks()
    {
        final String text = text("vn-44-to-39", GquicFormatter.ANY_PORT, null);
        assertTrue(text.contains(
            "        Serving new connection: 0x2d30e9fb4db44ea4, version gQUIC 44 from 127.0.0.1:"), text);
        assertTrue(text.contains("        Client offered version gQUIC 44, sending VersionNegotiationPacket\n" +
            "        \tVersionNegotiationPacket{ConnectionID: 0x2d30e9fb4db44ea4, SupportedVersions: ["), text);
        assertTrue(text.lines().anyMatch(line -> line.contains("SupportedVersions: [") && line.contains("gQUIC 39")));
    }

    @Test
    void shouldSayOfWhatItCanNotOpenHowItIsProtected()
    {
        final String text = text("q044-ecdsa", GquicFormatter.ANY_PORT, null);
        assertEquals(3, text.lines().filter(line -> line.contains("Got CHLO:")).count());
        assertEquals(2, text.lines().filter(line -> line.contains("Sending REJ :")).count());
        assertEquals(0, text.lines().filter(line -> line.contains("SHLO")).count());
        assertEquals(1, text.lines().filter(line -> line.contains("encrypted (not forward-secure)")).count());
        final String known = text("q044-ecdsa", GquicFormatter.ANY_PORT, GquicSecrets.parse(KEY_LOG));
        assertEquals(known.lines().filter(line -> line.endsWith(", forward-secure")).count(),
            text.lines().filter(line -> line.endsWith(", forward-secure")).count());
    }

    @Test
    void shouldKnowAllOfANumberOfWhichAnOctetIsSent()
    {
        final GquicFormatter formatter = formatter(15443, null);
        for (final int number : new int[] {0x7f, 0xfa, 0x104, 0x170})
        {
            final StringBuilder out = new StringBuilder();
            final byte[] datagram =
                Vectors.hex("0988c1677a196380a851303339" + Integer.toHexString(0x100 | (number & 0xff)).substring(1) +
                    "00".repeat(20));
            formatter.append(out, udp(datagram, true));
            assertTrue(out.toString().contains(" packet 0x" + Integer.toHexString(number) + " ("), out.toString());
        }
    }

    @Test
    void shouldFindServersByTheirPortToo()
    {
        final String any = text("q043-rsa", GquicFormatter.ANY_PORT, null);
        assertEquals(any, text("q043-rsa", 15443, null));
        assertFalse(text("q043-rsa", 15444, null).contains("packet 0x"));
    }

    @Test
    void shouldSayNothingOfOtherDatagramsAndAnythingOfAll()
    {
        final byte[] valid = Vectors.bytes("gquic/q044-ecdsa.pcap");
        Seeded.forEach(Scale.pick(150, 10_000), random ->
        {
            final byte[] file = valid.clone();
            // behind the headers of the file and of its first packet
            for (int i = random.nextInt(20); i >= 0; i--)
            {
                final int at = 24 + 16 + 42 + random.nextInt(1072);
                file[at] = (byte)random.nextInt();
            }
            for (final int port : new int[] {GquicFormatter.ANY_PORT, 15443})
            {
                assertEquals(17, Captures.lines(formatter(port, GquicSecrets.parse(KEY_LOG)), file).size());
            }
        });
        final List<String> lines = Captures.lines(formatter(GquicFormatter.ANY_PORT, null), "conversations.pcap");
        assertTrue(lines.stream().noneMatch(line -> line.contains("\n")), "TCP has nothing of gQUIC");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        88c1677a196380a8 initial AESG KEY KEY 00010203
        88c1677a196380a8 null AESG KEY KEY 00010203 00010203
        88c1677a196380a8 forward AESX KEY KEY 00010203 00010203
        88c1677a196380a8 forward CC20 KEY KEY 00010203 00010203
        88c1677a1963 forward AESG KEY KEY 00010203 00010203
        88c1677a196380a8 forward AESG KEx KEY 00010203 00010203
        """)
    void shouldSayWhichLineOfAKeyLogIsWrong(final String line)
    {
        final IllegalArgumentException ex = assertThrows(
            IllegalArgumentException.class, () -> GquicSecrets.parse(
            "# keys\n\n" + line.replace("KEY", "00".repeat(16)).replace("KEx", "0x".repeat(16))));
        assertTrue(ex.getMessage().startsWith("line 3 is not one of a gQUIC key log: "), ex.getMessage());
    }

    @Test
    void shouldHaveAllCaptures()
    {
        final List<String> names = PACKETS.stream()
            .map(packet -> packet.name().substring(0, packet.name().indexOf('/'))).distinct().sorted().toList();
        assertEquals(names, List.of(CAPTURES).stream().sorted().toList());
    }

    /** {@return the ID of a packet's connection, which a client's first packet has} */
    private static String connectionId(final String name)
    {
        final String connection = name.substring(0, name.indexOf(' ') + 1);
        return PACKETS.stream().filter(packet -> packet.name().startsWith(connection)).findFirst().orElseThrow()
            .facts().get(3);
    }

    private static String level(final Recordings.Packet packet)
    {
        return packet.name().contains(" null ") ? "unencrypted" :
            packet.name().contains(" secure ") ? "encrypted (not forward-secure)" : "forward-secure";
    }

    /** The words of quic-go for what an independent decoder has found. */
    private static List<String> frames(final Recordings.Packet packet)
    {
        final String arrow = "        \t" + (packet.fromClient() ? "<- &wire." : "-> &wire.");
        final List<String> lines = new ArrayList<>();
        for (final String frame : packet.facts().getLast().split("; ", -1))
        {
            final String[] words = frame.split(" ", -1);
            lines.add(arrow + switch (words[0])
            {
                case "STREAM" -> String.format(Locale.ROOT, "StreamFrame{StreamID: %s, FinBit: %s, Offset: 0x%x, " +
                    "Data length: 0x%x, Offset + Data length: 0x%x}", words[1], !words[2].equals("-"),
                    Integer.parseInt(words[3]), Integer.parseInt(words[4]),
                    Integer.parseInt(words[3]) + Integer.parseInt(words[4]));
                case "ACK" -> ack(words);
                case "STOP_WAITING" -> "StopWaitingFrame{LeastUnacked: 0x" + Long.toHexString(
                    Long.parseLong(words[1])) + (packet.fromClient() ? "}" :
                    ", PacketNumberLen: 0x" + packet.facts().get(2) + "}");
                case "CONNECTION_CLOSE" -> "ConnectionCloseFrame{ErrorCode:0x" + Integer.toHexString(
                    Integer.parseInt(words[1])) + ", ReasonPhrase:\"\"}";
                default -> "PingFrame{}";
            });
        }
        return lines;
    }

    private static String ack(final String[] words)
    {
        final List<long[]> ranges = new ArrayList<>();
        for (final String range : words[2].split(",", -1))
        {
            final String[] ends = range.split("-", -1);
            ranges.add(new long[] {Long.parseLong(ends[0]), Long.parseLong(ends[1])});
        }
        final boolean descending = ranges.getFirst()[0] > ranges.getLast()[0];
        assertTrue(ranges.size() == 1 || descending, words[2]);
        final long us = Long.parseLong(words[1]);
        return String.format(Locale.ROOT, "AckFrame{LargestAcked: 0x%x, LowestAcked: 0x%x, %sDelayTime: %s}",
            ranges.getFirst()[1], ranges.getLast()[0], ranges.size() == 1 ? "" : "AckRanges: {" + ranges.stream()
                .map(range -> String.format(Locale.ROOT, "{Largest: 0x%x, Smallest: 0x%x}", range[1], range[0]))
                .collect(Collectors.joining(", ")) + "}, ",
            us < 1000 ? us + "\u00b5s" : us / 1000 + "." + String.valueOf(1000 + us % 1000).substring(1)
                .replaceAll("0+$", "") + "ms");
    }

    /** The recorded keys in our own form. */
    private static String keyLog()
    {
        final StringBuilder log = new StringBuilder("# keys of the recordings\n");
        for (final String line : Vectors.lines("gquic/keys.txt"))
        {
            final String[] at = line.split("\\|", -1);
            final String connection = connectionId(at[0] + " ");
            final String output = at[9];
            final boolean initial = at[1].equals("secure");
            final String serverKey = initial ? at[12].substring(0, 32) : output.substring(32, 64);
            final String serverIv = initial ? at[12].substring(32) : output.substring(72);
            log.append(String.join(" ", connection, initial ? "initial" : "forward", "AESG",
                output.substring(0, 32), serverKey, output.substring(64, 72), serverIv)).append('\n');
        }
        return log.toString();
    }

    private static GquicFormatter formatter(final int port, final GquicSecrets keys)
    {
        return new GquicFormatter(new TcpdumpFormatter(ZoneOffset.UTC, false, false), port, keys);
    }

    private static String text(final String name, final int port, final GquicSecrets keys)
    {
        return String.join(
            "\n", Captures.lines(formatter(port, keys), Vectors.bytes("gquic/" + name + ".pcap"))) + "\n";
    }
}
