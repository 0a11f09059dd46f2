// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

/** A script that can't be run: its grammar, or something that it asks for, is not known here. */
public final class ScriptException extends Exception
{
    private static final long serialVersionUID = 1;

    private final int line;

    ScriptException(final int line, final String sentence)
    {
        super(sentence);
        this.line = line;
    }

    /**
     * {@return where, 1 or more}
     */
    public int line()
    {
        return line;
    }
}
