// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import dev.trishake.bench.Bench;
import dev.trishake.bench.baseline.HarnessBenchmark;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HeadlineSetTest
{
    @Test
    void shouldFitIntoTenMinutesWithRoomForSlowMachines()
    {
        final long plannedMs = HeadlineSet.FAMILIES.stream()
            .flatMap(family -> family.trials().stream())
            .mapToLong(trial -> trial.family().pace().plannedMs())
            .sum();

        assertTrue(plannedMs <= HeadlineRun.BUDGET_MS * 9 / 10, Figures.minutes(plannedMs));
    }

    @Test
    void shouldNameBenchmarksAndParametersThatExist()
    {
        for (final Family family : HeadlineSet.FAMILIES)
        {
            assertTrue(Bench.class.isAssignableFrom(family.benchmark()), family.name());
            for (final Trial trial : family.trials())
            {
                final Options options = trial.options();
                final Set<BenchmarkListEntry> found = BenchmarkList.defaultList().find(
                    OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT),
                    options.getIncludes(), options.getExcludes());
                assertEquals(1, found.size(), trial.label());

                final Map<String, String[]> params = found.iterator().next().getParams().orElse(Map.of());
                assertEquals(params.keySet(), trial.params().keySet(), trial.label());
            }
        }
    }

    @Test
    void shouldCheckBoundsWhereNotLabelledOtherwise()
    {
        final List<Trial> trials = Family.of(HarnessBenchmark.class, "Are bounds checked?")
            .ours("increment").oursUnchecked("increment").peer("increment").trials();

        assertEquals(
            List.of(Bench.BOUNDS_CHECKS_ON, Bench.BOUNDS_CHECKS_OFF, Bench.BOUNDS_CHECKS_ON),
            trials.stream().flatMap(trial -> trial.options().getJvmArgsAppend().get().stream()).toList());
        assertEquals("increment, unchecked", trials.get(1).contender().label());
    }

    @Test
    void shouldHaveASubjectAndDistinctNamesEverywhere()
    {
        final Set<String> names = new HashSet<>();
        for (final Family family : HeadlineSet.FAMILIES)
        {
            assertTrue(names.add(family.name()), family.name());
            assertFalse(family.subjects().isEmpty(), family.name());
            assertEquals(family.contenders().size(),
                family.contenders().stream().map(Contender::label).distinct().count(), family.name());
        }
    }

    @Test
    void shouldSetGoalsForContendersOnlyAndRatiosForOthersThanTheSubject()
    {
        for (final Family family : HeadlineSet.FAMILIES)
        {
            for (final Goal goal : family.goals())
            {
                assertTrue(family.contenders().stream().anyMatch(c -> c.label().equals(goal.contender())),
                    family.name() + ": " + goal);
                assertFalse(goal.measure() == Goal.Measure.RATIO &&
                    goal.contender().equals(family.subjects().get(0).label()), family.name() + ": " + goal);
            }
        }
    }
}
