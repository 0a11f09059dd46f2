// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Whatever a file holds, it is run or refused with a sentence. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PacketScriptFuzzTest
{
    private static final int ROUNDS = 3_000;
    private static final String[] WORDS = {
        " ", "\n", "0", "+0", "...", "<", ">", "S.", ".", "-", "1:1(0)", "ack 1", "win 257", "<...>", "(", ")", "[",
        "]", "{", "}", "=", ",", "|", "close", "accept(3, ..., ...)", "-1", "EAGAIN", "`", "\"", "%{", "}%", "/*",
        "*/", "//", "TS val 1 ecr 1", "sack 1:2", "mss", "1e9", "0x", "4294967295", "*", "~", "--x=", "\u00e9", "\0",
        "urg 1", "\\"};

    private final List<String> texts = texts();

    private static List<String> texts()
    {
        try
        {
            return PacketScriptVectorTest.scripts().map(PacketScriptFuzzTest::read).toList();
        }
        catch (final IOException ex)
        {
            throw new AssertionError(ex);
        }
    }

    private static String read(final Path file)
    {
        try
        {
            return Files.readString(file);
        }
        catch (final IOException ex)
        {
            throw new AssertionError(ex);
        }
    }

    private static boolean isRun(final String text, final long seed)
    {
        try
        {
            PacketScript.parse(text, null).run();
            return true;
        }
        catch (final ScriptException ex)
        {
            return false;
        }
        catch (final RuntimeException | Error ex)
        {
            throw new AssertionError("seed " + seed + ":\n" + text, ex);
        }
    }

    @Test
    void shouldRefuseOrRunMutatedScripts()
    {
        int ran = 0;
        for (long seed = 1; seed <= ROUNDS; seed++)
        {
            final Random random = new Random(seed);
            final StringBuilder text = new StringBuilder(texts.get(random.nextInt(texts.size())));
            for (int i = random.nextInt(4); i >= 0; i--)
            {
                mutate(text, random);
            }
            ran += isRun(text.toString(), seed) ? 1 : 0;
        }
        if (ran < ROUNDS / 20 || ran > ROUNDS * 19 / 20)
        {
            throw new AssertionError("mutants are of one kind: ran " + ran);
        }
    }

    private void mutate(final StringBuilder text, final Random random)
    {
        final int at = random.nextInt(text.length());
        final int end = Math.min(text.length(), at + random.nextInt(8));
        switch (random.nextInt(5))
        {
            case 0 -> text.delete(at, end);
            case 1 -> text.setCharAt(at, (char)random.nextInt(128));
            case 2 -> text.insert(at, WORDS[random.nextInt(WORDS.length)]);
            case 3 -> text.replace(at, end, Integer.toString(random.nextInt()));
            default -> digit(text, at, random);
        }
        if (text.isEmpty())
        {
            text.append('0');
        }
    }

    private static void digit(final StringBuilder text, final int from, final Random random)
    {
        for (int i = from; i < text.length(); i++)
        {
            if (Character.isDigit(text.charAt(i)))
            {
                text.setCharAt(i, (char)('0' + random.nextInt(10)));
                return;
            }
        }
    }

    @Test
    void shouldRefuseEverythingThatIsCutOff()
    {
        for (final String text : texts)
        {
            for (int length = 0; length < text.length(); length += 3)
            {
                isRun(text.substring(0, length), length);
            }
        }
    }

    @Test
    void shouldRefuseRandomWords()
    {
        for (long seed = 1; seed <= ROUNDS; seed++)
        {
            final Random random = new Random(seed);
            final StringBuilder text = new StringBuilder("0 ");
            for (int i = random.nextInt(40); i >= 0; i--)
            {
                text.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextBoolean() ? " " : "");
            }
            isRun(text.toString(), seed);
        }
    }
}
