// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import dev.trishake.wire.gquic.Recordings;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Chains of the recordings, and of whoever would have us inflate more than is good. */
class GquicChainsTest
{
    private static final List<String> LEAVES =
        Vectors.lines("gquic/certificates.txt").stream().map(line -> line.substring(0, line.indexOf('|'))).toList();

    static List<Recordings.Message> chains()
    {
        return Recordings.messages().stream().filter(message -> crt(message) != null).toList();
    }

    @ParameterizedTest
    @MethodSource("chains")
    void shouldReadAndWriteWhatWasRecorded(final Recordings.Message message) throws Exception
    {
        final byte[] value = Vectors.hex(crt(message));
        final List<byte[]> chain = read(value, List.of());
        assertEquals(message.name().contains("chain") ? 2 : 1, chain.size());
        final String leaf = Vectors.hex(chain.getFirst());
        assertTrue(LEAVES.contains(leaf) || message.name().startsWith("seed"), message.name());
        // zlib's streams differ, what is in front of them does not
        final byte[] ours = GquicChains.write(chain, List.of());
        final int head = chain.size() + 1 + Integer.BYTES + 2 + Integer.BYTES;
        assertEquals(Vectors.hex(Arrays.copyOf(value, head)), Vectors.hex(Arrays.copyOf(ours, head)));
        assertTrue(ours.length <= value.length, ours.length + " octets where Go has " + value.length);
        assertEquals(strings(chain), strings(read(ours, List.of())));
    }

    @Test
    void shouldExpectTheLeafThatTheSeedsClientExpects() throws Exception
    {
        final List<Recordings.Message> seed =
            Recordings.messages().stream().filter(message -> message.name().startsWith("seed")).toList();
        final byte[] leaf = read(Vectors.hex(crt(seed.get(3))), List.of()).getFirst();
        assertEquals(seed.get(4).values().get("XLCT"), Vectors.hex(littleEndian(GquicChains.hash(leaf))));
    }

    @Test
    void shouldPutKnownCertificatesIntoTheDictionaryLastFirst() throws Exception
    {
        final byte[] one = Vectors.hex(LEAVES.get(0));
        final byte[] two = Vectors.hex(LEAVES.get(1));
        final byte[] three = one.clone();
        three[100] ^= 1;
        final List<byte[]> chain = List.of(one, three, two);
        final byte[] value = GquicChains.write(chain, List.of(GquicChains.hash(two), GquicChains.hash(one)));
        assertEquals("02" + Vectors.hex(littleEndian(GquicChains.hash(one))) + "0102" +
            Vectors.hex(littleEndian(GquicChains.hash(two))) + "007b030000",
            Vectors.hex(Arrays.copyOf(value, 24)));
        assertTrue(value.length < 100, "one octet differs, so " + value.length + " octets are too many");
        assertEquals(strings(chain), strings(read(value, List.of(two, one))));

        final ByteArrayOutputStream dictionary = new ByteArrayOutputStream();
        dictionary.writeBytes(two);
        dictionary.writeBytes(one);
        dictionary.writeBytes(GquicDictionary.of(List.of()));
        final byte[] plain = new byte[Integer.BYTES + three.length];
        try (Inflater inflater = new Inflater())
        {
            inflater.setInput(value, 24, value.length - 24);
            assertEquals(0, inflater.inflate(plain));
            inflater.setDictionary(dictionary.toByteArray());
            assertEquals(plain.length, inflater.inflate(plain));
            assertTrue(inflater.inflate(new byte[1]) == 0 && inflater.finished());
        }
        assertEquals(Vectors.hex(three), Vectors.hex(plain).substring(8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        00                          | the chain of certificates is damaged, or too long
        01                          | the chain of certificates is damaged, or too long
        010001000200                | the chain of certificates is damaged, or too long
        010000000200                | the compressed certificates end too early
        010000000000                | the chain of certificates is damaged, or too long
        0100ffffffff00              | the chain of certificates is damaged, or too long
        0400                        | the chain of certificates is damaged, or too long
        02010203040506070800        | a certificate is only named, and it is none of those that are known
        0301020304050607080000000000| a certificate is named by a common set, though none was offered
        01000000010078f922517eb1    | the compressed certificates end too early
        0100000001007809            | the compressed certificates are damaged
        01000000010078f922517eb2    | the compressed certificates are damaged
        """)
    void shouldRefuse(final String value, final String sentence)
    {
        final Refusal refusal = assertThrows(Refusal.class, () -> read(Vectors.hex(value), List.of()));
        assertTrue(refusal.getMessage().startsWith(sentence), refusal.getMessage());
        assertEquals(42, refusal.code());
    }

    @Test
    void shouldNeverInflateMoreThanWasSaid() throws Exception
    {
        // 64 MiB of zeros in 64 KiB
        final byte[] bomb = deflated(new byte[1 << 26]);
        assertTrue(bomb.length < 1 << 17);
        final long before = Runtime.getRuntime().totalMemory();
        for (final int said : new int[] {1, 4, 5, 1000, 128 * 1024})
        {
            assertThrows(Refusal.class, () -> read(value(said, bomb), List.of()));
        }
        assertThrows(Refusal.class, () -> read(value(128 * 1024 + 1, bomb), List.of()));
        assertTrue(Runtime.getRuntime().totalMemory() - before < 1 << 25);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        02000000 0102 00         | there is something behind the compressed certificates
        03000000 0102            | the compressed certificates are cut off
        00000000                 | the compressed certificates are cut off
        ffffffff 0102            | the compressed certificates are cut off
        020000                   | the compressed certificates are cut off
        """)
    void shouldRefuseListsThatDoNotFit(final String plain, final String sentence)
    {
        final byte[] list = Vectors.hex(plain);
        assertEquals(sentence, assertThrows(
            Refusal.class, () -> read(value(list.length, deflated(list)), List.of())).getMessage());
    }

    @Test
    void shouldSayOneSentenceWhateverTheValueIs()
    {
        final List<byte[]> valid = new ArrayList<>(chains().stream().map(one -> Vectors.hex(crt(one))).toList());
        final int[] read = new int[2];
        Seeded.forEach(Scale.pick(2_000, 100_000), random ->
        {
            final byte[] one = valid.get(random.nextInt(valid.size()));
            final byte[] value = Arrays.copyOf(one, random.nextInt(4) > 0 ? one.length : random.nextInt(one.length));
            Seeded.mutate(random, value, random.nextInt(4));
            try
            {
                read(value, List.of());
                read[0]++;
            }
            catch (final Refusal refusal)
            {
                assertNotNull(refusal.getMessage());
                read[1]++;
            }
        });
        assertTrue(read[1] > 100, "refused: " + read[1]);
    }

    private static List<byte[]> read(final byte[] value, final List<byte[]> known) throws Refusal
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[value.length + 7]);
        buffer.putBytes(3, value);
        return GquicChains.read(buffer, 3, value.length, known);
    }

    private static byte[] value(final int said, final byte[] stream)
    {
        return ByteBuffer.allocate(6 + stream.length).order(ByteOrder.LITTLE_ENDIAN)
            .put((byte)1).put((byte)0).putInt(said).put(stream).array();
    }

    private static byte[] deflated(final byte[] plain)
    {
        final byte[] stream = new byte[plain.length / 500 + 100];
        try (Deflater deflater = new Deflater())
        {
            deflater.setInput(plain);
            deflater.finish();
            return Arrays.copyOf(stream, deflater.deflate(stream));
        }
    }

    private static byte[] littleEndian(final long hash)
    {
        return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(hash).array();
    }

    private static List<String> strings(final List<byte[]> chain)
    {
        return chain.stream().map(Vectors::hex).toList();
    }

    private static String crt(final Recordings.Message message)
    {
        return message.values().entrySet().stream()
            .filter(value -> value.getKey().startsWith("CRT")).map(value -> value.getValue()).findFirst().orElse(null);
    }
}
