// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import dev.trishake.soak.report.PanelPicture;
import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** A run as a picture: who got through, how soon, and what a packet cost, over those that reached the listener. */
final class FloodPicture
{
    private static final double NS_PER_MS = 1e6;
    private static final double THOUSAND = 1e3;
    private static final double P50 = 50;
    private static final double P99 = 99;

    private final FloodKind kind;
    private final List<Measurement> measurements;
    private final PanelPicture picture = new PanelPicture();

    FloodPicture(final FloodKind kind, final List<Measurement> measurements)
    {
        this.kind = kind;
        this.measurements = measurements;
    }

    void write(final Path file, final String title) throws IOException
    {
        final Predicate<Measurement> somebody = each -> each.clients().ok() > 0;
        chart("honest clients with an echo within 10 s, %", Measurement::successPercent, each -> true, false);
        chart("connect, median, ms", each -> ms(each.clients().connect(), P50), somebody, true);
        chart("connect, 99 of 100, ms", each -> ms(each.clients().connect(), P99), somebody, true);
        chart("CPU per " + kind.packet() + ", us", Measurement::cpuUsPerPacket, each -> each.cpuNs() > 0, false);
        picture.write(file, title);
    }

    private void chart(
        final String title, final ToDoubleFunction<Measurement> figure, final Predicate<Measurement> has,
        final boolean isLogarithmic)
    {
        picture.panel(title, "1000 " + kind.packet() + "s a second that reached the listener", isLogarithmic);
        for (final String listener : measurements.stream().map(Measurement::listener).distinct().toList())
        {
            final List<Measurement> own =
                measurements.stream().filter(each -> each.listener().equals(listener)).toList();
            final List<Measurement> shown = own.stream().filter(has).toList();
            picture.line(listener, own.get(0).isOurs(),
                shown.stream().mapToDouble(each -> each.carriedPerSecond() / THOUSAND).toArray(),
                shown.stream().mapToDouble(figure).toArray());
        }
    }

    private static double ms(final Histogram times, final double percentile)
    {
        return times.getValueAtPercentile(percentile) / NS_PER_MS;
    }
}
