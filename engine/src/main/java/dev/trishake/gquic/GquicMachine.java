// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.core.CryptoQueue;
import dev.trishake.core.Outbox;
import dev.trishake.session.FourTuple;
import dev.trishake.session.SlotQueue;
import dev.trishake.session.TimerQueue;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.PacketHeaderDecoder;
import org.agrona.DirectBuffer;

/**
 * What happens in a connection: packets are opened and taken in, the handshake goes on, answers go out, time passes, it
 * ends. Works on one view, laid over one session at a time; whatever changed a session calls {@link #settle}.
 */
final class GquicMachine
{
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final GquicMemory memory;
    private final GquicSession session;
    private final Connections connections;
    private final EarlyPackets early;
    private final TimerQueue timers;
    private final SlotQueue pending;
    private final GquicHandler handler;
    private final PacketReader reader;
    private final FrameDispatcher dispatcher;
    private final HandshakeDriver driver;
    private final Streams streams;
    private final StreamReceiver receiver;
    private final SentPackets sent;
    private final Recovery recovery;
    private final Sender sender;
    private final PacketHeaderDecoder earlyHeader = new PacketHeaderDecoder();
    private final FourTuple earlyTuple = new FourTuple();

    GquicMachine(
        final GquicMemory memory, final GquicSession session, final GquicHandshake handshake,
        final Connections connections, final Protection protection, final CryptoQueue queue, final TimerQueue timers,
        final GquicHandler handler, final CryptoStream crypto)
    {
        this.memory = memory;
        this.session = session;
        this.connections = connections;
        this.timers = timers;
        this.handler = handler;
        early = new EarlyPackets(memory);
        pending = new SlotQueue(memory.config.sessions);
        final StreamRecord record = memory.streamView();
        streams = new Streams(memory, session, record);
        receiver = new StreamReceiver(memory, session, record, streams, handler);
        final StreamSender streamSender = new StreamSender(memory, session, record, streams);
        sent = new SentPackets(session);
        recovery = new Recovery(memory, session, sent, streamSender, handler);
        reader = new PacketReader(session, protection);
        dispatcher = new FrameDispatcher(memory, session, crypto, receiver, streamSender, recovery);
        driver = new HandshakeDriver(memory, session, crypto, handshake, recovery, handler);
        sender = new Sender(memory, session, record, streams, streamSender, sent, recovery,
            new PacketWriter(memory, session, sent, protection, queue));
    }

    /** {@return sessions that want a turn: what they had to send found no room, or their user has done something} */
    SlotQueue pending()
    {
        return pending;
    }

    EarlyPackets early()
    {
        return early;
    }

    /** {@return whether the user wants one more} */
    boolean mayAccept(final FourTuple tuple)
    {
        return handler.mayAccept(tuple);
    }

    /** Begins the session under the view, a client's. */
    void start(final long nowNs)
    {
        streams.begin();
        driver.start(nowNs);
        pending.add(session.slot());
    }

    /** Begins the session under the view, a server's: with what was sent before there was one. */
    void begin(final long helloOffset, final long number, final HelloGate gate)
    {
        streams.begin();
        session.set(GquicSession.CRYPTO_IN_BASE, helloOffset);
        ReceivedRanges.begin(session.memory(), session.at(GquicSession.CRYPTO_IN), helloOffset);
        session.set(GquicSession.CRYPTO_OUT_BASE, (long)gate.sentLength());
        // hellos were rejected under their own numbers, all of them less than this one's
        final long first = Math.max(number, gate.sentNumber() + 1L);
        session.set(GquicSession.NEXT_NUMBER, first);
        session.set(GquicSession.FIRST_NUMBER, first);
        early.adopt(session);
        handler.onAccepted(session.slot());
    }

    /** A client's server speaks another version. */
    void restart(final int version, final long nowNs)
    {
        early.releaseAll(session);
        connections.restart(session, version);
        driver.start(nowNs);
    }

    /**
     * Takes a packet of the session under the view.
     *
     * @param mayBeNull false if its hash has been found wrong
     * @return whether its hash is to be checked, and nothing else was done
     */
    boolean receive(
        final PacketHeaderDecoder header, final FourTuple tuple, final DirectBuffer buffer, final int tupleOffset,
        final int length, final boolean mayBeNull, final long nowNs)
    {
        if (session.is(GquicSession.CLOSED))
        {
            return false;
        }
        final boolean hasMoved = !memory.isAtTuple(session, tuple);
        if (hasMoved && (session.isClient() || session.isQ044()))
        {
            memory.counters.packetsUnknown++;
            return false;
        }
        final int result = reader.open(header, buffer, tupleOffset + FourTuple.LENGTH, length, mayBeNull && !hasMoved);
        switch (result)
        {
            case PacketReader.TRY_HASH ->
            {
                return true;
            }
            case PacketReader.DUPLICATE -> memory.counters.packetsDuplicate++;
            case PacketReader.EARLY ->
            {
                if (hasMoved || !early.keep(session, buffer, tupleOffset, length))
                {
                    memory.counters.packetsRefused++;
                }
            }
            case PacketReader.UNVERIFIED -> memory.counters.packetsUnverified++;
            default -> takeOpened(result, header, tuple, hasMoved, buffer, tupleOffset, nowNs);
        }
        return false;
    }

    private void takeOpened(
        final int level, final PacketHeaderDecoder header, final FourTuple tuple, final boolean hasMoved,
        final DirectBuffer buffer, final int tupleOffset, final long nowNs)
    {
        if (hasMoved && level != GquicLevel.FORWARD_SECURE)
        {
            memory.counters.packetsUnknown++;
            return;
        }
        final boolean isLatest = reader.number() > session.get(GquicSession.LARGEST_RECEIVED);
        take(level, reader.number(), header, buffer, tupleOffset + FourTuple.LENGTH, reader.text(), 0,
            reader.textLength(), nowNs);
        if (hasMoved && isLatest && !session.is(GquicSession.CLOSED))
        {
            tuple.store(session.memory(), session.at(GquicSession.TUPLE));
            memory.counters.addressChanges++;
        }
    }

    /** Takes a packet of the session under the view whose hash was found right. */
    void receiveVerified(
        final PacketHeaderDecoder header, final FourTuple tuple, final DirectBuffer buffer, final int offset,
        final int length, final long nowNs)
    {
        final long number = reader.expand(header);
        if (session.is(GquicSession.CLOSED) || !memory.isAtTuple(session, tuple) ||
            session.get(GquicSession.OPENED_LEVEL) > GquicLevel.NULL)
        {
            memory.counters.packetsRefused++;
        }
        else if (number < 1 || AckState.isDuplicate(session, number))
        {
            memory.counters.packetsDuplicate++;
        }
        else
        {
            final int text = header.length() + PacketSlots.HASH_LENGTH;
            take(GquicLevel.NULL, number, header, buffer, offset, buffer, offset + text, length - text, nowNs);
        }
    }

    private void take(
        final int level, final long number, final PacketHeaderDecoder header, final DirectBuffer buffer,
        final int offset, final DirectBuffer text, final int textOffset, final int textLength, final long nowNs)
    {
        if (memory.config.tap != null)
        {
            memory.config.tap.onReceived(session.slot(), level, number, buffer, offset, header.length(),
                text, textOffset, textLength);
        }
        final int error = dispatcher.dispatch(
            level, number, header.numberLength(), text, textOffset, textLength, nowNs);
        if (error == FrameDispatcher.REFUSED)
        {
            memory.counters.packetsRefused++;
            return;
        }
        if (error != 0)
        {
            session.fail(error, GquicSession.CLOSE_DUE);
            return;
        }
        AckState.onReceived(session, number, nowNs);
        if (dispatcher.deservesAck())
        {
            AckState.onAckDeserved(session, nowNs);
        }
        session.raise(GquicSession.HEARD);
        session.set(GquicSession.HEARD_NS, nowNs);
        if (level > session.get(GquicSession.OPENED_LEVEL))
        {
            session.set(GquicSession.OPENED_LEVEL, level);
        }
        if (level == GquicLevel.FORWARD_SECURE && !session.is(GquicSession.CONFIRMED))
        {
            confirm();
        }
    }

    /** Both sides have forward-secure keys: what led there is wiped. */
    private void confirm()
    {
        session.raise(GquicSession.CONFIRMED);
        recovery.onMessagesAnswered();
        memory.releaseMessages(session);
        session.clear(GquicSession.HAS_INITIAL_READ | GquicSession.HAS_INITIAL_WRITE);
        session.wipe(GquicSession.KEYS_INITIAL_READ, 2 * Protection.KEYS_LENGTH);
        session.wipe(GquicSession.HANDSHAKE, HandshakeFields.LENGTH);
        session.transition(GquicState.FORWARD_SECURE);
    }

    /** Goes on with the session under the view after whatever has happened to it, as far as it goes now. */
    void settle(final long nowNs, final Outbox outbox)
    {
        driver.proceed(nowNs);
        while (driver.hasNewKeys())
        {
            retryEarly(nowNs);
            driver.proceed(nowNs);
        }
        if (!session.is(GquicSession.CLOSED) && !sender.flush(nowNs, outbox))
        {
            pending.add(session.slot());
        }
        if (session.is(GquicSession.CLOSED))
        {
            end(outbox);
        }
        else
        {
            schedule();
        }
    }

    /** Offers again what was not taken, and settles: for a session that wanted a turn. */
    void takeTurn(final long nowNs, final Outbox outbox)
    {
        if (!session.is(GquicSession.CLOSED))
        {
            receiver.resume();
        }
        settle(nowNs, outbox);
    }

    private void retryEarly(final long nowNs)
    {
        final PacketSlots packets = memory.early;
        for (int left = session.get(GquicSession.EARLY_COUNT); left > 0; left--)
        {
            final int packet = early.takeFirst(session);
            earlyTuple.load(packets.memory(), packets.tuple(packet));
            if (earlyHeader.wrap(packets.memory(), packets.datagram(packet), packets.length(packet),
                !session.isClient()))
            {
                receive(earlyHeader, earlyTuple, packets.memory(), packets.tuple(packet), packets.length(packet),
                    false, nowNs);
            }
            packets.release(packet);
        }
    }

    /** The timer of the session under the view has fired: whatever is due is done. */
    void onTimer(final long nowNs, final Outbox outbox)
    {
        if (session.isHandshaking() && nowNs - handshakeNs() >= 0)
        {
            session.fail(GquicError.HANDSHAKE_TIMEOUT, GquicSession.CLOSE_DUE);
        }
        else if (nowNs - idleNs() >= 0)
        {
            session.fail(GquicError.NETWORK_IDLE_TIMEOUT, GquicSession.CLOSED_SILENTLY);
        }
        if (session.get(GquicSession.ACK_OWED) > 0 && nowNs - session.get(GquicSession.ACK_DUE_NS) >= 0)
        {
            session.raise(GquicSession.ACK_DUE);
        }
        if (sent.inFlight() > 0 && nowNs - recovery.timeoutNs() >= 0)
        {
            recovery.onTimeout();
        }
        settle(nowNs, outbox);
    }

    private long handshakeNs()
    {
        return session.get(GquicSession.CREATED_NS) + memory.config.handshakeTimeoutNs;
    }

    private long idleNs()
    {
        final int told = session.get(GquicSession.IDLE_SECONDS);
        final int seconds = told <= 0 ? memory.config.idleSeconds : Math.min(told, memory.config.idleSeconds);
        return session.get(GquicSession.HEARD_NS) + seconds * NS_PER_SECOND;
    }

    /** Sets the timer to what is due first; one that is set to an earlier time stays, and looks then. */
    private void schedule()
    {
        long nextNs = idleNs();
        if (session.isHandshaking())
        {
            nextNs = earlier(nextNs, handshakeNs());
        }
        if (sent.inFlight() > 0)
        {
            nextNs = earlier(nextNs, recovery.timeoutNs());
        }
        if (session.get(GquicSession.ACK_OWED) > 0 && !session.is(GquicSession.ACK_DUE))
        {
            nextNs = earlier(nextNs, session.get(GquicSession.ACK_DUE_NS));
        }
        final int slot = session.slot();
        if (!timers.isScheduled(slot) || nextNs - session.get(GquicSession.SCHEDULED_NS) < 0)
        {
            timers.schedule(slot, nextNs);
            session.set(GquicSession.SCHEDULED_NS, nextNs);
        }
    }

    private static long earlier(final long first, final long second)
    {
        return second - first < 0 ? second : first;
    }

    /** Ends the session under the view, unless the peer is to be told first and there is no room for that. */
    private void end(final Outbox outbox)
    {
        if (session.is(GquicSession.CLOSE_DUE) && !sender.sendClose(outbox))
        {
            pending.add(session.slot());
            return;
        }
        if (!session.is(GquicSession.ESTABLISHED))
        {
            memory.counters.sessionsFailed++;
        }
        final int slot = session.slot();
        handler.onClosed(slot, session.get(GquicSession.ERROR), session.is(GquicSession.CLOSED_BY_PEER));
        timers.cancel(slot);
        streams.releaseAll();
        early.releaseAll(session);
        connections.close(session);
    }
}
