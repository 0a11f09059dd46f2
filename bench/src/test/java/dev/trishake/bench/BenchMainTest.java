// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class BenchMainTest
{
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Harness -f 1|''",
        "-l|''",
        "NoSuchBenchmark|No benchmark matches NoSuchBenchmark; -l lists them.",
        "Harn[|Not a regular expression: Harn[; -l lists the benchmarks.",
        "Harness -y|y is not a recognized option; -h lists the options."})
    void shouldSayWhatIsWrongInOneSentence(final String arguments, final String expected)
    {
        assertEquals(expected, BenchMain.mistake(arguments.split(" ")));
    }
}
