// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

/** Takes the connections that an {@link Acceptor} hands over. */
@FunctionalInterface
public interface AcceptHandler
{
    /**
     * Takes a connection over: it is the handler's from here on, also when this method throws.
     *
     * @param connection non-blocking, established; closed with {@link Acceptor#close(int)}, here or later
     * @param peer       who connected; a flyweight, good until this method returns
     */
    void onAccept(int connection, PeerAddress peer);
}
