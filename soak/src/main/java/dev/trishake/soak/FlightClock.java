// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.core.Outbox;
import dev.trishake.core.StreamCore;
import dev.trishake.runtime.StreamProtocol;
import dev.trishake.tlcp.TlcpCore;
import dev.trishake.tlcp.TlcpParameters;
import dev.trishake.tlcp.TlcpState;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;

import java.util.Arrays;

/**
 * TLCP for a client of one agent with a clock beside it, which looks at the core's state after each call:
 *
 * <pre>
 *  open ─ ClientHello ─────────────► ...            FIRST_ANSWER: until the server's first bytes
 *  ◄────── ServerHello to ServerHelloDone ...       OWN_FINISHED: until our Finished is on its way
 *  ─ [Certificate] ClientKeyExchange ... Finished ► PEER_FINISHED: until the server's Finished was verified
 * </pre>
 *
 * <p>In a resumed handshake the server's Finished comes first and the last of these takes no time.
 */
final class FlightClock implements StreamProtocol.Factory
{
    /** What is timed, in its order, as a report names it. */
    enum Flight
    {
        /** Until the server's first bytes are there. */
        FIRST_ANSWER(0, "ClientHello to ServerHello"),

        /** Until our Finished is on its way. */
        OWN_FINISHED(1, "ServerHello to our Finished"),

        /** Until the server's Finished was verified. */
        PEER_FINISHED(2, "our Finished to the server's");

        /** In the order of time; also the stamp that it begins with. */
        private final int number;
        private final String text;

        Flight(final int number, final String text)
        {
            this.number = number;
            this.text = text;
        }

        @Override
        public String toString()
        {
            return text;
        }
    }

    private static final long MAX_NS = 3_600_000_000_000L;
    private static final int SIGNIFICANT_DIGITS = 3;
    private static final int OPENED = 0;
    private static final int HEARD = 1;
    private static final int FINISHED = 2;
    private static final int DONE = 3;
    private static final int STAMPS = 4;

    private final StreamProtocol.Factory factory;
    private final Histogram[] full = histograms();
    private final Histogram[] resumed = histograms();
    private long openedNs;

    FlightClock(final StreamProtocol.Factory factory)
    {
        this.factory = factory;
    }

    private static Histogram[] histograms()
    {
        return Arrays.stream(Flight.values()).map(flight -> new Histogram(MAX_NS, SIGNIFICANT_DIGITS))
            .toArray(Histogram[]::new);
    }

    /** {@return the times of a flight, once the engine is closed} */
    Histogram times(final Flight flight, final boolean ofResumed)
    {
        return (ofResumed ? resumed : full)[flight.number];
    }

    /** {@return when the connection was open of the session that was established last; on the agent's thread} */
    long openedNs()
    {
        return openedNs;
    }

    @Override
    public StreamProtocol create(final int agent, final int agents, final long nowNs)
    {
        final StreamProtocol made = factory.create(agent, agents, nowNs);
        return new StreamProtocol(new Watched((TlcpCore)made.core()), made.queue(), made.kinds());
    }

    /** A core as it is, but for the clock. */
    private final class Watched implements StreamCore
    {
        private final TlcpCore core;
        /** By slot: when it was opened, has heard of the server, has sent its Finished, was done; 0: not yet. */
        private final long[] stamps;

        Watched(final TlcpCore core)
        {
            this.core = core;
            stamps = new long[STAMPS * core.capacity()];
        }

        private void look(final int slot)
        {
            final int first = STAMPS * slot;
            final TlcpState state = core.state(slot);
            if (stamps[first + DONE] != 0 ||
                (state != TlcpState.CLIENT_WROTE_FINISHED && state != TlcpState.ESTABLISHED))
            {
                return;
            }
            final long timeNs = System.nanoTime();
            if (stamps[first + FINISHED] == 0)
            {
                stamps[first + FINISHED] = timeNs;
            }
            if (state == TlcpState.ESTABLISHED)
            {
                stamps[first + DONE] = timeNs;
                final Histogram[] times = TlcpParameters.isResumed(core.parameters(slot)) ? resumed : full;
                for (final Flight flight : Flight.values())
                {
                    final int from = first + flight.number;
                    times[flight.number].recordValue(Math.clamp(stamps[from + 1] - stamps[from], 0, MAX_NS));
                }
                openedNs = stamps[first];
            }
        }

        @Override
        public int open(final long below, final boolean isClient, final long nowNs)
        {
            final int slot = core.open(below, isClient, nowNs);
            if (slot != NULL_SLOT)
            {
                Arrays.fill(stamps, STAMPS * slot, STAMPS * (slot + 1), 0);
                stamps[STAMPS * slot + OPENED] = System.nanoTime();
            }
            return slot;
        }

        @Override
        public int onInput(
            final int slot, final DirectBuffer buffer, final int offset, final int length, final long nowNs,
            final Outbox outbox)
        {
            if (stamps[STAMPS * slot + HEARD] == 0)
            {
                stamps[STAMPS * slot + HEARD] = System.nanoTime();
            }
            final int outcome = core.onInput(slot, buffer, offset, length, nowNs, outbox);
            look(slot);
            return outcome;
        }

        @Override
        public int resume(final int slot, final long nowNs, final Outbox outbox)
        {
            final int outcome = core.resume(slot, nowNs, outbox);
            look(slot);
            return outcome;
        }

        @Override
        public int capacity()
        {
            return core.capacity();
        }

        @Override
        public long handle(final int slot)
        {
            return core.handle(slot);
        }

        @Override
        public int inputCredit(final int slot)
        {
            return core.inputCredit(slot);
        }

        @Override
        public int onInputEnd(final int slot, final long nowNs, final Outbox outbox)
        {
            return core.onInputEnd(slot, nowNs, outbox);
        }

        @Override
        public int status(final int slot)
        {
            return core.status(slot);
        }

        @Override
        public long parameters(final int slot)
        {
            return core.parameters(slot);
        }

        @Override
        public int contentLength(final int slot)
        {
            return core.contentLength(slot);
        }

        @Override
        public DirectBuffer contentBuffer()
        {
            return core.contentBuffer();
        }

        @Override
        public int contentOffset(final int slot)
        {
            return core.contentOffset(slot);
        }

        @Override
        public void consume(final int slot, final int length)
        {
            core.consume(slot, length);
        }

        @Override
        public int send(
            final int slot, final DirectBuffer buffer, final int offset, final int length, final long nowNs,
            final Outbox outbox)
        {
            return core.send(slot, buffer, offset, length, nowNs, outbox);
        }

        @Override
        public int shutdown(final int slot, final long nowNs, final Outbox outbox)
        {
            return core.shutdown(slot, nowNs, outbox);
        }

        @Override
        public void close(final int slot)
        {
            core.close(slot);
        }

        @Override
        public void keepHouse(final long nowNs)
        {
            core.keepHouse(nowNs);
        }
    }
}
