// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EnvironmentTest
{
    @Test
    void shouldKnowSomethingAboutEverything()
    {
        Environment.collect().forEach((name, value) -> assertFalse(value.isBlank(), name));
        assertFalse(Environment.loadAverage().isBlank());
    }

    @Test
    void shouldNameTheJarWithoutItsFolder()
    {
        final String command = Environment.commandLine(Path.of("/somewhere/bench/target/bench.jar"));

        assertTrue(command.startsWith("java ") && command.endsWith(" -jar bench.jar"), command);
    }

    @Test
    void shouldNotTellTheUsersHome()
    {
        assertEquals("java -Da=~/x -jar ~/y.jar",
            Environment.withoutHome("java -Da=/home/alice/x -jar /home/alice/y.jar", "/home/alice"));
        assertEquals("java -jar /y.jar", Environment.withoutHome("java -jar /y.jar", "/"));
        assertEquals("java -jar /y.jar", Environment.withoutHome("java -jar /y.jar", ""));
    }

    @Test
    void shouldWriteValuesInOneColumn()
    {
        final Map<String, String> facts = new LinkedHashMap<>();
        facts.put("cpu", "EPYC");
        facts.put("load before", "0.10");

        assertEquals("""
            cpu:         EPYC
            load before: 0.10
            """, Environment.text(facts));
    }
}
