// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** What is remembered of TCP conversations, both directions together; the one seen longest ago is forgotten. */
final class Conversations<V>
{
    /** Most conversations that are remembered: a capture of more reads as if the oldest began anew. */
    static final int LIMIT = 65_536;

    private final Map<Flow, V> states = new LinkedHashMap<>(16, 0.75f, true)
    {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<Flow, V> eldest)
        {
            return size() > LIMIT;
        }
    };

    /** {@return what is remembered of a conversation, or what is then remembered of a new one} */
    V of(final Flow flow, final Supplier<V> fresh)
    {
        return states.computeIfAbsent(flow.isReverse() ? flow.reversed() : flow, key -> fresh.get());
    }

    int size()
    {
        return states.size();
    }
}
