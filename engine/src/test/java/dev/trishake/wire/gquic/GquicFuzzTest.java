// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import dev.trishake.wire.Enclosed;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Whatever comes, decoders stay inside of it and say the same whatever stands around it. */
class GquicFuzzTest
{
    private static final List<byte[]> DATAGRAMS = new ArrayList<>();
    private static final List<byte[]> PLAINTEXTS = new ArrayList<>();
    private static final List<byte[]> MESSAGES = new ArrayList<>();
    private static final List<byte[]> CONFIGS = new ArrayList<>();
    private static final List<byte[]> LISTS = new ArrayList<>();

    static
    {
        for (final Recordings.Packet packet : Recordings.packets())
        {
            DATAGRAMS.add(Arrays.copyOf(packet.datagram(), Math.min(packet.datagram().length, 80)));
            PLAINTEXTS.add(Arrays.copyOf(packet.plaintext(), Math.min(packet.plaintext().length, 80)));
        }
        for (final Recordings.Message message : Recordings.messages())
        {
            MESSAGES.add(message.bytes());
            message.values().forEach((tag, value) ->
            {
                if (tag.equals("SCFG"))
                {
                    CONFIGS.add(Vectors.hex(value));
                }
                if (tag.startsWith("CRT"))
                {
                    LISTS.add(Arrays.copyOf(Vectors.hex(value), 64));
                }
            });
        }
    }

    @Test
    void shouldStayInsideWhateverLooksLikeADatagram()
    {
        fuzz(DATAGRAMS, 10_000, GquicFuzzTest::decodeHeader);
    }

    @Test
    void shouldStayInsideWhateverLooksLikeFrames()
    {
        fuzz(PLAINTEXTS, 10_000, GquicFuzzTest::decodeFrames);
    }

    @Test
    void shouldStayInsideWhateverLooksLikeAMessage()
    {
        fuzz(MESSAGES, 4_000, GquicFuzzTest::decodeMessage);
    }

    @Test
    void shouldStayInsideWhateverLooksLikeAServerConfig()
    {
        fuzz(CONFIGS, 4_000, GquicFuzzTest::decodeConfig);
    }

    @Test
    void shouldStayInsideWhateverLooksLikeACertificateList()
    {
        fuzz(LISTS, 4_000, GquicFuzzTest::decodeList);
    }

    private static void fuzz(final List<byte[]> examples, final int cases, final Enclosed.Decoder decoder)
    {
        Seeded.forEach(Scale.pick(cases, 50 * cases), random -> Enclosed.decode(hostile(examples, random), decoder));
    }

    private static byte[] hostile(final List<byte[]> examples, final SplittableRandom random)
    {
        if (random.nextInt(4) == 0)
        {
            return Seeded.bytes(random, random.nextInt(80));
        }
        final byte[] example = examples.get(random.nextInt(examples.size()));
        final byte[] bytes = Arrays.copyOf(example, random.nextInt(3) == 0 ?
            random.nextInt(example.length + 1) : example.length);
        final byte[] beginning = Arrays.copyOf(bytes, Math.min(bytes.length, 64));
        Seeded.mutate(random, beginning, random.nextInt(4));
        System.arraycopy(beginning, 0, bytes, 0, beginning.length);
        return bytes;
    }

    private static void decodeHeader(
        final DirectBuffer buffer, final int offset, final int length, final Enclosed.Facts facts)
    {
        final PacketHeaderDecoder header = new PacketHeaderDecoder();
        for (int sender = 0; sender < 2; sender++)
        {
            if (facts.add("header", header.wrap(buffer, offset, length, sender == 0)))
            {
                facts.add("form", header.form()).add("kind", header.kind()).add("type", header.longType())
                    .add("id", header.connectionId()).add("version", header.version())
                    .add("nonce", header.nonceOffset() < 0 ? -1 : header.nonceOffset() - offset)
                    .add("number", header.truncatedNumber()).add("numberLength", header.numberLength())
                    .add("length", header.length()).add("payload", header.payloadOffset() - offset)
                    .add("payloadLength", header.payloadLength());
                for (int i = 0; i < header.labelCount(); i++)
                {
                    facts.add("label", header.label(i));
                }
            }
        }
    }

    private static void decodeFrames(
        final DirectBuffer buffer, final int offset, final int length, final Enclosed.Facts facts)
    {
        final FrameIterator frames = new FrameIterator();
        frames.wrap(buffer, offset, length, 6);
        int type = frames.next();
        for (; type > FrameIterator.END; type = frames.next())
        {
            facts.add("type", type);
            if (type == FrameType.STREAM)
            {
                final StreamFrameDecoder stream = frames.stream();
                facts.add("stream", stream.streamId()).add("offset", stream.byteOffset())
                    .add("data", stream.dataOffset() - offset).add("length", stream.dataLength());
                facts.add("first", stream.dataLength() == 0 ? 0 : buffer.getByte(stream.dataOffset()));
                facts.add("last", stream.dataLength() == 0 ? 0 :
                    buffer.getByte(stream.dataOffset() + stream.dataLength() - 1));
            }
            else if (type == FrameType.ACK)
            {
                final AckFrameDecoder ack = frames.ack();
                ack.rewind();
                long below = Long.MAX_VALUE;
                while (ack.nextRange())
                {
                    if (ack.rangeFirst() < 1 || ack.rangeLast() < ack.rangeFirst() || ack.rangeLast() >= below)
                    {
                        throw new AssertionError("range " + ack.rangeFirst() + "-" + ack.rangeLast());
                    }
                    below = ack.rangeFirst();
                    facts.add("from", ack.rangeFirst()).add("to", ack.rangeLast());
                }
            }
            else if (type == FrameType.CONNECTION_CLOSE || type == FrameType.GOAWAY)
            {
                facts.add("code", frames.errorCode()).add("reason", frames.reasonOffset() - offset)
                    .add("length", frames.reasonLength());
            }
            else
            {
                facts.add("stream", frames.streamId()).add("offset", frames.byteOffset())
                    .add("delta", frames.unackedDelta());
            }
        }
        facts.add("end", type).add("error", frames.error());
    }

    private static void decodeMessage(
        final DirectBuffer buffer, final int offset, final int length, final Enclosed.Facts facts)
    {
        final MessageDecoder message = new MessageDecoder(2048);
        final int read = message.wrap(buffer, offset, length);
        facts.add("read", read);
        for (int i = 0; read > 0 && i < message.count(); i++)
        {
            facts.add("tag", message.tag(i)).add("at", message.valueOffset(i) - offset)
                .add("length", message.valueLength(i)).add("found", message.find(message.tag(i)))
                .add("u32", message.u32(message.tag(i), -7)).add("u64", message.u64(message.tag(i), -7))
                .add("list", message.positionInList(message.tag(i), Tag.AESG));
            if (message.valueOffset(i) + message.valueLength(i) > offset + length)
            {
                throw new AssertionError("value outside of the range");
            }
        }
    }

    private static void decodeConfig(
        final DirectBuffer buffer, final int offset, final int length, final Enclosed.Facts facts)
    {
        final ServerConfigDecoder config = new ServerConfigDecoder(512);
        final int error = config.wrap(buffer, offset, length);
        if (facts.add("error", error).add("config", error == 0))
        {
            facts.add("scid", config.scidOffset() - offset).add("orbit", config.orbitOffset() - offset)
                .add("expiry", config.expirySeconds());
            facts.add("aesg", config.hasAead(Tag.AESG));
            if (facts.add("c255", config.findPublicValue(Tag.C255)))
            {
                facts.add("at", config.publicOffset() - offset).add("length", config.publicLength());
            }
        }
    }

    private static void decodeList(
        final DirectBuffer buffer, final int offset, final int length, final Enclosed.Facts facts)
    {
        final CertificateListDecoder list = new CertificateListDecoder();
        if (facts.add("list", list.wrap(buffer, offset, length)))
        {
            for (int i = 0; i < list.count(); i++)
            {
                facts.add("type", list.type(i)).add("hash", list.hash(i)).add("index", list.commonIndex(i));
            }
            facts.add("stream", list.streamOffset() - offset).add("length", list.streamLength())
                .add("uncompressed", list.uncompressedLength());
        }
    }
}
