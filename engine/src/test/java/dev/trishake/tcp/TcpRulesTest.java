// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.support.Exhaustive;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The table must be whole and without dead rows before it may judge a core. */
class TcpRulesTest
{
    private final TcpRules rules = new TcpRules();

    @Test
    void shouldHaveARuleForEveryInputAndAnInputForEveryRule()
    {
        final List<TcpRules.Rule> unused = new ArrayList<>(rules.all());
        final Exhaustive all = new Exhaustive();
        while (all.next())
        {
            final String state = TcpRules.STATES.get(all.choose(TcpRules.STATES.size()));
            final int flags = all.choose(TcpRules.FLAG_SETS);
            final String seq = TcpRules.SEQUENCES.get(all.choose(TcpRules.SEQUENCES.size()));
            final String ack = TcpRules.ACKS.get(all.choose(TcpRules.ACKS.size()));
            unused.remove(rules.find(state, flags, seq, ack, all.choose(2)));
        }
        assertEquals(15 * 64 * 7 * 6 * 2, all.count());
        assertEquals(List.of(), unused, "rows that no input reaches");
    }
}
