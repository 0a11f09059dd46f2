// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

/** Keeps what connections have told, and echoes streams where that is wanted. Allocates nothing once it was made. */
final class RecordingHandler implements GquicHandler
{
    static final int SLOTS = 64;

    final int[] accepted = new int[SLOTS];
    final int[] established = new int[SLOTS];
    final int[] certificates = new int[SLOTS];
    final int[] closed = new int[SLOTS];
    final int[] errors = new int[SLOTS];
    final boolean[] byPeer = new boolean[SLOTS];
    final int[] ends = new int[SLOTS];
    final int[] resets = new int[SLOTS];
    final int[] writables = new int[SLOTS];
    final UnsafeBuffer[] received = new UnsafeBuffer[SLOTS];
    final int[] receivedLength = new int[SLOTS];
    final int[] lastStream = new int[SLOTS];
    GquicCore core;
    boolean echo;
    /** Most octets that are taken at once; the rest is asked for by resumeStream. */
    int appetite = Integer.MAX_VALUE;

    RecordingHandler(final int capacity)
    {
        for (int i = 0; i < SLOTS; i++)
        {
            received[i] = new UnsafeBuffer(new byte[capacity]);
        }
    }

    /** Forgets all but the core. */
    void forget()
    {
        for (final int[] counts : new int[][] {
            accepted, established, certificates, closed, errors, ends, resets, writables, receivedLength, lastStream})
        {
            Arrays.fill(counts, 0);
        }
    }

    @Override
    public void onAccepted(final int slot)
    {
        accepted[slot]++;
    }

    @Override
    public void onEstablished(final int slot)
    {
        established[slot]++;
    }

    @Override
    public void onCertificate(final int slot)
    {
        certificates[slot]++;
    }

    @Override
    public int onStreamData(
        final int slot, final int streamId, final DirectBuffer buffer, final int offset, final int length)
    {
        lastStream[slot] = streamId;
        int taken = Math.min(length, appetite);
        if (echo)
        {
            taken = core.send(slot, streamId, buffer, offset, taken, false);
        }
        else
        {
            received[slot].putBytes(receivedLength[slot], buffer, offset, taken);
        }
        receivedLength[slot] += taken;
        if (taken == appetite && taken > 0)
        {
            core.resumeStream(slot, streamId);
        }
        return taken;
    }

    @Override
    public void onStreamEnd(final int slot, final int streamId)
    {
        ends[slot]++;
        if (echo)
        {
            core.send(slot, streamId, received[slot], 0, 0, true);
        }
    }

    @Override
    public void onStreamReset(final int slot, final int streamId, final int error)
    {
        resets[slot]++;
    }

    @Override
    public void onWritable(final int slot, final int streamId)
    {
        writables[slot]++;
        if (echo)
        {
            core.resumeStream(slot, streamId);
        }
    }

    @Override
    public void onClosed(final int slot, final int error, final boolean saidByPeer)
    {
        closed[slot]++;
        errors[slot] = error;
        byPeer[slot] = saidByPeer;
    }
}
