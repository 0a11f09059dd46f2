// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import dev.trishake.bench.UnavailableException;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One run of a headline set: trial after trial through JMH, each kept as soon as it is measured, then the report.
 *
 * <p>SIGTERM and Ctrl-C end the forks and skip what is left; what was measured is still printed and written before the
 * JVM goes, with the signal's own exit code (143, 130).
 */
public final class HeadlineRun
{
    /** Exit code: everything was measured but what this machine lacks. */
    static final int MEASURED = 0;

    /** Exit code: a benchmark failed, or the time was over before it ran. */
    static final int INCOMPLETE = 1;

    /** Exit code: the run could not begin; one sentence says why. */
    static final int UNUSABLE = 2;

    /** A run lasts no longer: what would not fit any more is not run. */
    static final long BUDGET_MS = TimeUnit.MINUTES.toMillis(10);

    private static final int REPORT_TIMEOUT_MS = 20_000;
    private static final int FORK_POLL_MS = 50;

    /** How much later than our fork we may learn of a signal that the whole process group got. */
    private static final int SIGNAL_RACE_MS = 500;

    private final List<Trial> trials;
    private final long plannedMs;
    private final Path results;
    private final PrintStream out;
    private final PrintStream err;
    private final List<TrialResult> measured = new ArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch reported = new CountDownLatch(1);

    /**
     * Prepares a run.
     *
     * @param families what to measure
     * @param results  where the folder is made
     * @param out      gets the table
     * @param err      gets the progress
     */
    HeadlineRun(final List<Family> families, final Path results, final PrintStream out, final PrintStream err)
    {
        trials = families.stream().flatMap(family -> family.trials().stream()).toList();
        plannedMs = trials.stream().mapToLong(trial -> trial.family().pace().plannedMs()).sum();
        this.results = results;
        this.out = out;
        this.err = err;
    }

    /**
     * Measures the project's headline set on the standard streams.
     *
     * @return exit code: 0 when everything was measured, 1 when not, 2 when the run could not begin
     */
    public static int run()
    {
        return new HeadlineRun(HeadlineSet.FAMILIES, ResultsFolder.defaultParent(), System.out, System.err).execute();
    }

    /** Ends every process that this JVM has started, and theirs. */
    public static void endForks()
    {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }

    /** {@return the exit code} */
    int execute()
    {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "bench-stop"));
        try
        {
            final ResultsFolder folder = ResultsFolder.create(results);
            err.println("Benchmarks: " + trials.size() + ", in about " + Figures.minutes(plannedMs) +
                " min; results go to " + folder.path() + ".");
            if (!measureAll(folder))
            {
                folder.discard();
                return UNUSABLE;
            }
            final Report report = new Report(measured);
            out.print("\n" + encodable(report.text()));
            folder.write(report, measured).ifPresent(out::println);
            out.println("Written to " + folder.path() + ".");
        }
        catch (final IOException ex)
        {
            err.println("Cannot write results: " + ex + ".");
            return UNUSABLE;
        }
        finally
        {
            out.flush();
            reported.countDown();
        }
        return measured.stream().allMatch(TrialResult::isGood) ? MEASURED : INCOMPLETE;
    }

    /** The JVM's shutdown hook: returns when the report is out. */
    private void stop()
    {
        stopped.countDown();
        try
        {
            for (int i = 0; i < REPORT_TIMEOUT_MS / FORK_POLL_MS; i++)
            {
                endForks();
                if (reported.await(FORK_POLL_MS, TimeUnit.MILLISECONDS))
                {
                    return;
                }
            }
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return false when JMH refused to begin and said why} */
    private boolean measureAll(final ResultsFolder folder) throws IOException
    {
        final long startNs = System.nanoTime();
        long doneMs = 0;
        try (Progress progress = Progress.of(trials.size(), plannedMs, err);
            PrintStream file = new PrintStream(folder.log().toFile(), StandardCharsets.UTF_8))
        {
            final JmhLog log = new JmhLog(file, progress);
            for (final Trial trial : trials)
            {
                final long trialMs = trial.family().pace().plannedMs();
                final long elapsedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
                if (stopped.getCount() == 0 || elapsedMs + trialMs > BUDGET_MS)
                {
                    measured.add(TrialResult.notRun(trial));
                }
                else
                {
                    progress.begin(trial);
                    final TrialResult result = measure(trial, log);
                    doneMs += trialMs;
                    measured.add(result);
                    progress.end(result, doneMs);
                }
            }
            return true;
        }
        catch (final RefusedException ex)
        {
            err.println(ex.getMessage());
            return false;
        }
    }

    private TrialResult measure(final Trial trial, final JmhLog log) throws RefusedException
    {
        try
        {
            final RunResult run = new Runner(trial.options(), log).runSingle();
            return TrialResult.measured(trial, Score.of(run, trial.family().isOnServerThread()), run);
        }
        catch (final RunnerException ex)
        {
            if (ex.getCause() == null && measured.isEmpty())
            {
                throw new RefusedException(ex.getMessage());
            }
            return failed(trial, ex);
        }
        catch (final IllegalStateException ex)
        {
            return failed(trial, ex);
        }
    }

    private TrialResult failed(final Trial trial, final Exception failure)
    {
        try
        {
            if (stopped.await(SIGNAL_RACE_MS, TimeUnit.MILLISECONDS))
            {
                return TrialResult.notRun(trial);
            }
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        final Throwable root = root(failure);
        return root instanceof UnavailableException ?
            TrialResult.without(trial, TrialResult.Status.UNAVAILABLE, root.getMessage()) :
            TrialResult.without(trial, TrialResult.Status.FAILED, root + "; " + ResultsFolder.LOG + " has the details");
    }

    /** {@return what went wrong in the fork; JMH hands it over as a suppressed exception of its own} */
    private static Throwable root(final Throwable failure)
    {
        Throwable root = failure;
        while (root.getCause() != null || root.getSuppressed().length > 0)
        {
            root = root.getCause() != null ? root.getCause() : root.getSuppressed()[0];
        }
        return root;
    }

    private String encodable(final String text)
    {
        return out.charset().newEncoder().canEncode('±') ? text : text.replace("±", "+-");
    }

    /** JMH would not even begin. */
    private static final class RefusedException extends Exception
    {
        private static final long serialVersionUID = 1L;

        private RefusedException(final String message)
        {
            super(message);
        }
    }
}
