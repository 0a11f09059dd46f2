// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.gquic.GquicParameters;
import dev.trishake.runtime.GquicProtocol;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.GquicVersion;

import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a client of gQUIC says at its end. */
final class GquicReport extends HandshakeReport
{
    @Override
    void printTimes(final PrintWriter out, final Dialer dialer)
    {
        Tables.percentiles(out, "CHLO to SHLO", dialer.latency());
    }

    @Override
    String agreed(final long parameters)
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
        return reason(reason, code -> sent((code & GquicProtocol.RECEIVED) != 0,
            GquicError.name(code & GquicProtocol.ERROR_MASK), code & GquicProtocol.ERROR_MASK));
    }
}
