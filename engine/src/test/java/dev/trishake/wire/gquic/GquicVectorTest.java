// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every recorded packet and message is read as an independent decoder read it, and written again octet by octet. */
class GquicVectorTest
{
    private static final List<String> FORMS = List.of("public", "long", "short");

    private final PacketHeaderDecoder header = new PacketHeaderDecoder();
    private final MessageDecoder message = new MessageDecoder();

    static List<Recordings.Packet> packets()
    {
        return Recordings.packets();
    }

    static List<Recordings.Message> messages()
    {
        return Recordings.messages();
    }

    @ParameterizedTest
    @MethodSource("packets")
    void shouldReadHeaders(final Recordings.Packet packet)
    {
        final UnsafeBuffer datagram = new UnsafeBuffer(packet.datagram());

        assertTrue(header.wrap(datagram, 0, datagram.capacity(), packet.fromClient()));

        assertEquals(PacketHeaderDecoder.DATA, header.kind());
        assertEquals(packet.header().length, header.length());
        assertEquals(packet.number(),
            PacketNumber.expand(header.truncatedNumber(), header.numberLength(), packet.number()));
        final String connectionId = header.hasConnectionId() ? String.format("%016x", header.connectionId()) : "-";
        final String nonce = header.nonceOffset() == PacketHeaderDecoder.NONE ? "-" :
            Recordings.hex(datagram, header.nonceOffset(), PacketHeaderDecoder.NONCE_LENGTH);
        assertEquals(packet.facts().subList(0, 5), List.of(FORMS.get(header.form()), label(header.version()),
            Integer.toString(header.numberLength()), connectionId, nonce));
    }

    @ParameterizedTest
    @MethodSource("packets")
    void shouldWriteHeaders(final Recordings.Packet packet)
    {
        final UnsafeBuffer datagram = new UnsafeBuffer(packet.datagram());
        assertTrue(header.wrap(datagram, 0, datagram.capacity(), packet.fromClient()));
        final UnsafeBuffer written = new UnsafeBuffer(new byte[PacketHeaderEncoder.MAX_LENGTH]);

        final int length = write(packet, datagram, written);

        assertArrayEquals(packet.header(), Arrays.copyOf(written.byteArray(), length));
    }

    private int write(final Recordings.Packet packet, final UnsafeBuffer datagram, final UnsafeBuffer written)
    {
        final long number = packet.number();
        final boolean hasNonce = header.nonceOffset() != PacketHeaderDecoder.NONE;
        return switch (header.form())
        {
            case PacketForm.PUBLIC -> packet.fromClient() ?
                PacketHeaderEncoder.clientPublic(
                    written, 0, header.connectionId(), header.version(), number, header.numberLength()) :
                PacketHeaderEncoder.serverPublic(written, 0, header.connectionId(), hasNonce ? datagram : null,
                    header.nonceOffset(), number, header.numberLength());
            case PacketForm.LONG -> hasNonce ?
                PacketHeaderEncoder.longHeaderWithNonce(
                    written, 0, header.connectionId(), datagram, header.nonceOffset(), number) :
                PacketHeaderEncoder.longHeader(
                    written, 0, header.longType(), packet.fromClient(), header.connectionId(), number);
            default -> packet.fromClient() ?
                PacketHeaderEncoder.clientShort(written, 0, header.connectionId(), number, header.numberLength()) :
                PacketHeaderEncoder.serverShort(written, 0, number, header.numberLength());
        };
    }

    @ParameterizedTest
    @MethodSource("packets")
    void shouldReadAndWriteFrames(final Recordings.Packet packet)
    {
        final int numberLength = Integer.parseInt(packet.facts().get(2));
        final UnsafeBuffer plaintext = new UnsafeBuffer(packet.plaintext());
        final UnsafeBuffer written = new UnsafeBuffer(new byte[plaintext.capacity()]);
        final FrameIterator frames = new FrameIterator();
        final FrameEncoder out = new FrameEncoder().wrap(written, 0, written.capacity());
        final List<String> found = new ArrayList<>();

        frames.wrap(plaintext, 0, plaintext.capacity(), numberLength);
        int type = frames.next();
        while (type > FrameIterator.END)
        {
            found.add(describe(type, frames, packet.number()));
            encode(type, frames, numberLength, out);
            type = frames.next();
        }

        assertEquals(FrameIterator.END, type, () -> "error " + frames.error());
        assertEquals(packet.facts().get(5), String.join("; ", found));
        out.padding(out.remaining());
        assertFalse(out.failed());
        assertArrayEquals(packet.plaintext(), written.byteArray());
    }

    private static String describe(final int type, final FrameIterator frames, final long number)
    {
        return switch (type)
        {
            case FrameType.STREAM -> "STREAM " + frames.stream().streamId() +
                (frames.stream().fin() ? " fin " : " - ") + frames.stream().byteOffset() + " " +
                frames.stream().dataLength();
            case FrameType.ACK -> "ACK " + frames.ack().delayUs() + " " + ranges(frames.ack());
            case FrameType.STOP_WAITING -> "STOP_WAITING " + (number - frames.unackedDelta());
            case FrameType.CONNECTION_CLOSE -> "CONNECTION_CLOSE " + frames.errorCode();
            default -> FrameType.nameOf(type);
        };
    }

    private static String ranges(final AckFrameDecoder ack)
    {
        final List<String> ranges = new ArrayList<>();
        ack.rewind();
        while (ack.nextRange())
        {
            ranges.add(ack.rangeFirst() + "-" + ack.rangeLast());
        }
        return String.join(",", ranges);
    }

    private static void encode(
        final int type, final FrameIterator frames, final int numberLength, final FrameEncoder out)
    {
        switch (type)
        {
            case FrameType.STREAM ->
            {
                final StreamFrameDecoder stream = frames.stream();
                final int overhead = FrameEncoder.streamOverhead(stream.streamId(), stream.byteOffset(), false);
                out.stream(stream.streamId(), stream.byteOffset(), stream.fin(),
                    out.remaining() > overhead + stream.dataLength(), stream.buffer(), stream.dataOffset(),
                    stream.dataLength());
            }
            case FrameType.ACK -> encodeAck(frames.ack(), out);
            case FrameType.STOP_WAITING -> out.stopWaiting(frames.unackedDelta(), numberLength);
            case FrameType.CONNECTION_CLOSE -> out.connectionClose(frames.errorCode(), null, 0, 0);
            default -> out.ping();
        }
    }

    /** All recorded blocks are shorter than 256 and all gaps too. */
    private static void encodeAck(final AckFrameDecoder ack, final FrameEncoder out)
    {
        ack.rewind();
        assertTrue(ack.nextRange());
        long above = ack.rangeFirst();
        out.beginAck(ack.largest(), ack.delayUs(), ack.largest() - above + 1, ack.blockCount(), 0xff);
        while (ack.nextRange())
        {
            out.ackBlock((int)(above - ack.rangeLast() - 1), ack.rangeLast() - ack.rangeFirst() + 1);
            above = ack.rangeFirst();
        }
        out.endAck();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldReadMessages(final Recordings.Message recorded)
    {
        final UnsafeBuffer buffer = recorded.buffer();

        assertEquals(buffer.capacity(), message.wrap(buffer, 0, buffer.capacity()));

        final Map<String, String> found = new LinkedHashMap<>();
        for (int i = 0; i < message.count(); i++)
        {
            assertEquals(i, message.find(message.tag(i)));
            if (message.tag(i) != Tag.PAD)
            {
                found.put(Tag.nameOf(message.tag(i)).replace("\u00ff", "\\xff"),
                    Recordings.hex(buffer, message.valueOffset(i), message.valueLength(i)));
            }
        }
        assertEquals(normalised(recorded.values()), found);
    }

    /** The recording's names of CRT differ from ours by how they spell the octet 0xff. */
    private static Map<String, String> normalised(final Map<String, String> values)
    {
        final Map<String, String> all = new LinkedHashMap<>();
        values.forEach((tag, value) -> all.put(tag.startsWith("CRT") ? "CRT\\xff" : tag, value));
        return all;
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldWriteMessages(final Recordings.Message recorded)
    {
        final UnsafeBuffer buffer = recorded.buffer();
        assertEquals(buffer.capacity(), message.wrap(buffer, 0, buffer.capacity()));
        final UnsafeBuffer written = new UnsafeBuffer(new byte[buffer.capacity()]);
        final MessageEncoder out =
            new MessageEncoder().begin(written, 0, written.capacity(), message.tag(), message.count());

        for (int i = 0; i < message.count(); i++)
        {
            out.value(message.tag(i), buffer, message.valueOffset(i), message.valueLength(i));
        }

        assertEquals(buffer.capacity(), out.finish());
        assertArrayEquals(recorded.bytes(), written.byteArray());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldReadServerConfigs(final Recordings.Message recorded)
    {
        final String hex = recorded.values().get("SCFG");
        if (hex == null)
        {
            return;
        }
        final UnsafeBuffer buffer = new UnsafeBuffer(Vectors.hex(hex));
        final ServerConfigDecoder config = new ServerConfigDecoder(MessageDecoder.DEFAULT_MAX_LENGTH);

        assertEquals(0, config.wrap(buffer, 0, buffer.capacity()));

        assertTrue(config.hasAead(Tag.AESG));
        assertTrue(config.findPublicValue(Tag.C255));
        assertEquals(32, config.publicLength());
        assertFalse(config.findPublicValue(Tag.P256));
        assertEquals(-1L, config.expirySeconds(), "quic-go's never expire");
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldReadCertificateLists(final Recordings.Message recorded)
    {
        final String hex = recorded.values().entrySet().stream()
            .filter(entry -> entry.getKey().startsWith("CRT")).map(Map.Entry::getValue).findAny().orElse(null);
        if (hex == null)
        {
            return;
        }
        final UnsafeBuffer buffer = new UnsafeBuffer(Vectors.hex(hex));
        final CertificateListDecoder list = new CertificateListDecoder();

        assertTrue(list.wrap(buffer, 0, buffer.capacity()));

        for (int i = 0; i < list.count(); i++)
        {
            assertEquals(CertificateListDecoder.COMPRESSED, list.type(i));
        }
        // 78f9: zlib with a preset dictionary, whose Adler-32 follows
        assertEquals("78f9", Recordings.hex(buffer, list.streamOffset(), 2));
        assertEquals(buffer.capacity(), list.streamOffset() + list.streamLength());
    }

    @Test
    void shouldReadAndWriteVersionNegotiation()
    {
        for (final String line : Vectors.lines("gquic/version-negotiation.txt"))
        {
            final String[] at = line.split("\\|", -1);
            final UnsafeBuffer datagram = new UnsafeBuffer(Vectors.hex(at[1]));

            assertTrue(header.wrap(datagram, 0, datagram.capacity(), false));

            assertEquals(PacketHeaderDecoder.VERSION_NEGOTIATION, header.kind());
            assertEquals(at[2], String.format("%016x", header.connectionId()));
            final List<String> labels = new ArrayList<>();
            for (int i = 0; i < header.labelCount(); i++)
            {
                labels.add(String.format("%08x", header.label(i)));
            }
            assertEquals(at[3], String.join(",", labels));

            final byte[] written = new byte[header.length()];
            assertEquals(written.length, PacketHeaderEncoder.versionNegotiation(
                new UnsafeBuffer(written), 0, header.form(), datagram.getByte(0), header.connectionId()));
            assertArrayEquals(Arrays.copyOf(datagram.byteArray(), written.length), written);
        }
    }

    private static String label(final int version)
    {
        return version == GquicVersion.NONE ? "-" :
            new String(ByteBuffer.allocate(4).putInt(version).array(), StandardCharsets.US_ASCII);
    }
}
