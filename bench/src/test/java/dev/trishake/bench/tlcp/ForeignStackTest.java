// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.tlcp;

import dev.trishake.bench.UnavailableException;
import dev.trishake.wire.tlcp.CipherSuite;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.function.Supplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

/** Each turn that is measured has the calls of as many handshakes as it says. */
class ForeignStackTest
{
    private static final int COUNT = 3;

    /** What a stack's turns answer, of which it checks itself that they are what was asked for. */
    private static void takeTurns(final Supplier<ForeignStack> made, final boolean isResumed)
    {
        try (ForeignStack stack = made.get())
        {
            assertEquals(0, stack.clientTurn());
            assertEquals(0, stack.serverTurn());
            // resumed, a client is done first, with the server's Finished
            assertEquals(isResumed ? COUNT : 0, stack.clientTurn());
            for (int i = 0; i < 5; i++)
            {
                assertEquals(COUNT, stack.serverTurn());
                assertEquals(0, stack.serverTurn(), "once");
                assertEquals(COUNT, stack.clientTurn());
            }
        }
        catch (final UnavailableException ex)
        {
            abort(ex.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({"E013, false, false", "E053, false, false", "E011, true, false", "E051, true, false",
        "E013, true, false", "E013, false, true"})
    void shouldTakeTurnsOfTongsuo(final String suite, final boolean isAuthenticated, final boolean isResumed)
    {
        takeTurns(() -> new Tongsuo(KnownPeer.PKI, code(suite), COUNT, isAuthenticated, isResumed), isResumed);
    }

    @Tag("full")
    @ParameterizedTest
    @CsvSource({"E013, false, false", "E053, false, false", "E011, true, false", "E051, true, false",
        "E013, true, false", "E013, false, true"})
    void shouldTakeTurnsOfBgmprovider(final String suite, final boolean isAuthenticated, final boolean isResumed)
    {
        takeTurns(() -> new Bgmprovider(KnownPeer.PKI, code(suite), COUNT, isAuthenticated, isResumed), isResumed);
    }

    private static int code(final String suite)
    {
        final int code = Integer.parseInt(suite, 16);
        assertEquals(suite.endsWith("11") || suite.endsWith("51"), CipherSuite.isEcdhe(code));
        return code;
    }
}
