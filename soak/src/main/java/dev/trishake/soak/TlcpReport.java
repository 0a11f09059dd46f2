// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.core.Outcome;
import dev.trishake.identity.TrustVerdict;
import dev.trishake.runtime.Failure;
import dev.trishake.soak.FlightClock.Flight;
import dev.trishake.tlcp.TlcpCore;
import dev.trishake.tlcp.TlcpParameters;
import dev.trishake.wire.tlcp.Alert;
import dev.trishake.wire.tlcp.CipherSuite;
import org.HdrHistogram.Histogram;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What a TLCP client says at its end: what was agreed on, with whom, how long it took and why it failed. */
final class TlcpReport
{
    private static final int ALERT_MASK = 0xff;

    private final List<String> protocols;
    /** One for each list of certificates that was not known, in the order in which they came. */
    private final List<TrustVerdict> verdicts = Collections.synchronizedList(new ArrayList<>());

    TlcpReport(final List<String> protocols)
    {
        this.protocols = protocols;
    }

    /** Takes what was said of the server's certificates; any thread. */
    void add(final TrustVerdict verdict)
    {
        verdicts.add(verdict);
    }

    /** Prints it. */
    void print(final PrintWriter out, final Dialer dialer, final FlightClock clock, final long good, final long failed)
    {
        dialer.parameters().forEach((parameters, times) -> out.println(agreed(parameters) + ": " + times));
        verdicts.forEach(verdict ->
            out.println((verdict.isTrusted() ? "peer " : "refused: ") + verdict.sentence()));
        out.println("ok=" + good + " fail=" + failed);
        if (dialer.ok() > 0)
        {
            out.printf(Locale.ROOT, "%.0f handshakes/s%n", dialer.ok() * 1e9 / dialer.tookNs());
            Tables.percentiles(out, "SYN to SYN-ACK", dialer.opened());
            print(out, clock, false);
            print(out, clock, true);
            Tables.percentiles(out, "SYN to Finished", dialer.latency());
        }
        dialer.failures().forEach((why, times) -> out.println(why + " " + times));
        out.flush();
    }

    private static void print(final PrintWriter out, final FlightClock clock, final boolean ofResumed)
    {
        for (final Flight flight : Flight.values())
        {
            final Histogram times = clock.times(flight, ofResumed);
            if (times.getTotalCount() > 0 && !(ofResumed && flight == Flight.PEER_FINISHED))
            {
                Tables.percentiles(out, "  " + flight + (ofResumed ? ", resumed" : ""), times);
            }
        }
    }

    /** {@return what the parameters of a session say, for people} */
    private String agreed(final long parameters)
    {
        final int protocol = TlcpParameters.protocol(parameters);
        return "suite " + CipherSuite.name(TlcpParameters.suite(parameters)) +
            (TlcpParameters.isResumed(parameters) ? ", resumed" : "") +
            (TlcpParameters.isClientAuthenticated(parameters) ? ", client authenticated" : "") +
            (protocol == TlcpParameters.NO_PROTOCOL ? "" : ", protocol " + protocols.get(protocol));
    }

    /** {@return why a session failed, with the name of an alert and who sent it} */
    static String reason(final int reason)
    {
        if (reason <= 0 || Outcome.category(reason) != Outcome.PEER)
        {
            return reason == Failure.HANDSHAKE_TIMEOUT ? "NO_ANSWER" : Failure.describe(reason);
        }
        final int code = Outcome.code(reason);
        if (code == TlcpCore.TRUNCATED)
        {
            return "the peer ended the stream without close_notify";
        }
        final int alert = code & ALERT_MASK;
        return (code & TlcpCore.RECEIVED) != 0 ? "the peer sent " + Alert.name(alert) + " (" + alert + ")" :
            "we sent " + Alert.name(alert) + " (" + alert + ")";
    }
}
