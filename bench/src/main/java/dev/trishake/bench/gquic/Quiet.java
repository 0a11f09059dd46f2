// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.gquic;

import dev.trishake.gquic.GquicHandler;
import dev.trishake.wire.gquic.GquicError;
import org.agrona.DirectBuffer;

/** Counts which handshakes are done, and wants nothing. */
final class Quiet implements GquicHandler
{
    private int established;
    private int failed;

    int established()
    {
        return established;
    }

    int failed()
    {
        return failed;
    }

    @Override
    public void onAccepted(final int slot)
    {
        // its handshake is to come
    }

    @Override
    public void onEstablished(final int slot)
    {
        established++;
    }

    @Override
    public void onCertificate(final int slot)
    {
        // every chain is known
    }

    @Override
    public int onStreamData(
        final int slot, final int streamId, final DirectBuffer buffer, final int offset, final int length)
    {
        return length;
    }

    @Override
    public void onStreamEnd(final int slot, final int streamId)
    {
        // there are no streams
    }

    @Override
    public void onStreamReset(final int slot, final int streamId, final int error)
    {
        // there are no streams
    }

    @Override
    public void onWritable(final int slot, final int streamId)
    {
        // there are no streams
    }

    @Override
    public void onClosed(final int slot, final int error, final boolean byPeer)
    {
        failed += error == GquicError.PEER_GOING_AWAY ? 0 : 1;
    }
}
