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

class PacketHeaderTest
{
    private static final String ID = "0102030405060708";
    private final PacketHeaderDecoder header = new PacketHeaderDecoder();

    private boolean wrap(final String hex, final boolean fromClient)
    {
        final UnsafeBuffer datagram = new UnsafeBuffer(Vectors.hex(hex));
        return header.wrap(datagram, 0, datagram.capacity(), fromClient);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # what of it                                   | sender | datagram
        an empty datagram                              | client |
        the multipath flag                             | client | 58 0102030405060708 0001
        no connection ID from a client                 | client | 10 0001
        a client's label of Q044 in a public header    | client | 19 0102030405060708 51303434 0001
        a public header cut off in its ID              | client | 18 01020304050607
        a public header cut off in its version         | client | 19 0102030405060708 513033
        a public header cut off in its number          | client | 18 0102030405060708 00
        a public header cut off in its nonce           | server | 1c 0102030405060708 00000000 0001
        a reset without an ID                          | server | 02
        version negotiation without an ID              | server | 01 51303433
        version negotiation without labels             | server | 09 0102030405060708
        version negotiation with half a label          | server | 09 0102030405060708 51303339 5130
        a long header with a server's ID lengths       | client | ff 51303434 05 0102030405060708 00000001
        a long header with a client's ID lengths       | server | fd 51303434 50 0102030405060708 00000001
        a long header with two IDs                     | client | ff 51303434 55 0102030405060708 0102030405060708
        a long header of a version with public ones    | client | ff 51303433 50 0102030405060708 00000001
        version negotiation from a client              | client | ff 00000000 50 0102030405060708 51303339
        a Retry                                        | client | fe 51303434 50 0102030405060708 00000001
        a type that is none                            | client | 80 51303434 50 0102030405060708 00000001
        a long header cut off in its number            | client | ff 51303434 50 0102030405060708 000001
        a server's long header cut off in its nonce    | server | fc 51303434 05 0102030405060708 00000001 00
        a short header with key phase 1                | client | 71 0102030405060708 0001
        a short header with a length that is none      | client | 33 0102030405060708 000000000001
        a short header cut off in its ID               | client | 31 010203
        a short header cut off in its number           | server | 32 000001
        """)
    void shouldRefuse(final String what, final String sender, final String hex)
    {
        assertFalse(wrap(hex == null ? "" : hex, sender.equals("client")), what);
    }

    @Test
    void shouldIgnoreTheNonceFlagOfAClient()
    {
        assertTrue(wrap("0d" + ID + "51303433 01", true), "Chromium's clients set it always");
        assertEquals(PacketHeaderDecoder.NONE, header.nonceOffset());
        assertEquals(1, header.truncatedNumber());
    }

    @Test
    void shouldTakeEveryTypeFromAClientForAnything()
    {
        for (final String type : new String[] {"ff", "fd", "fc"})
        {
            assertTrue(wrap(type + "51303434 50" + ID + "00000001", true), type);
            assertEquals(PacketHeaderDecoder.NONE, header.nonceOffset(), "a client has no nonce");
        }
    }

    @Test
    void shouldReadEveryLengthOfPacketNumber()
    {
        assertTrue(wrap("08" + ID + "ff", false));
        assertEquals(0xff, header.truncatedNumber());
        assertTrue(wrap("38" + ID + "fffffffffffe", false));
        assertEquals(0xffff_ffff_fffeL, header.truncatedNumber());
        assertTrue(wrap("28" + ID + "fffffffe", false));
        assertEquals(0xffff_fffeL, header.truncatedNumber());
        assertTrue(wrap("20 fffffffe", false), "a server may leave the ID out");
        assertFalse(header.hasConnectionId());
        assertEquals(5, header.length());
        assertEquals(0, header.payloadLength());
    }

    @Test
    void shouldTellWhatAnUnknownVersionNeedsForAnAnswer()
    {
        assertTrue(wrap("ff 51303939 50" + ID + "0000", true));
        assertEquals(PacketHeaderDecoder.UNKNOWN_VERSION, header.kind());
        assertEquals(0x51303939, header.version());
        assertEquals(0x0102030405060708L, header.connectionId());

        assertTrue(wrap("19" + ID + "51303939 0001", true));
        assertEquals(PacketHeaderDecoder.DATA, header.kind());
        assertEquals(0x51303939, header.version());
    }

    @Test
    void shouldReadAPublicResetOfQuicGoAndOfChromium()
    {
        for (final String flags : new String[] {"0a", "0e"})
        {
            assertTrue(wrap(flags + ID + "50525354 00000000", false));
            assertEquals(PacketHeaderDecoder.PUBLIC_RESET, header.kind());
            assertEquals(8, header.payloadLength());
            final MessageDecoder message = new MessageDecoder();
            assertEquals(8, message.wrap(new UnsafeBuffer(Vectors.hex("50525354 00000000")), 0, 8));
            assertEquals(Tag.PRST, message.tag());
        }
    }

    @Test
    void shouldWriteAPublicResetAndAnIdlessHeader()
    {
        final UnsafeBuffer written = new UnsafeBuffer(new byte[16]);
        final int reset = PacketHeaderEncoder.publicReset(written, 0, 0x0102030405060708L);
        assertEquals("0a" + ID, Recordings.hex(written, 0, reset));
        final int idless = PacketHeaderEncoder.serverPublicWithoutId(written, 0, 0x1234, 2);
        assertEquals("101234", Recordings.hex(written, 0, idless));
    }

    @Test
    void shouldKnowReservedLabels()
    {
        assertTrue(GquicVersion.isReserved(0x3afa8a5a));
        assertFalse(GquicVersion.isReserved(GquicVersion.Q043));
    }
}
