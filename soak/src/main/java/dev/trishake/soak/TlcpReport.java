// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.soak.FlightClock.Flight;
import dev.trishake.tlcp.TlcpCore;
import dev.trishake.tlcp.TlcpParameters;
import dev.trishake.wire.tlcp.Alert;
import dev.trishake.wire.tlcp.CipherSuite;
import org.HdrHistogram.Histogram;

import java.io.PrintWriter;
import java.util.List;

/** What a TLCP client says at its end; the times are of each flight. */
final class TlcpReport extends HandshakeReport
{
    private static final int ALERT_MASK = 0xff;

    private final List<String> protocols;
    private final FlightClock clock;

    TlcpReport(final List<String> protocols, final FlightClock clock)
    {
        this.protocols = protocols;
        this.clock = clock;
    }

    @Override
    void printTimes(final PrintWriter out, final Dialer dialer)
    {
        Tables.percentiles(out, "SYN to SYN-ACK", dialer.opened());
        printFlights(out, false);
        printFlights(out, true);
        Tables.percentiles(out, "SYN to Finished", dialer.latency());
    }

    private void printFlights(final PrintWriter out, final boolean ofResumed)
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

    @Override
    String agreed(final long parameters)
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
        return reason(reason, code -> code == TlcpCore.TRUNCATED ?
            "the peer ended the stream without close_notify" :
            sent((code & TlcpCore.RECEIVED) != 0, Alert.name(code & ALERT_MASK), code & ALERT_MASK));
    }
}
