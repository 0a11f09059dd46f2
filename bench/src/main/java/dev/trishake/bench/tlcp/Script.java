// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.tlcp;

import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.collections.IntArrayList;

/** What one side was told in each of its turns: octets for sessions, in order. */
final class Script
{
    private final ExpandableArrayBuffer octets = new ExpandableArrayBuffer();
    private final IntArrayList sessions = new IntArrayList();
    private final IntArrayList ends = new IntArrayList();
    private final IntArrayList turnEnds = new IntArrayList();

    void add(final int session, final DirectBuffer buffer, final int offset, final int length)
    {
        octets.putBytes(end(sessions.size()), buffer, offset, length);
        ends.addInt(end(sessions.size()) + length);
        sessions.addInt(session);
    }

    void endTurn()
    {
        turnEnds.addInt(sessions.size());
    }

    int turns()
    {
        return turnEnds.size();
    }

    /** {@return the first of a turn's inputs, or one behind the last turn's} */
    int first(final int turn)
    {
        return turn == 0 ? 0 : turnEnds.getInt(turn - 1);
    }

    int session(final int input)
    {
        return sessions.getInt(input);
    }

    DirectBuffer buffer()
    {
        return octets;
    }

    int offset(final int input)
    {
        return end(input);
    }

    int length(final int input)
    {
        return end(input + 1) - end(input);
    }

    private int end(final int inputs)
    {
        return inputs == 0 ? 0 : ends.getInt(inputs - 1);
    }
}
