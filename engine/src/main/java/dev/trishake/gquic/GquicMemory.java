// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.session.FourTuple;
import dev.trishake.session.SessionSlab;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * All memory of a core: connections, the messages of those that are in their handshake, records of streams, packets
 * that wait.
 */
final class GquicMemory
{
    final GquicConfig config;
    final GquicCounters counters = new GquicCounters();
    final SessionSlab sessions;
    /** Messages of a handshake: what came, then what goes out; neither ever moves. */
    final SessionSlab handshakes;
    /** Records of application streams, of all connections. */
    final SessionSlab streams;
    /** Packets whose hash is to be checked or made; their slots follow the connections'. */
    final PacketSlots packets;
    /** Packets that came before their keys. */
    final PacketSlots early;

    private final FourTuple stored = new FourTuple();

    GquicMemory(final GquicConfig config)
    {
        this.config = config;
        sessions = new SessionSlab(config.sessions, GquicSession.STRIDE);
        handshakes = new SessionSlab(
            Math.min(config.handshakes, config.sessions), config.cryptoInLength + config.cryptoOutLength);
        streams = new SessionSlab(config.streams, StreamRecord.stride(config));
        packets = new PacketSlots(config.packets);
        early = new PacketSlots(config.earlyPackets);
    }

    /** {@return a view of streams of its own} */
    StreamRecord streamView()
    {
        return new StreamRecord(streams, config);
    }

    /** {@return a view of its own; each operation has one a lane} */
    GquicSession view()
    {
        return new GquicSession(sessions);
    }

    /** {@return where handshake messages are} */
    UnsafeBuffer messages()
    {
        return handshakes.memory();
    }

    /** {@return whether a packet with these addresses is where the peer was last} */
    boolean isAtTuple(final GquicSession session, final FourTuple tuple)
    {
        stored.load(session.memory(), session.at(GquicSession.TUPLE));
        return stored.remoteHigh() == tuple.remoteHigh() && stored.remoteLow() == tuple.remoteLow() &&
            stored.localHigh() == tuple.localHigh() && stored.localLow() == tuple.localLow() &&
            stored.ports() == tuple.ports();
    }

    boolean hasMessages(final GquicSession session)
    {
        return session.get(GquicSession.CRYPTO_BUFFER) != 0;
    }

    /** {@return where in {@link #messages()} begins what came} */
    int inOffset(final GquicSession session)
    {
        return handshakes.offset(session.get(GquicSession.CRYPTO_BUFFER) - 1);
    }

    /** {@return where in {@link #messages()} begins what goes out} */
    int outOffset(final GquicSession session)
    {
        return inOffset(session) + config.cryptoInLength;
    }

    boolean takeMessages(final GquicSession session)
    {
        final int buffer = handshakes.acquire();
        session.set(GquicSession.CRYPTO_BUFFER, buffer + 1);
        return buffer != SessionSlab.NULL_SLOT;
    }

    /** Wipes the messages, of a buffer that is mostly empty, and gives it back; does nothing without one. */
    void releaseMessages(final GquicSession session)
    {
        final int buffer = session.get(GquicSession.CRYPTO_BUFFER) - 1;
        if (buffer >= 0)
        {
            messages().setMemory(inOffset(session), session.get(GquicSession.CRYPTO_IN_TOP), (byte)0);
            messages().setMemory(outOffset(session), session.get(GquicSession.CRYPTO_OUT_TOP), (byte)0);
            handshakes.releaseZeroed(buffer);
            session.set(GquicSession.CRYPTO_BUFFER, 0);
        }
    }
}
