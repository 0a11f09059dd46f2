// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.transport.CounterVisitor;
import dev.trishake.transport.StreamLink;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.ArrayList;
import java.util.List;

/** What a link or a core counts, where others can read it: brought up to date a few times a second. */
final class LinkCounters
{
    private final Source source;
    private final AtomicCounter[] counters;
    private final CounterVisitor visitor = this::onCounter;
    private int next;
    private boolean isGoneTold;

    /** Who counts. */
    @FunctionalInterface
    interface Source
    {
        void visitCounters(CounterVisitor visitor);
    }

    LinkCounters(final Source source, final String prefix, final CounterAllocator allocator)
    {
        this.source = source;
        final List<AtomicCounter> allocated = new ArrayList<>();
        source.visitCounters((label, value) -> allocated.add(allocator.allocate(prefix + label)));
        counters = allocated.toArray(AtomicCounter[]::new);
    }

    static LinkCounters of(final StreamLink link, final String prefix, final CounterAllocator allocator)
    {
        return new LinkCounters(visitor ->
        {
            visitor.onCounter("LinkConnections", link.active());
            link.visitCounters(visitor);
        }, prefix, allocator);
    }

    void update()
    {
        next = 0;
        source.visitCounters(visitor);
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
