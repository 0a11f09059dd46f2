// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.hash.HmacSha256;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * Token keys derived from a secret and the number of the epoch: servers with the same secret and clocks that agree
 * accept each other's tokens.
 *
 * <pre>
 *   key = the first 16 octets of HMAC-SHA256(secret, "trishake source-address token" || epoch, 8 octets)
 * </pre>
 *
 * <p>Each agent has an object of its own, from the same secret.
 */
public final class RotatingTokenKeys implements TokenKeys, AutoCloseable
{
    /** Octets of the secret. */
    public static final int SECRET_LENGTH = 32;

    /** How long a key is used by default. */
    public static final long DEFAULT_EPOCH_SECONDS = 6L * 3600;

    private static final UnsafeBuffer LABEL =
        new UnsafeBuffer("trishake source-address token".getBytes(StandardCharsets.US_ASCII));

    private final UnsafeBuffer secret = new UnsafeBuffer(ByteBuffer.allocateDirect(SECRET_LENGTH));
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[HmacSha256.LENGTH]);
    private final HmacSha256 hmac = new HmacSha256();
    private final long epochSeconds;

    /**
     * Begins to rotate.
     *
     * @param secret       holds {@link #SECRET_LENGTH} random octets; copied
     * @param offset       where they begin
     * @param epochSeconds how long each key is used, at least 3600
     */
    public RotatingTokenKeys(final DirectBuffer secret, final int offset, final long epochSeconds)
    {
        if (epochSeconds < SourceAddressToken.LEAST_EPOCH_SECONDS)
        {
            throw new IllegalArgumentException("epochSeconds=" + epochSeconds + ": keys are kept for a token's life");
        }
        this.secret.putBytes(0, secret, offset, SECRET_LENGTH);
        this.epochSeconds = epochSeconds;
    }

    @Override
    public long epochSeconds()
    {
        return epochSeconds;
    }

    @Override
    public void copyKey(final long epoch, final MutableDirectBuffer key, final int at)
    {
        hmac.init(secret, 0, SECRET_LENGTH);
        hmac.update(LABEL, 0, LABEL.capacity());
        scratch.putLong(0, epoch, BIG_ENDIAN);
        hmac.update(scratch, 0, Long.BYTES);
        hmac.finish(scratch, 0);
        key.putBytes(at, scratch, 0, KEY_LENGTH);
        hmac.wipe();
        ConstantTime.wipe(scratch, 0, scratch.capacity());
    }

    /** Wipes the secret. */
    @Override
    public void close()
    {
        ConstantTime.wipe(secret, 0, SECRET_LENGTH);
    }
}
