// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.report;

import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Figures as people read them and as programs do: rows of equal columns in Markdown, comma-separated values. */
public final class TextTable
{
    /** What is told of a distribution. */
    public static final List<Double> PERCENTILES = List.of(50.0, 90.0, 99.0, 99.9, 100.0);

    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_US = 1e3;

    private TextTable()
    {
    }

    /**
     * A figure of the raw data.
     *
     * @param name  in the first line
     * @param value how a measurement has it
     * @param <T>   what is measured
     */
    public record Field<T>(String name, Function<T, Object> value)
    {
    }

    /**
     * {@return rows of equal columns, in Markdown, which reads well as it stands}
     *
     * @param rows all equally long, the first are the headings
     */
    public static String markdown(final List<List<String>> rows)
    {
        final int columns = rows.get(0).size();
        final int[] widths = new int[columns];
        rows.forEach(row ->
        {
            for (int i = 0; i < columns; i++)
            {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows.size(); i++)
        {
            for (int j = 0; j < columns; j++)
            {
                final String cell = rows.get(i).get(j);
                final String space = " ".repeat(widths[j] - cell.length());
                text.append("| ").append(j == 0 ? cell + space : space + cell).append(' ');
            }
            text.append("|\n");
            if (i == 0)
            {
                for (int j = 0; j < columns; j++)
                {
                    text.append(j == 0 ? "|:" : "|-").append("-".repeat(widths[j])).append(j == 0 ? "-" : ":");
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }

    /**
     * {@return a line of names, a line for each measurement}
     *
     * @param fields  the columns
     * @param entries the measurements
     * @param <T>     what is measured
     */
    public static <T> String csv(final List<Field<T>> fields, final List<T> entries)
    {
        final StringBuilder text = new StringBuilder();
        text.append(String.join(",", fields.stream().map(Field::name).toList())).append('\n');
        for (final T entry : entries)
        {
            text.append(String.join(",", fields.stream().map(field -> quoted(field.value().apply(entry))).toList()))
                .append('\n');
        }
        return text.toString();
    }

    private static String quoted(final Object value)
    {
        return value instanceof final Double number ? String.format(Locale.ROOT, "%.3f", number.doubleValue()) :
            value instanceof String ? "\"" + value + "\"" : value.toString();
    }

    /**
     * {@return the percentiles of times, in milliseconds}
     *
     * @param times nanoseconds
     */
    public static String percentiles(final Histogram times)
    {
        if (times.getTotalCount() == 0)
        {
            return "nobody";
        }
        final List<String> words = new ArrayList<>();
        for (final double percentile : PERCENTILES)
        {
            final double ms = times.getValueAtPercentile(percentile) / NS_PER_MS;
            words.add(String.format(Locale.ROOT, ms < 10 ? "%.2f" : ms < 100 ? "%.1f" : "%.0f", ms));
        }
        return String.join(" / ", words);
    }

    /**
     * {@return a percentile of times, in microseconds}
     *
     * @param times      nanoseconds
     * @param percentile 0 to 100
     */
    public static double us(final Histogram times, final double percentile)
    {
        return times.getValueAtPercentile(percentile) / NS_PER_US;
    }

    /**
     * {@return what a percentile is called in the name of a column}
     *
     * @param percentile 0 to 100
     */
    public static String suffix(final double percentile)
    {
        return percentile == 100 ? "max" :
            "p" + (percentile % 1 == 0 ? Integer.toString((int)percentile) : Double.toString(percentile));
    }
}
