// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tcp;

import dev.trishake.support.Exhaustive;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Options against a parser written from RFC 9293 3.2 and wire/tcp.md section 1 that shares no code with ours. */
class TcpOptionsExhaustiveTest
{
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] ALPHABET = {0, 1, 2, 3, 4, 5, 8, 10, 34, (byte)0xfe, (byte)0xff};

    /** Options right and wrong, to be strung together and cut anywhere. */
    private static final byte[][] OPTIONS = {
        Vectors.hex("00"), Vectors.hex("01"),
        Vectors.hex("020405b4"), Vectors.hex("02040000"), Vectors.hex("0203ff"), Vectors.hex("0206aabbccdd"),
        Vectors.hex("03030e"), Vectors.hex("0303ff"), Vectors.hex("0302"),
        Vectors.hex("0402"), Vectors.hex("0403aa"),
        Vectors.hex("080affeeddcc01020304"), Vectors.hex("0809aabbccddeeff01"),
        Vectors.hex("050a0102030481828384"), Vectors.hex("0502"), Vectors.hex("0506aabbccdd"),
        Vectors.hex("0512" + "1122334455667788" + "99aabbccddeeff00"),
        Vectors.hex("2202"), Vectors.hex("220a0102030405060708"),
        Vectors.hex("fe04f989"), Vectors.hex("0700"), Vectors.hex("0901"), Vectors.hex("02ff")};

    private final TcpOptionsDecoder decoder = new TcpOptionsDecoder();
    private final TcpOptionsIterator iterator = new TcpOptionsIterator();

    @Test
    void shouldReadEveryShortStringAsTheNaiveParserDoes()
    {
        final Exhaustive all = new Exhaustive();
        while (all.next())
        {
            final byte[] bytes = new byte[all.choose(Scale.pick(6, 7))];
            for (int i = 0; i < bytes.length; i++)
            {
                bytes[i] = ALPHABET[all.choose(ALPHABET.length)];
            }
            assertSameReading(bytes);
        }
        assertTrue(all.count() > 100_000);
    }

    @Test
    void shouldReadLayoutsThatItKnowsAsTheNaiveParserDoesWithAnyOctetChanged()
    {
        final String[] known = {"0101080a0102030405060708", "020405b40402080a010203040506070801030307"};
        for (final String layout : known)
        {
            for (int at = 0; at < layout.length() / 2; at++)
            {
                for (int octet = 0; octet < 256; octet++)
                {
                    final byte[] bytes = Vectors.hex(layout);
                    bytes[at] = (byte)octet;
                    assertSameReading(bytes);
                }
            }
        }
    }

    @Test
    void shouldReadEveryListOfOptionsCutAnywhereAsTheNaiveParserDoes()
    {
        final Exhaustive all = new Exhaustive();
        while (all.next())
        {
            final ByteArrayOutputStream list = new ByteArrayOutputStream();
            final int count = all.choose(Scale.pick(4, 5));
            for (int i = 0; i < count; i++)
            {
                list.writeBytes(OPTIONS[all.choose(OPTIONS.length)]);
            }
            final byte[] bytes = list.toByteArray();
            final int last = count == 0 ? 0 : Math.max(0, bytes.length - 10);
            for (int length = last; length <= bytes.length; length++)
            {
                assertSameReading(Arrays.copyOf(bytes, length));
            }
        }
        assertTrue(all.count() > 12_000);
    }

    @Test
    void shouldReadWhatTheEncoderWroteInLinuxOrder()
    {
        final TcpOptionsEncoder encoder = new TcpOptionsEncoder();
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[48]);
        final Exhaustive all = new Exhaustive();
        while (all.next())
        {
            final boolean sack = all.flip();
            final boolean timestamps = all.flip();
            final int scale = all.choose(16) - 1;
            final int mss = all.flip() ? 65535 : 1;
            buffer.setMemory(0, 48, (byte)0x5a);
            final int length = encoder.init(buffer, 4).syn(mss, sack, timestamps, -2, 7, scale).finish();
            assertFalse(encoder.failed());
            assertEquals(0, length % 4);
            assertEquals(4 + (timestamps ? 12 : sack ? 4 : 0) + (scale < 0 ? 0 : 4), length);
            assertEquals(0x5a, buffer.getByte(4 + length));
            assertTrue(decoder.parse(buffer, 4, length));
            assertEquals(mss, decoder.mss());
            assertEquals(sack, decoder.sackPermitted());
            assertEquals(timestamps, decoder.hasTimestamps());
            assertEquals(timestamps ? -2 : 0, decoder.tsVal());
            assertEquals(timestamps ? 7 : 0, decoder.tsEcr());
            assertEquals(scale, decoder.windowScale());
        }
        assertEquals(128, all.count());
    }

    @Test
    void shouldReadWhateverTheEncoderWroteAndRefuseWhatHasNoRoom()
    {
        final UnsafeBuffer cookie = new UnsafeBuffer(Vectors.hex("c0c1c2c3c4c5c6c7"));
        Seeded.forEach(Scale.pick(3000, 300_000), random ->
        {
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[TcpOption.MAX_OPTIONS_LENGTH]);
            final TcpOptionsEncoder encoder = new TcpOptionsEncoder().init(buffer, 0);
            final ByteArrayOutputStream expected = new ByteArrayOutputStream();
            boolean room = true;
            for (int i = random.nextInt(8); i > 0; i--)
            {
                final byte[] option = append(encoder, cookie, random);
                room = room && expected.size() + option.length <= TcpOption.MAX_OPTIONS_LENGTH;
                if (room)
                {
                    expected.writeBytes(option);
                }
                assertEquals(!room, encoder.failed());
            }
            final int length = encoder.finish();
            assertEquals((expected.size() + 3) / 4 * 4, length);
            assertEquals(Vectors.hex(Arrays.copyOf(expected.toByteArray(), length)),
                Vectors.hex(Arrays.copyOf(buffer.byteArray(), length)));
        });
    }

    private static byte[] append(
        final TcpOptionsEncoder encoder, final UnsafeBuffer cookie, final SplittableRandom random)
    {
        switch (random.nextInt(6))
        {
            case 0 ->
            {
                encoder.nop();
                return Vectors.hex("01");
            }
            case 1 ->
            {
                encoder.mss(0xfedc);
                return Vectors.hex("0204fedc");
            }
            case 2 ->
            {
                encoder.windowScale(14);
                return Vectors.hex("03030e");
            }
            case 3 ->
            {
                encoder.timestamps(0xfffefdfc, 0x01020304);
                return Vectors.hex("080afffefdfc01020304");
            }
            case 4 ->
            {
                encoder.fastOpen(cookie, 0, 8);
                return Vectors.hex("220ac0c1c2c3c4c5c6c7");
            }
            default ->
            {
                final int blocks = 1 + random.nextInt(4);
                encoder.sack(blocks);
                for (int i = 0; i < blocks; i++)
                {
                    encoder.sackBlock(i, 0xffffff00 + i);
                }
                final StringBuilder hex = new StringBuilder("05").append(HEX.toHexDigits((byte)(2 + 8 * blocks)));
                for (int i = 0; i < blocks; i++)
                {
                    hex.append(HEX.toHexDigits(i)).append(HEX.toHexDigits(0xffffff00 + i));
                }
                return Vectors.hex(hex.toString());
            }
        }
    }

    private record Option(int kind, int offset, int length, boolean malformed)
    {
    }

    private static List<Option> naiveOptions(final byte[] bytes)
    {
        final List<Option> options = new ArrayList<>();
        int at = 0;
        while (at < bytes.length)
        {
            final int kind = Byte.toUnsignedInt(bytes[at]);
            if (kind == 0 || kind == 1)
            {
                options.add(new Option(kind, at, 1, false));
                if (kind == 0)
                {
                    break;
                }
                at++;
                continue;
            }
            final int length = at + 1 == bytes.length ? 0 : Byte.toUnsignedInt(bytes[at + 1]);
            final boolean malformed = length < 2 || at + length > bytes.length;
            options.add(new Option(kind, at, length, malformed));
            if (malformed)
            {
                break;
            }
            at += length;
        }
        return options;
    }

    private static String naiveReading(final byte[] bytes)
    {
        long mss = 0;
        long scale = -1;
        boolean sackPermitted = false;
        String timestamps = "none";
        String sack = "";
        String fastOpen = "none";
        boolean whole = true;
        for (final Option option : naiveOptions(bytes))
        {
            if (option.malformed)
            {
                whole = false;
                break;
            }
            final byte[] value = option.length < 2 ? new byte[0] :
                Arrays.copyOfRange(bytes, option.offset + 2, option.offset + option.length);
            if (option.kind == 2 && value.length == 2)
            {
                mss = new BigInteger(1, value).intValue();
            }
            else if (option.kind == 3 && value.length == 1)
            {
                scale = Math.min(14, new BigInteger(1, value).intValue());
            }
            else if (option.kind == 4 && value.length == 0)
            {
                sackPermitted = true;
            }
            else if (option.kind == 8 && value.length == 8)
            {
                timestamps = Vectors.hex(value);
            }
            else if (option.kind == 5 && value.length % 8 == 0 && value.length > 0)
            {
                sack = Vectors.hex(value);
            }
            else if (option.kind == 34)
            {
                fastOpen = Vectors.hex(value);
            }
        }
        return whole + " " + mss + " " + scale + " " + sackPermitted + " " + timestamps + " " + sack + " " + fastOpen;
    }

    private String ourReading(final byte[] bytes, final UnsafeBuffer buffer)
    {
        final boolean whole = decoder.parse(buffer, 0, bytes.length);
        final StringBuilder sack = new StringBuilder();
        for (int i = 0; i < decoder.sackBlockCount(); i++)
        {
            sack.append(HEX.toHexDigits(decoder.sackLeftEdge(i))).append(HEX.toHexDigits(decoder.sackRightEdge(i)));
        }
        final String timestamps = decoder.hasTimestamps() ?
            HEX.toHexDigits(decoder.tsVal()) + HEX.toHexDigits(decoder.tsEcr()) : "none";
        final int cookie = decoder.fastOpenOffset();
        final String fastOpen = decoder.fastOpenLength() < 0 ? "none" :
            Vectors.hex(Arrays.copyOfRange(bytes, cookie, cookie + decoder.fastOpenLength()));
        return whole + " " + decoder.mss() + " " + decoder.windowScale() + " " + decoder.sackPermitted() + " " +
            timestamps + " " + sack + " " + fastOpen;
    }

    private void assertSameReading(final byte[] bytes)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        assertEquals(naiveReading(bytes), ourReading(bytes, buffer), () -> Vectors.hex(bytes));

        iterator.wrap(buffer, 0, bytes.length);
        for (final Option option : naiveOptions(bytes))
        {
            final boolean same = iterator.next() &&
                iterator.kind() == option.kind &&
                iterator.offset() == option.offset &&
                iterator.length() == option.length &&
                iterator.isMalformed() == option.malformed;
            assertTrue(same, () -> Vectors.hex(bytes));
        }
        assertFalse(iterator.next(), () -> Vectors.hex(bytes));
    }
}
