// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FrameTest
{
    private final FrameIterator frames = new FrameIterator();

    private int first(final String hex)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(Vectors.hex(hex));
        frames.wrap(buffer, 0, buffer.capacity(), 2);
        return frames.next();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # error                          | frame
        INVALID_FRAME_DATA               | 08
        INVALID_FRAME_DATA               | 20
        INVALID_RST_STREAM_DATA          | 01 00000003 0000000000000001 000000
        INVALID_RST_STREAM_DATA          | 01 00000003 8000000000000000 00000000
        INVALID_CONNECTION_CLOSE_DATA    | 02 00000010 0001
        INVALID_GOAWAY_DATA              | 03 00000010 00000003 00
        INVALID_WINDOW_UPDATE_DATA       | 04 00000003 00000000000001
        INVALID_WINDOW_UPDATE_DATA       | 04 00000003 ffffffffffffffff
        INVALID_BLOCKED_DATA             | 05 000003
        INVALID_STOP_WAITING_DATA        | 06 00
        INVALID_STREAM_ID                | 80 00 61
        EMPTY_STREAM_FRAME_NO_FIN        | 80 01
        EMPTY_STREAM_FRAME_NO_FIN        | a0 01 0000
        INVALID_STREAM_DATA              | a0 01 0002 61
        INVALID_STREAM_DATA              | 84 01 04
        INVALID_STREAM_DATA              | 9c 01 ffffffffffffffff 61
        INVALID_STREAM_DATA              | 9c 01 7fffffffffffffff 6162
        INVALID_ACK_DATA                 | 40 00 0000 01 00
        INVALID_ACK_DATA                 | 40 01 0000 00 00
        INVALID_ACK_DATA                 | 40 01 0000 02 00
        INVALID_ACK_DATA                 | 40 01 0000 01
        INVALID_ACK_DATA                 | 60 03 0000 01 01 01 02 00
        INVALID_ACK_DATA                 | 60 03 0000 01 01 02 01 00
        INVALID_ACK_DATA                 | 60 03 0000 01 01 01
        INVALID_ACK_DATA                 | 40 01 0000 01 01 00 0000
        """)
    void shouldRefuse(final String error, final String hex) throws ReflectiveOperationException
    {
        assertEquals(FrameIterator.MALFORMED, first(hex));
        assertEquals(GquicError.class.getField(error).getInt(null), frames.error());
        assertEquals(FrameIterator.MALFORMED, frames.next(), "it stays malformed");
    }

    @Test
    void shouldStepOverPaddingAnywhere()
    {
        assertEquals(FrameType.PING, first("000007 00 05 00000003 0000"));
        assertEquals(FrameType.BLOCKED, frames.next());
        assertEquals(3, frames.streamId());
        assertEquals(FrameIterator.END, frames.next());
        assertEquals(FrameIterator.END, first(""));
    }

    @Test
    void shouldReadTheSheetsAckWithAGap()
    {
        assertEquals(FrameType.ACK, first("60 07 0043 01 01 01 05 00"));
        final AckFrameDecoder ack = frames.ack();
        ack.rewind();
        assertTrue(ack.nextRange());
        assertEquals("7-7", ack.rangeFirst() + "-" + ack.rangeLast());
        assertTrue(ack.nextRange());
        assertEquals("1-5", ack.rangeFirst() + "-" + ack.rangeLast());
        assertEquals(false, ack.nextRange());
        assertEquals(0x43, ack.delayUs());
    }

    @Test
    void shouldJoinAGapOfMoreThan255AndSkipTimestamps()
    {
        // 1000, then 300 missing as 255 and 45, then 699..690; two timestamps
        assertEquals(FrameType.ACK, first("64 03e8 0000 02 01 ff 00 2d 0a 02 01 00000001 02 0003 07"));
        final AckFrameDecoder ack = frames.ack();
        assertEquals(2, ack.timestampCount());
        ack.rewind();
        final List<String> ranges = new ArrayList<>();
        while (ack.nextRange())
        {
            ranges.add(ack.rangeFirst() + "-" + ack.rangeLast());
        }
        assertEquals(List.of("1000-1000", "690-699"), ranges);
        assertEquals(FrameType.PING, frames.next());
    }

    @Test
    void shouldWriteWhatItReads()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
        final UnsafeBuffer text = new UnsafeBuffer(Vectors.hex("627965"));
        final FrameEncoder out = new FrameEncoder().wrap(buffer, 0, 256)
            .rstStream(5, 1L << 40, 7).connectionClose(GquicError.PEER_GOING_AWAY, text, 0, 3).goAway(25, 9)
            .windowUpdate(0, 0x8000).blocked(3).stopWaiting(4, 6).ping()
            .beginAck(0x1_0000, 5000, 0x300, 1, 0x300).ackBlock(1, 0x100).endAck()
            .stream(0x1234, 0x1_0000, true, true, text, 0, 3)
            .stream(-1, Long.MAX_VALUE - 3, false, false, text, 0, 3);
        final String controls = "01" + "00000005" + "0000010000000000" + "00000007" +
            "02" + "00000010" + "0003" + "627965" + "03" + "00000019" + "00000009" + "0000" +
            "04" + "00000000" + "0000000000008000" + "05" + "00000003" + "06" + "000000000004" + "07";
        assertEquals(controls, Recordings.hex(buffer, 0, controls.length() / 2));

        frames.wrap(buffer, 0, out.length(), 6);
        final List<String> found = new ArrayList<>();
        for (int type = frames.next(); type > FrameIterator.END; type = frames.next())
        {
            found.add(FrameType.nameOf(type) + switch (type)
            {
                case FrameType.RST_STREAM -> " " + frames.streamId() + " " + frames.byteOffset() + " " +
                    frames.errorCode();
                case FrameType.CONNECTION_CLOSE -> " " + frames.errorCode() + " " +
                    Recordings.hex(buffer, frames.reasonOffset(), frames.reasonLength());
                case FrameType.GOAWAY -> " " + frames.errorCode() + " " + frames.streamId();
                case FrameType.WINDOW_UPDATE -> " " + frames.streamId() + " " + frames.byteOffset();
                case FrameType.BLOCKED -> " " + frames.streamId();
                case FrameType.STOP_WAITING -> " " + frames.unackedDelta();
                case FrameType.ACK -> " " + frames.ack().largest() + " " + frames.ack().delayUs() + " " +
                    frames.ack().blockCount();
                case FrameType.STREAM -> " " + frames.stream().streamId() + " " + frames.stream().byteOffset() + " " +
                    frames.stream().fin() + " " + frames.stream().dataLength();
                default -> "";
            });
        }
        assertEquals(List.of("RST_STREAM 5 1099511627776 7", "CONNECTION_CLOSE 16 627965", "GOAWAY 25 9",
            "WINDOW_UPDATE 0 32768", "BLOCKED 3", "STOP_WAITING 4", "PING", "ACK 65536 5000 1",
            "STREAM 4660 65536 true 3", "STREAM -1 9223372036854775804 false 3"), found);
    }

    @Test
    void shouldFailWithoutRoomAndStayFailed()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[8]);
        final FrameEncoder out = new FrameEncoder().wrap(buffer, 0, 8).ping();
        assertEquals(-1, out.streamInPlace(1, 0, false, true, 5));
        assertTrue(out.ping().failed());
        assertEquals(4, FrameEncoder.streamOverhead(1, 0, true));
        assertEquals(12, FrameEncoder.streamOverhead(0x100, 1L << 62, false) + 1);
    }
}
