// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import java.io.Serial;

/** Why a peer's certificates are refused: no fault of ours, so it has no stack trace. */
final class Refusal extends Exception
{
    @Serial
    private static final long serialVersionUID = 1L;

    private final int code;

    /** A refusal: the protocol's code for it, a sentence. */
    Refusal(final int code, final String sentence)
    {
        super(sentence, null, false, false);
        this.code = code;
    }

    int code()
    {
        return code;
    }
}
