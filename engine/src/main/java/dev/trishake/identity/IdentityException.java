// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import java.io.IOException;

/** A certificate or key can't be used; the message is a sentence for the one who configured it. */
public final class IdentityException extends IOException
{
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param sentence which file, what is wrong, what to do
     */
    public IdentityException(final String sentence)
    {
        super(sentence);
    }

    /**
     * Makes an exception.
     *
     * @param sentence which file, what is wrong, what to do
     * @param cause    what found it
     */
    public IdentityException(final String sentence, final Throwable cause)
    {
        super(sentence, cause);
    }
}
