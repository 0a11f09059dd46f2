// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import javax.imageio.ImageIO;

/**
 * The headline table as a picture: a panel per family, a bar per figure; ours in blue, peers in orange and grey.
 * Lower is better.
 */
final class Picture
{
    private static final int HEADER_HEIGHT = 34;
    private static final int MARGIN = 16;
    private static final int COLUMNS = 2;
    private static final int PANEL_WIDTH = 720;
    private static final int PANEL_HEIGHT = 380;
    private static final double LOGARITHMIC_FROM = 15;
    private static final double WIDEST_FILL = 0.85;
    private static final double FILL_OF_A_BAR = 0.14;
    private static final double LABEL_ABOVE_BAR = 1.04;
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
    private static final Font NORMAL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
    private static final Color GRID = new Color(0xe4e4e4);
    private static final Color[] OURS = {new Color(0x1f5fa8), new Color(0x5b9bd5), new Color(0xa7c8ec)};
    private static final Color[] PEERS =
        {new Color(0xe07b39), new Color(0xf0b27a), new Color(0x8c8c8c), new Color(0xbdbdbd), new Color(0x6b5b4b)};

    private Picture()
    {
    }

    /**
     * Draws what was measured.
     *
     * @param file   a PNG
     * @param title  where and when it was measured
     * @param report of which something was measured
     * @throws IOException when the file cannot be written
     */
    static void write(final Path file, final String title, final Report report) throws IOException
    {
        System.setProperty("java.awt.headless", "true");
        ImageIO.setUseCache(false);
        ImageIO.write(draw(title, report, report.families().stream()
            .filter(family -> report.resultsOf(family).stream().anyMatch(TrialResult::isMeasured))
            .toList()), "png", file.toFile());
    }

    private static BufferedImage draw(final String title, final Report report, final List<Family> families)
    {
        final int rows = (families.size() + COLUMNS - 1) / COLUMNS;
        final int columns = Math.min(COLUMNS, families.size());
        final BufferedImage image =
            new BufferedImage(columns * PANEL_WIDTH, HEADER_HEIGHT + rows * PANEL_HEIGHT, BufferedImage.TYPE_INT_RGB);
        final Graphics2D canvas = image.createGraphics();
        try
        {
            canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            canvas.setColor(Color.WHITE);
            canvas.fillRect(0, 0, image.getWidth(), image.getHeight());
            canvas.setColor(Color.DARK_GRAY);
            canvas.setFont(NORMAL);
            canvas.drawString(title + ": time per operation, lower is better; blue is ours", MARGIN, HEADER_HEIGHT - 8);
            for (int i = 0; i < families.size(); i++)
            {
                final Graphics2D panel = (Graphics2D)canvas.create(
                    i % COLUMNS * PANEL_WIDTH, HEADER_HEIGHT + i / COLUMNS * PANEL_HEIGHT, PANEL_WIDTH, PANEL_HEIGHT);
                chart(report.resultsOf(families.get(i)), families.get(i)).paint(panel, PANEL_WIDTH, PANEL_HEIGHT);
                panel.dispose();
            }
        }
        finally
        {
            canvas.dispose();
        }
        return image;
    }

    private static CategoryChart chart(final List<TrialResult> results, final Family family)
    {
        final Figures.TimeUnit unit = Report.unit(results);
        final CategoryChart chart = new CategoryChartBuilder()
            .width(PANEL_WIDTH).height(PANEL_HEIGHT)
            .title(family.name() + (family.isOnServerThread() ? ", CPU " : ", ") + unit.symbol() + "/op")
            .xAxisTitle(String.join(", ", family.params().keySet()))
            .build();
        style(chart.getStyler(), results, unit);
        if (chart.getStyler().isYAxisLogarithmic())
        {
            chart.setTitle(chart.getTitle() + ", logarithmic");
        }

        final List<Map<String, String>> combinations = family.combinations();
        final List<String> categories =
            combinations.stream().map(params -> params.isEmpty() ? " " : String.join(", ", params.values())).toList();
        final List<Color> colours = new ArrayList<>();
        int ours = 0;
        int peers = 0;
        for (final Contender contender : family.contenders())
        {
            final double[] times = new double[combinations.size()];
            Arrays.fill(times, Double.NaN);
            results.stream()
                .filter(result -> result.isMeasured() && result.trial().contender().equals(contender))
                .forEach(result -> times[combinations.indexOf(result.trial().params())] = unit.of(result.score()));
            if (DoubleStream.of(times).anyMatch(time -> !Double.isNaN(time)))
            {
                chart.addSeries(contender.label(), categories,
                    DoubleStream.of(times).mapToObj(time -> Double.isNaN(time) ? null : time).toList());
                colours.add(contender.ours() ? OURS[ours % OURS.length] : PEERS[peers % PEERS.length]);
            }
            ours += contender.ours() ? 1 : 0;
            peers += contender.ours() ? 0 : 1;
        }
        chart.getStyler().setSeriesColors(colours.toArray(Color[]::new));
        return chart;
    }

    private static void style(
        final CategoryStyler styler, final List<TrialResult> results, final Figures.TimeUnit unit)
    {
        final List<Double> times =
            results.stream().filter(TrialResult::isMeasured).map(result -> unit.of(result.score())).toList();
        final double shortest = Collections.min(times);
        final double longest = Collections.max(times);
        final boolean logarithmic = longest / shortest > LOGARITHMIC_FROM;
        styler.setYAxisLogarithmic(logarithmic);
        styler.setYAxisMin(logarithmic ? Math.pow(10, Math.floor(Math.log10(shortest / 2))) : 0.0);
        styler.setYAxisMax(longest * (logarithmic ? 2.5 : 1.12));
        styler.setYAxisTickLabelsFormattingFunction(Picture::label);
        styler.setLabelsVisible(true);
        styler.setLabelsPosition(LABEL_ABOVE_BAR);
        styler.setLabelsFont(SMALL);
        styler.setAvailableSpaceFill(Math.min(WIDEST_FILL, FILL_OF_A_BAR * results.size()));

        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridVerticalLinesVisible(false);
        styler.setPlotGridLinesColor(GRID);
        styler.setChartTitleBoxVisible(false);
        styler.setChartTitleFont(TITLE);
        styler.setAxisTitleFont(NORMAL);
        styler.setYAxisTitleVisible(false);
        styler.setAxisTickLabelsFont(NORMAL);
        styler.setLegendPosition(Styler.LegendPosition.OutsideE);
        styler.setLegendFont(NORMAL);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setChartPadding(10);
    }

    /** {@return three digits: enough for a glance} */
    private static String label(final double value)
    {
        return value == 0 ? "0" :
            new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
    }
}
