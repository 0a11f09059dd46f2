// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import dev.trishake.soak.report.Rate;
import dev.trishake.soak.report.TextTable;
import dev.trishake.soak.report.TextTable.Field;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a run has shown, as people read it and as programs do. */
public final class FloodTable
{
    private static final double MIB = 1 << 20;

    private final FloodKind kind;
    private final List<Measurement> measurements;

    /**
     * Makes it.
     *
     * @param kind         of the flood
     * @param measurements in the order of the table
     */
    public FloodTable(final FloodKind kind, final List<Measurement> measurements)
    {
        this.kind = kind;
        this.measurements = measurements;
    }

    /** {@return rows of equal columns, in Markdown, which reads well as it stands} */
    public String text()
    {
        final List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
            "listener", kind.packet() + "/s asked", "offered", "reached it", "answered", "CPU us/" + kind.packet(),
            "clients ok", kind.packet() + " sent again", "connect p50 / p90 / p99 / p99.9 / max ms",
            "first byte p50 / p90 / p99 / p99.9 / max ms",
            "resident MiB", "own MiB", "allocated B"));
        for (final Measurement each : measurements)
        {
            rows.add(List.of(
                each.listener(), each.rate().toString(), Rate.text(each.offeredPerSecond()),
                Rate.text(each.carriedPerSecond()), Rate.text(each.answeredPerSecond()),
                String.format(Locale.ROOT, "%.2f", each.cpuUsPerPacket()),
                String.format(Locale.ROOT, "%s of %d", percent(each.successPercent()), each.clients().begun()),
                percent(each.retransmittedPercent()),
                TextTable.percentiles(each.clients().connect()), TextTable.percentiles(each.clients().firstByte()),
                each.isOurs() ? change(each.memory().residentBefore(), each.memory().residentAfter()) : "",
                each.isOurs() ? change(each.memory().directBefore(), each.memory().directAfter()) : "",
                each.allocated() < 0 ? "" : String.format(Locale.ROOT, "%,d", each.allocated())));
        }
        return TextTable.markdown(rows);
    }

    /**
     * Prints the table, why clients failed, and what our listener counted in its last trial.
     *
     * @param out where to
     */
    public void print(final PrintWriter out)
    {
        out.print(text());
        out.print(failures());
        measurements.stream().filter(Measurement::isOurs).reduce((first, second) -> second).ifPresent(last ->
        {
            out.println("counters of " + last.listener() + " " + last.rate() + ":");
            last.counters().forEach((name, value) ->
            {
                if (value != 0)
                {
                    out.printf(Locale.ROOT, "  %-28s %,15d%n", name, value);
                }
            });
        });
    }

    /** {@return why clients failed, a line each where some did} */
    public String failures()
    {
        final StringBuilder text = new StringBuilder();
        for (final Measurement each : measurements)
        {
            if (!each.clients().failures().isEmpty())
            {
                text.append(each.listener()).append(' ').append(each.rate()).append(": ")
                    .append(each.clients().failures().toString().replaceAll("[{}]", "")).append('\n');
            }
        }
        return text.toString();
    }

    /** {@return the raw data: a line of names, a line for each trial} */
    public String csv()
    {
        return TextTable.csv(fields(), measurements);
    }

    /** {@return the counters of each trial's listener} */
    public String counters()
    {
        final StringBuilder text = new StringBuilder();
        for (final Measurement each : measurements)
        {
            text.append(each.listener()).append(' ').append(each.rate()).append('\n');
            each.counters().forEach(
                (name, value) -> text.append(String.format(Locale.ROOT, "  %-28s %,15d%n", name, value)));
        }
        return text.toString();
    }

    private List<Field<Measurement>> fields()
    {
        final List<Field<Measurement>> fields = new ArrayList<>(List.of(
            new Field<>("listener", Measurement::listener),
            new Field<>("rate", Measurement::rate),
            new Field<>("seconds", Measurement::seconds),
            new Field<>(kind.column() + "s_offered", Measurement::offered),
            new Field<>(kind.column() + "s_carried", Measurement::carried),
            new Field<>(kind.answers(), Measurement::answered),
            new Field<>("cpu_ns", Measurement::cpuNs),
            new Field<>("cpu_us_per_" + kind.column(), Measurement::cpuUsPerPacket),
            new Field<>("clients", each -> each.clients().begun()),
            new Field<>("clients_ok", each -> each.clients().ok()),
            new Field<>("clients_ok_after_" + kind.column() + "_again", each -> each.clients().retransmitted()),
            new Field<>("client_" + kind.column() + "s_sent_again", Measurement::sentAgain)));
        for (final double percentile : TextTable.PERCENTILES)
        {
            final String suffix = TextTable.suffix(percentile);
            fields.add(new Field<>("connect_us_" + suffix, each -> TextTable.us(each.clients().connect(), percentile)));
            fields.add(new Field<>(
                "first_byte_us_" + suffix, each -> TextTable.us(each.clients().firstByte(), percentile)));
        }
        fields.addAll(List.of(
            new Field<>("resident_before", each -> each.memory().residentBefore()),
            new Field<>("resident_after", each -> each.memory().residentAfter()),
            new Field<>("direct_before", each -> each.memory().directBefore()),
            new Field<>("direct_after", each -> each.memory().directAfter()),
            new Field<>("allocated", Measurement::allocated)));
        return fields;
    }

    private static String percent(final double value)
    {
        return value == 100 || value == 0 ? (int)value + " %" : String.format(Locale.ROOT, "%.1f %%", value);
    }

    private static String change(final long before, final long after)
    {
        final String from = String.format(Locale.ROOT, "%.0f", before / MIB);
        final String to = String.format(Locale.ROOT, "%.0f", after / MIB);
        return from.equals(to) ? from : from + " to " + to;
    }
}
