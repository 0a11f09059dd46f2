// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.sim;

import dev.trishake.support.Allocation;
import dev.trishake.support.Exhaustive;
import dev.trishake.support.Seeded;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PcapTest
{
    private static final List<PcapLinkType> LINK_TYPES = List.of(PcapLinkType.values());
    private static final long TIME_NS = 1_600_000_000_123_456_789L;

    @TempDir
    private Path folder;

    static byte[] file(final PcapFormat format, final byte[]... packets)
    {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PcapWriter writer = new PcapWriter(Channels.newChannel(bytes), format))
        {
            long timeNs = TIME_NS;
            for (final byte[] packet : packets)
            {
                writer.write(timeNs, new UnsafeBuffer(packet), 0, packet.length);
                timeNs += 1_000_000_001L;
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] packet(final PcapReader reader)
    {
        final byte[] packet = new byte[reader.capturedLength()];
        reader.buffer().getBytes(reader.offset(), packet);
        return packet;
    }

    @Test
    void shouldReadWhatWasWrittenInEveryFormat() throws IOException
    {
        final SplittableRandom random = new SplittableRandom(1);
        final Exhaustive all = new Exhaustive();
        while (all.next())
        {
            final PcapFormat format = new PcapFormat(
                all.flip() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
                all.flip(),
                LINK_TYPES.get(all.choose(LINK_TYPES.size())),
                all.flip() ? 64 : PcapFormat.MAX_SNAP_LENGTH);
            final boolean inMemory = all.flip();
            final byte[][] packets = {
                new byte[0], Seeded.bytes(random, 1), Seeded.bytes(random, 64), Seeded.bytes(random, 65),
                Seeded.bytes(random, 70_000), Seeded.bytes(random, 60)};
            final byte[] file = file(format, packets);
            final Path path = Files.write(folder.resolve("round.pcap"), file);

            try (PcapReader reader = inMemory ? PcapReader.wrap(file, "memory") : PcapReader.open(path))
            {
                assertEquals(format, reader.format());
                long timeNs = TIME_NS;
                for (final byte[] packet : packets)
                {
                    assertTrue(reader.next());
                    assertEquals(format.nanoseconds() ? timeNs : timeNs / 1000 * 1000, reader.timeNs());
                    assertEquals(packet.length, reader.originalLength());
                    assertArrayEquals(
                        Arrays.copyOf(packet, Math.min(packet.length, format.snapLength())), packet(reader));
                    timeNs += 1_000_000_001L;
                }
                assertFalse(reader.next());
                assertFalse(reader.next());
                assertFalse(reader.truncated());
                assertNull(reader.problem());
            }
        }
        assertEquals(2 * 2 * 5 * 2 * 2, all.count());
    }

    @Test
    void shouldWriteTheBytesOfTheFormat()
    {
        // laid out by hand after the pcap draft (draft-ietf-opsawg-pcap 4, 5)
        assertEquals(
            "a1b2c3d4000200040000000000000000" + "0000004000000001" + "5f5e10000001e2400000000200000002" + "abcd",
            HexFormat.of().formatHex(
                file(new PcapFormat(ByteOrder.BIG_ENDIAN, false, PcapLinkType.ETHERNET, 64),
                    new byte[] {(byte)0xab, (byte)0xcd})));
    }

    @Test
    void shouldReadFilesLargerThanItsBuffer() throws IOException
    {
        final Path path = folder.resolve("large.pcap");
        final byte[] packet = new byte[PcapFormat.MAX_SNAP_LENGTH];
        try (PcapWriter writer = PcapWriter.create(path, PcapFormat.of(PcapLinkType.RAW)))
        {
            for (int i = 0; i < 20; i++)
            {
                Arrays.fill(packet, (byte)i);
                assertTrue(writer.write(i, new UnsafeBuffer(packet), 0, packet.length - i));
            }
            assertEquals(20, writer.written());
        }
        try (PcapReader reader = PcapReader.open(path))
        {
            for (int i = 0; i < 20; i++)
            {
                assertTrue(reader.next());
                final byte[] expected = new byte[packet.length - i];
                Arrays.fill(expected, (byte)i);
                assertArrayEquals(expected, packet(reader));
            }
            assertFalse(reader.next());
            assertNull(reader.problem());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        NULL       | 02000000 45                                                 | 0800 | 4
        NULL       | 1e000000 60                                                 | 86dd | 4
        NULL       | 1c000000 60                                                 | 86dd | 4
        NULL       | 18000000 60                                                 | 86dd | 4
        NULL       | 0a000000 60                                                 | 86dd | 4
        NULL       | 00000002 45                                                 | 0800 | 4
        NULL       | 07000000 60                                                 | none | 4
        NULL       | 020000                                                      | none | 0
        RAW        | 45                                                          | 0800 | 0
        RAW        | 60                                                          | 86dd | 0
        RAW        | 50                                                          | none | 0
        RAW        | ''                                                          | none | 0
        ETHERNET   | ffffffffffff 020000000001 0806 0001                         | 0806 | 14
        ETHERNET   | ffffffffffff 020000000001 0800 45                           | 0800 | 14
        ETHERNET   | ffffffffffff 020000000001 8100 0005 86dd 60                 | 86dd | 18
        ETHERNET   | ffffffffffff 020000000001 88a8 0005 8100 0006 0800 45       | 0800 | 22
        ETHERNET   | ffffffffffff 020000000001 8100 0005 8100 0006 8100 0007 0800 | 8100 | 22
        ETHERNET   | ffffffffffff 020000000001 8100 00                           | none | 0
        ETHERNET   | ffffffffffff 020000000001 0026 4242                         | none | 14
        ETHERNET   | ffffffffffff 020000000001 08                                | none | 0
        LINUX_SLL  | 0000 0001 0006 0200000000010000 0800 45                     | 0800 | 16
        LINUX_SLL  | 0000 0001 0006 0200000000010000 08                          | none | 0
        LINUX_SLL2 | 86dd 0000 00000001 0001 00 06 0200000000010000 60           | 86dd | 20
        LINUX_SLL2 | 86dd 0000 00000001 0001 00 06 02000000000100                | none | 0
        """)
    void shouldFindTheNetworkHeader(
        final PcapLinkType linkType, final String packet, final String etherType, final int at) throws IOException
    {
        final PcapFormat format = new PcapFormat(ByteOrder.LITTLE_ENDIAN, false, linkType, 65535);
        final PcapReader reader =
            PcapReader.wrap(file(format, HexFormat.of().parseHex(packet.replace(" ", ""))), "memory");
        assertTrue(reader.next());
        assertEquals("none".equals(etherType) ? PcapReader.NO_ETHER_TYPE : Integer.parseInt(etherType, 16),
            reader.etherType());
        assertEquals(at, reader.networkOffset() - reader.offset());
    }

    @Test
    void shouldReadTheNumbersThatLibpcapReadsAsRaw() throws IOException
    {
        for (final int number : new int[] {12, 14, 101})
        {
            final byte[] file = file(PcapFormat.of(PcapLinkType.RAW), new byte[] {0x45});
            file[20] = (byte)number;
            assertEquals(PcapLinkType.RAW, PcapReader.wrap(file, "memory").format().linkType());
        }
    }

    @Test
    void shouldIgnoreTheFrameCheckSequenceBitsBesideTheLinkType() throws IOException
    {
        final byte[] file = file(PcapFormat.of(PcapLinkType.ETHERNET));
        file[23] = 0x24;
        assertEquals(PcapLinkType.ETHERNET, PcapReader.wrap(file, "memory").format().linkType());
    }

    @Test
    void shouldEndWithAFlagWhereverTheFileIsCutOff() throws IOException
    {
        final byte[] file = file(PcapFormat.of(PcapLinkType.RAW), new byte[20], new byte[30]);
        for (int length = PcapFormat.FILE_HEADER_LENGTH; length < file.length; length++)
        {
            final PcapReader reader = PcapReader.wrap(Arrays.copyOf(file, length), "cut.pcap");
            final int whole = length < 24 + 36 ? 0 : 1;
            for (int i = 0; i < whole; i++)
            {
                assertTrue(reader.next());
            }
            assertFalse(reader.next());
            final boolean clean = length == 24 || length == 24 + 36;
            assertEquals(!clean, reader.truncated(), "cut at " + length);
            assertEquals(clean ? null : "cut.pcap is cut off: it ends within a packet", reader.problem());
        }
    }

    @Test
    void shouldEndAtAPacketThatClaimsTooMuch() throws IOException
    {
        for (final int claimed : new int[] {PcapFormat.MAX_SNAP_LENGTH + 1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
        {
            final byte[] file = file(PcapFormat.of(PcapLinkType.RAW), new byte[20], new byte[30]);
            ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(24 + 36 + 8, claimed);
            final PcapReader reader = PcapReader.wrap(file, "bad.pcap");
            assertTrue(reader.next());
            assertFalse(reader.next());
            assertFalse(reader.truncated());
            assertEquals("bad.pcap is damaged: a packet claims " + Integer.toUnsignedString(claimed) +
                " captured bytes", reader.problem());
        }
    }

    @Test
    void shouldNotBelieveAnOriginalLengthBelowTheCaptured() throws IOException
    {
        for (final int claimed : new int[] {0, 19, -1})
        {
            final byte[] file = file(PcapFormat.of(PcapLinkType.RAW), new byte[20]);
            ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(24 + 12, claimed);
            final PcapReader reader = PcapReader.wrap(file, "bad.pcap");
            assertTrue(reader.next());
            assertEquals(claimed < 0 ? Integer.MAX_VALUE : 20, reader.originalLength());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ''                                               | x is not a pcap file: it has no header
        a1b2c3                                           | x is not a pcap file: it has no header
        a1b2c3d400020004                                 | x is not a pcap file: its header is cut off
        0a0d0d0a1c0000004d3c2b1a                         | x: pcapng is not supported; convert with `editcap -F pcap`
        7f454c46020101                                   | x is not a pcap file: it begins with 0x7f454c46
        a1b2cd340002000400000000000000000000ffff00000001 | x is not a pcap file: it begins with 0xa1b2cd34
        a1b2c3d40002000300000000000000000000ffff00000001 | x: pcap version 2.3 is not supported, only 2.4 is
        a1b2c3d40002000400000000000000000000ffff00000069 | x: link-type 105 is not supported; LIST
        """)
    void shouldRefuseWhatItCannotReadInOneSentence(final String file, final String sentence)
    {
        final IOException refused = assertThrows(IOException.class,
            () -> PcapReader.wrap(HexFormat.of().parseHex(file), "x"));
        assertEquals(sentence.replace("LIST", "NULL, EN10MB, RAW, LINUX_SLL and LINUX_SLL2 are"), refused.getMessage());
    }

    @Test
    void shouldCloseTheFileThatItRefuses() throws IOException
    {
        final Path garbage = Files.writeString(folder.resolve("garbage"), "no pcap, but long enough for one");
        assertThrows(IOException.class, () -> PcapReader.open(garbage));
        assertThrows(NoSuchFileException.class, () -> PcapReader.open(folder.resolve("none")));
        assertTrue(Files.deleteIfExists(garbage));
    }

    @Test
    void shouldEndWhenTheFileCannotBeRead() throws IOException
    {
        final FileChannel writeOnly =
            FileChannel.open(folder.resolve("w"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        writeOnly.close();
        final IOException refused = assertThrows(IOException.class, () -> new PcapReader(writeOnly, "w"));
        assertTrue(refused.getMessage().startsWith("w can't be read:"), refused.getMessage());
    }

    @Test
    void shouldCountWhatABrokenChannelLoses()
    {
        final PcapWriter writer = new PcapWriter(new BrokenChannel(), PcapFormat.of(PcapLinkType.RAW));
        final UnsafeBuffer packet = new UnsafeBuffer(new byte[1000]);
        int taken = 0;
        while (writer.write(0, packet, 0, 1000))
        {
            taken++;
        }
        assertEquals(taken, writer.written());
        assertFalse(writer.write(0, packet, 0, 1000));
        assertEquals(2, writer.lost());
        assertEquals("disk full", writer.failure().getMessage());
        writer.close();
        assertEquals("disk full", writer.failure().getMessage());
    }

    @Test
    void shouldRefuseASnapshotLengthThatNoReaderTakes()
    {
        for (final int snapLength : new int[] {0, -1, PcapFormat.MAX_SNAP_LENGTH + 1})
        {
            assertThrows(IllegalArgumentException.class, () -> new PcapWriter(new BrokenChannel(),
                new PcapFormat(ByteOrder.BIG_ENDIAN, true, PcapLinkType.RAW, snapLength)));
        }
    }

    @Test
    void shouldAllocateNothingPerPacketWritten() throws IOException
    {
        try (PcapWriter writer = PcapWriter.create(folder.resolve("a.pcap"), PcapFormat.of(PcapLinkType.RAW)))
        {
            final UnsafeBuffer packet = new UnsafeBuffer(new byte[200]);
            Allocation.assertNone(5_000, () ->
            {
                final long before = writer.written();
                for (int i = 0; i < 5_000; i++)
                {
                    writer.write(i, packet, 0, 200);
                }
                return writer.written() - before;
            });
            assertNull(writer.failure());
        }
    }

    @Test
    void shouldAllocateNothingPerPacketRead() throws IOException
    {
        final Path path = folder.resolve("r.pcap");
        try (PcapWriter writer = PcapWriter.create(path, PcapFormat.of(PcapLinkType.ETHERNET)))
        {
            for (int i = 0; i < 200_000; i++)
            {
                writer.write(i, new UnsafeBuffer(new byte[60]), 0, 60);
            }
        }
        try (PcapReader reader = PcapReader.open(path))
        {
            assertNotNull(reader.format());
            Allocation.assertNone(2_000, () ->
            {
                int read = 0;
                while (read < 2_000 && reader.next())
                {
                    read++;
                }
                return read;
            });
        }
    }

    @Test
    void shouldEndOnAnyBytes()
    {
        final byte[] valid = file(PcapFormat.of(PcapLinkType.ETHERNET), new byte[20], new byte[300], new byte[0]);
        Seeded.forEach(20_000, random ->
        {
            final byte[] file = random.nextInt(4) == 0 ? Seeded.bytes(random, random.nextInt(200)) :
                Arrays.copyOf(valid, valid.length - random.nextInt(valid.length));
            Seeded.mutate(random, file, random.nextInt(12));
            readAll(file);
        });
    }

    private static void readAll(final byte[] file)
    {
        final PcapReader reader;
        try
        {
            reader = PcapReader.wrap(file, "fuzz");
        }
        catch (final IOException ex)
        {
            assertTrue(ex.getMessage().startsWith("fuzz"), ex.getMessage());
            return;
        }
        int packets = 0;
        while (reader.next())
        {
            packets++;
            assertTrue(reader.offset() >= 40 && reader.capturedLength() >= 0);
            assertTrue(reader.offset() + reader.capturedLength() <= file.length);
            assertTrue(reader.originalLength() >= reader.capturedLength());
            assertTrue(reader.networkOffset() >= reader.offset());
            assertTrue(reader.networkOffset() <= reader.offset() + reader.capturedLength());
            assertTrue(reader.timeNs() >= 0);
        }
        assertTrue(packets <= file.length / 16);
        assertTrue(!reader.truncated() || reader.problem() != null);
    }

    private static final class BrokenChannel implements WritableByteChannel
    {
        @Override
        public int write(final ByteBuffer source) throws IOException
        {
            throw new IOException("disk full");
        }

        @Override
        public boolean isOpen()
        {
            return true;
        }

        @Override
        public void close() throws IOException
        {
            throw new IOException("still full");
        }
    }
}
