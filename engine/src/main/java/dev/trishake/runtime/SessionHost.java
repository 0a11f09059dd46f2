// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import org.agrona.DirectBuffer;

/** Whose memory a {@link Session} is a view of: sessions over streams, or those of one core over datagrams. */
interface SessionHost
{
    long handle(int slot);

    Protocol protocol(int slot);

    boolean isClient(int slot);

    boolean isEstablished(int slot);

    long parameters(int slot);

    void tuple(int slot, FourTuple tuple);

    long attachment(int slot);

    void attachment(int slot, long value);

    int openStream(int slot);

    /** In all of these, stream 0 is the only one there is, or the session's own. */
    int send(int slot, int stream, DirectBuffer buffer, int offset, int length);

    void shutdown(int slot, int stream);

    void resume(int slot, int stream);

    void close(int slot);

    void abort(int slot);

    /** {@return the slot of a handle, or -1 when its session is gone, on its way out, or another's} */
    int resolve(long handle);

    /** Bytes of another thread, which were taken from the session's window. */
    void onSend(long handle, int stream, DirectBuffer buffer, int offset, int length);
}
