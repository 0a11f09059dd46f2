// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

/** Takes the counters of a link one by one. */
@FunctionalInterface
public interface CounterVisitor
{
    /**
     * Takes one.
     *
     * @param label what is counted, a constant in Linux's manner: {@code PassiveOpens}
     * @param value how often it has happened, or how many there are
     */
    void onCounter(String label, long value);
}
