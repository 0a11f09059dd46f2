// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

import dev.trishake.session.FourTuple;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A user of a {@link StreamLink} in tests: records what comes, or echoes it without allocating. */
public final class StreamHost implements StreamCredits
{
    private static final int RING_CAPACITY = 1 << 20;
    private static final int LIMIT = 1 << 16;

    final StreamLink link;
    final List<String> events = new ArrayList<>();
    final FourTuple lastTuple = new FourTuple();
    private final Int2ObjectHashMap<ByteArrayOutputStream> received = new Int2ObjectHashMap<>();
    private final OneToOneRingBuffer ingress;
    private final OneToOneRingBuffer egress = ring(RING_CAPACITY);
    private final MessageHandler onRecord = this::onRecord;

    boolean isEcho;
    /** Counts only. */
    boolean isQuiet;
    boolean closesAfterEnd;
    /** A connection that the host does not read; 0: none. */
    long unread;
    int inputCredit = Integer.MAX_VALUE;
    int acceptCredit = Integer.MAX_VALUE;
    long lastHandle;
    int lastReason;
    int opened;
    int ends;
    int closed;
    int writables;
    long bytes;
    private int lastIndex;

    StreamHost(final Function<StreamCredits, StreamLink> link)
    {
        this(link, RING_CAPACITY);
    }

    StreamHost(final Function<StreamCredits, StreamLink> link, final int ingressCapacity)
    {
        this.link = link.apply(this);
        this.ingress = ring(ingressCapacity);
    }

    static OneToOneRingBuffer ring(final int capacity)
    {
        return new OneToOneRingBuffer(new UnsafeBuffer(
            ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH)));
    }

    @Override
    public int inputCredit(final long handle)
    {
        if (handle == unread)
        {
            return 0;
        }
        return isEcho ? Math.min(inputCredit, link.outputCredit(handle)) : inputCredit;
    }

    @Override
    public int acceptCredit(final int listener)
    {
        return acceptCredit;
    }

    /** {@return records moved and taken} */
    int doWork(final long nowNs)
    {
        final int work = link.poll(ingress, nowNs, LIMIT);
        drain();
        return work + link.flush(egress, nowNs, LIMIT);
    }

    void drain()
    {
        ingress.read(onRecord);
        ingress.read(onRecord);
    }

    byte[] received(final long handle)
    {
        final ByteArrayOutputStream stream = received.get((int)handle);
        return stream == null ? new byte[0] : stream.toByteArray();
    }

    void forget()
    {
        events.clear();
        received.clear();
    }

    void send(final long handle, final byte[] octets, final int offset, final int length)
    {
        put(StreamRecord.DATA, handle, length);
        final int index = lastIndex + StreamRecord.PAYLOAD_OFFSET;
        egress.buffer().putBytes(index, octets, offset, length);
        egress.commit(lastIndex);
    }

    void send(final long handle, final byte[] octets)
    {
        send(handle, octets, 0, octets.length);
    }

    void tell(final int msgTypeId, final long handle)
    {
        put(msgTypeId, handle, 0);
        egress.commit(lastIndex);
    }

    private void put(final int msgTypeId, final long handle, final int length)
    {
        lastIndex = egress.tryClaim(msgTypeId, StreamRecord.PAYLOAD_OFFSET + length);
        if (lastIndex <= 0)
        {
            throw new IllegalStateException("the host's egress ring is full");
        }
        StreamRecord.putHandle(egress.buffer(), lastIndex, handle);
    }

    private void onRecord(
        final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        final long handle = StreamRecord.handle(buffer, index);
        switch (msgTypeId)
        {
            case StreamRecord.OPENED ->
            {
                opened++;
                lastHandle = handle;
                StreamRecord.tuple(buffer, index, lastTuple);
                event("OPENED");
            }
            case StreamRecord.DATA -> onData(handle, buffer, index, length);
            case StreamRecord.END ->
            {
                ends++;
                event("END");
                if (closesAfterEnd)
                {
                    tell(StreamRecord.CLOSE, handle);
                }
            }
            case StreamRecord.CLOSED ->
            {
                closed++;
                lastReason = StreamRecord.reason(buffer, index);
                if (!isSilent())
                {
                    events.add("CLOSED " + StreamResult.describe(lastReason));
                }
            }
            case StreamRecord.WRITABLE ->
            {
                writables++;
                event("WRITABLE");
                if (isEcho)
                {
                    link.resume(handle);
                }
            }
            default -> throw new IllegalStateException("no such record: " + msgTypeId);
        }
    }

    private void onData(final long handle, final MutableDirectBuffer buffer, final int index, final int length)
    {
        final int count = length - StreamRecord.PAYLOAD_OFFSET;
        bytes += count;
        if (isEcho)
        {
            put(StreamRecord.DATA, handle, count);
            egress.buffer().putBytes(
                lastIndex + StreamRecord.PAYLOAD_OFFSET, buffer, index + StreamRecord.PAYLOAD_OFFSET, count);
            egress.commit(lastIndex);
            return;
        }
        if (isQuiet)
        {
            return;
        }
        final byte[] octets = new byte[count];
        buffer.getBytes(index + StreamRecord.PAYLOAD_OFFSET, octets);
        received.computeIfAbsent((int)handle, key -> new ByteArrayOutputStream()).writeBytes(octets);
    }

    private boolean isSilent()
    {
        return isEcho || isQuiet;
    }

    private void event(final String text)
    {
        if (!isSilent())
        {
            events.add(text);
        }
    }
}
