// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.aead;

import dev.trishake.crypto.ConstantTime;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

/**
 * Authenticated encryption with associated data (RFC 5116) of packets. One object serves all keys of its algorithm: a
 * key is expanded once into a schedule that lies in the caller's memory, and each call names the one it wants.
 *
 * <p>A nonce of {@value #NONCE_LENGTH} octets is given as two little-endian numbers, octets 0 to 3 and 4 to 11: gQUIC's
 * nonce is an IV of four octets and the packet number, eight octets, little-endian.
 *
 * <p>{@link #open} writes nothing unless the tag is right. Input and output may be the same range, or ranges that don't
 * overlap. Time depends on lengths and on whether a tag was right, on nothing else.
 *
 * <pre>
 *   stage:   | zeros | associated data, 0s | text, 0s | ...    blocks of 16 octets for the authenticator
 *            0       FRONT                                     (eight of them at a time: the zeros fill the first eight)
 * </pre>
 */
public abstract sealed class Aead permits Aes128Gcm, ChaCha20Poly1305
{
    /** Octets of a nonce. */
    public static final int NONCE_LENGTH = 12;

    /** Octets of a whole tag. */
    public static final int TAG_LENGTH = 16;

    /** Octets of gQUIC's tag, which is a whole one without its end. */
    public static final int SHORT_TAG_LENGTH = 12;

    /** Octets of an authenticator's block. */
    static final int BLOCK_LENGTH = 16;

    /** Where the stage's blocks begin: behind seven blocks of zeros. */
    static final int FRONT = 7 * BLOCK_LENGTH;

    /** Octets that are encrypted at a time: the payload of a UDP datagram on Ethernet, and whole blocks of both ciphers. */
    static final int CHUNK_LENGTH = 1472;

    /** Octets of the key stream's memory: what comes before the first chunk's, and whole batches of blocks. */
    static final int KEY_STREAM_LENGTH = 2048;

    /** Octets behind the stage's blocks, and behind the key stream's chunk, that may be overwritten. */
    static final int SLACK = 64;

    private static final int STAGE_LENGTH = 2048;

    private final byte[] stage = new byte[FRONT + STAGE_LENGTH + SLACK];
    private final byte[] keyStream = new byte[KEY_STREAM_LENGTH];
    private final byte[] tag = new byte[TAG_LENGTH];
    private final UnsafeBuffer tagView = new UnsafeBuffer(tag);
    private final int tagLength;
    private int staged;

    Aead(final int tagLength)
    {
        if (tagLength != TAG_LENGTH && tagLength != SHORT_TAG_LENGTH)
        {
            throw new IllegalArgumentException("tagLength=" + tagLength + ": it is 12 or 16");
        }
        this.tagLength = tagLength;
    }

    /**
     * {@return how many octets a key has}
     */
    public abstract int keyLength();

    /**
     * {@return how many octets a key's schedule has}
     */
    public abstract int scheduleLength();

    /**
     * Expands a key.
     *
     * @param key            holds the key of {@link #keyLength} octets
     * @param keyOffset      where it begins
     * @param schedule       where {@link #scheduleLength} octets go, as secret as the key
     * @param scheduleOffset where they begin
     */
    public abstract void expandKey(
        DirectBuffer key, int keyOffset, MutableDirectBuffer schedule, int scheduleOffset);

    /**
     * {@return how many octets a tag has: {@link #TAG_LENGTH} or {@link #SHORT_TAG_LENGTH}}
     */
    public final int tagLength()
    {
        return tagLength;
    }

    /**
     * Encrypts and authenticates.
     *
     * @param schedule       holds the key's schedule
     * @param scheduleOffset where it begins
     * @param nonceHead      octets 0 to 3 of the nonce, little-endian; a nonce must never come again with its key
     * @param nonceTail      octets 4 to 11
     * @param aad            holds the associated data
     * @param aadOffset      where it begins
     * @param aadLength      of it, at least 0
     * @param in             holds the plaintext
     * @param inOffset       where it begins
     * @param inLength       of it, at least 0
     * @param out            where the ciphertext goes, and the tag behind it: {@code inLength + tagLength()} octets
     * @param outOffset      where they begin
     */
    public final void seal(
        final DirectBuffer schedule, final int scheduleOffset, final int nonceHead, final long nonceTail,
        final DirectBuffer aad, final int aadOffset, final int aadLength,
        final DirectBuffer in, final int inOffset, final int inLength,
        final MutableDirectBuffer out, final int outOffset)
    {
        assert aadLength >= 0 && inLength >= 0 : aadLength + ", " + inLength;
        load(schedule, scheduleOffset, nonceHead, nonceTail);
        int from = keyStream(0, Math.min(inLength, CHUNK_LENGTH), keyStream);
        staged = 0;
        absorb(aad, aadOffset, aadLength);
        for (int done = 0; done < inLength; done += CHUNK_LENGTH)
        {
            final int length = Math.min(inLength - done, CHUNK_LENGTH);
            if (done > 0)
            {
                from = keyStream(done, length, keyStream);
            }
            if (length > STAGE_LENGTH - staged)
            {
                authenticateStaged();
            }
            final int at = FRONT + staged;
            in.getBytes(inOffset + done, stage, at, length);
            exclusiveOr(stage, at, keyStream, from, length);
            out.putBytes(outOffset + done, stage, at, length);
            staged += length;
            padStaged();
        }
        finish(aadLength, inLength);
        out.putBytes(outOffset + inLength, tag, 0, tagLength);
    }

    /**
     * Checks the tag and decrypts.
     *
     * @param schedule       holds the key's schedule
     * @param scheduleOffset where it begins
     * @param nonceHead      octets 0 to 3 of the nonce, little-endian
     * @param nonceTail      octets 4 to 11
     * @param aad            holds the associated data
     * @param aadOffset      where it begins
     * @param aadLength      of it, at least 0
     * @param in             holds the ciphertext with the tag behind it
     * @param inOffset       where it begins
     * @param inLength       of both
     * @param out            where the plaintext goes: {@code inLength - tagLength()} octets
     * @param outOffset      where it begins
     * @return false, with nothing written, where the tag is wrong or {@code inLength} leaves no room for one
     */
    public final boolean open(
        final DirectBuffer schedule, final int scheduleOffset, final int nonceHead, final long nonceTail,
        final DirectBuffer aad, final int aadOffset, final int aadLength,
        final DirectBuffer in, final int inOffset, final int inLength,
        final MutableDirectBuffer out, final int outOffset)
    {
        if (inLength < tagLength || aadLength < 0)
        {
            return false;
        }
        final int textLength = inLength - tagLength;
        load(schedule, scheduleOffset, nonceHead, nonceTail);
        int from = keyStream(0, Math.min(textLength, CHUNK_LENGTH), keyStream);
        staged = 0;
        absorb(aad, aadOffset, aadLength);
        absorb(in, inOffset, textLength);
        finish(aadLength, textLength);
        if (!ConstantTime.equal(tagView, 0, in, inOffset + textLength, tagLength))
        {
            return false;
        }
        for (int done = 0; done < textLength; done += CHUNK_LENGTH)
        {
            final int length = Math.min(textLength - done, CHUNK_LENGTH);
            if (done > 0)
            {
                from = keyStream(done, length, keyStream);
            }
            in.getBytes(inOffset + done, stage, FRONT, length);
            exclusiveOr(stage, FRONT, keyStream, from, length);
            out.putBytes(outOffset + done, stage, FRONT, length);
        }
        return true;
    }

    /** Wipes keys, key streams, texts and tags of the calls so far. An agent does it at the end of its duty cycle. */
    public final void clear()
    {
        Arrays.fill(stage, (byte)0);
        Arrays.fill(keyStream, (byte)0);
        Arrays.fill(tag, (byte)0);
        wipe();
    }

    /** Takes a key's schedule and a nonce for the calls that follow. */
    abstract void load(DirectBuffer schedule, int scheduleOffset, int nonceHead, long nonceTail);

    /**
     * Makes key stream for {@code length} octets of text from octet {@code done} on, a multiple of
     * {@link #CHUNK_LENGTH}; from 0 on first of all, when the authenticator begins as well.
     *
     * @return where in {@code keyStream} it begins
     */
    abstract int keyStream(int done, int length, byte[] keyStream);

    /** Adds key stream to text; it may read and write what follows both, less than {@link #SLACK} octets. */
    abstract void exclusiveOr(byte[] text, int textAt, byte[] keyStream, int keyStreamAt, int length);

    /** Takes blocks from {@link #FRONT} on into the authenticator. It may overwrite the stage. */
    abstract void authenticate(byte[] stage, int blocks);

    /** Writes the block with both lengths. */
    abstract void lengthBlock(int aadLength, int textLength, byte[] stage, int at);

    /** Writes the whole tag. */
    abstract void tag(byte[] tag);

    /** Wipes keys and the authenticator's state. */
    abstract void wipe();

    private void absorb(final DirectBuffer in, final int offset, final int length)
    {
        for (int done = 0; done < length; )
        {
            if (staged == STAGE_LENGTH)
            {
                authenticateStaged();
            }
            final int piece = Math.min(length - done, STAGE_LENGTH - staged);
            in.getBytes(offset + done, stage, FRONT + staged, piece);
            staged += piece;
            done += piece;
        }
        padStaged();
    }

    private void padStaged()
    {
        final int end = staged + BLOCK_LENGTH - 1 & -BLOCK_LENGTH;
        Arrays.fill(stage, FRONT + staged, FRONT + end, (byte)0);
        staged = end;
    }

    private void finish(final int aadLength, final int textLength)
    {
        if (staged == STAGE_LENGTH)
        {
            authenticateStaged();
        }
        lengthBlock(aadLength, textLength, stage, FRONT + staged);
        staged += BLOCK_LENGTH;
        authenticateStaged();
        tag(tag);
    }

    private void authenticateStaged()
    {
        authenticate(stage, staged / BLOCK_LENGTH);
        staged = 0;
    }
}
