// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench;

import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/**
 * The rig of every benchmark: two forks, the engine's JVM flags, nanoseconds per operation.
 *
 * <p>Agrona's bounds checks stay <b>on</b>, because the input of what we measure is hostile; figures without them are
 * taken with {@link #BOUNDS_CHECKS_OFF} and labelled so:
 * <pre>
 * java -jar bench/target/bench.jar Checksum -prof gc -jvmArgsAppend -Dagrona.disable.bounds.checks=true
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 2, jvmArgsPrepend = {
    "--add-modules=jdk.incubator.vector",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
    "-XX:+UseSerialGC",
    Bench.BOUNDS_CHECKS_ON})
public class Bench
{
    /** The rig's own flag: buffers check their bounds. */
    public static final String BOUNDS_CHECKS_ON = "-Dagrona.disable.bounds.checks=false";

    /** Appended to a fork's flags, where it wins over the rig's own: buffers no longer check their bounds. */
    public static final String BOUNDS_CHECKS_OFF = "-Dagrona.disable.bounds.checks=true";

    /** For subclasses only. */
    protected Bench()
    {
    }
}
