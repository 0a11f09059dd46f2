// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

import dev.trishake.support.Allocation;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.List;

class GquicAllocationTest
{
    private static final int ROUNDS = 20;

    @Test
    void shouldAllocateNothingForAHandshakesPacketsAndMessages()
    {
        final List<Recordings.Packet> packets = Recordings.packets();
        final UnsafeBuffer[] datagrams = packets.stream()
            .map(packet -> new UnsafeBuffer(packet.datagram())).toArray(UnsafeBuffer[]::new);
        final UnsafeBuffer[] plaintexts = packets.stream()
            .map(packet -> new UnsafeBuffer(packet.plaintext())).toArray(UnsafeBuffer[]::new);
        final UnsafeBuffer[] messages = Recordings.messages().stream()
            .map(Recordings.Message::buffer).toArray(UnsafeBuffer[]::new);
        final boolean[] fromClient = new boolean[datagrams.length];
        for (int i = 0; i < fromClient.length; i++)
        {
            fromClient[i] = packets.get(i).fromClient();
        }
        final Reader reader = new Reader();
        Allocation.assertNone(ROUNDS * (long)(datagrams.length + messages.length), () ->
        {
            long done = 0;
            for (int round = 0; round < ROUNDS; round++)
            {
                for (int i = 0; i < datagrams.length; i++)
                {
                    done += reader.read(datagrams[i], plaintexts[i], fromClient[i]);
                }
                for (int i = 0; i < messages.length; i++)
                {
                    done += reader.rewrite(messages[i]);
                }
            }
            return done;
        });
    }

    /** All decoders and encoders, once. */
    private static final class Reader
    {
        private final PacketHeaderDecoder header = new PacketHeaderDecoder();
        private final FrameIterator frames = new FrameIterator();
        private final FrameEncoder frameOut = new FrameEncoder();
        private final MessageDecoder message = new MessageDecoder();
        private final MessageEncoder out = new MessageEncoder();
        private final UnsafeBuffer written = new UnsafeBuffer(new byte[4096]);

        int read(final UnsafeBuffer datagram, final UnsafeBuffer plaintext, final boolean fromClient)
        {
            boolean good = header.wrap(datagram, 0, datagram.capacity(), fromClient);
            frames.wrap(plaintext, 0, plaintext.capacity(), header.numberLength());
            int type = frames.next();
            while (type > FrameIterator.END)
            {
                if (type == FrameType.ACK)
                {
                    frames.ack().rewind();
                    good &= frames.ack().nextRange();
                }
                type = frames.next();
            }
            frameOut.wrap(written, 0, 256).ping().stopWaiting(1, 2)
                .beginAck(7, 10, 1, 1, 5).ackBlock(1, 5).endAck().stream(1, 1040, false, true, datagram, 0, 3);
            return good && type == FrameIterator.END && !frameOut.failed() ? 1 : 0;
        }

        int rewrite(final UnsafeBuffer buffer)
        {
            final int length = message.wrap(buffer, 0, buffer.capacity());
            out.begin(written, 0, written.capacity(), message.tag(), message.count());
            for (int i = 0; i < message.count(); i++)
            {
                out.value(message.tag(i), buffer, message.valueOffset(i), message.valueLength(i));
            }
            return out.finish() == length ? 1 : 0;
        }
    }
}
