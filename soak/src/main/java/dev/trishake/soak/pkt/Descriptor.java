// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

/** A socket as a program has it. */
final class Descriptor
{
    static final int NO_LISTENER = -1;

    Flow flow;
    int listener = NO_LISTENER;
    /** Of the core; 0 before there is a connection. */
    long handle;
    boolean isNonBlocking;
    boolean isBound;
    boolean isConnectTold;
    boolean isReadShut;
    boolean isKeepAlive;
    boolean isResetOnClose;

    Descriptor(final Flow flow, final boolean isNonBlocking)
    {
        this.flow = flow;
        this.isNonBlocking = isNonBlocking;
    }

    boolean isListening()
    {
        return listener != NO_LISTENER;
    }

    boolean isConnection()
    {
        return handle != 0;
    }
}
