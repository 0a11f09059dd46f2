// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench;

import org.openjdk.jmh.annotations.Benchmark;

/** What does the harness itself cost? */
public class HarnessBenchmark extends Bench
{
    private int counter;

    /**
     * {@return a number}
     */
    @Benchmark
    public int increment()
    {
        return counter++;
    }
}
