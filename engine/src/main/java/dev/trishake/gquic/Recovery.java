// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.wire.gquic.AckFrameDecoder;
import dev.trishake.wire.gquic.GquicError;

/**
 * Which packets of the session under the view are lost, and when, gQUIC 14: those that three later ones overtook, and
 * all when nothing was acknowledged for twice the round trip, then twice that, and so on. How many may be under way
 * grows by what is acknowledged and is halved by losses, once a round trip.
 */
final class Recovery
{
    /** The timeout before a round trip was measured, quic-go's. */
    static final long INITIAL_TIMEOUT_NS = 200_000_000;

    /** The shortest timeout of a handshake. */
    static final long MIN_TIMEOUT_NS = 10_000_000;

    /** The longest timeout after it that back-off makes: there must be many of them within the idle time. */
    static final long MAX_TIMEOUT_NS = 1_500_000_000;

    /** Packets under way at first. */
    static final int INITIAL_WINDOW = 10;

    private static final int MAX_WINDOW = 48;
    private static final int MIN_WINDOW = 2;
    private static final int OVERTAKERS = 3;
    private static final int MAX_BACK_OFF = 6;
    private static final long NS_PER_US = 1000;

    private final GquicMemory memory;
    private final GquicSession session;
    private final SentPackets sent;
    private final StreamSender streams;
    private final GquicHandler handler;

    Recovery(
        final GquicMemory memory, final GquicSession session, final SentPackets sent, final StreamSender streams,
        final GquicHandler handler)
    {
        this.memory = memory;
        this.session = session;
        this.sent = sent;
        this.streams = streams;
        this.handler = handler;
    }

    /** {@return whether one more packet may be under way} */
    boolean maySend()
    {
        return !sent.isFull() && sent.inFlight() < session.get(GquicSession.CONGESTION_WINDOW);
    }

    /** {@return 0, or the error that the frame deserves} */
    int onAck(final AckFrameDecoder ack, final int level, final long nowNs)
    {
        if (ack.largest() >= session.get(GquicSession.NEXT_NUMBER))
        {
            return GquicError.INVALID_ACK_DATA;
        }
        final long acknowledged = sent.acknowledged(ack, level);
        if (acknowledged != 0)
        {
            session.set(GquicSession.BACK_OFF, 0);
            session.set(GquicSession.CONGESTION_WINDOW, Math.min(MAX_WINDOW,
                session.get(GquicSession.CONGESTION_WINDOW) + Long.bitCount(acknowledged)));
        }
        for (long rest = acknowledged; rest != 0; rest &= rest - 1)
        {
            final int entry = Long.numberOfTrailingZeros(rest);
            if (sent.number(entry) == ack.largest())
            {
                measure(nowNs - sent.sentNs(entry), ack.delayUs() * NS_PER_US);
            }
            acknowledge(entry);
        }
        for (long rest = sent.used() & ~sent.lost(); rest != 0; rest &= rest - 1)
        {
            final int entry = Long.numberOfTrailingZeros(rest);
            if (sent.number(entry) + OVERTAKERS <= ack.largest() && sent.level(entry) <= level)
            {
                lose(entry);
            }
        }
        return 0;
    }

    private void acknowledge(final int entry)
    {
        final int streamId = sent.streamId(entry);
        final int flags = sent.flags(entry);
        sent.remove(entry);
        if (streamId > CryptoStream.ID || streamId < 0)
        {
            streams.onAcked(streamId, flags, sent, handler);
        }
    }

    private void measure(final long elapsedNs, final long delayNs)
    {
        final long sampleNs = Math.max(1, delayNs < elapsedNs ? elapsedNs - delayNs : elapsedNs);
        final long smoothedNs = session.get(GquicSession.SMOOTHED_RTT);
        if (smoothedNs == 0)
        {
            session.set(GquicSession.SMOOTHED_RTT, sampleNs);
            session.set(GquicSession.RTT_VARIATION, sampleNs / 2);
            return;
        }
        final long variationNs = session.get(GquicSession.RTT_VARIATION);
        session.set(GquicSession.RTT_VARIATION, variationNs + (Math.abs(smoothedNs - sampleNs) - variationNs) / 4);
        session.set(GquicSession.SMOOTHED_RTT, smoothedNs + (sampleNs - smoothedNs) / 8);
    }

    /** Takes a packet for lost. What it said beside data of a stream is said by another one. */
    private void lose(final int entry)
    {
        memory.counters.packetsLost++;
        if (sent.number(entry) >= session.get(GquicSession.RECOVERY_END))
        {
            session.set(GquicSession.RECOVERY_END, session.get(GquicSession.NEXT_NUMBER));
            session.set(GquicSession.CONGESTION_WINDOW,
                Math.max(MIN_WINDOW, session.get(GquicSession.CONGESTION_WINDOW) / 2));
        }
        final int flags = sent.flags(entry);
        session.raise(((flags & SentPackets.PING) != 0 ? GquicSession.PING_DUE : 0) |
            ((flags & SentPackets.WINDOW) != 0 ? GquicSession.WINDOW_DUE : 0) |
            ((flags & SentPackets.BLOCKED) != 0 && session.is(GquicSession.BLOCKED_TOLD) ?
                GquicSession.BLOCKED_DUE : 0));
        final int streamId = sent.streamId(entry);
        if (streamId > CryptoStream.ID || streamId < 0)
        {
            streams.onLost(streamId, flags);
        }
        if ((flags & SentPackets.RANGE) == 0)
        {
            sent.remove(entry);
        }
        else
        {
            sent.lose(entry);
        }
    }

    /** {@return when packets under way are taken for lost; only while there are any} */
    long timeoutNs()
    {
        final long smoothedNs = session.get(GquicSession.SMOOTHED_RTT);
        long timeoutNs = INITIAL_TIMEOUT_NS;
        if (smoothedNs != 0)
        {
            final long leastNs = session.isHandshaking() ? MIN_TIMEOUT_NS :
                smoothedNs + 4 * session.get(GquicSession.RTT_VARIATION) + AckState.DELAY_NS + MIN_TIMEOUT_NS;
            timeoutNs = Math.max(2 * smoothedNs, leastNs);
        }
        final long backedOffNs = timeoutNs << Math.min(MAX_BACK_OFF, session.get(GquicSession.BACK_OFF));
        return session.get(GquicSession.SENT_NS) + (session.isHandshaking() ? backedOffNs :
            Math.max(timeoutNs, Math.min(backedOffNs, MAX_TIMEOUT_NS)));
    }

    /** Nothing was acknowledged in time. */
    void onTimeout()
    {
        memory.counters.timeouts++;
        session.add(GquicSession.BACK_OFF, 1);
        loseAll(GquicLevel.FORWARD_SECURE);
        session.set(GquicSession.CONGESTION_WINDOW, MIN_WINDOW);
    }

    /** Takes all packets under way for lost, up to a level. */
    private void loseAll(final int level)
    {
        for (long rest = sent.used() & ~sent.lost(); rest != 0; rest &= rest - 1)
        {
            final int entry = Long.numberOfTrailingZeros(rest);
            if (sent.level(entry) <= level)
            {
                lose(entry);
            }
        }
    }

    /** The peer's answer says that the messages of the handshake have arrived. */
    void onMessagesAnswered()
    {
        for (long rest = sent.used(); rest != 0; rest &= rest - 1)
        {
            final int entry = Long.numberOfTrailingZeros(rest);
            if (sent.streamId(entry) == CryptoStream.ID)
            {
                sent.remove(entry);
                session.set(GquicSession.BACK_OFF, 0);
            }
        }
        session.set(GquicSession.CRYPTO_OUT_SENT, session.get(GquicSession.CRYPTO_OUT_LENGTH));
    }

    /** The keys that data went out with are worth nothing: it goes out again. */
    void onInitialKeysLost()
    {
        loseAll(GquicLevel.INITIAL);
    }
}
