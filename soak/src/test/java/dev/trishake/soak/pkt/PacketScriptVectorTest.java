// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The twelve scripts that pass on Linux pass here too, and each of their expectations is looked at. */
class PacketScriptVectorTest
{
    static final Path VECTORS = Path.of("src/test/resources/vectors/tcp/packetdrill");
    private static final Pattern FLAGS = Pattern.compile("> (\\S+) ");
    private static final Pattern SEQ = Pattern.compile("> \\S+ (\\d+):(\\d+)\\(");
    private static final Pattern ACK = Pattern.compile("> .* ack (\\d+)");
    private static final Pattern RESULT = Pattern.compile("(?:read|close|connect)\\(.* = (-?\\d+)");

    static Stream<Path> scripts() throws IOException
    {
        try (Stream<Path> files = Files.list(VECTORS))
        {
            return files.filter(file -> file.toString().endsWith(".pkt")).sorted().toList().stream();
        }
    }

    static Optional<Failure> run(final String text) throws IOException, ScriptException
    {
        return PacketScript.parse(text, Files.readString(VECTORS.resolve("defs.sh"))).run();
    }

    @Test
    void shouldFindTwelveScripts() throws IOException
    {
        assertEquals(12, scripts().count());
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void shouldPassAsOnLinux(final Path script) throws IOException, ScriptException
    {
        assertEquals(Optional.empty(), run(Files.readString(script)));
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void shouldPassWithTheSettingsThatAreBuiltIn(final Path script) throws IOException, ScriptException
    {
        assertEquals(Optional.empty(), PacketScript.parse(Files.readString(script), null).run());
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void shouldRunTheSameEveryTime(final Path script) throws IOException, ScriptException
    {
        final PacketScript twice = PacketScript.parse(Files.readString(script), null);
        assertEquals(twice.run(), twice.run());
    }

    /** Plants one wrong expectation after the other: each is found, in its line. */
    @ParameterizedTest
    @MethodSource("scripts")
    void shouldFailWhereAnExpectationIsWrong(final Path script) throws IOException, ScriptException
    {
        final String text = Files.readString(script);
        final String[] lines = text.split("\n", -1);
        int planted = 0;
        for (int i = 0; i < lines.length; i++)
        {
            for (final String wrong : wrongs(lines[i]))
            {
                final String[] mutant = lines.clone();
                mutant[i] = wrong;
                final Optional<Failure> failure = run(String.join("\n", mutant));
                assertTrue(failure.isPresent(), "passes with " + wrong);
                assertEquals(i + 1, failure.get().line(), wrong + ": " + failure.get());
                planted++;
            }
        }
        assertTrue(planted >= 5, "too few expectations: " + planted);
    }

    private static List<String> wrongs(final String line)
    {
        final List<String> wrongs = new ArrayList<>();
        if (line.startsWith("//"))
        {
            return wrongs;
        }
        replace(wrongs, line, FLAGS, flags -> flags.equals("R") ? "R." : flags.equals("F.") ? "FP." : "F" + flags);
        replace(wrongs, line, ACK, ack -> Long.toString(Long.parseLong(ack) + 1));
        replace(wrongs, line, RESULT, result -> Long.toString(Long.parseLong(result) + 1));
        replace(wrongs, line, Pattern.compile("> .*<(mss 1460)"), mss -> "mss 1459");
        replace(wrongs, line, Pattern.compile("> .*wscale (8)"), shift -> "7");
        replace(wrongs, line, Pattern.compile("(\\+\\d+) > "), time -> time + ".3");
        replace(wrongs, line, Pattern.compile("> .*<(mss 1460)"), mss -> "nop,nop,nop,nop," + mss);
        if (line.contains(" > R ") || line.contains(" > . "))
        {
            final Matcher seq = SEQ.matcher(line);
            if (seq.find())
            {
                final long next = Long.parseLong(seq.group(1)) + 1;
                wrongs.add(line.substring(0, seq.start(1)) + next + ":" + next + line.substring(seq.end(2)));
            }
        }
        return wrongs;
    }

    private static void replace(
        final List<String> wrongs, final String line, final Pattern pattern,
        final UnaryOperator<String> change)
    {
        final Matcher matcher = pattern.matcher(line);
        if (matcher.find())
        {
            wrongs.add(line.substring(0, matcher.start(1)) + change.apply(matcher.group(1)) +
                line.substring(matcher.end(1)));
        }
    }
}
