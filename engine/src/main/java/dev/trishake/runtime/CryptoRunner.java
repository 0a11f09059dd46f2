// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.CryptoOperation;
import dev.trishake.core.CryptoQueue;
import dev.trishake.core.SessionCore;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.Arrays;
import java.util.List;

/**
 * Does what a core's sessions have posted, many at a time, and lets them go on; what they post then is done in the same
 * run, up to a bound, so that an operation waits for no cycle and the links for no more than that bound.
 *
 * <pre>
 *  a wave    kind 0: 8 lanes, 8 lanes, 3 lanes    kind 1: 8 lanes, 1 lane    then all of them go on
 *  a run     waves until none has anything to do, or each kind has had its batches
 * </pre>
 */
final class CryptoRunner
{
    private final SessionCore core;
    private final CryptoQueue queue;
    private final CryptoOperation[] operations;
    private final AtomicCounter[] operationCounters;
    private final AtomicCounter[] batchCounters;
    private final int batchesPerCycle;
    private final int[] batches;
    private final int[] lanes = new int[CryptoOperation.MAX_LANES];
    private final int[] done;
    private final long[] doneHandles;
    private int doneCount;

    /** Takes sessions that can go on. */
    @FunctionalInterface
    interface Resumer
    {
        void onDone(int coreSlot, long nowNs);
    }

    CryptoRunner(
        final SessionCore core, final CryptoQueue queue, final List<CryptoKind> kinds, final int batchesPerCycle,
        final CounterAllocator counters)
    {
        if (kinds.size() != queue.kinds())
        {
            throw new IllegalArgumentException("the queue has " + queue.kinds() + " kinds, not " + kinds.size());
        }
        this.core = core;
        this.queue = queue;
        this.batchesPerCycle = batchesPerCycle;
        operations = kinds.stream().map(CryptoKind::operation).toArray(CryptoOperation[]::new);
        operationCounters =
            kinds.stream().map(kind -> counters.allocate("Crypto" + kind.name() + "Operations")).toArray(
                AtomicCounter[]::new);
        batchCounters =
            kinds.stream().map(kind -> counters.allocate("Crypto" + kind.name() + "Batches")).toArray(
                AtomicCounter[]::new);
        batches = new int[operations.length];
        done = new int[core.capacity()];
        doneHandles = new long[core.capacity()];
    }

    /** {@return operations done} */
    int run(final long nowNs, final Resumer resumer)
    {
        Arrays.fill(batches, 0);
        int count = 0;
        int inWave;
        do
        {
            inWave = wave(nowNs);
            count += inWave;
            for (int i = 0; i < doneCount; i++)
            {
                if (core.handle(done[i]) == doneHandles[i]) // one that went on may have ended another
                {
                    resumer.onDone(done[i], nowNs);
                }
            }
        }
        while (inWave > 0);
        return count;
    }

    private int wave(final long nowNs)
    {
        doneCount = 0;
        for (int kind = 0; kind < operations.length; kind++)
        {
            while (queue.size(kind) > 0 && batches[kind] < batchesPerCycle)
            {
                final int count = queue.take(kind, core, lanes, operations[kind].lanes());
                if (count > 0)
                {
                    batches[kind]++;
                    operations[kind].execute(lanes, count, nowNs);
                    operationCounters[kind].getAndAddPlain(count);
                    batchCounters[kind].incrementPlain();
                    keep(count);
                }
            }
        }
        return doneCount;
    }

    private void keep(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            done[doneCount] = lanes[i];
            doneHandles[doneCount++] = core.handle(lanes[i]);
        }
    }
}
