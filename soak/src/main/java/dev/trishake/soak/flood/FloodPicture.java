// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import org.HdrHistogram.Histogram;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;

/** A run as a picture: who got through, how soon, and what a SYN cost, over the SYNs that reached the listener. */
final class FloodPicture
{
    private static final int WIDTH = 720;
    private static final int HEIGHT = 380;
    private static final int HEADER_HEIGHT = 34;
    private static final int MARGIN = 16;
    private static final double NS_PER_MS = 1e6;
    private static final double THOUSAND = 1e3;
    private static final double P50 = 50;
    private static final double P99 = 99;
    private static final float LINE_WIDTH = 2;
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
    private static final Font NORMAL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final Color GRID = new Color(0xe4e4e4);
    private static final Color[] OURS = {new Color(0x1f5fa8), new Color(0x5b9bd5), new Color(0xa7c8ec)};
    private static final Color[] PEERS = {new Color(0x8c8c8c), new Color(0xe07b39), new Color(0xf0b27a)};

    private final List<Measurement> measurements;

    FloodPicture(final List<Measurement> measurements)
    {
        this.measurements = measurements;
    }

    void write(final Path file, final String title) throws IOException
    {
        System.setProperty("java.awt.headless", "true");
        ImageIO.setUseCache(false);
        final BufferedImage image =
            new BufferedImage(2 * WIDTH, HEADER_HEIGHT + 2 * HEIGHT, BufferedImage.TYPE_INT_RGB);
        final Graphics2D canvas = image.createGraphics();
        canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        canvas.setColor(Color.WHITE);
        canvas.fillRect(0, 0, image.getWidth(), image.getHeight());
        canvas.setColor(Color.DARK_GRAY);
        canvas.setFont(NORMAL);
        canvas.drawString(title, MARGIN, HEADER_HEIGHT - 10);
        final Predicate<Measurement> somebody = each -> each.clients().ok() > 0;
        final List<XYChart> panels = List.of(
            chart("honest clients with an echo within 10 s, %", Measurement::successPercent, each -> true, false),
            chart("connect, median, ms", each -> ms(each.clients().connect(), P50), somebody, true),
            chart("connect, 99 of 100, ms", each -> ms(each.clients().connect(), P99), somebody, true),
            chart("CPU per SYN, us", Measurement::cpuUsPerSyn, each -> each.cpuNs() > 0, false));
        for (int i = 0; i < panels.size(); i++)
        {
            final Graphics2D panel = (Graphics2D)canvas.create(
                i % 2 * WIDTH, HEADER_HEIGHT + i / 2 * HEIGHT, WIDTH, HEIGHT);
            panels.get(i).paint(panel, WIDTH, HEIGHT);
            panel.dispose();
        }
        canvas.dispose();
        ImageIO.write(image, "png", file.toFile());
    }

    private XYChart chart(
        final String title, final ToDoubleFunction<Measurement> figure, final Predicate<Measurement> has,
        final boolean isLogarithmic)
    {
        final XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title)
            .xAxisTitle("1000 SYNs a second that reached the listener").build();
        style(chart.getStyler(), isLogarithmic);
        int ours = 0;
        int peers = 0;
        for (final String listener : measurements.stream().map(Measurement::listener).distinct().toList())
        {
            final List<Measurement> own =
                measurements.stream().filter(each -> each.listener().equals(listener)).toList();
            final Color colour = own.get(0).isOurs() ? OURS[ours++ % OURS.length] : PEERS[peers++ % PEERS.length];
            final List<Measurement> shown = own.stream().filter(has).toList();
            if (!shown.isEmpty())
            {
                final XYSeries series = chart.addSeries(
                    listener, shown.stream().mapToDouble(each -> each.carriedPerSecond() / THOUSAND).toArray(),
                    shown.stream().mapToDouble(figure).toArray());
                series.setLineColor(colour).setLineStyle(new BasicStroke(LINE_WIDTH));
                series.setMarkerColor(colour).setMarker(SeriesMarkers.CIRCLE);
            }
        }
        return chart;
    }

    private static double ms(final Histogram times, final double percentile)
    {
        return times.getValueAtPercentile(percentile) / NS_PER_MS;
    }

    private static void style(final XYStyler styler, final boolean isLogarithmic)
    {
        styler.setYAxisLogarithmic(isLogarithmic);
        if (!isLogarithmic)
        {
            styler.setYAxisMin(0.0);
        }
        styler.setXAxisMin(0.0);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridVerticalLinesVisible(false);
        styler.setPlotGridLinesColor(GRID);
        styler.setChartTitleBoxVisible(false);
        styler.setChartTitleFont(TITLE);
        styler.setAxisTitleFont(NORMAL);
        styler.setAxisTickLabelsFont(NORMAL);
        styler.setLegendPosition(Styler.LegendPosition.OutsideE);
        styler.setLegendFont(NORMAL);
        styler.setLegendBorderColor(Color.WHITE);
    }
}
