// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import java.util.Locale;

/** What a flood of CHLOs is made of. */
enum ChloKind
{
    /** Of a client that knows nothing of the server, each from another address that nobody has. */
    INCHOATE,

    /** A full one of a client that has been there, again and again from its address, under new connection IDs. */
    REPLAYED,

    /** The same one from other addresses, each from another that nobody has: its token is good for none of them. */
    STOLEN;

    /** {@return whether each CHLO comes from another address} */
    boolean isSpoofed()
    {
        return this != REPLAYED;
    }

    @Override
    public String toString()
    {
        return name().toLowerCase(Locale.ROOT);
    }
}
