// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.hash.SipHash;
import dev.trishake.wire.gquic.RejectReason;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * Nonces that clients have used, gQUIC 8: whoever sends a full CHLO again gets no second connection, nor his early data
 * delivered twice. Bounded: what it must forget it remembers as a time, and no nonce from then or before is taken any
 * more; such a client gets a server nonce and comes again.
 *
 * <pre>
 *  a set    0      8         16        40                    208
 *         +------+---------+---------+--- ...  ---+---------+    sets are chosen by a keyed hash of the nonce,
 *         | seq  | horizon | entry 0 |            | entry 7 |    the same one in each shard
 *         +------+---------+---------+--- ...  ---+---------+
 *                             entry: seconds 4 | random 20
 * </pre>
 *
 * <p>Each agent writes a shard of its own and reads them all: it writes first and looks then, so of two that are shown
 * the same nonce at once at least one sees the other. A set that is being written has an odd sequence number; who
 * finds none even in a few attempts takes the nonce for used.
 */
public final class StrikeRegister
{
    private static final int WAYS = 8;
    private static final int ENTRY_LENGTH = 24;
    private static final int HORIZON = 8;
    private static final int ENTRIES = 16;
    private static final int SET_LENGTH = ENTRIES + WAYS * ENTRY_LENGTH;
    private static final int ATTEMPTS = 16;

    private final UnsafeBuffer[] shards;
    private final int setMask;
    private final long windowSeconds;
    private final long key0;
    private final long key1;

    /**
     * Allocates all memory that it will ever use: 208 octets for each eight nonces.
     *
     * @param shards        how many agents write
     * @param nonces        how many each shard remembers, a power of 2, at least 8
     * @param windowSeconds how far a nonce's time may be from now
     * @param startSeconds  of 1970; nonces from before were perhaps seen by an earlier process, and are not taken;
     *                      {@link Long#MIN_VALUE} where the server configs are new
     * @param key0          first half of a random key
     * @param key1          second half
     */
    public StrikeRegister(
        final int shards, final int nonces, final long windowSeconds, final long startSeconds, final long key0,
        final long key1)
    {
        if (nonces < WAYS || Integer.bitCount(nonces) != 1 || shards < 1 || windowSeconds < 1)
        {
            throw new IllegalArgumentException(
                "shards=" + shards + ", nonces=" + nonces + ", windowSeconds=" + windowSeconds);
        }
        final int sets = nonces / WAYS;
        this.shards = new UnsafeBuffer[shards];
        this.windowSeconds = windowSeconds;
        this.key0 = key0;
        this.key1 = key1;
        setMask = sets - 1;
        for (int i = 0; i < shards; i++)
        {
            this.shards[i] = new UnsafeBuffer(ByteBuffer.allocateDirect(Math.multiplyExact(sets, SET_LENGTH)));
            for (int set = 0; set < sets; set++)
            {
                // a client's clock may have been ahead by the window
                this.shards[i].putLong(set * SET_LENGTH + HORIZON,
                    startSeconds == Long.MIN_VALUE ? startSeconds : startSeconds + windowSeconds);
            }
        }
    }

    /**
     * Takes a nonce that was not used yet.
     *
     * @param shard      the agent's own
     * @param nonce      holds {@link ClientNonce#LENGTH} octets
     * @param offset     where they begin
     * @param nowSeconds of 1970
     * @return 0, or why it is refused: {@link RejectReason#CLIENT_NONCE_NOT_UNIQUE}, {@link
     * RejectReason#CLIENT_NONCE_INVALID_TIME}
     */
    public int take(final int shard, final DirectBuffer nonce, final int offset, final long nowSeconds)
    {
        final long age = ClientNonce.age(nonce, offset, nowSeconds);
        if (Math.abs(age) > windowSeconds)
        {
            return RejectReason.CLIENT_NONCE_INVALID_TIME;
        }
        final int random = offset + ClientNonce.RANDOM_OFFSET;
        final long word0 = (nowSeconds - age) << Integer.SIZE | (nonce.getInt(random, LITTLE_ENDIAN) & 0xffff_ffffL);
        final long word1 = nonce.getLong(random + 4, LITTLE_ENDIAN);
        final long word2 = nonce.getLong(random + 12, LITTLE_ENDIAN);
        final int set = ((int)SipHash.hash24(key0, key1, word1, word2) & setMask) * SET_LENGTH;

        final UnsafeBuffer own = shards[shard];
        if (contains(own, set, word0, word1, word2))
        {
            return RejectReason.CLIENT_NONCE_NOT_UNIQUE;
        }
        if (!insert(own, set, nowSeconds - age, nowSeconds, word0, word1, word2))
        {
            return RejectReason.CLIENT_NONCE_INVALID_TIME;
        }
        for (int i = 0; i < shards.length; i++)
        {
            if (i != shard && seen(shards[i], set, nowSeconds - age, word0, word1, word2))
            {
                return RejectReason.CLIENT_NONCE_NOT_UNIQUE;
            }
        }
        return 0;
    }

    private boolean insert(
        final UnsafeBuffer own, final int set, final long seconds, final long nowSeconds, final long word0,
        final long word1, final long word2)
    {
        if (seconds <= own.getLong(set + HORIZON))
        {
            return false;
        }
        int oldest = set + ENTRIES;
        for (int entry = oldest; entry < set + SET_LENGTH; entry += ENTRY_LENGTH)
        {
            if (secondsOf(own, entry) < secondsOf(own, oldest))
            {
                oldest = entry;
            }
        }
        final long forgotten = secondsOf(own, oldest);
        final boolean isMissed = forgotten >= nowSeconds - windowSeconds;
        if (isMissed && seconds <= forgotten)
        {
            return false;
        }
        final long sequence = own.getLong(set);
        own.putLongVolatile(set, sequence + 1);
        if (isMissed)
        {
            own.putLongOrdered(set + HORIZON, forgotten);
        }
        own.putLongOrdered(oldest, word0);
        own.putLongOrdered(oldest + 8, word1);
        own.putLongOrdered(oldest + 16, word2);
        own.putLongVolatile(set, sequence + 2);
        return true;
    }

    /** The upper half of an entry's first word: seconds since 1970, as an unsigned number. */
    private static long secondsOf(final UnsafeBuffer shard, final int entry)
    {
        return shard.getLong(entry) >>> Integer.SIZE;
    }

    private static boolean contains(
        final UnsafeBuffer shard, final int set, final long word0, final long word1, final long word2)
    {
        for (int entry = set + ENTRIES; entry < set + SET_LENGTH; entry += ENTRY_LENGTH)
        {
            if (shard.getLongVolatile(entry) == word0 && shard.getLongVolatile(entry + 8) == word1 &&
                shard.getLongVolatile(entry + 16) == word2)
            {
                return true;
            }
        }
        return false;
    }

    /** {@return whether another agent's shard has the nonce, may have had it, or can't be read} */
    private static boolean seen(
        final UnsafeBuffer shard, final int set, final long seconds, final long word0, final long word1,
        final long word2)
    {
        for (int i = 0; i < ATTEMPTS; i++)
        {
            final long sequence = shard.getLongVolatile(set);
            if ((sequence & 1) == 0)
            {
                final boolean found = seconds <= shard.getLongVolatile(set + HORIZON) ||
                    contains(shard, set, word0, word1, word2);
                if (shard.getLongVolatile(set) == sequence)
                {
                    return found;
                }
            }
        }
        return true;
    }
}
