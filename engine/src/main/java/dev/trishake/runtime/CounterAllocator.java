// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import org.agrona.concurrent.status.AtomicCounter;

/** Makes an agent's counters; set-up only. */
@FunctionalInterface
interface CounterAllocator
{
    /** {@return a counter that is 0} */
    AtomicCounter allocate(String label);
}
