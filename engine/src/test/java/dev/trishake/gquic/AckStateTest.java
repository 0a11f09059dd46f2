// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.session.SessionSlab;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.wire.gquic.AckFrameDecoder;
import dev.trishake.wire.gquic.FrameEncoder;
import dev.trishake.wire.gquic.FrameIterator;
import dev.trishake.wire.gquic.FrameType;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What has come and is acknowledged, against a set of numbers. */
class AckStateTest
{
    private final GquicSession session = new GquicSession(new SessionSlab(1, GquicSession.STRIDE)).wrap(0);
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[200]);
    private final FrameIterator frames = new FrameIterator();

    private AckFrameDecoder written(final long nowNs)
    {
        final FrameEncoder encoder = new FrameEncoder().wrap(frame, 0, frame.capacity());
        AckState.write(session, encoder, nowNs);
        assertFalse(encoder.failed());
        frames.wrap(frame, 0, encoder.length(), 2);
        assertEquals(FrameType.ACK, frames.next());
        assertEquals(FrameIterator.END, frames.next());
        frames.ack().rewind();
        return frames.ack();
    }

    @Test
    void shouldSayWhatHasCome()
    {
        Seeded.forEach(Scale.pick(2000, 100_000), random ->
        {
            session.wipe(0, GquicSession.STRIDE);
            final Set<Long> received = new HashSet<>();
            long largest = 0;
            long least = 1;
            final int loss = 1 + random.nextInt(9);
            for (int i = random.nextInt(400); i > 0; i--)
            {
                final long number = Math.max(1, largest + (random.nextInt(50) == 0 ? random.nextInt(-300, 300) :
                    random.nextInt(-6, 3 + (random.nextInt(10) < loss ? 3 : 0))));
                final boolean isOld = number <= largest - AckState.WINDOW;
                assertEquals(isOld || received.contains(number), AckState.isDuplicate(session, number));
                if (!isOld && received.add(number))
                {
                    AckState.onReceived(session, number, 0);
                    largest = Math.max(largest, number);
                }
                if (random.nextInt(40) == 0 && largest > 0)
                {
                    least = Math.max(least, random.nextLong(1, largest + 1));
                    AckState.onStopWaiting(session, least);
                }
            }
            if (largest > 0)
            {
                check(received, largest, Math.max(least, largest - AckState.WINDOW + 1));
            }
        });
    }

    private void check(final Set<Long> received, final long largest, final long least)
    {
        final AckFrameDecoder ack = written(0);
        assertEquals(largest, ack.largest());
        long below = largest + 1;
        int ranges = 0;
        while (ack.nextRange())
        {
            ranges++;
            for (long number = ack.rangeLast() + 1; number < below; number++)
            {
                assertFalse(received.contains(number), "left out " + number);
            }
            for (long number = ack.rangeFirst(); number <= ack.rangeLast(); number++)
            {
                assertTrue(received.contains(number), "never came: " + number);
            }
            below = ack.rangeFirst();
        }
        assertTrue(below >= Math.min(least, largest), "what lies below " + least + " is forgotten");
        if (ranges < 17)
        {
            for (long number = Math.max(1, least); number < below; number++)
            {
                assertFalse(received.contains(number), "left out " + number + " at the end");
            }
        }
    }

    @Test
    void shouldAcknowledgeTheFirstPacketAtOnceAndThenEverySecondOne()
    {
        AckState.onAckDeserved(session, 0);
        assertTrue(session.is(GquicSession.ACK_DUE));
        AckState.onAckSent(session);
        session.raise(GquicSession.HEARD);
        AckState.onAckDeserved(session, 7);
        assertFalse(session.is(GquicSession.ACK_DUE));
        assertEquals(7 + AckState.DELAY_NS, session.get(GquicSession.ACK_DUE_NS));
        AckState.onAckDeserved(session, 8);
        assertTrue(session.is(GquicSession.ACK_DUE));
        assertEquals(7 + AckState.DELAY_NS, session.get(GquicSession.ACK_DUE_NS));
    }

    @Test
    void shouldSayHowLongItHasWaited()
    {
        AckState.onReceived(session, 5, 1000);
        AckState.onReceived(session, 3, 900_000);
        assertEquals(2000, written(2_001_000).delayUs());
    }
}
