// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.MessageDecoder;
import dev.trishake.wire.gquic.MessageEncoder;
import dev.trishake.wire.gquic.Tag;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The crypto stream's two halves. */
class CryptoStreamTest
{
    private static final int BASE = 1040;

    private final GquicMemory memory = new GquicMemory(GquicConnectionTest.config().cryptoLengths(4096, 4096));
    private final GquicSession session = memory.view();
    private final CryptoStream stream = new CryptoStream(memory, session);
    private final MessageDecoder message = new MessageDecoder();
    private final UnsafeBuffer data = new UnsafeBuffer(new byte[8192]);

    @BeforeEach
    void open()
    {
        session.wrap(memory.sessions.acquire());
        assertTrue(memory.takeMessages(session)); // the first buffer belongs to somebody else
        session.wrap(memory.sessions.acquire());
        assertTrue(memory.takeMessages(session));
        session.set(GquicSession.CRYPTO_IN_BASE, (long)BASE);
        ReceivedRanges.begin(session.memory(), session.at(GquicSession.CRYPTO_IN), BASE);
        data.setMemory(0, data.capacity(), (byte)0x55);
    }

    private int write(final int tag, final int length)
    {
        return new MessageEncoder().begin(data, 0, data.capacity(), tag, 1).pad(length - 16, (byte)'-').finish();
    }

    @Test
    void shouldPutMessagesTogether()
    {
        final int length = write(Tag.CHLO, 300);
        assertEquals(0, stream.onData(BASE + 200, data, 200, 100, GquicLevel.NULL));
        assertEquals(MessageDecoder.INCOMPLETE, stream.peek(message));
        assertEquals(0, stream.onData(BASE + 100, data, 100, 150, GquicLevel.NULL));
        assertEquals(0, stream.onData(BASE, data, 0, 120, GquicLevel.NULL));
        assertEquals(length, stream.peek(message));
        assertEquals(Tag.CHLO, message.tag());
        stream.consume(length);
        assertEquals(MessageDecoder.INCOMPLETE, stream.peek(message));
        assertEquals(0, stream.onData(BASE, data, 0, 300, GquicLevel.NULL), "it comes again");
        assertEquals(MessageDecoder.INCOMPLETE, stream.peek(message));
    }

    /** What was sent before there was a session may come again, together with what is new. */
    @Test
    void shouldWriteNothingBeforeItsBeginning()
    {
        memory.messages().setMemory(0, memory.inOffset(session), (byte)0x11);
        assertEquals(0, stream.onData(BASE - 40, data, 0, 100, GquicLevel.NULL));
        for (int i = 0; i < memory.inOffset(session); i++)
        {
            assertEquals(0x11, memory.messages().getByte(i), "octet " + i + " of somebody else");
        }
        assertEquals(BASE + 60, ReceivedRanges.end(session.memory(), session.at(GquicSession.CRYPTO_IN)));
    }

    @Test
    void shouldTakeNoMoreThanThereIsRoomFor()
    {
        assertEquals(0, stream.onData(BASE + 4000, data, 0, 96, GquicLevel.NULL));
        assertEquals(GquicError.FLOW_CONTROL_RECEIVED_TOO_MUCH_DATA,
            stream.onData(BASE + 4000, data, 0, 97, GquicLevel.NULL));
        assertEquals(GquicError.FLOW_CONTROL_RECEIVED_TOO_MUCH_DATA,
            stream.onData(Long.MAX_VALUE - 10, data, 0, 10, GquicLevel.NULL));
        for (int i = 0; i < ReceivedRanges.MAX_RANGES - 1; i++)
        {
            assertEquals(0, stream.onData(BASE + 10 + 10L * i, data, 0, 1, GquicLevel.NULL));
        }
        assertEquals(CryptoStream.NO_ROOM, stream.onData(BASE + 200, data, 0, 1, GquicLevel.NULL));
    }

    @Test
    void shouldRememberWhereTheLevelChanges()
    {
        stream.beginMessage(Tag.REJ, 1).u32(Tag.STK, 1);
        assertEquals(20, stream.endMessage(GquicLevel.NULL));
        assertEquals(0, session.get(GquicSession.CRYPTO_OUT_INITIAL));
        stream.beginMessage(Tag.SHLO, 1).u32(Tag.STK, 1);
        assertEquals(20, stream.endMessage(GquicLevel.INITIAL));
        assertEquals(21, session.get(GquicSession.CRYPTO_OUT_INITIAL));
        assertEquals(40, session.get(GquicSession.CRYPTO_OUT_LENGTH));
    }

    @Test
    void shouldSayWhenAMessageFindsNoRoom()
    {
        stream.beginMessage(Tag.REJ, 1).pad(4090, (byte)0);
        assertEquals(MessageEncoder.FAILED, stream.endMessage(GquicLevel.NULL));
        assertEquals(0, session.get(GquicSession.CRYPTO_OUT_LENGTH));
    }
}
