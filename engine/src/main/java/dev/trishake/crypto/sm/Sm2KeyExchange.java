// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.curve.Curve;
import dev.trishake.crypto.curve.Modulus;
import dev.trishake.crypto.curve.PointMultiplier;
import dev.trishake.crypto.curve.Words;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

import static dev.trishake.crypto.curve.Field.LIMBS;

/**
 * The key exchange of SM2, GB/T 32918.3 6, of up to eight sessions side by side, as initiator or responder each.
 *
 * <pre>
 *   x' = 2^127 + (x mod 2^127)      of the x of an ephemeral key
 *   t  = (d + x' r) mod n           d and r are one's own private keys, x' is of one's own R
 *   U  = t (P + x' R)               P and R are the peer's, x' is of R
 *   K  = KDF(xU || yU || ZA || ZB, length)
 *
 *   inner = SM3(xU || ZA || ZB || x1 || y1 || x2 || y2)     RA = (x1, y1), RB = (x2, y2)
 *   SB = SM3(02 || yU || inner)      SA = SM3(03 || yU || inner)      the optional confirmation
 * </pre>
 *
 * <p>In TLCP the server is the initiator A, the client the responder B, and K has 48 octets. Any octets may be added:
 * peer's keys that are no points of the curve, private keys outside of 1 .. n - 1 and a U at infinity make a lane fail
 * and no other, and its key is all 0. Constant time in all private keys. {@link #run()} leaves keys and confirmations
 * behind, {@link #clear()} wipes them.
 */
public final class Sm2KeyExchange
{
    /** Sessions side by side. */
    public static final int LANES = Sm2.LANES;

    /** Octets of a confirmation. */
    public static final int CONFIRMATION_LENGTH = Sm3.DIGEST_LENGTH;

    private static final int NUMBER = Sm2.NUMBER_LENGTH;
    private static final int POINT = Sm2.POINT_LENGTH;
    private static final int IDENTITIES = 2 * Sm2Identity.LENGTH;
    private static final int EPHEMERALS = 2 * POINT;

    // what a lane's octets are: U, ZA, ZB, RA, RB; KDF and inner hash take ranges of it
    private static final int Z_OFFSET = POINT;
    private static final int R_OFFSET = Z_OFFSET + IDENTITIES;
    private static final int STRIDE = R_OFFSET + EPHEMERALS;

    private static final DirectBuffer TAGS = new UnsafeBuffer(new byte[] {2, 3});

    private final PointMultiplier multiplier;
    private final KdfSm3Batch kdf;
    private final Sm3Batch inner;
    private final Sm3Batch outer;
    private final Modulus n = Curve.SM2.order();
    private final int length;
    private final UnsafeBuffer sessions = new UnsafeBuffer(new byte[LANES * STRIDE]);
    private final UnsafeBuffer keys;
    private final UnsafeBuffer confirmations = new UnsafeBuffer(new byte[LANES * 2 * CONFIRMATION_LENGTH]);
    private final UnsafeBuffer digests = new UnsafeBuffer(new byte[LANES * CONFIRMATION_LENGTH]);
    private final long[] masks = new long[LANES];
    private final long[] words = new long[2 * Words.LENGTH];
    private final long[] x = new long[LIMBS];
    private final long[] r = new long[LIMBS];
    private int count;

    /**
     * Allocates all the memory that the operation will ever use.
     *
     * @param kernels vectors or scalar code
     * @param length  octets of a key, at least 1
     */
    public Sm2KeyExchange(final Kernels kernels, final int length)
    {
        this.length = length;
        multiplier = kernels.create(Sm2.KERNEL);
        kdf = new KdfSm3Batch(kernels, LANES, length);
        inner = new Sm3Batch(kernels, LANES);
        outer = new Sm3Batch(kernels, 2 * LANES);
        keys = new UnsafeBuffer(new byte[LANES * length]);
    }

    /**
     * Adds a session; everything is copied.
     *
     * @param initiator       whether one's own side is A
     * @param key             one's own private key d
     * @param ephemeral       holds one's own ephemeral private key r, {@link Sm2#NUMBER_LENGTH} octets
     * @param ephemeralOffset where it begins
     * @param own             holds one's own ephemeral public key, {@link Sm2#POINT_LENGTH} octets
     * @param ownOffset       where it begins
     * @param peer            holds the peer's public key P, {@link Sm2#POINT_LENGTH} octets
     * @param peerOffset      where it begins
     * @param peers           holds the peer's ephemeral public key R, {@link Sm2#POINT_LENGTH} octets
     * @param peersOffset     where it begins
     * @param identities      holds ZA, then ZB, 64 octets
     * @param identityOffset  where they begin
     * @return the lane by which the key is asked for
     */
    public int add(
        final boolean initiator, final Sm2PrivateKey key,
        final DirectBuffer ephemeral, final int ephemeralOffset, final DirectBuffer own, final int ownOffset,
        final DirectBuffer peer, final int peerOffset, final DirectBuffer peers, final int peersOffset,
        final DirectBuffer identities, final int identityOffset)
    {
        assert count < LANES : "full";

        final int lane = count++;
        final int session = lane * STRIDE;
        sessions.putBytes(session + Z_OFFSET, identities, identityOffset, IDENTITIES);
        sessions.putBytes(session + R_OFFSET + (initiator ? 0 : POINT), own, ownOffset, POINT);
        sessions.putBytes(session + R_OFFSET + (initiator ? POINT : 0), peers, peersOffset, POINT);

        // t
        masks[lane] = combine(key, ephemeral, ephemeralOffset, own, ownOffset);
        multiplier.scalar(lane, words, 0);

        // x' of the peer's ephemeral key
        Words.get(words, 0, peer, peerOffset);
        Words.get(words, Words.LENGTH, peer, peerOffset + NUMBER);
        multiplier.point(lane, words, 0);
        Words.get(words, 0, peers, peersOffset);
        Words.get(words, Words.LENGTH, peers, peersOffset + NUMBER);
        multiplier.other(lane, words, 0);
        truncate(words);
        multiplier.factor(lane, words, 0);
        return lane;
    }

    /** Agrees on keys with all that were added. */
    public void run()
    {
        agree();
        derive();
        wipe();
    }

    /** Agrees on keys as {@link #run()} does, and computes the confirmations as well. */
    public void runConfirmed()
    {
        agree();
        confirm();
        derive();
        wipe();
    }

    /**
     * {@return the mask of whether a lane has a key: all ones or 0}
     *
     * @param lane as {@link #add} gave it
     */
    public long mask(final int lane)
    {
        return masks[lane];
    }

    /**
     * {@return whether a lane has a key}
     *
     * @param lane as {@link #add} gave it
     */
    public boolean succeeded(final int lane)
    {
        return masks[lane] != 0;
    }

    /**
     * Hands a key out; it is all 0 where the lane has failed.
     *
     * @param lane   as {@link #add} gave it
     * @param buffer where it goes
     * @param offset where it begins
     */
    public void result(final int lane, final MutableDirectBuffer buffer, final int offset)
    {
        buffer.putBytes(offset, keys, lane * length, length);
    }

    /**
     * Hands a confirmation out, after {@link #runConfirmed()}: what one side sends and the other compares in constant
     * time.
     *
     * @param lane        as {@link #add} gave it
     * @param ofInitiator true for SA, which A sends; false for SB
     * @param buffer      where {@link #CONFIRMATION_LENGTH} octets go
     * @param offset      where they begin
     */
    public void confirmation(
        final int lane, final boolean ofInitiator, final MutableDirectBuffer buffer, final int offset)
    {
        final int i = 2 * lane + (ofInitiator ? 1 : 0);
        buffer.putBytes(offset, confirmations, i * CONFIRMATION_LENGTH, CONFIRMATION_LENGTH);
    }

    /** Wipes keys and confirmations and begins anew. */
    public void clear()
    {
        multiplier.clear();
        wipe();
        ConstantTime.wipe(keys, 0, keys.capacity());
        ConstantTime.wipe(confirmations, 0, confirmations.capacity());
        Arrays.fill(masks, 0);
        count = 0;
    }

    /** Computes each U and asks for each key. */
    private void agree()
    {
        if (count == 0)
        {
            return;
        }
        multiplier.multiplySum(count);
        for (int lane = 0; lane < count; lane++)
        {
            final int session = lane * STRIDE;
            masks[lane] &= multiplier.valid(lane);
            multiplier.result(lane, words, 0);
            Words.put(sessions, session, words, 0);
            Words.put(sessions, session + NUMBER, words, Words.LENGTH);
            kdf.add(length);
            kdf.append(sessions, session, POINT + IDENTITIES);
        }
        multiplier.clear();
    }

    private void derive()
    {
        kdf.run();
        for (int lane = 0; lane < count; lane++)
        {
            kdf.result(lane, keys, lane * length);
            mask(keys, lane * length, length, masks[lane]);
        }
        kdf.clear();
    }

    private void confirm()
    {
        for (int lane = 0; lane < count; lane++)
        {
            inner.add(sessions, lane * STRIDE, NUMBER);
            inner.append(sessions, lane * STRIDE + Z_OFFSET, IDENTITIES + EPHEMERALS);
        }
        inner.run();
        for (int lane = 0; lane < count; lane++)
        {
            final int digest = lane * CONFIRMATION_LENGTH;
            inner.result(lane, digests, digest);
            for (int tag = 0; tag < TAGS.capacity(); tag++)
            {
                outer.add(TAGS, tag, 1);
                outer.append(sessions, lane * STRIDE + NUMBER, NUMBER);
                outer.append(digests, digest, CONFIRMATION_LENGTH);
            }
        }
        outer.run();
        for (int i = 0; i < TAGS.capacity() * count; i++)
        {
            outer.result(i, confirmations, i * CONFIRMATION_LENGTH);
            mask(confirmations, i * CONFIRMATION_LENGTH, CONFIRMATION_LENGTH, masks[i / TAGS.capacity()]);
        }
        inner.clear();
        outer.clear();
    }

    private static void mask(final UnsafeBuffer octets, final int offset, final int length, final long mask)
    {
        for (int i = offset; i < offset + length; i++)
        {
            octets.putByte(i, (byte)(octets.getByte(i) & mask));
        }
    }

    /** Leaves t in the first four words; gives the mask of whether r is a scalar. */
    private long combine(
        final Sm2PrivateKey key, final DirectBuffer ephemeral, final int offset,
        final DirectBuffer own, final int ownOffset)
    {
        Words.get(words, 0, own, ownOffset);
        truncate(words);
        Modulus.toLimbs(x, 0, words, 0);
        n.toMontgomery(x, 0, x, 0);
        Words.get(words, 0, ephemeral, offset);
        final long isScalar = n.isScalar(words, 0);
        Modulus.toLimbs(r, 0, words, 0);
        n.reduce(r, 0, r, 0);
        n.multiply(r, 0, r, 0, x, 0);
        Words.get(words, 0, key.d(), 0);
        Modulus.toLimbs(x, 0, words, 0);
        n.add(r, 0, r, 0, x, 0);
        Modulus.toWords(words, 0, r, 0);
        Arrays.fill(r, 0);
        Arrays.fill(x, 0);
        return isScalar;
    }

    /** x to x' = 2^127 + (x mod 2^127): 127 is w of GB/T 32918.3 6 for an order of 256 bits. */
    private static void truncate(final long[] words)
    {
        words[1] |= Long.MIN_VALUE;
        words[2] = 0;
        words[3] = 0;
    }

    private void wipe()
    {
        ConstantTime.wipe(sessions, 0, sessions.capacity());
        ConstantTime.wipe(digests, 0, digests.capacity());
        Arrays.fill(words, 0);
    }
}
