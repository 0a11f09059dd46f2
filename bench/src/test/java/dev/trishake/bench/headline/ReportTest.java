// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ReportTest
{
    static final Family ACCEPT = Family.of(SampleBenchmark.class, "What does an accept cost?")
        .named("Accept").onServerThread()
        .ours("epoll").ours("nio").peer("c").peer("netty")
        .goal(Goal.bytes("epoll", 0)).goal(Goal.nanoseconds("nio", 9000))
        .goal(Goal.ratio("c", 1.0)).goal(Goal.ratio("netty", 0.65));

    static final Family CHECKSUM = Family.of(SampleBenchmark.class, "How fast is a sum?")
        .named("Checksum").param("length", "20", "1500")
        .ours("sum").oursUnchecked("sum").peer("naive");

    /** {@return results with these times, in the order of the family's trials; the subject allocates nothing} */
    static List<TrialResult> measured(final Family family, final double... nsPerOp)
    {
        return IntStream.range(0, nsPerOp.length).mapToObj(i -> TrialResult.measured(
            family.trials().get(i),
            new Score(nsPerOp[i], nsPerOp[i] / 100, i == 0 ? 0 : 544.2, 5e8 / nsPerOp[i]),
            null)).toList();
    }

    @Test
    void shouldShowRatiosOfEveryContenderOfOursAndTheGoals()
    {
        assertEquals("""
            Accept: What does an accept cost?
                    benchmark     CPU us/op  ops/s per core  ops/s by the clock  B/op  epoll/this  nio/this  goal
              ours  epoll       8.00 ± 0.08         125.0 k             62.50 k     0                  1.25  \
            at most 0 B: met
              ours  nio        10.00 ± 0.10         100.0 k             50.00 k   544        0.80            \
            at most 9000 ns: MISSED
              peer  c           8.20 ± 0.08         122.0 k             60.98 k   544        0.98      1.22  \
            at most 1.00x: met
              peer  netty      12.50 ± 0.13         80.00 k             40.00 k   544        0.64      0.80  \
            at most 0.65x: met

            4 measured, 0 failed, 0 unavailable, 0 not run; goals: 3 met, 1 missed
            """ + Report.LEGEND, new Report(measured(ACCEPT, 8000, 10_000, 8200, 12_500)).text());
    }

    @Test
    void shouldCompareAtTheSameParameters()
    {
        assertEquals("""
            Checksum: How fast is a sum?
                    benchmark       length          ns/op  ops/s per core  B/op  sum/this
              ours  sum                 20    4.00 ± 0.04         250.0 M     0
              ours  sum, unchecked      20    3.00 ± 0.03         333.3 M   544      1.33
              peer  naive               20   20.00 ± 0.20         50.00 M   544      0.20
              ours  sum               1500   60.00 ± 0.60         16.67 M   544
              ours  sum, unchecked    1500   50.00 ± 0.50         20.00 M   544      1.20
              peer  naive             1500  1200.0 ± 12.0         833.3 k   544     0.050

            6 measured, 0 failed, 0 unavailable, 0 not run; goals: 0 met, 0 missed
            """ + Report.LEGEND, new Report(measured(CHECKSUM, 4, 3, 20, 60, 50, 1200)).text());
    }

    @Test
    void shouldSayWhatIsMissingAndWhy()
    {
        final Family neverReached = Family.of(SampleBenchmark.class, "Is this left out?").ours("quick");
        final List<Trial> trials = ACCEPT.trials();
        final List<TrialResult> results = new ArrayList<>(measured(ACCEPT, 8000));
        results.add(TrialResult.without(trials.get(1), TrialResult.Status.FAILED, "it broke; see the log"));
        results.add(TrialResult.without(trials.get(2), TrialResult.Status.UNAVAILABLE, "no C compiler"));
        results.add(TrialResult.notRun(trials.get(3)));
        results.add(TrialResult.notRun(neverReached.trials().get(0)));

        assertEquals("""
            Accept: What does an accept cost?
                    benchmark    CPU us/op  ops/s per core  ops/s by the clock  B/op  epoll/this  nio/this  goal
              ours  epoll      8.00 ± 0.08         125.0 k             62.50 k     0                        \
            at most 0 B: met
              ours  nio             failed                                                                  \
            at most 9000 ns: not measured
              peer  c          unavailable                                                                  \
            at most 1.00x: not measured
              peer  netty          not run                                                                  \
            at most 0.65x: not measured
              Accept.nio: it broke; see the log.
              Accept.c: no C compiler.

            1 measured, 1 failed, 1 unavailable, 2 not run; goals: 1 met, 0 missed
            """ + Report.LEGEND, new Report(results).text());
    }

    @Test
    void shouldWriteMarkdownWithASectionForEachFamily()
    {
        final List<TrialResult> results = new ArrayList<>(measured(CHECKSUM, 4, 3, 20));
        results.addAll(measured(ACCEPT, 8000));

        assertEquals("""
            ## Checksum

            How fast is a sum?

            |  | benchmark | length | ns/op | ops/s per core | B/op | sum/this |
            | :--- | :--- | ---: | ---: | ---: | ---: | ---: |
            | ours | sum | 20 | 4.00 ± 0.04 | 250.0 M | 0 |  |
            | ours | sum, unchecked | 20 | 3.00 ± 0.03 | 333.3 M | 544 | 1.33 |
            | peer | naive | 20 | 20.00 ± 0.20 | 50.00 M | 544 | 0.20 |

            ## Accept

            What does an accept cost?

            |  | benchmark | CPU us/op | ops/s per core | ops/s by the clock | B/op | epoll/this | nio/this | goal |
            | :--- | :--- | ---: | ---: | ---: | ---: | ---: | ---: | :--- |
            | ours | epoll | 8.00 ± 0.08 | 125.0 k | 62.50 k | 0 |  |  | at most 0 B: met |

            4 measured, 0 failed, 0 unavailable, 0 not run; goals: 1 met, 0 missed

            """ + Report.LEGEND, new Report(results).markdown());
    }
}
