// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.hash.Hkdf;
import dev.trishake.crypto.hash.HkdfBatch;
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
 *
 *   HKDF(shared, salt = NONC | SNO, info)   ->   client key | server key | client IV | server IV
 *   HKDF(server key | server IV, salt = diversification nonce, "QUIC key diversification")   ->   key | IV
 * </pre>
 *
 * <p>The info is hashed twice a level, some 8 KB a handshake: so levels and sessions are derived side by side.
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

    /** How many levels' keys a run can derive. */
    static final int JOBS = HkdfBatch.LANES;

    private final HkdfBatch batch;
    private final Hkdf hkdf = new Hkdf();
    private final UnsafeBuffer undiversified = new UnsafeBuffer(new byte[MAX_KEY_LENGTH + IV_LENGTH]);
    private final UnsafeBuffer connectionId = new UnsafeBuffer(new byte[Long.BYTES]);

    /**
     * Allocates the scratch.
     *
     * @param kernels   vectors or scalar code
     * @param maxLength of CHLO, SCFG and leaf together
     */
    KeySchedule(final Kernels kernels, final int maxLength)
    {
        batch = new HkdfBatch(kernels, FORWARD_SECURE.capacity() + Long.BYTES + maxLength, MAX_LENGTH);
    }

    private static UnsafeBuffer ascii(final String text)
    {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Begins with the keys of a level; {@link #append} follows.
     *
     * @param forwardSecure which level
     * @param cid           the connection's ID, in network order
     * @param salt          holds NONC and, behind it, SNO
     * @param saltOffset    where they begin
     * @param saltLength    of both
     * @param secret        holds the shared secret, {@link #SECRET_LENGTH} octets
     * @param secretOffset  where it begins
     * @param keyLength     of the AEAD's keys
     * @return the job by which {@link #result} is asked; there are {@link #JOBS}
     */
    int begin(
        final boolean forwardSecure, final long cid, final DirectBuffer salt, final int saltOffset,
        final int saltLength, final DirectBuffer secret, final int secretOffset, final int keyLength)
    {
        final UnsafeBuffer label = forwardSecure ? FORWARD_SECURE : INITIAL;
        final int job = batch.begin(
            salt, saltOffset, saltLength, secret, secretOffset, SECRET_LENGTH, 2 * (keyLength + IV_LENGTH));
        connectionId.putLong(0, cid, BIG_ENDIAN);
        batch.append(label, 0, label.capacity());
        batch.append(connectionId, 0, Long.BYTES);
        return job;
    }

    /**
     * Takes the next part of the info in: the CHLO, then the server config, then the leaf, each as it was sent.
     *
     * @param part   where it is
     * @param offset where it begins
     * @param length of it
     * @return this
     */
    KeySchedule append(final DirectBuffer part, final int offset, final int length)
    {
        batch.append(part, offset, length);
        return this;
    }

    /** Derives the keys of all that were begun. */
    void run()
    {
        batch.run();
    }

    /** Hands a level's keys out, {@code 2 * (keyLength + IV_LENGTH)} octets. */
    void result(final int job, final MutableDirectBuffer out, final int offset)
    {
        batch.result(job, out, offset);
    }

    /**
     * Replaces the server's key and IV of the initial level, which {@link #result} has given.
     *
     * @param nonce       holds the diversification nonce, {@link #DIVERSIFICATION_LENGTH} octets
     * @param nonceOffset where it begins
     * @param keyLength   of the AEAD's keys
     * @param keys        where {@link #result} has put the keys
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

    /** Wipes secrets and what is left of keys, and begins anew; infos are no secret. */
    void wipe()
    {
        batch.clear();
        hkdf.wipe();
        ConstantTime.wipe(undiversified, 0, undiversified.capacity());
    }
}
