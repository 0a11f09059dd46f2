// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.baseline;

import dev.trishake.bench.Bench;
import org.openjdk.jmh.annotations.Benchmark;

/** What does the harness itself cost? A figure near this one says nothing about its subject. */
public class HarnessBenchmark extends Bench
{
    private int counter;

    @Benchmark
    public int increment()
    {
        return counter++;
    }
}
