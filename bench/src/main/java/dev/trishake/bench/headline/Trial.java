// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import dev.trishake.bench.Bench;
import dev.trishake.bench.ServerThreadProfiler;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * The smallest thing that is run and kept: one method with one value of each parameter.
 *
 * @param family    the question
 * @param contender the method
 * @param params    name to value
 */
record Trial(Family family, Contender contender, Map<String, String> params)
{
    private static final TimeValue ITERATION_TIMEOUT = TimeValue.seconds(30);

    /** {@return what JMH is told: the family's pace, {@code -prof gc} always} */
    Options options()
    {
        final Pace pace = family.pace();
        final ChainedOptionsBuilder builder = new OptionsBuilder()
            .include("^" + Pattern.quote(family.benchmark().getCanonicalName() + "." + contender.method()) + "$")
            .forks(pace.forks())
            .warmupIterations(pace.warmups())
            .warmupTime(TimeValue.milliseconds(pace.iterationMs()))
            .measurementIterations(pace.measurements())
            .measurementTime(TimeValue.milliseconds(pace.iterationMs()))
            .timeout(ITERATION_TIMEOUT)
            .shouldFailOnError(true)
            .addProfiler(GCProfiler.class)
            // last, so that it also wins over what the user's own flags say
            .jvmArgsAppend(contender.checked() ? Bench.BOUNDS_CHECKS_ON : Bench.BOUNDS_CHECKS_OFF);
        if (family.isOnServerThread())
        {
            builder.addProfiler(ServerThreadProfiler.class);
        }
        params.forEach(builder::param);
        return builder.build();
    }

    /** {@return the trial's name for a person, like {@code Checksum.trishake length=64}} */
    String label()
    {
        final StringBuilder label = new StringBuilder(family.name()).append('.').append(contender.label());
        params.forEach((name, value) -> label.append(' ').append(name).append('=').append(value));
        return label.toString();
    }
}
