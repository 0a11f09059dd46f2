// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.transport.DatagramSteering;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

import java.util.ArrayList;
import java.util.List;

/**
 * The way of datagrams from the agent whose socket they came by to the one whose connection they are for: a ring for
 * each pair. Made at launch; each ring has one agent at either end.
 *
 * <pre>
 *               to 0    to 1    to 2
 *  from agent 0   -     ring    ring
 *  from agent 1  ring    -      ring
 *  from agent 2  ring   ring     -
 * </pre>
 */
final class Forwarding
{
    /** Eight datagrams of the longest that a path carries. */
    private static final int LEAST_LENGTH = 1 << 14;

    private final DatagramSteering steering;
    private final OneToOneRingBuffer[][] rings;

    Forwarding(final DatagramSteering steering, final int ringLength)
    {
        final int agents = steering.shares();
        this.steering = steering;
        rings = new OneToOneRingBuffer[agents][agents];
        final int length = Math.max(LEAST_LENGTH, Integer.highestOneBit(ringLength / (2 * agents)));
        for (int from = 0; from < agents; from++)
        {
            for (int to = 0; to < agents; to++)
            {
                rings[from][to] = from == to ? null : Rings.ofCapacity(length);
            }
        }
    }

    /** {@return the way between agents for each of a configuration's datagrams, null where none is needed} */
    static List<Forwarding> of(final EngineConfig config)
    {
        final List<Forwarding> all = new ArrayList<>();
        for (final Datagrams datagrams : config.datagrams())
        {
            final DatagramSteering steering = config.agents() == 1 ? null : datagrams.protocol().steering(
                config.agents(), (int)config.secret0() | 1, (int)config.secret1() | 1);
            all.add(steering == null ? null : new Forwarding(steering, config.ringLength()));
        }
        return all;
    }

    DatagramSteering steering()
    {
        return steering;
    }

    int agents()
    {
        return rings.length;
    }

    /** {@return the ring between two different agents} */
    OneToOneRingBuffer ring(final int from, final int to)
    {
        return rings[from][to];
    }
}
