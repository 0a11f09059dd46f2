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
 * SHA-256 (FIPS 180-4) over the JDK's {@link MessageDigest}, which uses the processor's instructions for it:
 * {@code update} with any number of pieces, {@code finish}, and again. Time depends on lengths only.
 */
public final class Sha256
{
    /** Octets of a digest. */
    public static final int LENGTH = 32;

    private static final int COPY_LENGTH = 1024;

    private final MessageDigest digest;
    private final byte[] hash = new byte[LENGTH];
    private final byte[] copy = new byte[COPY_LENGTH];

    /** Allocates the scratch. */
    public Sha256()
    {
        try
        {
            digest = MessageDigest.getInstance("SHA-256");
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException("every JDK has SHA-256", ex);
        }
    }

    /**
     * Takes a piece of the message in. The JDK's digest reads arrays: what lies elsewhere is copied in pieces.
     *
     * @param buffer holds the piece
     * @param offset where it begins
     * @param length of the piece, at least 0
     */
    public void update(final DirectBuffer buffer, final int offset, final int length)
    {
        final byte[] array = buffer.byteArray();
        if (array != null)
        {
            buffer.boundsCheck(offset, length);
            digest.update(array, buffer.wrapAdjustment() + offset, length);
            return;
        }
        for (int done = 0; done < length; done += COPY_LENGTH)
        {
            final int piece = Math.min(COPY_LENGTH, length - done);
            buffer.getBytes(offset + done, copy, 0, piece);
            digest.update(copy, 0, piece);
        }
    }

    /**
     * Takes one octet of the message in.
     *
     * @param octet its low 8 bits count
     */
    public void update(final int octet)
    {
        digest.update((byte)octet);
    }

    /**
     * Ends the message, writes its digest, and begins anew.
     *
     * @param out    where {@link #LENGTH} octets are written
     * @param offset where they begin
     */
    public void finish(final MutableDirectBuffer out, final int offset)
    {
        finish(hash);
        out.putBytes(offset, hash, 0, LENGTH);
    }

    /** Forgets the message and what is left of others. The JDK's reset overwrites its block and chaining value. */
    public void wipe()
    {
        reset();
        Arrays.fill(copy, (byte)0);
        Arrays.fill(hash, (byte)0);
    }

    void update(final byte[] array)
    {
        digest.update(array, 0, array.length);
    }

    void finish(final byte[] out)
    {
        try
        {
            digest.digest(out, 0, LENGTH);
        }
        catch (final DigestException ex)
        {
            assert false : "the array is long enough, and " + ex;
        }
    }

    void reset()
    {
        digest.reset();
    }
}
