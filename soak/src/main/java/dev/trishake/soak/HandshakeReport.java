// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.core.Outcome;
import dev.trishake.identity.Verdict;
import dev.trishake.runtime.Failure;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/** What a client says at its end: what was agreed on, with whom, how long it took and why it failed. */
abstract class HandshakeReport
{
    private static final double NS_PER_SECOND = 1e9;

    /** One for each chain that was not known, in the order in which they came. */
    private final List<Verdict> verdicts = Collections.synchronizedList(new ArrayList<>());

    /** {@return what the parameters of a session say, for people} */
    abstract String agreed(long parameters);

    /** Prints how long handshakes took. */
    abstract void printTimes(PrintWriter out, Dialer dialer);

    /** Takes what was said of the server's certificates; any thread. */
    final void add(final Verdict verdict)
    {
        verdicts.add(verdict);
    }

    /** Prints it. */
    final void print(final PrintWriter out, final Dialer dialer, final long good, final long failed)
    {
        dialer.parameters().forEach((parameters, times) -> out.println(agreed(parameters) + ": " + times));
        verdicts.forEach(verdict ->
            out.println((verdict.isTrusted() ? "peer " : "refused: ") + verdict.sentence()));
        out.println("ok=" + good + " fail=" + failed);
        if (dialer.ok() > 0)
        {
            out.printf(Locale.ROOT, "%.0f handshakes/s%n", dialer.ok() * NS_PER_SECOND / dialer.tookNs());
            printTimes(out, dialer);
        }
        dialer.failures().forEach((why, times) -> out.println(why + " " + times));
        out.flush();
    }

    /**
     * {@return why a session failed}
     *
     * @param reason of its end
     * @param ofPeer says it where one of the peers has found fault with the other, by that code
     */
    static String reason(final int reason, final IntFunction<String> ofPeer)
    {
        if (reason <= 0 || Outcome.category(reason) != Outcome.PEER)
        {
            return reason == Failure.HANDSHAKE_TIMEOUT ? "NO_ANSWER" : Failure.describe(reason);
        }
        return ofPeer.apply(Outcome.code(reason));
    }

    /** {@return who sent what, which has a name and a number} */
    static String sent(final boolean byPeer, final String name, final int number)
    {
        return (byPeer ? "the peer sent " : "we sent ") + name + " (" + number + ")";
    }
}
