// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import org.openjdk.jmh.results.RunResult;

/**
 * What became of a trial.
 *
 * @param trial  which
 * @param status what
 * @param score  its figures; null unless measured
 * @param run    JMH's raw result; null unless measured
 * @param note   why there are no figures, a sentence without a full stop; empty when measured
 */
record TrialResult(Trial trial, Status status, Score score, RunResult run, String note)
{
    /** How a trial can end. */
    enum Status
    {
        /** There are figures. */
        MEASURED(""),
        /** This machine lacks what the trial needs. */
        UNAVAILABLE("unavailable"),
        /** The benchmark or its fork failed. */
        FAILED("failed"),
        /** The run was over before the trial was. */
        NOT_RUN("not run");

        private final String word;

        Status(final String word)
        {
            this.word = word;
        }

        /** {@return what stands in the table in place of the time} */
        String word()
        {
            return word;
        }
    }

    static TrialResult measured(final Trial trial, final Score score, final RunResult run)
    {
        return new TrialResult(trial, Status.MEASURED, score, run, "");
    }

    static TrialResult without(final Trial trial, final Status status, final String note)
    {
        return new TrialResult(trial, status, null, null, note);
    }

    static TrialResult notRun(final Trial trial)
    {
        return without(trial, Status.NOT_RUN, "the run was over");
    }

    boolean isMeasured()
    {
        return status == Status.MEASURED;
    }

    /** {@return whether nothing went wrong: what a machine lacks is no fault} */
    boolean isGood()
    {
        return status == Status.MEASURED || status == Status.UNAVAILABLE;
    }
}
