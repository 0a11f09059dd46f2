// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.hash.Hkdf;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * From a shared secret to the keys of a level, gQUIC 12.
 *
 * <pre>
 *   info:  | label | 00 | connection ID | CHLO | SCFG | leaf |        the same for both levels but for the label
 *          19 or 34 octets    8
 *
 *   HKDF(shared, salt = NONC | SNO, info)   ->   client key | server key | client IV | server IV
 *   HKDF(server key | server IV, salt = diversification nonce, "QUIC key diversification")   ->   key | IV
 * </pre>
 */
final class KeySchedule
{
    /** Octets of a level's IV. */
    static final int IV_LENGTH = 4;

    /** Longest key of an AEAD. */
    static final int MAX_KEY_LENGTH = 32;

    /** Most octets that a level's keys have: both keys, then both IVs. */
    static final int MAX_LENGTH = 2 * (MAX_KEY_LENGTH + IV_LENGTH);

    /** Octets of a shared secret. */
    static final int SECRET_LENGTH = 32;

    /** Octets of a diversification nonce. */
    static final int DIVERSIFICATION_LENGTH = 32;

    private static final UnsafeBuffer INITIAL = ascii("QUIC key expansion\0");
    private static final UnsafeBuffer FORWARD_SECURE = ascii("QUIC forward secure key expansion\0");
    private static final UnsafeBuffer DIVERSIFICATION = ascii("QUIC key diversification");
    private static final int COMMON_OFFSET = 34;

    private final Hkdf hkdf = new Hkdf();
    private final UnsafeBuffer info;
    private final UnsafeBuffer undiversified = new UnsafeBuffer(new byte[MAX_KEY_LENGTH + IV_LENGTH]);
    private int end;

    /**
     * Allocates the scratch.
     *
     * @param maxLength of CHLO, SCFG and leaf together
     */
    KeySchedule(final int maxLength)
    {
        info = new UnsafeBuffer(new byte[COMMON_OFFSET + Long.BYTES + maxLength]);
    }

    private static UnsafeBuffer ascii(final String text)
    {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Begins the info of a connection.
     *
     * @param cid its ID, in network order
     * @return this
     */
    KeySchedule begin(final long cid)
    {
        info.putLong(COMMON_OFFSET, cid, BIG_ENDIAN);
        end = COMMON_OFFSET + Long.BYTES;
        return this;
    }

    /**
     * Takes the next part in: the CHLO, then the server config, then the leaf, each as it was sent.
     *
     * @param part   where it is
     * @param offset where it begins
     * @param length of it; what does not fit any more is left out, which its owner's limits prevent
     * @return this
     */
    KeySchedule append(final DirectBuffer part, final int offset, final int length)
    {
        assert length <= info.capacity() - end : "longer than was said: " + length;
        final int fitting = Math.min(length, info.capacity() - end);
        info.putBytes(end, part, offset, fitting);
        end += fitting;
        return this;
    }

    /**
     * Derives the keys of a level for what was taken in.
     *
     * @param forwardSecure which level
     * @param salt          holds NONC and, behind it, SNO
     * @param saltOffset    where they begin
     * @param saltLength    of both
     * @param secret        holds the shared secret, {@link #SECRET_LENGTH} octets
     * @param secretOffset  where it begins
     * @param keyLength     of the AEAD's keys
     * @param out           where {@code 2 * (keyLength + IV_LENGTH)} octets go
     * @param outOffset     where they begin
     */
    void derive(
        final boolean forwardSecure, final DirectBuffer salt, final int saltOffset, final int saltLength,
        final DirectBuffer secret, final int secretOffset, final int keyLength,
        final MutableDirectBuffer out, final int outOffset)
    {
        final UnsafeBuffer label = forwardSecure ? FORWARD_SECURE : INITIAL;
        final int begin = COMMON_OFFSET - label.capacity();
        info.putBytes(begin, label, 0, label.capacity());
        hkdf.extract(salt, saltOffset, saltLength, secret, secretOffset, SECRET_LENGTH);
        hkdf.expand(info, begin, end - begin, out, outOffset, 2 * (keyLength + IV_LENGTH));
    }

    /**
     * Replaces the server's key and IV of the initial level, which {@link #derive} has made.
     *
     * @param nonce       holds the diversification nonce, {@link #DIVERSIFICATION_LENGTH} octets
     * @param nonceOffset where it begins
     * @param keyLength   of the AEAD's keys
     * @param keys        where {@link #derive} has put the keys
     * @param keysOffset  where they begin
     */
    void diversify(
        final DirectBuffer nonce, final int nonceOffset, final int keyLength,
        final MutableDirectBuffer keys, final int keysOffset)
    {
        final int key = keysOffset + serverKey(keyLength);
        final int iv = keysOffset + serverIv(keyLength);
        undiversified.putBytes(0, keys, key, keyLength);
        undiversified.putBytes(keyLength, keys, iv, IV_LENGTH);
        hkdf.extract(nonce, nonceOffset, DIVERSIFICATION_LENGTH, undiversified, 0, keyLength + IV_LENGTH);
        hkdf.expand(DIVERSIFICATION, 0, DIVERSIFICATION.capacity(), undiversified, 0, keyLength + IV_LENGTH);
        keys.putBytes(key, undiversified, 0, keyLength);
        keys.putBytes(iv, undiversified, keyLength, IV_LENGTH);
    }

    /** {@return where among a level's keys the server's key is} */
    static int serverKey(final int keyLength)
    {
        return keyLength;
    }

    /** {@return where among a level's keys the client's IV is} */
    static int clientIv(final int keyLength)
    {
        return 2 * keyLength;
    }

    /** {@return where among a level's keys the server's IV is} */
    static int serverIv(final int keyLength)
    {
        return 2 * keyLength + IV_LENGTH;
    }

    /** Wipes secrets and what is left of keys; the info is no secret. */
    void wipe()
    {
        hkdf.wipe();
        ConstantTime.wipe(undiversified, 0, undiversified.capacity());
    }
}
