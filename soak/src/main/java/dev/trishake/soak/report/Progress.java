// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.report;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

import java.io.Console;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * How far a run of several trials is, and when it will be over: a line that rewrites itself on a terminal, elsewhere a
 * line every few seconds.
 */
public final class Progress implements Watch, AutoCloseable
{
    private static final int STEPS = 1000;
    private static final int WIDTH = 118;
    private static final int UPDATE_MS = 200;
    private static final long LINE_NS = TimeUnit.SECONDS.toNanos(2);

    private final String task;
    private final int trials;
    private final PrintWriter lines;
    private final ProgressBar bar;
    private final BooleanSupplier stop;
    private final long startNs = System.nanoTime();
    private long nextLineNs = startNs + LINE_NS;
    private int done;

    /**
     * Begins.
     *
     * @param task   what is done, in a word
     * @param trials how many there will be
     * @param lines  where lines go if this is no terminal
     * @param stop   whether the user wants to end
     */
    public Progress(final String task, final int trials, final PrintWriter lines, final BooleanSupplier stop)
    {
        this.task = task;
        this.trials = trials;
        this.lines = lines;
        this.stop = stop;
        final boolean isTerminal = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
        bar = isTerminal ? bar(System.err) : null;
    }

    private ProgressBar bar(final PrintStream terminal)
    {
        return new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax((long)trials * STEPS)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(UPDATE_MS)
            .hideEta()
            .setConsumer(new ConsoleProgressBarConsumer(terminal, WIDTH))
            .build();
    }

    @Override
    public void tell(final double fraction, final String what)
    {
        final double over = (done + fraction) / trials;
        final long nowNs = System.nanoTime();
        final String text = what + ", ETA " + eta(over, nowNs - startNs);
        if (bar != null)
        {
            bar.stepTo((long)(over * trials * STEPS));
            bar.setExtraMessage(" " + text);
        }
        else if (nowNs - nextLineNs >= 0)
        {
            nextLineNs = nowNs + LINE_NS;
            lines.printf(Locale.ROOT, "[%d/%d] %s%n", Math.min(done + 1, trials), trials, text);
            lines.flush();
        }
    }

    /** A trial is over. */
    public void next()
    {
        done++;
    }

    @Override
    public boolean wantsToStop()
    {
        return stop.getAsBoolean();
    }

    @Override
    public void close()
    {
        if (bar != null)
        {
            bar.setExtraMessage("");
            bar.close();
        }
    }

    /** {@return minutes and seconds that are left if the rest goes as what is over} */
    static String eta(final double over, final long elapsedNs)
    {
        if (over <= 0)
        {
            return "?";
        }
        final long seconds = TimeUnit.NANOSECONDS.toSeconds((long)(elapsedNs * (1 - over) / over));
        return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }
}
