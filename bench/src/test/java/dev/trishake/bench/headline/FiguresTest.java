// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FiguresTest
{
    @ParameterizedTest
    @CsvSource({"0.5,0.5", "12,12.0", "999.9,999.9", "999.96,1.00 k", "1000,1.00 k", "128040,128.0 k",
        "1780000000,1.78 G", "5e12,5000.0 G"})
    void shouldScaleRates(final double opsPerSecond, final String expected)
    {
        assertEquals(expected, Figures.rate(opsPerSecond));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0.00001,0", "0.049,0", "0.05,0.1", "15.96,16", "16,16", "16.04,16", "24.3,24.3", "544.4,544",
        "NaN,-"})
    void shouldShowBytesToATenth(final double bytes, final String expected)
    {
        assertEquals(expected, Figures.bytes(bytes));
    }

    @ParameterizedTest
    @CsvSource({"0.0123,0.012", "0.65,0.65", "1,1.00", "12.345,12.35", "250.4,250"})
    void shouldShowRatios(final double ratio, final String expected)
    {
        assertEquals(expected, Figures.ratio(ratio));
    }

    @ParameterizedTest
    @CsvSource({"0,0:00", "499,0:00", "500,0:01", "59600,1:00", "600000,10:00"})
    void shouldShowMinutes(final long ms, final String expected)
    {
        assertEquals(expected, Figures.minutes(ms));
    }

    @ParameterizedTest
    @CsvSource({"0.5,NS", "999,NS", "1000,US", "999999,US", "1000000,MS", "1e12,MS"})
    void shouldChooseTheUnitOfTheShortestTime(final double shortestNs, final Figures.TimeUnit expected)
    {
        assertEquals(expected, Figures.TimeUnit.of(shortestNs));
    }

    @Test
    void shouldShowTimeWithItsErrorWhenThereIsOne()
    {
        assertEquals("7.81 ± 0.12", Figures.time(new Score(7810, 123, 0, 1), Figures.TimeUnit.US));
        assertEquals("7810.0", Figures.time(new Score(7810, Double.NaN, 0, 1), Figures.TimeUnit.NS));
        assertEquals("7.81 ± 0.12 us/op, 544 B/op", Figures.brief(new Score(7810, 123, 544, 1)));
    }

    @ParameterizedTest
    @CsvSource({"2.5,0.5,ns/op,2.5,0.5", "2.5,0.5,us/op,2500,500", "2,1,ms/op,2e6,1e6", "0.5,0.1,s/op,5e8,1e8",
        "4,1,ops/us,250,62.5", "200000,20000,ops/s,5000,500"})
    void shouldConvertEveryUnitOfJmh(
        final double value, final double error, final String unit, final double nsPerOp, final double errorNs)
    {
        final Score score = Score.of(value, error, unit, 0, 1);

        assertEquals(nsPerOp, score.nsPerOp(), nsPerOp * 1e-9);
        assertEquals(errorNs, score.errorNs(), errorNs * 1e-9);
        assertEquals(1e9 / nsPerOp, score.opsPerSecondPerCore(), 1e-9 * 1e9 / nsPerOp);
    }

    @ParameterizedTest
    @CsvSource({"1.0,5_800,0", "0.0003,19_000_000,0", "11.6,470,0", "16,100_000_000,1_599_993_344",
        "20.2,1_361,20_836.2", "206,30,0", "226,30,124"})
    void shouldLeaveOutWhatJmhAllocatesAndNoMore(final double bytesPerOp, final String ops, final String own)
    {
        assertEquals(number(own), Score.ownBytes(bytesPerOp, (long)number(ops)), 0.01);
    }

    private static double number(final String text)
    {
        return Double.parseDouble(text.replace("_", ""));
    }

    @Test
    void shouldRefuseAnUnknownUnit()
    {
        assertThrows(IllegalStateException.class, () -> Score.of(1, 0, "B/op", 0, 1));
        assertThrows(IllegalStateException.class, () -> Score.of(1, 0, "counts", 0, 1));
    }

    @Test
    void shouldJudgeGoalsAsTheTableShowsThem()
    {
        assertTrue(Goal.nanoseconds("x", 16).met(16.04));
        assertFalse(Goal.nanoseconds("x", 16).met(16.06));
        assertTrue(Goal.bytes("x", 0).met(0.02));
        assertFalse(Goal.bytes("x", 0).met(0.06));
        assertTrue(Goal.ratio("x", 0.65).met(0.654));
        assertFalse(Goal.ratio("x", 0.65).met(0.656));
        assertFalse(Goal.ratio("x", 0.65).met(Double.NaN));
    }
}
