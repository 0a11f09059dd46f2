// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Where a run stands: one line that rewrites itself on a terminal, else a plain line for each trial. */
interface Progress extends AutoCloseable
{
    /**
     * A trial begins.
     *
     * @param trial which
     */
    void begin(Trial trial);

    /**
     * An iteration has ended; called on any thread.
     *
     * @param ms its planned length
     */
    void advance(long ms);

    /**
     * A trial was run.
     *
     * @param result how
     * @param doneMs milliseconds that were planned for all trials until here
     */
    void end(TrialResult result, long doneMs);

    /** Leaves the line. */
    @Override
    void close();

    /**
     * {@return the kind that the output can show}
     *
     * @param trials    how many there will be
     * @param plannedMs milliseconds planned for all of them
     * @param out       where to
     */
    static Progress of(final int trials, final long plannedMs, final PrintStream out)
    {
        final boolean terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
        return terminal ? new Bar(plannedMs, out) : new Lines(trials, plannedMs, out);
    }

    /** The line that rewrites itself; counts planned milliseconds, so that the ETA follows the real pace. */
    final class Bar implements Progress
    {
        private static final int DEFAULT_WIDTH = 80;
        private static final int UPDATE_MS = 1000;
        private static final long MS_PER_SECOND = 1000;

        private final ProgressBar bar;

        Bar(final long plannedMs, final PrintStream out)
        {
            bar = new ProgressBarBuilder()
                .setTaskName("bench")
                .setInitialMax(plannedMs)
                .setUnit(" s", MS_PER_SECOND)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_MS)
                .continuousUpdate()
                .setConsumer(new ConsoleProgressBarConsumer(out, width() - 1))
                .build();
        }

        @Override
        public void begin(final Trial trial)
        {
            bar.setExtraMessage(" " + trial.label());
        }

        @Override
        public void advance(final long ms)
        {
            bar.stepBy(ms);
        }

        @Override
        public void end(final TrialResult result, final long doneMs)
        {
            bar.stepTo(doneMs);
        }

        @Override
        public void close()
        {
            bar.setExtraMessage("");
            bar.close();
        }

        /** {@return columns of the terminal, as {@code stty} knows them} */
        private static int width()
        {
            try
            {
                final Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
                final String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
                final int columns = stty.waitFor(1, TimeUnit.SECONDS) && size.matches("\\d{1,4} \\d{1,4}") ?
                    Integer.parseInt(size.substring(size.indexOf(' ') + 1)) : 0;
                return columns > 0 ? columns : DEFAULT_WIDTH;
            }
            catch (final IOException ex)
            {
                return DEFAULT_WIDTH;
            }
            catch (final InterruptedException ex)
            {
                Thread.currentThread().interrupt();
                return DEFAULT_WIDTH;
            }
        }
    }

    /** A line for each trial, when it has ended; no control characters. */
    final class Lines implements Progress
    {
        private final int trials;
        private final long plannedMs;
        private final PrintStream out;
        private final long startNs = System.nanoTime();
        private int ended;

        Lines(final int trials, final long plannedMs, final PrintStream out)
        {
            this.trials = trials;
            this.plannedMs = plannedMs;
            this.out = out;
        }

        @Override
        public void begin(final Trial trial)
        {
            // said when there is a figure
        }

        @Override
        public void advance(final long ms)
        {
            // a line for each would be too many
        }

        @Override
        public void end(final TrialResult result, final long doneMs)
        {
            final long elapsedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
            final long etaMs = (plannedMs - doneMs) * elapsedMs / Math.max(1, doneMs);
            ended++;
            out.println("[" + ended + "/" + trials + "] " + result.trial().label() + ": " +
                (result.isMeasured() ? Figures.brief(result.score()) : result.status().word() + ", " + result.note()) +
                " (" + Figures.minutes(elapsedMs) + ", ETA " + Figures.minutes(etaMs) + ")");
            out.flush();
        }

        @Override
        public void close()
        {
            out.flush();
        }
    }
}
