// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MessageTest
{
    private final MessageDecoder message = new MessageDecoder();

    private int wrap(final String hex)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(Vectors.hex(hex));
        return message.wrap(buffer, 0, buffer.capacity());
    }

    @Test
    void shouldWaitForTheRestWhereverAMessageIsCutOff()
    {
        for (final Recordings.Message recorded : Recordings.messages())
        {
            final UnsafeBuffer buffer = recorded.buffer();
            for (int length = 0; length < buffer.capacity(); length++)
            {
                assertEquals(MessageDecoder.INCOMPLETE, message.wrap(buffer, 0, length), recorded.name());
            }
            assertEquals(buffer.capacity(), message.wrap(buffer, 0, buffer.capacity()));
        }
    }

    @Test
    void shouldNotLookBehindAMessage()
    {
        final byte[] one = Recordings.messages().getFirst().bytes();
        final UnsafeBuffer two = new UnsafeBuffer(new byte[2 * one.length]);
        two.putBytes(0, one);
        assertEquals(one.length, message.wrap(two, 0, two.capacity()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # error                        | message
        CRYPTO_DUPLICATE_TAG           | 43484c4f 0200 0000 41000000 00000000 41000000 00000000
        CRYPTO_TAGS_OUT_OF_ORDER       | 43484c4f 0200 0000 42000000 00000000 41000000 00000000
        CRYPTO_TAGS_OUT_OF_ORDER       | 43484c4f 0200 0000 435254ff 00000000 43525400 00000000
        CRYPTO_TOO_MANY_ENTRIES        | 43484c4f 8100 0000
        CRYPTO_TOO_MANY_ENTRIES        | 43484c4f 0000 0100
        CRYPTO_TOO_MANY_ENTRIES        | 43484c4f 0000 0080
        CRYPTO_INVALID_VALUE_LENGTH    | 43484c4f 0100 0000 41000000 ffffffff
        CRYPTO_INVALID_VALUE_LENGTH    | 43484c4f 0100 0000 41000000 f13f0000
        CRYPTO_INVALID_VALUE_LENGTH    | 43484c4f 0200 0000 41000000 02000000 42000000 01000000
        """)
    void shouldSayWhatIsWrong(final String error, final String hex) throws ReflectiveOperationException
    {
        assertEquals(-GquicError.class.getField(error).getInt(null), wrap(hex));
    }

    @Test
    void shouldSayThatAMessageIsWrongBeforeItIsWhole()
    {
        assertEquals(-GquicError.CRYPTO_DUPLICATE_TAG,
            wrap("43484c4f 0800 0000 41000000 00000000 41000000 00000000"), "six entries have not come yet");
    }

    @Test
    void shouldTakeTheLongestMessageAndNoLonger()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[MessageDecoder.DEFAULT_MAX_LENGTH + 1]);
        buffer.putBytes(0, Vectors.hex("43484c4f 0100 0000 41000000 f03f0000"));
        assertEquals(buffer.capacity() - 1, message.wrap(buffer, 0, buffer.capacity()));
        assertEquals(MessageDecoder.DEFAULT_MAX_LENGTH - 16, message.valueLength(0));
    }

    @Test
    void shouldTakeEmptyValuesAndNone()
    {
        assertEquals(8, wrap("43484c4f 0000 0000"));
        assertEquals(MessageDecoder.NOT_FOUND, message.find(Tag.SNI));
        assertEquals(16, wrap("52454a00 0100 0000 534e4f00 00000000"), "lsquic's empty SNO");
        assertTrue(message.has(Tag.SNO, 0));
        assertEquals(7, message.u32(Tag.SNO, 7), "a value of another length is none");
        assertEquals(7, message.u64(Tag.SNI, 7));
    }

    @Test
    void shouldWriteNumbersAndPadding()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        final int length = new MessageEncoder().begin(buffer, 0, 64, Tag.CHLO, 3)
            .pad(2, (byte)'-').u32(Tag.ICSL, 30).u64(Tag.EXPY, -1).finish();
        assertEquals("43484c4f 0300 0000 50414400 02000000 4943534c 06000000 45585059 0e000000".replace(" ", "") +
            "2d2d1e000000ffffffffffffffff", Recordings.hex(buffer, 0, length));
        assertEquals(length, message.wrap(buffer, 0, length));
        assertEquals(30, message.u32(Tag.ICSL, 0));
        assertEquals(-1, message.u64(Tag.EXPY, 0));
    }

    @Test
    void shouldFailWithoutRoom()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        for (int room = 0; room < 20; room++)
        {
            assertEquals(MessageEncoder.FAILED,
                new MessageEncoder().begin(buffer, 0, room, Tag.SHLO, 1).u32(Tag.ICSL, 30).finish());
        }
        assertEquals(20, new MessageEncoder().begin(buffer, 0, 20, Tag.SHLO, 1).u32(Tag.ICSL, 30).finish());
    }

    @Test
    void shouldFindPublicValuesByTheirPlace()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        final UnsafeBuffer pubs = new UnsafeBuffer(Vectors.hex("020000 aabb 030000 ccddee"));
        final UnsafeBuffer lists = new UnsafeBuffer(Vectors.hex("43323535 50323536"));
        final int length = scfg(buffer, lists, pubs, 8);
        final ServerConfigDecoder config = new ServerConfigDecoder(512);

        assertEquals(0, config.wrap(buffer, 0, length));
        assertTrue(config.findPublicValue(Tag.P256));
        assertEquals("ccddee", Recordings.hex(buffer, config.publicOffset(), config.publicLength()));
        assertTrue(config.findPublicValue(Tag.C255));
        assertEquals("aabb", Recordings.hex(buffer, config.publicOffset(), config.publicLength()));
        assertFalse(config.hasAead(Tag.AESG));
        assertTrue(config.hasAead(Tag.C255), "any list of tags is one");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # what                    | orbit | exchanges         | public values
        one value for two         | 8     | 43323535 50323536 | 020000 aabb
        a value behind the last   | 8     | 43323535          | 020000 aabb 00
        a value cut off           | 8     | 43323535          | 030000 aabb
        a length cut off          | 8     | 43323535          | 0200
        a list of half tags       | 8     | 43323535 5032     | 020000 aabb
        an orbit of seven octets  | 7     | 43323535          | 020000 aabb
        """)
    void shouldRefuseServerConfig(
        final String what, final int orbit, final String exchanges, final String publicValues)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        final int length = scfg(buffer, new UnsafeBuffer(Vectors.hex(exchanges)),
            new UnsafeBuffer(Vectors.hex(publicValues)), orbit);
        assertEquals(GquicError.INVALID_CRYPTO_MESSAGE_PARAMETER,
            new ServerConfigDecoder(512).wrap(buffer, 0, length), what);
    }

    private static int scfg(
        final UnsafeBuffer buffer, final UnsafeBuffer lists, final UnsafeBuffer pubs, final int orbit)
    {
        final UnsafeBuffer zeros = new UnsafeBuffer(new byte[16]);
        return new MessageEncoder().begin(buffer, 0, buffer.capacity(), Tag.SCFG, 6)
            .value(Tag.AEAD, lists, 0, 4).value(Tag.SCID, zeros, 0, 16).value(Tag.PUBS, pubs, 0, pubs.capacity())
            .value(Tag.KEXS, lists, 0, lists.capacity()).value(Tag.OBIT, zeros, 0, orbit).u64(Tag.EXPY, -1)
            .finish();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # good | list
        true   | 02 0102030405060708 00
        true   | 03 0102030405060708 01000000 00
        true   | 02 0102030405060708 01 00 00000200 78f9
        false  | 00
        false  | 04 00
        false  | 02 01020304050607
        false  | 02 0102030405060708
        false  | 02 0102030405060708 00 00
        false  | 01 00 000000
        false  | 01 00 00000000 78f9
        false  | 01 00 01000200 78f9
        false  | 01 00 ffffffff 78f9
        false  | 01010101 01010101 01010101 01010101 01 00 00010000 78f9
        """)
    void shouldBoundCertificateLists(final boolean good, final String hex)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(Vectors.hex(hex));
        assertEquals(good, new CertificateListDecoder().wrap(buffer, 0, buffer.capacity()));
    }

    @Test
    void shouldReadCachedAndCommonCertificates()
    {
        final UnsafeBuffer buffer =
            new UnsafeBuffer(Vectors.hex("02 0102030405060708 03 1112131415161718 05000000 01 00 00010000 78f9"));
        final CertificateListDecoder list = new CertificateListDecoder();
        assertTrue(list.wrap(buffer, 0, buffer.capacity()));
        assertEquals(3, list.count());
        assertEquals(0x0807060504030201L, list.hash(0));
        assertEquals(0x1817161514131211L, list.hash(1));
        assertEquals(5, list.commonIndex(1));
        assertEquals(256, list.uncompressedLength());
        assertEquals(2, list.streamLength());
    }
}
