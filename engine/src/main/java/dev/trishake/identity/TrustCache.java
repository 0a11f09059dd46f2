// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.identity;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Verdicts that one agent remembers, by a fingerprint (a hash with 32 bytes of what was shown: SM3 of TLCP's
 * Certificate message, SHA-256 of gQUIC's CRT) and the name that was asked for: a peer that is known costs neither
 * validation nor allocation.
 *
 * <pre>
 *  0               32        64           72            80
 * +---------------+---------+------------+-------------+      and beside it
 * | fingerprint   | name    | valid from | valid until |      the verdict
 * +---------------+---------+------------+-------------+
 * </pre>
 *
 * <p>Times are seconds since 1970. Trusted and refused verdicts live in halves of their own, so that nobody without a
 * trusted certificate can push out who has one. Within a half a fingerprint has four places; where all are taken the
 * one that would expire first is given up. Memory is taken once.
 *
 * @param <V> what is remembered
 */
public final class TrustCache<V extends Verdict>
{
    /** What {@link #find} says of certificates that are not known. */
    public static final int UNKNOWN = -1;

    /** Length of a fingerprint. */
    public static final int FINGERPRINT_LENGTH = 32;

    private static final int NAME_OFFSET = FINGERPRINT_LENGTH;
    private static final int FROM_OFFSET = NAME_OFFSET + PeerName.DIGEST_LENGTH;
    private static final int UNTIL_OFFSET = FROM_OFFSET + Long.BYTES;
    private static final int STRIDE = 128;
    private static final int WAYS = 4;

    private final UnsafeBuffer memory;
    private final Verdict[] verdicts;
    private final int sets;
    private final long trustedSeconds;
    private final long refusedSeconds;

    /**
     * Takes the memory: 256 bytes for each entry, and what verdicts have.
     *
     * @param entries        of each half, 4 or more, a power of 2
     * @param trustedSeconds how long a trusted verdict is remembered, at most as long as the certificates are valid
     * @param refusedSeconds how long a refusal is remembered
     */
    public TrustCache(final int entries, final long trustedSeconds, final long refusedSeconds)
    {
        if (entries < WAYS || Integer.bitCount(entries) != 1 || entries > Integer.MAX_VALUE / (2 * STRIDE))
        {
            throw new IllegalArgumentException("entries must be a power of 2 of 4 or more: " + entries);
        }
        this.sets = entries / WAYS;
        this.trustedSeconds = trustedSeconds;
        this.refusedSeconds = refusedSeconds;
        this.memory = new UnsafeBuffer(ByteBuffer.allocateDirect(2 * entries * STRIDE));
        this.verdicts = new Verdict[2 * entries];
    }

    /**
     * Looks for a verdict.
     *
     * @param fingerprint where it is, {@link #FINGERPRINT_LENGTH} bytes
     * @param offset      where it begins
     * @param name        that was asked for
     * @param nowSeconds  the time, seconds since 1970
     * @return an entry for {@link #verdict}, until the next {@link #put}; or {@link #UNKNOWN}
     */
    public int find(final DirectBuffer fingerprint, final int offset, final PeerName name, final long nowSeconds)
    {
        final byte[] digest = name.digest();
        final int trusted = find(first(fingerprint, offset, true), fingerprint, offset, digest, nowSeconds);
        return trusted != UNKNOWN ?
            trusted : find(first(fingerprint, offset, false), fingerprint, offset, digest, nowSeconds);
    }

    private int find(
        final int first,
        final DirectBuffer fingerprint,
        final int offset,
        final byte[] digest,
        final long nowSeconds)
    {
        for (int i = 0; i < WAYS; i++)
        {
            final int entry = first + i * STRIDE;
            if (memory.getLong(entry + FROM_OFFSET) <= nowSeconds &&
                memory.getLong(entry + UNTIL_OFFSET) > nowSeconds &&
                isSame(entry, fingerprint, offset, digest))
            {
                return entry;
            }
        }
        return UNKNOWN;
    }

    /**
     * Remembers a verdict, and forgets an earlier one.
     *
     * @param fingerprint where it is, {@link #FINGERPRINT_LENGTH} bytes
     * @param offset      where it begins
     * @param name        that was asked for
     * @param verdict     what was said
     * @param nowSeconds  the time, seconds since 1970
     */
    public void put(
        final DirectBuffer fingerprint,
        final int offset,
        final PeerName name,
        final V verdict,
        final long nowSeconds)
    {
        final int other = first(fingerprint, offset, !verdict.isTrusted());
        for (int i = 0; i < WAYS; i++)
        {
            if (isSame(other + i * STRIDE, fingerprint, offset, name.digest()))
            {
                memory.setMemory(other + i * STRIDE, STRIDE, (byte)0);
                verdicts[other / STRIDE + i] = null;
            }
        }
        final int entry = place(first(fingerprint, offset, verdict.isTrusted()), fingerprint, offset, name.digest());
        memory.putBytes(entry, fingerprint, offset, FINGERPRINT_LENGTH);
        memory.putBytes(entry + NAME_OFFSET, name.digest());
        verdicts[entry / STRIDE] = verdict;
        final long from = verdict.isTrusted() ? verdict.validFrom().getEpochSecond() : nowSeconds;
        final long until = verdict.isTrusted() ?
            Math.min(verdict.validUntil().getEpochSecond(), nowSeconds + trustedSeconds) : nowSeconds + refusedSeconds;
        memory.putLong(entry + FROM_OFFSET, from);
        memory.putLong(entry + UNTIL_OFFSET, until);
    }

    /**
     * {@return what was said}
     *
     * @param entry from {@link #find}
     */
    @SuppressWarnings("unchecked") // put takes nothing else
    public V verdict(final int entry)
    {
        return (V)verdicts[entry / STRIDE];
    }

    /** Forgets all, as after a change of anchors. */
    public void clear()
    {
        memory.setMemory(0, memory.capacity(), (byte)0);
        Arrays.fill(verdicts, null);
    }

    /** {@return where the four places of a fingerprint begin in a half} */
    private int first(final DirectBuffer fingerprint, final int offset, final boolean trusted)
    {
        // a fingerprint is a hash: its first bits are as good as any
        final int set = fingerprint.getInt(offset) & (sets - 1);
        return (set + (trusted ? 0 : sets)) * WAYS * STRIDE;
    }

    /** {@return the place that is this one's already, or the one that expires first, as an empty one did in 1970} */
    private int place(final int first, final DirectBuffer fingerprint, final int offset, final byte[] digest)
    {
        int oldest = first;
        for (int i = 0; i < WAYS; i++)
        {
            final int entry = first + i * STRIDE;
            if (isSame(entry, fingerprint, offset, digest))
            {
                return entry;
            }
            if (memory.getLong(entry + UNTIL_OFFSET) < memory.getLong(oldest + UNTIL_OFFSET))
            {
                oldest = entry;
            }
        }
        return oldest;
    }

    private boolean isSame(final int entry, final DirectBuffer fingerprint, final int offset, final byte[] digest)
    {
        for (int i = 0; i < FINGERPRINT_LENGTH; i += Long.BYTES)
        {
            if (memory.getLong(entry + i) != fingerprint.getLong(offset + i))
            {
                return false;
            }
        }
        for (int i = 0; i < PeerName.DIGEST_LENGTH; i++)
        {
            if (memory.getByte(entry + NAME_OFFSET + i) != digest[i])
            {
                return false;
            }
        }
        return true;
    }
}
