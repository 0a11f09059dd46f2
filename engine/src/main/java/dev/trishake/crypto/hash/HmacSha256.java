// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.util.Arrays;

/**
 * HMAC with SHA-256 (RFC 2104): {@code init} with a key, {@code update} with any number of pieces, {@code finish};
 * again from {@code init}, or from {@code update} on with the same key.
 *
 * <p>The JDK's digest can't be copied without an object for the copy, so the key's block is hashed for each message
 * again: 2 of its blocks more than needed. Time depends on lengths only.
 */
public final class HmacSha256
{
    /** Octets of a result. */
    public static final int LENGTH = Sha256.LENGTH;

    private static final int BLOCK_LENGTH = 64;
    private static final int INNER_PAD = 0x36;
    private static final int OUTER_PAD = 0x5c;

    private final Sha256 sha256 = new Sha256();
    private final byte[] innerKey = new byte[BLOCK_LENGTH];
    private final byte[] outerKey = new byte[BLOCK_LENGTH];
    private final byte[] hash = new byte[LENGTH];
    private boolean begun;

    /** Allocates the scratch; the key is empty. */
    public HmacSha256()
    {
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
            sha256.update(key, offset, length);
            sha256.finish(hash);
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
        sha256.update(buffer, offset, length);
    }

    /**
     * Takes one octet of the message in.
     *
     * @param octet its low 8 bits count
     */
    public void update(final int octet)
    {
        begin();
        sha256.update(octet);
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
        sha256.finish(hash);
        sha256.update(outerKey);
        sha256.update(hash);
        sha256.finish(hash);
        out.putBytes(offset, hash, 0, LENGTH);
        begun = false;
    }

    /** Wipes the key and what is left of messages; the key is empty again. */
    public void wipe()
    {
        sha256.wipe();
        begun = false;
        Arrays.fill(hash, (byte)0);
        Arrays.fill(innerKey, (byte)INNER_PAD);
        Arrays.fill(outerKey, (byte)OUTER_PAD);
    }

    private void begin()
    {
        if (!begun)
        {
            sha256.update(innerKey);
            begun = true;
        }
    }

    private void abandon()
    {
        sha256.reset();
        begun = false;
    }
}
