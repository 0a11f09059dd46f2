// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.wire.gquic.RejectReason;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * quic-go's tokens, gQUIC 9: {@code salt 32 | AES-256-GCM(SEQUENCE { OCTET STRING 00 || ip, INTEGER seconds })}. It
 * opens those of a recording with its secret, and gives out the next one that was recorded.
 */
final class QuicGoTokens extends SourceAddressToken
{
    static final int LENGTH = 63;
    private static final int SALT_LENGTH = 32;

    final Deque<byte[]> next = new ArrayDeque<>();
    int opened;
    private final byte[] secret;

    QuicGoTokens(final byte[] secret)
    {
        super(Kernels.scalar(), Entropy.seeded(1), TestServers.tokenKeys());
        this.secret = secret;
    }

    @Override
    int length()
    {
        return LENGTH;
    }

    @Override
    void seal(
        final MutableDirectBuffer out, final int at, final long ipHigh, final long ipLow, final long nowSeconds,
        final int label, final long cid, final int sentLength, final int sentNumber)
    {
        out.putBytes(at, next.remove());
    }

    @Override
    int open(
        final DirectBuffer in, final int at, final int length, final long ipHigh, final long ipLow,
        final long nowSeconds)
    {
        final byte[] token = new byte[length];
        in.getBytes(at, token);
        if (secret.length == 0)
        {
            opened++; // the seed's secret is not known
            return 0;
        }
        final HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
        hkdf.init(new HKDFParameters(secret, Arrays.copyOf(token, SALT_LENGTH),
            "quic-go cookie source".getBytes(StandardCharsets.US_ASCII)));
        final byte[] keys = new byte[44];
        hkdf.generateBytes(keys, 0, keys.length);
        try
        {
            final Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
            gcm.init(Cipher.DECRYPT_MODE, new SecretKeySpec(keys, 0, 32, "AES"),
                new GCMParameterSpec(128, keys, 32, 12));
            final byte[] text = gcm.doFinal(token, SALT_LENGTH, length - SALT_LENGTH);
            final UnsafeBuffer der = new UnsafeBuffer(text);
            final int address = Integer.reverseBytes(der.getInt(5));
            if ((0xffff_0000_0000L | (address & 0xffff_ffffL)) != ipLow)
            {
                return RejectReason.TOKEN_DIFFERENT_IP;
            }
            final long seconds = Integer.reverseBytes(der.getInt(11));
            opened++;
            return Math.abs(nowSeconds - seconds) < 3600 ? 0 : RejectReason.TOKEN_EXPIRED;
        }
        catch (final GeneralSecurityException ex)
        {
            return RejectReason.TOKEN_DECRYPTION;
        }
    }
}
