// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

/**
 * Where and how a run differed from its script.
 *
 * @param line     the event's line, 1 or more
 * @param expected what the script says
 * @param got      what happened, in the script's words
 */
public record Failure(int line, String expected, String got)
{
    @Override
    public String toString()
    {
        return "line " + line + ", expected " + expected + ", got " + got;
    }
}
