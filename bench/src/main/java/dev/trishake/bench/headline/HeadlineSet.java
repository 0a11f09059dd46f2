// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import dev.trishake.bench.baseline.HarnessBenchmark;

import java.util.List;

/**
 * The headline set: what {@code bench.jar} measures without arguments, in the order of the table.
 *
 * <p>A new benchmark is one more entry. {@code HeadlineSetTest} checks that its methods and parameters exist and that
 * the whole still fits into ten minutes.
 */
final class HeadlineSet
{
    static final List<Family> FAMILIES = List.of(
        Family.of(HarnessBenchmark.class, "What does the harness itself cost?")
            .ours("increment"));

    private HeadlineSet()
    {
    }
}
