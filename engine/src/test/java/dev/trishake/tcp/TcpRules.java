// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.support.Vectors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rules of {@code vectors/tcp/rules.txt}: what one segment does to one connection, each row with its clause. They
 * know nothing of the core.
 */
final class TcpRules
{
    static final List<String> STATES = List.of(
        "CLOSED", "LISTEN", "SYN_SENT", "SYN_RECEIVED", "SYN_RECEIVED/active", "ESTABLISHED", "ESTABLISHED/full",
        "FIN_WAIT_1", "FIN_WAIT_1/closed", "FIN_WAIT_2", "FIN_WAIT_2/closed", "CLOSE_WAIT", "CLOSING", "LAST_ACK",
        "TIME_WAIT");
    static final List<String> SEQUENCES = List.of("below", "before", "exact", "inside", "edge", "beyond", "far");
    static final List<String> ACKS = List.of("tooold", "old", "una", "between", "nxt", "above");
    static final int FLAG_SETS = 64;

    /** The six flags from bit 0 up, as in the header (RFC 9293 3.1). */
    private static final String FLAGS = "FSRPAU";
    private static final List<String> REPLIES = List.of("none", "rst", "rstack", "synack", "ack", "ack+");

    private final List<Rule> rules = new ArrayList<>();

    TcpRules()
    {
        for (final String line : Vectors.lines("tcp/rules.txt"))
        {
            rules.add(Rule.parse(line));
        }
    }

    /** The rule of this input: the first that matches. */
    Rule find(final String state, final int flags, final String seq, final String ack, final int data)
    {
        for (final Rule rule : rules)
        {
            if (rule.matches(state, flags, seq, ack, data))
            {
                return rule;
            }
        }
        throw new AssertionError("no rule for " + state + " " + flags(flags) + " " + seq + " " + ack + " " + data);
    }

    List<Rule> all()
    {
        return rules;
    }

    static String flags(final int flags)
    {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < FLAGS.length(); i++)
        {
            if ((flags & 1 << i) != 0)
            {
                text.append(FLAGS.charAt(i));
            }
        }
        return text.isEmpty() ? "-" : text.toString();
    }

    /** A row. */
    record Rule(
        String state, int set, int clear, List<String> seqs, List<String> acks, String data, String reply, String next,
        String line)
    {
        static Rule parse(final String line)
        {
            final String[] cells = Arrays.stream(line.split("\\|", -1)).map(String::trim).toArray(String[]::new);
            check(cells.length == 8, line);
            int set = 0;
            int clear = 0;
            if (cells[1].equals("-"))
            {
                clear = FLAG_SETS - 1;
            }
            else if (!cells[1].equals("*"))
            {
                for (final String flag : cells[1].split(" +", -1))
                {
                    final int bit = FLAGS.indexOf(flag.charAt(flag.length() - 1));
                    check(bit >= 0, line);
                    set |= flag.length() == 1 ? 1 << bit : 0;
                    clear |= flag.length() == 1 ? 0 : 1 << bit;
                }
            }
            final String state = cells[0];
            check(state.equals("*") || STATES.contains(state), line);
            check(REPLIES.contains(cells[5]), line);
            check(cells[6].equals("=") || STATES.contains(cells[6]), line);
            check(!cells[7].isEmpty(), line);
            return new Rule(
                state, set, clear, words(cells[2], SEQUENCES, line), words(cells[3], ACKS, line), cells[4], cells[5],
                cells[6].equals("=") ? state : cells[6], line);
        }

        boolean matches(
            final String inState, final int flags, final String seq, final String ack, final int data)
        {
            return (state.equals("*") || state.equals(inState)) &&
                (flags & set) == set && (flags & clear) == 0 &&
                seqs.contains(seq) && acks.contains(ack) &&
                (this.data.equals("*") || Integer.parseInt(this.data) == data);
        }

        /** The state after it, without what is behind the slash; where a row stays, that of the input. */
        String next(final String inState)
        {
            final String after = next.equals("*") ? inState : next;
            final int slash = after.indexOf('/');
            return slash < 0 ? after : after.substring(0, slash);
        }

        private static List<String> words(final String cell, final List<String> known, final String line)
        {
            if (cell.equals("*"))
            {
                return known;
            }
            final List<String> words = List.of(cell.split(" +", -1));
            check(known.containsAll(words), line);
            return words;
        }

        private static void check(final boolean ok, final String line)
        {
            if (!ok)
            {
                throw new IllegalArgumentException("not a rule: " + line);
            }
        }
    }
}
