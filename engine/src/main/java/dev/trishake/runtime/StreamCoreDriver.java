// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.StreamCore;

import java.util.Arrays;

/** A core of an agent, its crypto runner, and whose sessions its slots are. */
final class StreamCoreDriver
{
    final Protocol protocol;
    final StreamCore core;
    private final CryptoRunner runner;
    private final CryptoRunner.Resumer resumer = this::onDone;
    private final StreamSessions sessions;
    private final int[] sessionOf;

    StreamCoreDriver(
        final Protocol protocol, final StreamProtocol parts, final int batchesPerCycle,
        final CounterAllocator counters, final StreamSessions sessions)
    {
        this.protocol = protocol;
        this.core = parts.core();
        this.sessions = sessions;
        this.runner = new CryptoRunner(core, parts.queue(), parts.kinds(), batchesPerCycle, counters);
        this.sessionOf = new int[core.capacity()];
        Arrays.fill(sessionOf, -1);
    }

    void attach(final int coreSlot, final int slot)
    {
        sessionOf[coreSlot] = slot;
    }

    int runCrypto(final long nowNs)
    {
        return runner.run(nowNs, resumer);
    }

    void keepHouse(final long nowNs)
    {
        core.keepHouse(nowNs);
    }

    private void onDone(final int coreSlot, final long nowNs)
    {
        sessions.proceed(sessionOf[coreSlot]);
    }
}
