// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.storm;

import dev.trishake.soak.report.Rate;
import dev.trishake.soak.report.TextTable;
import dev.trishake.soak.report.TextTable.Field;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a storm has shown, as people read it and as programs do. */
public final class StormTable
{
    private final List<StormMeasurement> measurements;

    /**
     * Makes it.
     *
     * @param measurements in the order of the table
     */
    public StormTable(final List<StormMeasurement> measurements)
    {
        this.measurements = measurements;
    }

    /** {@return rows of equal columns, in Markdown} */
    public String text()
    {
        final List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
            "load", "begun/s", "handshakes/s", "failed", "p50 / p90 / p99 / p99.9 / max ms", "server CPU us/handshake",
            "in the kernel",
            "server busy", "clients busy", "lanes: keys (of 8)", "all kinds (of 16)"));
        for (final StormMeasurement each : measurements)
        {
            final boolean isKnown = each.server().ns() > 0;
            rows.add(List.of(
                each.load().toString(), Rate.text(each.offeredPerSecond()), Rate.text(each.donePerSecond()),
                Long.toString(each.failed()), TextTable.percentiles(each.latency()),
                isKnown ? number(each.serverUs()) : "?",
                isKnown ? number(each.kernelUs()) : "?",
                isKnown ? percent(each.busyPercent(each.server())) : "?",
                percent(each.busyPercent(each.clients())),
                isKnown ? number(each.publicKeyLanes()) : "?", isKnown ? number(each.allLanes()) : "?"));
        }
        return TextTable.markdown(rows);
    }

    /** {@return why handshakes failed, a line for each load where some did} */
    public String failures()
    {
        final StringBuilder text = new StringBuilder();
        measurements.stream().filter(each -> !each.failures().isEmpty()).forEach(each ->
            text.append(each.load()).append(": ").append(each.failures().toString().replaceAll("[{}]", ""))
                .append('\n'));
        return text.toString();
    }

    /** {@return the counters of the server during each load} */
    String counters()
    {
        final StringBuilder text = new StringBuilder();
        for (final StormMeasurement each : measurements)
        {
            text.append(each.load()).append('\n');
            each.counters().forEach((name, value) ->
            {
                if (value != 0)
                {
                    text.append(String.format(Locale.ROOT, "  %-32s %,15d%n", name, value));
                }
            });
        }
        return text.toString();
    }

    /** {@return the raw data: a line of names, a line for each load} */
    String csv()
    {
        final List<Field<StormMeasurement>> fields = new ArrayList<>(List.of(
            new Field<>("loop", each -> each.load().isOpen() ? "open" : "closed"),
            new Field<>("load", each -> each.load().value()),
            new Field<>("length_ns", StormMeasurement::lengthNs),
            new Field<>("took_ns", StormMeasurement::tookNs),
            new Field<>("begun", StormMeasurement::begun),
            new Field<>("done_in_time", StormMeasurement::inTime),
            new Field<>("done", each -> each.latency().getTotalCount()),
            new Field<>("server_cpu_ns", each -> each.server().ns()),
            new Field<>("server_kernel_ns", each -> each.server().kernelNs()),
            new Field<>("client_cpu_ns", each -> each.clients().ns()),
            new Field<>("client_kernel_ns", each -> each.clients().kernelNs()),
            new Field<>("lanes_keys", StormMeasurement::publicKeyLanes),
            new Field<>("lanes_all", StormMeasurement::allLanes)));
        for (final double percentile : TextTable.PERCENTILES)
        {
            fields.add(new Field<>(
                "latency_us_" + TextTable.suffix(percentile), each -> TextTable.us(each.latency(), percentile)));
        }
        return TextTable.csv(fields, measurements);
    }

    private static String number(final double value)
    {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String percent(final double value)
    {
        return String.format(Locale.ROOT, "%.0f %%", value);
    }
}
