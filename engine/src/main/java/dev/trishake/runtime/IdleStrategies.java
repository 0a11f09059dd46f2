// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.agrona.concurrent.SleepingIdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/** Agrona's idle strategies by their names. */
final class IdleStrategies
{
    private IdleStrategies()
    {
    }

    static IdleStrategy create(final String name)
    {
        return switch (name)
        {
            case BusySpinIdleStrategy.ALIAS -> BusySpinIdleStrategy.INSTANCE;
            case YieldingIdleStrategy.ALIAS -> YieldingIdleStrategy.INSTANCE;
            case BackoffIdleStrategy.ALIAS -> new BackoffIdleStrategy();
            case SleepingIdleStrategy.ALIAS -> new SleepingIdleStrategy();
            case SleepingMillisIdleStrategy.ALIAS -> new SleepingMillisIdleStrategy();
            case NoOpIdleStrategy.ALIAS -> NoOpIdleStrategy.INSTANCE;
            default -> throw new IllegalArgumentException("idleStrategy must be spin, yield, backoff, sleep-ns," +
                " sleep-ms or noop: " + name);
        };
    }
}
