// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The headline table: a section per family, with ratios of ours to each peer and the goals. */
final class Report
{
    /** How to read the table. */
    static final String LEGEND = """
        "name/this" is the time of name divided by the time of the row: below 1 name is faster.
        "±" is half of the 99.9 % confidence interval. "unchecked" is without the buffers' bounds checks.
        "B/op" leaves out up to 6.5 KiB an iteration, JMH's own; bench.json has all.
        """;

    private final List<TrialResult> results;

    /**
     * A report.
     *
     * @param results of all trials in the order they ran; families appear in that order
     */
    Report(final List<TrialResult> results)
    {
        this.results = List.copyOf(results);
    }

    /** {@return the families of which at least one trial was run} */
    List<Family> families()
    {
        return results.stream()
            .filter(result -> result.status() != TrialResult.Status.NOT_RUN)
            .map(result -> result.trial().family())
            .distinct()
            .toList();
    }

    List<TrialResult> resultsOf(final Family family)
    {
        return results.stream().filter(result -> result.trial().family() == family).toList();
    }

    boolean isAnythingMeasured()
    {
        return results.stream().anyMatch(TrialResult::isMeasured);
    }

    /** {@return the whole table as aligned text} */
    String text()
    {
        final StringBuilder text = new StringBuilder();
        for (final Family family : families())
        {
            text.append(family.name()).append(": ").append(family.question()).append('\n')
                .append(table(family).text());
            notes(family).forEach(note -> text.append("  ").append(note).append('\n'));
            text.append('\n');
        }
        return text.append(summary()).append('\n').append(LEGEND).toString();
    }

    /** {@return the whole table as Markdown, without a title} */
    String markdown()
    {
        final StringBuilder text = new StringBuilder();
        for (final Family family : families())
        {
            text.append("## ").append(family.name()).append("\n\n").append(family.question()).append("\n\n")
                .append(table(family).markdown()).append('\n');
            notes(family).forEach(note -> text.append("- ").append(note).append('\n'));
            text.append(notes(family).isEmpty() ? "" : "\n");
        }
        return text.append(summary()).append("\n\n").append(LEGEND).toString();
    }

    /** {@return one line: how many trials and goals ended how} */
    String summary()
    {
        final List<Boolean> goals = results.stream().flatMap(result -> result.trial().family()
            .goalsOf(result.trial().contender()).stream().flatMap(goal -> met(result, goal).stream())).toList();
        final long met = goals.stream().filter(Boolean::booleanValue).count();
        return count(TrialResult.Status.MEASURED) + " measured, " + count(TrialResult.Status.FAILED) + " failed, " +
            count(TrialResult.Status.UNAVAILABLE) + " unavailable, " + count(TrialResult.Status.NOT_RUN) +
            " not run; goals: " + met + " met, " + (goals.size() - met) + " missed";
    }

    private long count(final TrialResult.Status status)
    {
        return results.stream().filter(result -> result.status() == status).count();
    }

    /** {@return the table of one family} */
    Table table(final Family family)
    {
        final List<TrialResult> rows = resultsOf(family);
        final Figures.TimeUnit unit = unit(rows);
        final Table table = new Table(columns(family, unit));
        for (final TrialResult row : rows)
        {
            final List<String> cells = new ArrayList<>();
            cells.add(row.trial().contender().ours() ? "ours" : "peer");
            cells.add(row.trial().contender().label());
            family.params().keySet().forEach(param -> cells.add(row.trial().params().get(param)));
            cells.add(row.isMeasured() ? Figures.time(row.score(), unit) : row.status().word());
            cells.add(row.isMeasured() ? Figures.rate(row.score().opsPerSecondPerCore()) : "");
            if (family.isOnServerThread())
            {
                cells.add(row.isMeasured() ? Figures.rate(row.score().wallOpsPerSecond()) : "");
            }
            cells.add(row.isMeasured() ? Figures.bytes(row.score().bytesPerOp()) : "");
            for (final Contender subject : compared(family))
            {
                cells.add(subject.equals(row.trial().contender()) ? "" :
                    ratio(row, subject).map(Figures::ratio).orElse(""));
            }
            if (!family.goals().isEmpty())
            {
                cells.add(goals(row));
            }
            table.add(cells);
        }
        return table;
    }

    static Figures.TimeUnit unit(final List<TrialResult> rows)
    {
        return Figures.TimeUnit.of(rows.stream()
            .filter(TrialResult::isMeasured)
            .mapToDouble(row -> row.score().nsPerOp())
            .min().orElse(1));
    }

    private static List<Table.Column> columns(final Family family, final Figures.TimeUnit unit)
    {
        final List<Table.Column> columns = new ArrayList<>();
        columns.add(new Table.Column("", false));
        columns.add(new Table.Column("benchmark", false));
        family.params().keySet().forEach(param -> columns.add(new Table.Column(param, true)));
        columns.add(new Table.Column((family.isOnServerThread() ? "CPU " : "") + unit.symbol() + "/op", true));
        columns.add(new Table.Column("ops/s per core", true));
        if (family.isOnServerThread())
        {
            columns.add(new Table.Column("ops/s by the clock", true));
        }
        columns.add(new Table.Column("B/op", true));
        compared(family).forEach(subject -> columns.add(new Table.Column(subject.label() + "/this", true)));
        if (!family.goals().isEmpty())
        {
            columns.add(new Table.Column("goal", false));
        }
        return columns;
    }

    /** {@return the subjects that have a column of ratios: none where there is nothing to compare with} */
    private static List<Contender> compared(final Family family)
    {
        return family.contenders().size() == 1 ? List.of() : family.subjects();
    }

    /** {@return time of the subject, divided by the row's time at the same parameters; empty when one is missing} */
    private Optional<Double> ratio(final TrialResult row, final Contender subject)
    {
        final Map<String, String> params = row.trial().params();
        return !row.isMeasured() ? Optional.empty() : resultsOf(row.trial().family()).stream()
            .filter(other -> other.trial().contender().equals(subject) && other.trial().params().equals(params))
            .filter(TrialResult::isMeasured)
            .findFirst()
            .map(other -> other.score().nsPerOp() / row.score().nsPerOp());
    }

    private String goals(final TrialResult row)
    {
        final List<String> goals = new ArrayList<>();
        for (final Goal goal : row.trial().family().goalsOf(row.trial().contender()))
        {
            goals.add("at most " + goal.describe() + ": " +
                met(row, goal).map(met -> met ? "met" : "MISSED").orElse("not measured"));
        }
        return String.join("; ", goals);
    }

    private Optional<Boolean> met(final TrialResult row, final Goal goal)
    {
        if (!row.isMeasured())
        {
            return Optional.empty();
        }
        return switch (goal.measure())
        {
            case NANOSECONDS -> Optional.of(goal.met(row.score().nsPerOp()));
            case BYTES -> Optional.of(row.score().bytesPerOp())
                .filter(bytes -> !bytes.isNaN()).map(goal::met);
            case RATIO -> row.trial().family().subjects().stream().findFirst()
                .flatMap(subject -> ratio(row, subject)).map(goal::met);
        };
    }

    private List<String> notes(final Family family)
    {
        return resultsOf(family).stream()
            .filter(row -> row.status() == TrialResult.Status.FAILED ||
                row.status() == TrialResult.Status.UNAVAILABLE)
            .map(row -> row.trial().label() + ": " + row.note() + ".")
            .toList();
    }
}
