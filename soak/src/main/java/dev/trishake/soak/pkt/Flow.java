// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import dev.trishake.wire.tcp.TcpFlags;

import java.util.HashMap;
import java.util.Map;

/**
 * One connection as packetdrill sees it: its ports, and how numbers of the script become numbers on the wire. In
 * segments with SYN sequence numbers are absolute, in others relative to the first one of the side that counts; of
 * the core's own only the script's first number is known beforehand.
 */
final class Flow
{
    /** How far packetdrill has followed it. */
    enum State
    {
        NEW, LISTENING, PACKET_RECEIVED, SYN_ACK_SENT, CONNECTING, SYN_SENT, OPEN
    }

    State state = State.NEW;
    int localPort;
    int remotePort;
    int remoteIsn;
    int localIsn;
    int scriptLocalIsn;
    private final Map<Integer, Integer> tsVals = new HashMap<>();
    private boolean hasTimestamps;
    private int firstScriptTsVal;
    private int firstTsVal;

    boolean has(final Sent sent)
    {
        return sent.localPort() == localPort && sent.remotePort() == remotePort;
    }

    /** What an expected segment says of the connection before the core's own is looked at. */
    void expect(final SegmentSpec spec)
    {
        if ((state == State.CONNECTING && spec.isSyn() && !spec.has(TcpFlags.ACK)) ||
            (state == State.PACKET_RECEIVED && spec.isSynAck()))
        {
            scriptLocalIsn = spec.seq();
        }
    }

    /** What the core has sent where this was expected. */
    void onSent(final SegmentSpec spec, final Sent sent)
    {
        if (state == State.PACKET_RECEIVED && spec.isSynAck())
        {
            state = State.SYN_ACK_SENT;
            localIsn = sent.seq();
        }
        else if (state == State.CONNECTING && spec.isSyn() && !spec.has(TcpFlags.ACK))
        {
            state = State.SYN_SENT;
            localIsn = sent.seq();
        }
    }

    /** What the peer sends. */
    void onInbound(final SegmentSpec spec)
    {
        if (state == State.SYN_ACK_SENT && spec.has(TcpFlags.ACK))
        {
            state = State.OPEN;
        }
        else if (state == State.SYN_SENT && spec.isSynAck())
        {
            state = State.OPEN;
            remoteIsn = spec.seq();
        }
    }

    /** From the script's numbers of the peer to the wire's. */
    int remoteOffset(final boolean isSyn)
    {
        return isSyn ? 0 : remoteIsn;
    }

    /** From the script's numbers of the core to the wire's. */
    int localOffset(final boolean isSyn)
    {
        return isSyn ? localIsn - scriptLocalIsn : localIsn;
    }

    /** {@return a timestamp in the script's terms}; it is remembered as the one that the script calls so. */
    int learnTsVal(final int scriptTsVal, final int tsVal)
    {
        tsVals.put(scriptTsVal, tsVal);
        if (!hasTimestamps)
        {
            hasTimestamps = true;
            firstScriptTsVal = scriptTsVal;
            firstTsVal = tsVal;
        }
        return tsVal - firstTsVal + firstScriptTsVal;
    }

    /** {@return the timestamp on the wire that the script means, or null when no segment had it} */
    Integer tsVal(final int scriptTsVal)
    {
        return tsVals.get(scriptTsVal);
    }
}
