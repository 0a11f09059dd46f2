// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

class ConversationsTest
{
    private final Conversations<Object> conversations = new Conversations<>();

    private static Flow flow(final int number)
    {
        return new Flow(false, 0, 1, 0, 2, number >>> 16, number & 0xffff);
    }

    @Test
    void shouldSeeBothDirectionsAsOne()
    {
        final Flow flow = new Flow(true, 1, 2, 3, 4, 5, 6);
        final Object state = conversations.of(flow, Object::new);
        assertSame(state, conversations.of(flow.reversed(), Object::new));
        assertNotSame(state, conversations.of(new Flow(true, 1, 2, 3, 4, 6, 5), Object::new));
        final Flow samePorts = new Flow(true, 1, 2, 1, 4, 7, 7);
        assertSame(conversations.of(samePorts, Object::new), conversations.of(samePorts.reversed(), Object::new));
    }

    @Test
    void shouldForgetTheOneSeenLongestAgo()
    {
        final Object first = conversations.of(flow(1), Object::new);
        final Object second = conversations.of(flow(2), Object::new);
        for (int i = 3; i <= Conversations.LIMIT; i++)
        {
            conversations.of(flow(i), Object::new);
        }
        assertSame(first, conversations.of(flow(1), Object::new));
        conversations.of(flow(Conversations.LIMIT + 1), Object::new);
        assertEquals(Conversations.LIMIT, conversations.size());
        assertSame(first, conversations.of(flow(1), Object::new));
        assertNotSame(second, conversations.of(flow(2), Object::new));
    }
}
