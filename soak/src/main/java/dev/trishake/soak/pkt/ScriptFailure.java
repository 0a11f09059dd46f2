// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

/** What happened is not what the script expects: ends its run. */
final class ScriptFailure extends RuntimeException
{
    private static final long serialVersionUID = 1;

    private final int line;
    private final String expected;
    private final String got;

    ScriptFailure(final int line, final String expected, final String got)
    {
        super("line " + line + ", expected " + expected + ", got " + got, null, false, false);
        this.line = line;
        this.expected = expected;
        this.got = got;
    }

    Failure failure()
    {
        return new Failure(line, expected, got);
    }
}
