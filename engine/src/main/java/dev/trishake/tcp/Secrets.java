// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import dev.trishake.crypto.hash.SipHash;

/** The keys of a core, derived from its one secret by SipHash-2-4 as a pseudo-random function of their names. */
final class Secrets
{
    final long table0;
    final long table1;
    final long isn0;
    final long isn1;
    final long port0;
    final long port1;
    final long challenge0;
    final long challenge1;
    final long cookie0;
    final long cookie1;
    private final long secret0;
    private final long secret1;

    Secrets(final long secret0, final long secret1)
    {
        this.secret0 = secret0;
        this.secret1 = secret1;
        table0 = derive(0);
        table1 = derive(1);
        isn0 = derive(2);
        isn1 = derive(3);
        port0 = derive(4);
        port1 = derive(5);
        challenge0 = derive(6);
        challenge1 = derive(7);
        cookie0 = derive(8);
        cookie1 = derive(9);
    }

    private long derive(final int name)
    {
        return SipHash.hash24(secret0, secret1, name, 0);
    }
}
