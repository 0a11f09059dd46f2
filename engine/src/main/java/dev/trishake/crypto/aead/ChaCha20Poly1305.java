// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.aead;

import dev.trishake.crypto.ChaCha20;
import dev.trishake.crypto.Kernels;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * ChaCha20-Poly1305 (RFC 8439 2.8): gQUIC's {@code CC20} with tags of 12 octets. A key is its own schedule.
 */
public final class ChaCha20Poly1305 extends Aead
{
    /** Octets of a key, and of its schedule. */
    public static final int KEY_LENGTH = ChaCha20.KEY_LENGTH;

    private static final int STREAM_BLOCK_LENGTH = ChaCha20.BLOCK_LENGTH;

    private final ChaCha20Poly1305Lanes kernel;
    private final byte[] key = new byte[KEY_LENGTH];
    private final long[] multiplier = new long[Poly1305.LIMBS];
    private final long[] accumulator = new long[Poly1305.LIMBS];
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private long addendLow;
    private long addendHigh;
    private int nonceHead;
    private long nonceTail;

    /**
     * Allocates the scratch.
     *
     * @param kernels   which implementation
     * @param tagLength {@link #TAG_LENGTH} or {@link #SHORT_TAG_LENGTH}
     */
    public ChaCha20Poly1305(final Kernels kernels, final int tagLength)
    {
        super(tagLength);
        kernel = kernels.create(ChaCha20Poly1305Lanes.KERNEL);
    }

    @Override
    public int keyLength()
    {
        return KEY_LENGTH;
    }

    @Override
    public int scheduleLength()
    {
        return KEY_LENGTH;
    }

    @Override
    public void expandKey(
        final DirectBuffer key, final int keyOffset, final MutableDirectBuffer schedule, final int scheduleOffset)
    {
        schedule.putBytes(scheduleOffset, key, keyOffset, KEY_LENGTH);
    }

    @Override
    void load(final DirectBuffer schedule, final int scheduleOffset, final int nonceHead, final long nonceTail)
    {
        schedule.getBytes(scheduleOffset, key, 0, KEY_LENGTH);
        this.nonceHead = nonceHead;
        this.nonceTail = nonceTail;
    }

    @Override
    int keyStream(final int done, final int length, final byte[] keyStream)
    {
        // block 0 is the authenticator's key, the text begins at block 1 (RFC 8439 2.8)
        final int blocks = (length + STREAM_BLOCK_LENGTH - 1) / STREAM_BLOCK_LENGTH;
        if (done > 0)
        {
            kernel.keyStream(key, nonceHead, nonceTail, done / STREAM_BLOCK_LENGTH + 1, keyStream, blocks);
            return 0;
        }
        kernel.keyStream(key, nonceHead, nonceTail, 0, keyStream, blocks + 1);
        view.wrap(keyStream);
        Poly1305.multiplier(multiplier, view.getLong(0, LITTLE_ENDIAN), view.getLong(8, LITTLE_ENDIAN));
        addendLow = view.getLong(16, LITTLE_ENDIAN);
        addendHigh = view.getLong(24, LITTLE_ENDIAN);
        Arrays.fill(accumulator, 0);
        return STREAM_BLOCK_LENGTH;
    }

    @Override
    void exclusiveOr(
        final byte[] text, final int textAt, final byte[] keyStream, final int keyStreamAt, final int length)
    {
        kernel.exclusiveOr(text, textAt, keyStream, keyStreamAt, length);
    }

    @Override
    void authenticate(final byte[] stage, final int blocks)
    {
        kernel.authenticate(accumulator, multiplier, stage, blocks);
    }

    @Override
    void lengthBlock(final int aadLength, final int textLength, final byte[] stage, final int at)
    {
        view.wrap(stage, at, BLOCK_LENGTH);
        view.putLong(0, aadLength, LITTLE_ENDIAN);
        view.putLong(Long.BYTES, textLength, LITTLE_ENDIAN);
    }

    @Override
    void tag(final byte[] tag)
    {
        view.wrap(tag);
        Poly1305.finish(accumulator, addendLow, addendHigh, view);
    }

    @Override
    void wipe()
    {
        Arrays.fill(key, (byte)0);
        Arrays.fill(multiplier, 0);
        Arrays.fill(accumulator, 0);
        addendLow = 0;
        addendHigh = 0;
        kernel.wipe();
    }
}
