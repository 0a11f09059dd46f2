// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.CryptoOperation;
import dev.trishake.core.CryptoQueue;
import dev.trishake.core.DatagramCore;
import dev.trishake.core.Outbox;
import dev.trishake.core.Outcome;
import dev.trishake.session.FourTuple;
import dev.trishake.support.Allocation;
import dev.trishake.transport.DatagramRecord;
import dev.trishake.transport.sim.LoopbackDatagramLink;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.status.CountersManager;
import org.agrona.concurrent.status.CountersReader;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A core over datagrams that awaits crypto for each of them and is refused output. */
class DatagramPortTest
{
    private static final int SLOTS = 64;
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 443);

    private final List<Long> answers = new ArrayList<>();
    private final OneToOneRingBuffer egress = Rings.ofCapacity(1 << 16);
    private final OneToOneRingBuffer ingress = Rings.ofCapacity(1 << 16);
    private final MessageHandler onAnswer = this::onAnswer;
    private final FourTuple tuple = new FourTuple().remoteIpv4(0x0a00_0001, 443);
    private final LoopbackDatagramLink link = LoopbackDatagramLink.pair(1 << 13, 64);
    private final Doubler core = new Doubler();
    private DatagramPort port;
    private boolean isQuiet;
    private int answered;

    /** Answers a number with its double: a slot for each datagram until it is answered. */
    private static final class Doubler implements DatagramCore, CryptoOperation
    {
        final CryptoQueue queue = new CryptoQueue(SLOTS, 1);
        private final long[] handles = new long[SLOTS];
        private final long[] numbers = new long[SLOTS];
        private final long[] sockets = new long[SLOTS];
        private final byte[][] tuples = new byte[SLOTS][FourTuple.LENGTH];
        private long next;
        private int used;
        private int batches;

        @Override
        public int capacity()
        {
            return SLOTS;
        }

        @Override
        public long handle(final int slot)
        {
            return handles[slot];
        }

        @Override
        public int onDatagram(
            final long socket, final DirectBuffer buffer, final int offset, final int length, final long nowNs,
            final Outbox outbox)
        {
            int slot = 0;
            while (slot < SLOTS && handles[slot] != 0)
            {
                slot++;
            }
            if (slot == SLOTS)
            {
                return Outcome.BACK_PRESSURED;
            }
            handles[slot] = ++next;
            sockets[slot] = socket;
            buffer.getBytes(offset, tuples[slot]);
            numbers[slot] = buffer.getLong(offset + FourTuple.LENGTH);
            queue.post(0, slot, handles[slot]);
            used++;
            return Outcome.DONE;
        }

        @Override
        public int lanes()
        {
            return 8;
        }

        @Override
        public void execute(final int[] slots, final int count, final long nowNs)
        {
            batches++;
            for (int i = 0; i < count; i++)
            {
                numbers[slots[i]] *= 2;
            }
        }

        @Override
        public int resume(final int slot, final long nowNs, final Outbox outbox)
        {
            final int length = FourTuple.LENGTH + Long.BYTES;
            if (!outbox.reserve(sockets[slot], 1, length))
            {
                return Outcome.BACK_PRESSURED;
            }
            final int index = outbox.claim(DATAGRAM, length);
            outbox.buffer().putBytes(index, tuples[slot]);
            outbox.buffer().putLong(index + FourTuple.LENGTH, numbers[slot]);
            outbox.commit(index);
            handles[slot] = 0;
            used--;
            return Outcome.DONE;
        }

        @Override
        public int onTimers(final long nowNs, final int limit, final Outbox outbox)
        {
            return 0;
        }
    }

    private void begin()
    {
        final CountersManager counters = new CountersManager(
            memory(8 * CountersReader.METADATA_LENGTH), memory(8 * CountersReader.COUNTER_LENGTH));
        link.bind(ANY);
        link.peer().bind(ANY);
        port = new DatagramPort(link, new DatagramProtocol(core, core.queue, List.of(new CryptoKind("Double", core))),
            new EngineConfig().ringLength(1 << 12), counters::newCounter);
    }

    private static UnsafeBuffer memory(final int length)
    {
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, BitUtil.CACHE_LINE_LENGTH));
    }

    private void ask(final long number)
    {
        final int index = egress.tryClaim(DatagramRecord.DATAGRAM, DatagramRecord.PAYLOAD_OFFSET + Long.BYTES);
        DatagramRecord.putSocket(egress.buffer(), index, 0);
        DatagramRecord.putTuple(egress.buffer(), index, tuple);
        egress.buffer().putLong(index + DatagramRecord.PAYLOAD_OFFSET, number);
        egress.commit(index);
    }

    private void onAnswer(final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        answered++;
        if (!isQuiet)
        {
            answers.add(buffer.getLong(index + DatagramRecord.PAYLOAD_OFFSET));
        }
    }

    private void turn(final boolean flushes)
    {
        link.peer().flush(egress, 0, 1000);
        port.poll(0);
        if (flushes)
        {
            port.flush(0);
        }
        link.peer().poll(ingress, 0, 1000);
        ingress.read(onAnswer);
        ingress.read(onAnswer);
    }

    @Test
    void shouldAnswerInTheSameCycleInBatches()
    {
        begin();
        for (int i = 0; i < 12; i++)
        {
            ask(i);
        }
        turn(true);
        assertEquals(List.of(0L, 2L, 4L, 6L, 8L, 10L, 12L, 14L, 16L, 18L, 20L, 22L), answers);
        assertEquals(2, core.batches);
    }

    @Test
    void shouldLoseNothingWhereTheLinkIsSlow()
    {
        begin();
        for (int i = 0; i < 300; i++)
        {
            ask(i);
        }
        for (int i = 0; i < 20; i++)
        {
            turn(false);
        }
        assertTrue(answers.isEmpty() && core.used == SLOTS, "the ring is full, and so is the core");
        final int batches = core.batches;
        for (int i = 0; i < 100; i++)
        {
            turn(true);
        }
        assertEquals(300, answers.size());
        assertEquals(300, answers.stream().distinct().count());
        assertTrue(batches < core.batches && core.batches <= 300);
        assertEquals(0, core.used);
    }

    @Test
    void shouldAllocateNothing()
    {
        begin();
        isQuiet = true;
        Allocation.assertNone(256, () ->
        {
            final int before = answered;
            for (int i = 0; i < 256; i += 16)
            {
                for (int j = 0; j < 16; j++)
                {
                    ask(j);
                }
                turn(true);
            }
            return (long)answered - before;
        });
    }
}
