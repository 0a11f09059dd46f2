// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.report;

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
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** Charts of lines, two beside each other, under one title. */
public final class PanelPicture
{
    private static final int WIDTH = 720;
    private static final int HEIGHT = 380;
    private static final int HEADER_HEIGHT = 34;
    private static final int MARGIN = 16;
    private static final float LINE_WIDTH = 2;
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
    private static final Font NORMAL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final Color GRID = new Color(0xe4e4e4);
    private static final Color[] OURS = {new Color(0x1f5fa8), new Color(0x5b9bd5), new Color(0xa7c8ec)};
    private static final Color[] PEERS = {new Color(0x8c8c8c), new Color(0xe07b39), new Color(0xf0b27a)};

    private final List<XYChart> panels = new ArrayList<>();
    private int ours;
    private int peers;

    /**
     * Begins another chart.
     *
     * @param title         of it
     * @param xAxis         what is across
     * @param isLogarithmic whether what is up is
     */
    public void panel(final String title, final String xAxis, final boolean isLogarithmic)
    {
        final XYChart chart =
            new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title).xAxisTitle(xAxis).build();
        style(chart.getStyler(), isLogarithmic);
        panels.add(chart);
        ours = 0;
        peers = 0;
    }

    /**
     * Adds a line to the last chart; one without points only takes its colour.
     *
     * @param name   of it
     * @param isOurs chooses its colour
     * @param x      across
     * @param y      up
     */
    public void line(final String name, final boolean isOurs, final double[] x, final double[] y)
    {
        final Color colour = isOurs ? OURS[ours++ % OURS.length] : PEERS[peers++ % PEERS.length];
        if (x.length > 0)
        {
            final XYSeries series = panels.getLast().addSeries(name, x, y);
            series.setLineColor(colour).setLineStyle(new BasicStroke(LINE_WIDTH));
            series.setMarkerColor(colour).setMarker(SeriesMarkers.CIRCLE);
        }
    }

    /**
     * Draws all charts.
     *
     * @param file  where
     * @param title above them
     * @throws IOException when it can't be written
     */
    public void write(final Path file, final String title) throws IOException
    {
        System.setProperty("java.awt.headless", "true");
        ImageIO.setUseCache(false);
        final int rows = (panels.size() + 1) / 2;
        final BufferedImage image =
            new BufferedImage(2 * WIDTH, HEADER_HEIGHT + rows * HEIGHT, BufferedImage.TYPE_INT_RGB);
        final Graphics2D canvas = image.createGraphics();
        canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        canvas.setColor(Color.WHITE);
        canvas.fillRect(0, 0, image.getWidth(), image.getHeight());
        canvas.setColor(Color.DARK_GRAY);
        canvas.setFont(NORMAL);
        canvas.drawString(title, MARGIN, HEADER_HEIGHT - 10);
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
