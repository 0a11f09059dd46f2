// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.HmacSm3;
import dev.trishake.crypto.sm.HmacSm3Batch;
import dev.trishake.crypto.sm.PrfSm3Batch;
import dev.trishake.crypto.sm.Sm4Batch;
import dev.trishake.crypto.sm.Sm4GcmBatch;
import dev.trishake.wire.tlcp.CipherSuite;
import dev.trishake.wire.tlcp.Tlcp;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

import static java.nio.ByteOrder.BIG_ENDIAN;

/**
 * Opens protected records with the secrets of a key log. For reading only: it takes its time, and that time says why a
 * record does not open.
 *
 * <pre>
 * key block, CBC: client MAC key 32 | server MAC key 32 | client key 16 | server key 16
 * key block, GCM: client key 16 | server key 16 | client salt 4 | server salt 4
 * </pre>
 */
final class TlcpOpener
{
    /** {@link #open}'s answer for what does not open. */
    static final int FAILED = -1;

    private static final int CBC_KEYS_LENGTH = 96;
    private static final int GCM_KEYS_LENGTH = 40;
    private static final int KEY_LENGTH = Sm4Batch.KEY_LENGTH;
    private static final int BLOCK_LENGTH = Sm4Batch.BLOCK_LENGTH;
    private static final int MAC_LENGTH = HmacSm3.MAC_LENGTH;
    private static final int TAG_LENGTH = Sm4GcmBatch.TAG_LENGTH;
    private static final int EXPLICIT_NONCE_LENGTH = Long.BYTES;
    private static final int SALT_LENGTH = Sm4GcmBatch.NONCE_LENGTH - EXPLICIT_NONCE_LENGTH;
    private static final int ADDITION_LENGTH = 13;
    private static final UnsafeBuffer LABEL =
        new UnsafeBuffer("key expansion".getBytes(StandardCharsets.US_ASCII));

    private final TlcpSecrets secrets;
    private final PrfSm3Batch prf;
    private final Sm4Batch cbc;
    private final Sm4GcmBatch gcm;
    private final HmacSm3Batch hmac;
    private final UnsafeBuffer nonce = new UnsafeBuffer(new byte[Sm4GcmBatch.NONCE_LENGTH]);
    private final UnsafeBuffer addition = new UnsafeBuffer(new byte[ADDITION_LENGTH]);
    private final UnsafeBuffer mac = new UnsafeBuffer(new byte[MAC_LENGTH]);
    private final UnsafeBuffer plaintext = new UnsafeBuffer(new byte[0]);

    TlcpOpener(final TlcpSecrets secrets)
    {
        final Kernels kernels = Kernels.scalar();
        this.secrets = secrets;
        prf = new PrfSm3Batch(kernels, 1);
        cbc = new Sm4Batch(kernels);
        gcm = new Sm4GcmBatch(kernels);
        hmac = new HmacSm3Batch(kernels, 1);
    }

    /** What one connection's records are opened with, and how many were. */
    static final class Keys
    {
        private final UnsafeBuffer block;
        private final boolean isGcm;
        private final long[] sequences = new long[2];

        private Keys(final boolean isGcm)
        {
            this.isGcm = isGcm;
            block = new UnsafeBuffer(new byte[isGcm ? GCM_KEYS_LENGTH : CBC_KEYS_LENGTH]);
        }
    }

    /** {@return keys for a connection, or null where its secret is not known or its suite none of ours} */
    Keys keys(final byte[] clientRandom, final byte[] serverRandom, final int suite)
    {
        final byte[] secret = secrets.masterSecret(clientRandom);
        if (secret == null || !CipherSuite.isImplemented(suite))
        {
            return null;
        }
        final Keys keys = new Keys(CipherSuite.isGcm(suite));
        prf.add(new UnsafeBuffer(secret), 0, secret.length, keys.block.capacity());
        prf.append(LABEL, 0, LABEL.capacity());
        prf.append(new UnsafeBuffer(serverRandom), 0, serverRandom.length);
        prf.append(new UnsafeBuffer(clientRandom), 0, clientRandom.length);
        prf.run();
        prf.result(0, keys.block, 0);
        prf.clear();
        return keys;
    }

    /**
     * Opens a record.
     *
     * @return the length of {@link #plaintext()}, or {@link #FAILED}
     */
    int open(
        final Keys keys, final boolean fromClient, final int type, final DirectBuffer buffer, final int offset,
        final int length)
    {
        final int side = fromClient ? 0 : 1;
        final int opened = keys.isGcm ? openGcm(keys, side, type, buffer, offset, length) :
            openCbc(keys, side, type, buffer, offset, length);
        keys.sequences[side]++;
        return opened;
    }

    /** {@return what the last record said, from its beginning} */
    DirectBuffer plaintext()
    {
        return plaintext;
    }

    private int openGcm(
        final Keys keys, final int side, final int type, final DirectBuffer buffer, final int offset, final int length)
    {
        final int textLength = length - EXPLICIT_NONCE_LENGTH - TAG_LENGTH;
        if (textLength < 0)
        {
            return FAILED;
        }
        plaintext.wrap(new byte[textLength]);
        nonce.putBytes(0, keys.block, 2 * KEY_LENGTH + SALT_LENGTH * side, SALT_LENGTH);
        nonce.putBytes(SALT_LENGTH, buffer, offset, EXPLICIT_NONCE_LENGTH);
        addition(keys.sequences[side], type, textLength);
        final int job = gcm.add(keys.block, KEY_LENGTH * side, nonce, 0, addition, 0, ADDITION_LENGTH);
        gcm.open(buffer, offset + EXPLICIT_NONCE_LENGTH, textLength + TAG_LENGTH, plaintext, 0);
        gcm.run();
        final boolean good = gcm.succeeded(job);
        gcm.clear();
        return good ? textLength : FAILED;
    }

    private int openCbc(
        final Keys keys, final int side, final int type, final DirectBuffer buffer, final int offset, final int length)
    {
        final int textLength = length - BLOCK_LENGTH;
        if (textLength < MAC_LENGTH + 1 || textLength % BLOCK_LENGTH != 0)
        {
            return FAILED;
        }
        plaintext.wrap(new byte[textLength]);
        cbc.addCbcDecryption(keys.block, 2 * MAC_LENGTH + KEY_LENGTH * side, buffer, offset, buffer,
            offset + BLOCK_LENGTH, textLength, plaintext, 0);
        cbc.run();
        cbc.clear();
        final int padding = plaintext.getByte(textLength - 1) & 0xff;
        final int dataLength = textLength - 1 - padding - MAC_LENGTH;
        if (dataLength < 0)
        {
            return FAILED;
        }
        for (int i = textLength - 1 - padding; i < textLength; i++)
        {
            if ((plaintext.getByte(i) & 0xff) != padding)
            {
                return FAILED;
            }
        }
        addition(keys.sequences[side], type, dataLength);
        hmac.add(keys.block, MAC_LENGTH * side, MAC_LENGTH);
        hmac.append(addition, 0, ADDITION_LENGTH);
        hmac.append(plaintext, 0, dataLength);
        hmac.run();
        hmac.result(0, mac, 0);
        hmac.clear();
        for (int i = 0; i < MAC_LENGTH; i++)
        {
            if (mac.getByte(i) != plaintext.getByte(dataLength + i))
            {
                return FAILED;
            }
        }
        return dataLength;
    }

    private void addition(final long sequence, final int type, final int length)
    {
        addition.putLong(0, sequence, BIG_ENDIAN);
        addition.putByte(Long.BYTES, (byte)type);
        addition.putShort(Long.BYTES + 1, (short)Tlcp.VERSION, BIG_ENDIAN);
        addition.putShort(Long.BYTES + 1 + Short.BYTES, (short)length, BIG_ENDIAN);
    }
}
