// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import dev.trishake.soak.pkt.Script.Command;

import java.util.ArrayList;
import java.util.List;

/**
 * Understands the shell lines that scripts begin with, and runs none: {@code ./defs.sh}, which stands for the text of
 * that file, and {@code sysctl -q NAME=VALUE ...}; {@code ip tcp_metrics flush} has nothing to flush here.
 */
final class Shell
{
    private static final String DEFS = "defs.sh";

    private final Sysctl sysctl;
    private final String defs;
    private boolean isWithinDefs;

    /**
     * Begins.
     *
     * @param sysctl where settings go
     * @param defs   the text of {@code defs.sh}
     */
    Shell(final Sysctl sysctl, final String defs)
    {
        this.sysctl = sysctl;
        this.defs = defs;
    }

    void run(final Command command) throws ScriptException
    {
        run(command.line(), command.text());
    }

    private void run(final int line, final String text) throws ScriptException
    {
        for (final List<String> words : commands(line, text))
        {
            run(line, words);
        }
    }

    private void run(final int line, final List<String> words) throws ScriptException
    {
        final String name = words.getFirst();
        if (name.equals(DEFS) || name.endsWith("/" + DEFS))
        {
            if (isWithinDefs)
            {
                throw new ScriptException(line, "defs.sh runs itself");
            }
            isWithinDefs = true;
            run(line, defs);
            isWithinDefs = false;
        }
        else if (name.equals("sysctl"))
        {
            for (final String word : words.subList(1, words.size()))
            {
                set(line, word);
            }
        }
        else if (!name.equals("true") && !(name.equals("ip") && words.size() > 1 && words.get(1).equals("tcp_metrics")))
        {
            throw new ScriptException(
                line, "the command \"" + name + "\" is not known here: ./defs.sh and sysctl -q NAME=VALUE are");
        }
    }

    private void set(final int line, final String word) throws ScriptException
    {
        if (word.equals("-q") || word.equals("-w") || word.equals("-qw"))
        {
            return;
        }
        final int equals = word.indexOf('=');
        if (equals <= 0)
        {
            throw new ScriptException(line, "sysctl takes NAME=VALUE here, not \"" + word + "\"");
        }
        sysctl.set(line, word.substring(0, equals), word.substring(equals + 1));
    }

    /** Cuts a text into commands and these into words; quotation marks hold a word together, comments are left out. */
    private static List<List<String>> commands(final int line, final String text) throws ScriptException
    {
        final List<List<String>> commands = new ArrayList<>();
        for (final String row : text.split("\n", -1))
        {
            if (!row.strip().startsWith("#"))
            {
                addCommands(line, row, commands);
            }
        }
        return commands;
    }

    private static void addCommands(final int line, final String row, final List<List<String>> commands)
        throws ScriptException
    {
        List<String> words = new ArrayList<>();
        final StringBuilder word = new StringBuilder();
        char quote = 0;
        for (final char c : (row + ";").toCharArray())
        {
            if (quote != 0 ? c == quote : c == '"' || c == '\'')
            {
                quote = quote == 0 ? c : 0;
            }
            else if (quote == 0 && (c == ';' || c == '&' || Character.isWhitespace(c)) && !isRedirection(word))
            {
                if (!word.isEmpty())
                {
                    words.add(word.toString());
                    word.setLength(0);
                }
                if ((c == ';' || c == '&') && !words.isEmpty())
                {
                    commands.add(withoutRedirections(words));
                    words = new ArrayList<>();
                }
            }
            else
            {
                word.append(c);
            }
        }
        if (quote != 0)
        {
            throw new ScriptException(line, "the command has a quotation without an end");
        }
    }

    /** Whether the word has come to the {@code 2>} of {@code 2>&1}. */
    private static boolean isRedirection(final StringBuilder word)
    {
        return word.length() > 1 && word.charAt(word.length() - 1) == '>';
    }

    private static List<String> withoutRedirections(final List<String> words)
    {
        final List<String> command = new ArrayList<>();
        for (int i = 0; i < words.size(); i++)
        {
            if (words.get(i).equals(">"))
            {
                i++;
            }
            else if (words.get(i).indexOf('>') < 0)
            {
                command.add(words.get(i));
            }
        }
        return command.isEmpty() ? List.of("true") : command;
    }
}
