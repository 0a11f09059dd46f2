// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cells in rows and columns, as aligned text for a terminal and as Markdown for a page. */
final class Table
{
    private static final String GAP = "  ";

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * A column.
     *
     * @param header its title
     * @param right  whether its cells are numbers and stand on the right
     */
    record Column(String header, boolean right)
    {
    }

    Table(final List<Column> columns)
    {
        this.columns = List.copyOf(columns);
    }

    void add(final List<String> cells)
    {
        assert cells.size() == columns.size() : cells.size() + " cells for " + columns.size() + " columns";
        rows.add(List.copyOf(cells));
    }

    /** {@return lines without trailing blanks, each ended} */
    String text()
    {
        final int[] widths = new int[columns.size()];
        Arrays.setAll(widths, i -> rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0));
        Arrays.setAll(widths, i -> Math.max(widths[i], columns.get(i).header().length()));

        final StringBuilder text = new StringBuilder();
        line(text, columns.stream().map(Column::header).toList(), widths);
        rows.forEach(row -> line(text, row, widths));
        return text.toString();
    }

    private void line(final StringBuilder text, final List<String> cells, final int[] widths)
    {
        final StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++)
        {
            final String cell = cells.get(i);
            final String blanks = " ".repeat(widths[i] - cell.length());
            line.append(GAP).append(columns.get(i).right() ? blanks + cell : cell + blanks);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    /** {@return a Markdown table, each line ended} */
    String markdown()
    {
        final StringBuilder text = new StringBuilder();
        markdownLine(text, columns.stream().map(Column::header).toList());
        markdownLine(text, columns.stream().map(column -> column.right() ? "---:" : ":---").toList());
        rows.forEach(row -> markdownLine(text, row));
        return text.toString();
    }

    private static void markdownLine(final StringBuilder text, final List<String> cells)
    {
        text.append('|');
        cells.forEach(cell -> text.append(' ').append(cell.replace("|", "\\|")).append(" |"));
        text.append('\n');
    }
}
