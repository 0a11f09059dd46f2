// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.socket;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.Acceptor;
import dev.trishake.transport.ListenException;
import dev.trishake.transport.StreamResult;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.net.InetSocketAddress;

/**
 * The calls that a {@link SocketStreamLink} is made of: a thin layer over the system's, which keeps no state but its
 * sockets'. A socket has the slot of its connection and the system's number, 0 or more. Calls never wait, except
 * {@link #gather} when it is told to, and never throw, except {@link #listen}.
 */
public interface Sockets extends AutoCloseable
{
    /** {@link #read}: the peer's side has ended. */
    int END = Integer.MIN_VALUE;

    /** Is told what {@link #gather} has found. */
    interface Readiness
    {
        /**
         * A connection may be in an accept queue.
         *
         * @param listener its number
         */
        void onAcceptable(int listener);

        /**
         * A connection may go on.
         *
         * @param handle     of it
         * @param readable   whether there may be something to read
         * @param writable   whether it takes bytes again, or is open
         * @param peerEnding whether the peer has ended behind what there is to read; may be false though it has
         * @param failed     whether an error is pending; may be false though one is
         */
        void onReady(long handle, boolean readable, boolean writable, boolean peerEnding, boolean failed);
    }

    /**
     * Asks the system what has happened.
     *
     * @param readiness is told; may be told again what has been told and not been used
     * @param timeoutMs how long to wait for it, 0 for not at all
     * @return number of sockets that something has happened to
     */
    int gather(Readiness readiness, int timeoutMs);

    /**
     * {@return a listening socket, which {@link #gather} asks about from now on}
     *
     * @param address  where
     * @param backlog  length of the accept queue
     * @param listener its number
     * @throws ListenException when that can't be
     */
    Acceptor listen(InetSocketAddress address, int backlog, int listener);

    /**
     * Puts a listening socket into the interest set or takes it out.
     *
     * @param listener its number
     * @param acceptor of it
     * @param on       whether {@link #gather} tells of it
     */
    void listening(int listener, Acceptor acceptor, boolean on);

    /**
     * {@return whether an accepted connection is in the interest set now} Where not, there is no memory for it.
     *
     * @param slot     of the connection
     * @param handle   of the connection
     * @param acceptor who accepted it
     * @param socket   as it was accepted
     */
    boolean adopt(int slot, long handle, Acceptor acceptor, int socket);

    /**
     * Begins to open a connection and puts it into the interest set.
     *
     * @param slot   of the connection
     * @param handle of the connection
     * @param tuple  both sides; local address and port are chosen where they are 0
     * @return its socket or a negative {@link StreamResult}
     */
    int connect(int slot, long handle, FourTuple tuple);

    /**
     * {@return {@link StreamResult#OK} when a connection is open that was being opened, BACK_PRESSURED when it may still
     * become so, else why not}
     *
     * @param slot   of the connection
     * @param socket of it
     */
    int finishConnect(int slot, int socket);

    /**
     * Sets our side of a tuple.
     *
     * @param slot   of the connection
     * @param socket of it
     * @param tuple  whose local side is set
     */
    void localAddress(int slot, int socket, FourTuple tuple);

    /**
     * {@return the error that is pending on a connection, as a negative {@link StreamResult}}
     *
     * @param slot   of the connection
     * @param socket of it
     */
    int error(int slot, int socket);

    /**
     * Reads.
     *
     * @param slot   of the connection
     * @param socket of it
     * @param buffer where to; direct
     * @param offset where its bytes go
     * @param length how many, at least 1
     * @return how many were read, 0 when there are none now; {@link #END}, or another negative {@link StreamResult}
     */
    int read(int slot, int socket, MutableDirectBuffer buffer, int offset, int length);

    /**
     * Writes.
     *
     * @param slot   of the connection
     * @param socket of it
     * @param buffer where from; direct
     * @param offset where its bytes begin
     * @param length how many, at least 1
     * @return how many were taken, or a negative {@link StreamResult}
     */
    int write(int slot, int socket, DirectBuffer buffer, int offset, int length);

    /**
     * Says what {@link #gather} should tell.
     *
     * @param slot   of the connection
     * @param socket of it
     * @param handle of it
     * @param input  whether input is wanted; a system that tells only of what is new may ignore that it is not
     * @param output whether it is wanted to know that bytes are taken again, once
     */
    void interest(int slot, int socket, long handle, boolean input, boolean output);

    /**
     * Ends our side.
     *
     * @param slot   of the connection
     * @param socket of it
     */
    void shutdown(int slot, int socket);

    /**
     * Lets the following close reset the connection.
     *
     * @param slot   of the connection
     * @param socket of it
     */
    void resetOnClose(int slot, int socket);

    /**
     * Closes a connection.
     *
     * @param slot     of the connection
     * @param socket   of it
     * @param acceptor who accepted it, null when we opened it
     */
    void close(int slot, int socket, Acceptor acceptor);

    /** Gives up what is not a connection or an acceptor. */
    @Override
    void close();
}
