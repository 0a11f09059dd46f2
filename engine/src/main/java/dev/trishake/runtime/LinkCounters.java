// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.transport.CounterVisitor;
import dev.trishake.transport.StreamLink;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.ArrayList;
import java.util.List;

/** What a link counts, where others can read it: brought up to date a few times a second. */
final class LinkCounters
{
    private final StreamLink link;
    private final AtomicCounter[] counters;
    private final CounterVisitor visitor = this::onCounter;
    private int next;
    private boolean isGoneTold;

    LinkCounters(final StreamLink link, final String prefix, final CounterAllocator allocator)
    {
        this.link = link;
        final List<AtomicCounter> allocated = new ArrayList<>();
        allocated.add(allocator.allocate(prefix + "LinkConnections"));
        link.visitCounters((label, value) -> allocated.add(allocator.allocate(prefix + label)));
        counters = allocated.toArray(AtomicCounter[]::new);
    }

    void update()
    {
        counters[0].setPlain(link.active());
        next = 1;
        link.visitCounters(visitor);
    }

    /** {@return true once} */
    boolean tellGone()
    {
        final boolean isFirst = !isGoneTold;
        isGoneTold = true;
        return isFirst;
    }

    private void onCounter(final String label, final long value)
    {
        counters[next++].setPlain(value);
    }
}
