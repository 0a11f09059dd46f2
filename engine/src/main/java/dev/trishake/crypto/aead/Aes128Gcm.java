// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.aead;

import dev.trishake.crypto.Kernels;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * AES-128 in Galois/counter mode (FIPS 197, NIST SP 800-38D) with nonces of 96 bits: gQUIC's {@code AESG} with tags of
 * 12 octets.
 *
 * <p>A schedule is eleven round keys and the hash key's powers H to H^8.
 */
public final class Aes128Gcm extends Aead
{
    /** Octets of a key. */
    public static final int KEY_LENGTH = 16;

    /** Octets of a schedule. */
    public static final int SCHEDULE_LENGTH = AesGcmLanes.SCHEDULE_LENGTH;

    private final AesGcmLanes kernel;
    private final byte[] schedule = new byte[SCHEDULE_LENGTH];
    private final byte[] mask = new byte[TAG_LENGTH];
    private final long[] hash = new long[2];
    private final UnsafeBuffer block = new UnsafeBuffer(0, 0);
    private int nonceHead;
    private long nonceTail;

    /**
     * Allocates the scratch.
     *
     * @param kernels   which implementation
     * @param tagLength {@link #TAG_LENGTH} or {@link #SHORT_TAG_LENGTH}
     */
    public Aes128Gcm(final Kernels kernels, final int tagLength)
    {
        super(tagLength);
        kernel = kernels.create(AesGcmLanes.KERNEL);
    }

    @Override
    public int keyLength()
    {
        return KEY_LENGTH;
    }

    @Override
    public int scheduleLength()
    {
        return SCHEDULE_LENGTH;
    }

    @Override
    public void expandKey(
        final DirectBuffer key, final int keyOffset, final MutableDirectBuffer schedule, final int scheduleOffset)
    {
        key.getBytes(keyOffset, this.schedule, 0, KEY_LENGTH);
        kernel.expandKey(this.schedule);
        schedule.putBytes(scheduleOffset, this.schedule, 0, SCHEDULE_LENGTH);
    }

    @Override
    void load(final DirectBuffer schedule, final int scheduleOffset, final int nonceHead, final long nonceTail)
    {
        schedule.getBytes(scheduleOffset, this.schedule, 0, SCHEDULE_LENGTH);
        this.nonceHead = nonceHead;
        this.nonceTail = nonceTail;
    }

    @Override
    int keyStream(final int done, final int length, final byte[] keyStream)
    {
        // counter 1 encrypts the tag, the text begins at 2 (SP 800-38D 7.1)
        final int blocks = (length + BLOCK_LENGTH - 1) / BLOCK_LENGTH;
        if (done > 0)
        {
            kernel.keyStream(schedule, nonceHead, nonceTail, done / BLOCK_LENGTH + 2, keyStream, blocks);
            return 0;
        }
        kernel.keyStream(schedule, nonceHead, nonceTail, 1, keyStream, blocks + 1);
        System.arraycopy(keyStream, 0, mask, 0, TAG_LENGTH);
        hash[0] = 0;
        hash[1] = 0;
        return BLOCK_LENGTH;
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
        kernel.hash(schedule, hash, stage, blocks);
    }

    @Override
    void lengthBlock(final int aadLength, final int textLength, final byte[] stage, final int at)
    {
        block.wrap(stage, at, BLOCK_LENGTH);
        block.putLong(0, (long)aadLength * Byte.SIZE, BIG_ENDIAN);
        block.putLong(Long.BYTES, (long)textLength * Byte.SIZE, BIG_ENDIAN);
    }

    @Override
    void tag(final byte[] tag)
    {
        block.wrap(mask);
        final long first = block.getLong(0, BIG_ENDIAN) ^ hash[0];
        final long second = block.getLong(Long.BYTES, BIG_ENDIAN) ^ hash[1];
        block.wrap(tag);
        block.putLong(0, first, BIG_ENDIAN);
        block.putLong(Long.BYTES, second, BIG_ENDIAN);
    }

    @Override
    void wipe()
    {
        Arrays.fill(schedule, (byte)0);
        Arrays.fill(mask, (byte)0);
        Arrays.fill(hash, 0);
        kernel.wipe();
    }
}
