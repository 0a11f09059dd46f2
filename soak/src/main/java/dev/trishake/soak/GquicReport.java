// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.core.Outcome;
import dev.trishake.gquic.GquicParameters;
import dev.trishake.identity.GquicVerdict;
import dev.trishake.runtime.Failure;
import dev.trishake.runtime.GquicProtocol;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.GquicVersion;

import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What a client of gQUIC says at its end: what was agreed on, with whom, how long it took and why it failed. */
final class GquicReport
{
    /** One for each chain that was not known, in the order in which they came. */
    private final List<GquicVerdict> verdicts = Collections.synchronizedList(new ArrayList<>());

    /** Takes what was said of the server's certificates; any thread. */
    void add(final GquicVerdict verdict)
    {
        verdicts.add(verdict);
    }

    /** Prints it. */
    void print(final PrintWriter out, final Dialer dialer, final long good, final long failed)
    {
        dialer.parameters().forEach((parameters, times) -> out.println(agreed(parameters) + ": " + times));
        verdicts.forEach(verdict ->
            out.println((verdict.isTrusted() ? "peer " : "refused: ") + verdict.sentence()));
        out.println("ok=" + good + " fail=" + failed);
        if (dialer.ok() > 0)
        {
            out.printf(Locale.ROOT, "%.0f handshakes/s%n", dialer.ok() * 1e9 / dialer.tookNs());
            Tables.percentiles(out, "CHLO to SHLO", dialer.latency());
        }
        dialer.failures().forEach((why, times) -> out.println(why + " " + times));
        out.flush();
    }

    /** {@return what the parameters of a session say, for people} */
    static String agreed(final long parameters)
    {
        final int hellos = GquicParameters.hellos(parameters);
        return "version " + label(GquicParameters.version(parameters)) +
            (GquicParameters.has(parameters, GquicParameters.NEGOTIATED) ? " (negotiated)" : "") +
            (GquicParameters.has(parameters, GquicParameters.CHACHA20) ? ", CC20" : ", AESG") +
            (GquicParameters.has(parameters, GquicParameters.P256) ? ", P256, " : ", C255, ") +
            hellos + (hellos == 1 ? " CHLO" : " CHLOs") +
            (GquicParameters.has(parameters, GquicParameters.RESUMED) ? ", resumed" : "") +
            (GquicParameters.has(parameters, GquicParameters.ZERO_RTT) ? ", 0-RTT data" : "");
    }

    private static String label(final int version)
    {
        return new String(
            ByteBuffer.allocate(GquicVersion.LABEL_LENGTH).putInt(version).array(), StandardCharsets.US_ASCII);
    }

    /** {@return why a session failed, with the name of an error and who sent it} */
    static String reason(final int reason)
    {
        if (reason <= 0 || Outcome.category(reason) != Outcome.PEER)
        {
            return reason == Failure.HANDSHAKE_TIMEOUT ? "NO_ANSWER" : Failure.describe(reason);
        }
        final int code = Outcome.code(reason);
        final int error = code & GquicProtocol.ERROR_MASK;
        return ((code & GquicProtocol.RECEIVED) != 0 ? "the peer sent " : "we sent ") + GquicError.name(error) +
            " (" + error + ")";
    }
}
