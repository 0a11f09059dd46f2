// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Collection;
import java.util.concurrent.TimeUnit;

/** Writes what JMH says to a file instead of the screen, and tells of every iteration that has ended. */
final class JmhLog implements OutputFormat
{
    private final OutputFormat text;
    private final Progress progress;

    /**
     * A log of several runs of JMH.
     *
     * @param file     where JMH's words go; stays open
     * @param progress told of every iteration that has ended, on JMH's threads
     */
    JmhLog(final PrintStream file, final Progress progress)
    {
        text = OutputFormatFactory.createFormatInstance(file, VerboseMode.NORMAL);
        this.progress = progress;
    }

    @Override
    public void iteration(final BenchmarkParams benchmark, final IterationParams params, final int iteration)
    {
        text.iteration(benchmark, params, iteration);
    }

    @Override
    public void iterationResult(
        final BenchmarkParams benchmark,
        final IterationParams params,
        final int iteration,
        final IterationResult result)
    {
        text.iterationResult(benchmark, params, iteration, result);
        progress.advance(params.getTime().convertTo(TimeUnit.MILLISECONDS));
    }

    @Override
    public void startBenchmark(final BenchmarkParams benchmark)
    {
        text.startBenchmark(benchmark);
    }

    @Override
    public void endBenchmark(final BenchmarkResult result)
    {
        text.endBenchmark(result);
    }

    @Override
    public void startRun()
    {
        text.startRun();
    }

    @Override
    public void endRun(final Collection<RunResult> results)
    {
        text.endRun(results);
    }

    @Override
    public void print(final String words)
    {
        text.print(words);
    }

    @Override
    public void println(final String words)
    {
        text.println(words);
    }

    @Override
    public void verbosePrintln(final String words)
    {
        text.verbosePrintln(words);
    }

    @Override
    public void write(final int octet)
    {
        text.write(octet);
    }

    @Override
    public void write(final byte[] octets) throws IOException
    {
        text.write(octets);
    }

    @Override
    public void flush()
    {
        text.flush();
    }

    /** JMH closes its output after each run; ours goes on. */
    @Override
    public void close()
    {
        text.flush();
    }
}
