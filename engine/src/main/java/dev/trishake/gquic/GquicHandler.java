// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.session.FourTuple;
import org.agrona.DirectBuffer;

/**
 * What a core tells about its connections. The core's methods may be called from inside, for any connection; what they
 * send goes out when the core goes on.
 *
 * <p>Must not throw.
 */
public interface GquicHandler
{
    /**
     * {@return whether a server may have one more connection} While it may not, hellos that deserve one are dropped,
     * and clients send them again.
     *
     * @param tuple both addresses; the client's is proven
     */
    default boolean mayAccept(final FourTuple tuple)
    {
        return true;
    }

    /**
     * A server has a new connection: its client's address is proven, its handshake has begun.
     *
     * @param slot of it
     */
    void onAccepted(int slot);

    /**
     * The handshake is done on this side: streams may be used. A client of a server that it knows may use them before.
     *
     * @param slot of the connection
     */
    void onEstablished(int slot);

    /**
     * A client waits for the verdict on its server's certificates: {@link GquicCore#resume} goes on when it is there.
     *
     * @param slot of the connection
     */
    void onCertificate(int slot);

    /**
     * Data of a stream has come, in order. The first of a stream of the peer's is how one learns of it.
     *
     * @param slot     of the connection
     * @param streamId of the stream
     * @param buffer   holds the data, until this method returns
     * @param offset   where it begins
     * @param length   at least 1
     * @return how many octets were taken; the rest is offered again with more data and after
     * {@link GquicCore#resumeStream}
     */
    int onStreamData(int slot, int streamId, DirectBuffer buffer, int offset, int length);

    /**
     * The peer has ended its side of a stream, and all data was taken.
     *
     * @param slot     of the connection
     * @param streamId of the stream
     */
    void onStreamEnd(int slot, int streamId);

    /**
     * The peer has given up a stream: nothing more comes.
     *
     * @param slot     of the connection
     * @param streamId of the stream
     * @param error    why
     */
    void onStreamReset(int slot, int streamId, int error);

    /**
     * A stream that took less than was given takes data again.
     *
     * @param slot     of the connection
     * @param streamId of the stream
     */
    void onWritable(int slot, int streamId);

    /**
     * The connection is over; its slot is given back when this method returns.
     *
     * @param slot   of the connection
     * @param error  a {@link dev.trishake.wire.gquic.GquicError}
     * @param byPeer whether the peer has said so
     */
    void onClosed(int slot, int error, boolean byPeer);
}
