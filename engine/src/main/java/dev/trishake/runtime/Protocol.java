// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

/** What a session speaks. */
public enum Protocol
{
    /** Bytes over TCP, the kernel's or our own: established when the connection is open. */
    TCP(0),

    /** GB/T 38636-2020 over TCP: established when the handshake is done. */
    TLCP(1),

    /** Google QUIC over UDP. */
    GQUIC(2);

    private final int code;

    Protocol(final int code)
    {
        this.code = code;
    }

    /** Its number in commands and among an agent's cores; 0 has none. */
    int code()
    {
        return code;
    }
}
