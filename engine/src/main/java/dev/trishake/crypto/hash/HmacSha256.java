// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * HMAC with SHA-256 (RFC 2104, FIPS 180-4) over the JDK's {@link MessageDigest}, which uses the processor's
 * instructions for it: {@code init} with a key, {@code update} with any number of pieces, {@code finish}; again from
 * {@code init}, or from {@code update} on with the same key.
 *
 * <p>The JDK's digest can't be copied without an object for the copy, so the key's block is hashed for each message
 * again: 2 of its blocks more than needed. Time depends on lengths only.
 */
public final class HmacSha256
{
    /** Octets of a result. */
    public static final int LENGTH = 32;

    private static final int BLOCK_LENGTH = 64;
    private static final int COPY_LENGTH = 1024;
    private static final int INNER_PAD = 0x36;
    private static final int OUTER_PAD = 0x5c;

    private final MessageDigest sha256;
    private final byte[] innerKey = new byte[BLOCK_LENGTH];
    private final byte[] outerKey = new byte[BLOCK_LENGTH];
    private final byte[] hash = new byte[LENGTH];
    private final byte[] copy = new byte[COPY_LENGTH];
    private boolean begun;

    /** Allocates the scratch; the key is empty. */
    public HmacSha256()
    {
        try
        {
            sha256 = MessageDigest.getInstance("SHA-256");
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException("every JDK has SHA-256", ex);
        }
        wipe();
    }

    /**
     * Takes a key and begins a message.
     *
     * @param key    holds the key
     * @param offset where it begins
     * @param length of the key, at least 0
     */
    public void init(final DirectBuffer key, final int offset, final int length)
    {
        abandon();
        Arrays.fill(innerKey, (byte)0);
        if (length > BLOCK_LENGTH)
        {
            digest(key, offset, length);
            finish(hash);
            System.arraycopy(hash, 0, innerKey, 0, LENGTH);
        }
        else
        {
            key.getBytes(offset, innerKey, 0, length);
        }
        for (int i = 0; i < BLOCK_LENGTH; i++)
        {
            outerKey[i] = (byte)(innerKey[i] ^ OUTER_PAD);
            innerKey[i] ^= INNER_PAD;
        }
    }

    /**
     * Takes a piece of the message in.
     *
     * @param buffer holds the piece
     * @param offset where it begins
     * @param length of the piece, at least 0
     */
    public void update(final DirectBuffer buffer, final int offset, final int length)
    {
        begin();
        digest(buffer, offset, length);
    }

    /**
     * Takes one octet of the message in.
     *
     * @param octet its low 8 bits count
     */
    public void update(final int octet)
    {
        begin();
        sha256.update((byte)octet);
    }

    /**
     * Ends the message and writes the result.
     *
     * @param out    where {@link #LENGTH} octets are written
     * @param offset where they begin
     */
    public void finish(final MutableDirectBuffer out, final int offset)
    {
        begin();
        finish(hash);
        sha256.update(outerKey, 0, BLOCK_LENGTH);
        sha256.update(hash, 0, LENGTH);
        finish(hash);
        out.putBytes(offset, hash, 0, LENGTH);
        begun = false;
    }

    /** Wipes the key and what is left of messages; the key is empty again. */
    public void wipe()
    {
        abandon();
        Arrays.fill(copy, (byte)0);
        Arrays.fill(hash, (byte)0);
        Arrays.fill(innerKey, (byte)INNER_PAD);
        Arrays.fill(outerKey, (byte)OUTER_PAD);
    }

    private void begin()
    {
        if (!begun)
        {
            sha256.update(innerKey, 0, BLOCK_LENGTH);
            begun = true;
        }
    }

    /** The JDK's reset overwrites the digest's block and chaining value. */
    private void abandon()
    {
        sha256.reset();
        begun = false;
    }

    /** The JDK's digest reads arrays; what lies elsewhere is copied in pieces. */
    private void digest(final DirectBuffer buffer, final int offset, final int length)
    {
        final byte[] array = buffer.byteArray();
        if (array != null)
        {
            buffer.boundsCheck(offset, length);
            sha256.update(array, buffer.wrapAdjustment() + offset, length);
            return;
        }
        for (int done = 0; done < length; done += COPY_LENGTH)
        {
            final int piece = Math.min(COPY_LENGTH, length - done);
            buffer.getBytes(offset + done, copy, 0, piece);
            sha256.update(copy, 0, piece);
        }
    }

    private void finish(final byte[] out)
    {
        try
        {
            sha256.digest(out, 0, LENGTH);
        }
        catch (final DigestException ex)
        {
            assert false : "the array is long enough, and " + ex;
        }
    }
}
