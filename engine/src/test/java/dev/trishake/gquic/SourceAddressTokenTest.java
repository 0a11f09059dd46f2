// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.support.Allocation;
import dev.trishake.support.Remains;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.RejectReason;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SourceAddressTokenTest
{
    private static final long NOW = 1_800_000_000L;
    private static final long HIGH = 0x20010db8_00000000L;
    private static final long LOW = 0x00000000_00000001L;
    private static final long CID = 0x1234_5678_9abc_def0L;
    private static final int LENGTH = SourceAddressToken.LENGTH;

    private final UnsafeBuffer secret = new UnsafeBuffer(new byte[RotatingTokenKeys.SECRET_LENGTH]);
    private final SourceAddressToken tokens = tokens(1);
    private final UnsafeBuffer token = new UnsafeBuffer(new byte[LENGTH + 1]);

    private SourceAddressToken tokens(final int seed)
    {
        secret.putBytes(0, "the secret of a fleet of servers".getBytes(StandardCharsets.US_ASCII));
        return new SourceAddressToken(Kernels.scalar(), Entropy.seeded(seed),
            new RotatingTokenKeys(secret, 0, RotatingTokenKeys.DEFAULT_EPOCH_SECONDS));
    }

    private int open(final long nowSeconds)
    {
        return tokens.open(token, 0, LENGTH, HIGH, LOW, nowSeconds);
    }

    @Test
    void shouldFitIntoTheRoomThatLsquicHas()
    {
        assertTrue(LENGTH <= 60);
    }

    @Test
    void shouldBringBackWhatTheServerHasForgotten()
    {
        tokens.seal(token, 0, HIGH, LOW, NOW, GquicVersion.Q043, CID, 1173, 0xfffe);

        assertEquals(0, open(NOW));

        assertEquals(GquicVersion.Q043, tokens.version());
        assertEquals(CID, tokens.cid());
        assertEquals(1173, tokens.sentLength());
        assertEquals(0xfffe, tokens.sentNumber());
    }

    @Test
    void shouldBeAcceptedByAnotherServerOfTheFleet()
    {
        tokens(2).seal(token, 0, HIGH, LOW, NOW, GquicVersion.Q043, CID, 1, 2);
        assertEquals(0, open(NOW + 1));
    }

    @Test
    void shouldSayWhyATokenIsRefused()
    {
        tokens.seal(token, 0, HIGH, LOW, NOW, GquicVersion.Q043, CID, 1, 2);
        assertEquals(RejectReason.TOKEN_INVALID, tokens.open(token, 0, 0, HIGH, LOW, NOW));
        assertEquals(RejectReason.TOKEN_PARSE, tokens.open(token, 0, LENGTH - 1, HIGH, LOW, NOW));
        assertEquals(RejectReason.TOKEN_PARSE, tokens.open(token, 0, LENGTH + 1, HIGH, LOW, NOW));
        assertEquals(RejectReason.TOKEN_DIFFERENT_IP, tokens.open(token, 0, LENGTH, HIGH, LOW + 1, NOW));
        assertEquals(RejectReason.TOKEN_DIFFERENT_IP, tokens.open(token, 0, LENGTH, HIGH + 1, LOW, NOW));
        assertEquals(RejectReason.TOKEN_DECRYPTION, open(NOW + 1_000_000));
        assertEquals(RejectReason.TOKEN_DECRYPTION, open(NOW - 1_000_000));
    }

    @Test
    void shouldLiveForADayAndAllowAnHourOfSkew()
    {
        for (final long sealed : new long[] {NOW, 0x7fff_ffffL, 0xffff_ffffL, 0x1_0000_0000L})
        {
            tokens.seal(token, 0, HIGH, LOW, sealed, GquicVersion.Q043, CID, 1, 2);
            assertEquals(0, open(sealed + 24 * 3600));
            assertEquals(RejectReason.TOKEN_EXPIRED, open(sealed + 24 * 3600 + 1));
            assertEquals(0, open(sealed - 3600));
            assertEquals(RejectReason.TOKEN_CLOCK_SKEW, open(sealed - 3601));
        }
    }

    /** Whatever the epoch's length and the moment in it, a token lives as long as it should. */
    @Test
    void shouldOutliveTheRotationOfItsKey()
    {
        for (long epoch = SourceAddressToken.LEAST_EPOCH_SECONDS; epoch < 300_000; epoch = epoch * 5 / 3)
        {
            final SourceAddressToken rotated = new SourceAddressToken(
                Kernels.scalar(), Entropy.seeded(3), new RotatingTokenKeys(secret, 0, epoch));
            for (int i = 0; i < 40; i++)
            {
                final long sealed = NOW + i * epoch / 13;
                rotated.seal(token, 0, HIGH, LOW, sealed, GquicVersion.Q043, CID, 1, 2);
                assertEquals(0, rotated.open(token, 0, LENGTH, HIGH, LOW, sealed + 24 * 3600));
                assertEquals(0, rotated.open(token, 0, LENGTH, HIGH, LOW, sealed - 3600));
            }
        }
    }

    @Test
    void shouldRefuseEveryTokenThatWasTouched()
    {
        tokens.seal(token, 0, HIGH, LOW, NOW, GquicVersion.Q043, CID, 1, 2);
        for (int bit = 0; bit < LENGTH * Byte.SIZE; bit++)
        {
            flip(bit);
            assertEquals(RejectReason.TOKEN_DECRYPTION, open(NOW), "bit " + bit);
            flip(bit);
        }
        assertEquals(0, open(NOW));
    }

    private void flip(final int bit)
    {
        token.putByte(bit / Byte.SIZE, (byte)(token.getByte(bit / Byte.SIZE) ^ 1 << (bit & 7)));
    }

    @Test
    void shouldBeWhatItsPictureSays() throws Exception
    {
        tokens.seal(token, 0, HIGH, LOW, NOW, GquicVersion.Q043, CID, 0x0102, 0x0304);
        final long epoch = NOW / RotatingTokenKeys.DEFAULT_EPOCH_SECONDS;
        assertEquals((byte)epoch, token.getByte(0));
        assertEquals(0x43, token.getByte(1));
        final Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.byteArray(), "HmacSHA256"));
        mac.update("trishake source-address token".getBytes(StandardCharsets.US_ASCII));
        final UnsafeBuffer number = new UnsafeBuffer(new byte[8]);
        number.putLong(0, Long.reverseBytes(epoch));
        final byte[] key = Arrays.copyOf(mac.doFinal(number.byteArray()), 16);
        final Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
        gcm.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"),
            new GCMParameterSpec(96, token.byteArray(), 2, 12));
        gcm.updateAAD(token.byteArray(), 0, 2);
        final byte[] text = gcm.doFinal(token.byteArray(), 14, 44);

        final UnsafeBuffer expected = new UnsafeBuffer(new byte[32]);
        expected.putLong(0, Long.reverseBytes(HIGH));
        expected.putLong(8, Long.reverseBytes(LOW));
        expected.putInt(16, Integer.reverseBytes((int)NOW));
        expected.putLong(20, Long.reverseBytes(CID));
        expected.putInt(28, 0x04030201);
        assertArrayEquals(expected.byteArray(), text);
    }

    @Test
    void shouldHaveANonceOfItsOwn()
    {
        tokens.seal(token, 0, HIGH, LOW, NOW, GquicVersion.Q043, CID, 1, 2);
        final byte[] first = token.byteArray().clone();
        tokens.seal(token, 0, HIGH, LOW, NOW, GquicVersion.Q043, CID, 1, 2);
        assertTrue(Arrays.mismatch(first, 2, 14, token.byteArray(), 2, 14) >= 0);
    }

    @Test
    void shouldRefuseKeysThatChangeTooOften()
    {
        assertThrows(IllegalArgumentException.class, () -> new RotatingTokenKeys(secret, 0, 60));
    }

    @Test
    void shouldForgetItsKeys()
    {
        final UnsafeBuffer key = new UnsafeBuffer(new byte[16]);
        new RotatingTokenKeys(secret, 0, RotatingTokenKeys.DEFAULT_EPOCH_SECONDS)
            .copyKey(NOW / RotatingTokenKeys.DEFAULT_EPOCH_SECONDS, key, 0);
        tokens.seal(token, 0, HIGH, LOW, NOW, GquicVersion.Q043, CID, 1, 2);
        assertTrue(Remains.holds(tokens, key.byteArray()), "round keys begin with the key");
        tokens.clear();
        Remains.assertNone(tokens, key.byteArray());
    }

    @Test
    void shouldAllocateNothing()
    {
        Allocation.assertNone(1000, () ->
        {
            int good = 0;
            for (int i = 0; i < 1000; i++)
            {
                tokens.seal(token, 0, HIGH, LOW, NOW + 1000L * i, GquicVersion.Q043, CID, 1, 2);
                good += open(NOW + 1000L * i) == 0 ? 1 : 0;
            }
            return good;
        });
    }
}
