// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.aead;

import dev.trishake.crypto.Kernels;
import dev.trishake.support.Allocation;
import dev.trishake.support.Blank;
import dev.trishake.support.Remains;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AeadTest
{
    private static final int NONCE_LENGTH = Aead.NONCE_LENGTH;

    private static Stream<Aead> aeads()
    {
        return Stream.of(Kernels.scalar(), Kernels.vector()).flatMap(kernels ->
            Stream.of(Aead.TAG_LENGTH, Aead.SHORT_TAG_LENGTH).flatMap(tagLength ->
                Stream.of(new Aes128Gcm(kernels, tagLength), new ChaCha20Poly1305(kernels, tagLength))));
    }

    @ParameterizedTest
    @MethodSource("aeads")
    void shouldGivePublishedCiphertexts(final Aead aead)
    {
        int cases = 0;
        for (final String line : Vectors.lines(aead instanceof Aes128Gcm ? "aead/aes128gcm.txt" : "aead/chacha.txt"))
        {
            final String[] fields = line.split("\\|", -1);
            final byte[] plaintext = Vectors.hex(fields[3]);
            final byte[] expected = sealed(Vectors.hex(fields[4]), Vectors.hex(fields[5]), aead.tagLength());
            final byte[] actual = seal(aead, Vectors.hex(fields[0]), Vectors.hex(fields[1]), Vectors.hex(fields[2]),
                plaintext);
            assertArrayEquals(expected, actual, line);
            assertArrayEquals(plaintext, open(aead, Vectors.hex(fields[0]), Vectors.hex(fields[1]),
                Vectors.hex(fields[2]), expected), line);
            cases++;
        }
        assertTrue(cases > 1);
    }

    @ParameterizedTest
    @MethodSource("aeads")
    void shouldProtectAndOpenTheRecordedPackets(final Aead aead)
    {
        if (!(aead instanceof Aes128Gcm) || aead.tagLength() != Aead.SHORT_TAG_LENGTH)
        {
            return;
        }
        int packets = 0;
        for (final String line : Vectors.lines("gquic/packets.txt"))
        {
            final String[] fields = line.split("\\|", -1);
            if (fields[1].equals("null"))
            {
                continue;
            }
            final byte[] key = Vectors.hex(fields[4]);
            final byte[] nonce = Arrays.copyOf(Vectors.hex(fields[5]), NONCE_LENGTH);
            new UnsafeBuffer(nonce).putLong(4, Long.parseLong(fields[3]), LITTLE_ENDIAN);
            final byte[] header = Vectors.hex(fields[6]);
            final byte[] plaintext = Vectors.hex(fields[7]);
            final byte[] datagram = Vectors.hex(fields[8]);
            final byte[] payload = Arrays.copyOfRange(datagram, header.length, datagram.length);
            assertArrayEquals(payload, seal(aead, key, nonce, header, plaintext), line);
            assertArrayEquals(plaintext, open(aead, key, nonce, header, payload), line);
            packets++;
        }
        assertTrue(packets > 100, packets + " packets");
    }

    @ParameterizedTest
    @MethodSource("aeads")
    void shouldEqualTheJdk(final Aead aead) throws Exception
    {
        final boolean gcm = aead instanceof Aes128Gcm;
        final Cipher cipher = Cipher.getInstance(gcm ? "AES/GCM/NoPadding" : "ChaCha20-Poly1305");
        Seeded.forEach(Scale.pick(250, 25_000), random ->
        {
            final byte[] key = Seeded.bytes(random, aead.keyLength());
            final byte[] nonce = Seeded.bytes(random, NONCE_LENGTH);
            final byte[] aad = Seeded.bytes(random, length(random, 100));
            final byte[] plaintext = Seeded.bytes(random, length(random, 1_500));
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, gcm ? "AES" : "ChaCha20"),
                gcm ? new GCMParameterSpec(128, nonce) : new IvParameterSpec(nonce));
            cipher.updateAAD(aad);
            final byte[] whole = cipher.doFinal(plaintext);
            final byte[] expected = Arrays.copyOf(whole, plaintext.length + aead.tagLength());
            assertArrayEquals(expected, seal(aead, key, nonce, aad, plaintext));
            assertArrayEquals(plaintext, open(aead, key, nonce, aad, expected));
        });
    }

    @ParameterizedTest
    @MethodSource("aeads")
    void shouldEqualBouncyCastle(final Aead aead) throws Exception
    {
        final GCMBlockCipher gcm = (GCMBlockCipher)GCMBlockCipher.newInstance(AESEngine.newInstance());
        final org.bouncycastle.crypto.modes.ChaCha20Poly1305 chacha =
            new org.bouncycastle.crypto.modes.ChaCha20Poly1305();
        Seeded.forEach(Scale.pick(500, 25_000), random ->
        {
            final byte[] key = Seeded.bytes(random, aead.keyLength());
            final byte[] nonce = Seeded.bytes(random, NONCE_LENGTH);
            final byte[] aad = Seeded.bytes(random, length(random, 100));
            final byte[] plaintext = Seeded.bytes(random, length(random, 1_500));
            final byte[] whole = new byte[plaintext.length + Aead.TAG_LENGTH];
            final AEADParameters parameters = new AEADParameters(new KeyParameter(key), 128, nonce, aad);
            if (aead instanceof Aes128Gcm)
            {
                gcm.init(true, parameters);
                gcm.doFinal(whole, gcm.processBytes(plaintext, 0, plaintext.length, whole, 0));
            }
            else
            {
                chacha.init(true, parameters);
                chacha.doFinal(whole, chacha.processBytes(plaintext, 0, plaintext.length, whole, 0));
            }
            assertArrayEquals(Arrays.copyOf(whole, plaintext.length + aead.tagLength()),
                seal(aead, key, nonce, aad, plaintext));
        });
    }

    @ParameterizedTest
    @MethodSource("aeads")
    void shouldRefuseEveryFlippedBitAndWriteNothing(final Aead aead)
    {
        final SplittableRandom random = new SplittableRandom(3);
        final byte[] key = Seeded.bytes(random, aead.keyLength());
        final byte[] nonce = Seeded.bytes(random, NONCE_LENGTH);
        final byte[] aad = Seeded.bytes(random, 15);
        final byte[] plaintext = Seeded.bytes(random, 33);
        final byte[] sealed = seal(aead, key, nonce, aad, plaintext);
        for (int bit = 0; bit < Byte.SIZE * sealed.length; bit++)
        {
            sealed[bit / Byte.SIZE] ^= (byte)(1 << bit % Byte.SIZE);
            assertEquals(null, open(aead, key, nonce, aad, sealed), "bit " + bit + " of the ciphertext");
            sealed[bit / Byte.SIZE] ^= (byte)(1 << bit % Byte.SIZE);
        }
        for (int bit = 0; bit < Byte.SIZE * aad.length; bit++)
        {
            aad[bit / Byte.SIZE] ^= (byte)(1 << bit % Byte.SIZE);
            assertEquals(null, open(aead, key, nonce, aad, sealed), "bit " + bit + " of the associated data");
            aad[bit / Byte.SIZE] ^= (byte)(1 << bit % Byte.SIZE);
        }
        for (int bit = 0; bit < Byte.SIZE * NONCE_LENGTH; bit++)
        {
            nonce[bit / Byte.SIZE] ^= (byte)(1 << bit % Byte.SIZE);
            assertEquals(null, open(aead, key, nonce, aad, sealed), "bit " + bit + " of the nonce");
            nonce[bit / Byte.SIZE] ^= (byte)(1 << bit % Byte.SIZE);
        }
        assertArrayEquals(plaintext, open(aead, key, nonce, aad, sealed));
    }

    /** Wycheproof's kinds of forged tags: constants, all bits flipped, parts of the right one in other places. */
    @ParameterizedTest
    @MethodSource("aeads")
    void shouldRefuseForgedTags(final Aead aead)
    {
        final SplittableRandom random = new SplittableRandom(4);
        final byte[] key = Seeded.bytes(random, aead.keyLength());
        final byte[] nonce = Seeded.bytes(random, NONCE_LENGTH);
        final byte[] sealed = seal(aead, key, nonce, new byte[0], new byte[20]);
        final int tagAt = 20;
        final int tagLength = aead.tagLength();
        final byte[] right = Arrays.copyOfRange(sealed, tagAt, tagAt + tagLength);
        for (int kind = 0; kind < 6 + tagLength; kind++)
        {
            for (int i = 0; i < tagLength; i++)
            {
                sealed[tagAt + i] = switch (kind)
                {
                    case 0 -> 0;
                    case 1 -> (byte)0xff;
                    case 2 -> (byte)~right[i];
                    case 3 -> (byte)(right[i] ^ 0x80);
                    case 4 -> right[(i + 1) % tagLength];
                    case 5 -> right[tagLength - 1 - i];
                    default -> i < kind - 6 ? right[i] : (byte)(right[i] + 1);
                };
            }
            assertEquals(null, open(aead, key, nonce, new byte[0], sealed), "kind " + kind);
        }
    }

    @ParameterizedTest
    @MethodSource("aeads")
    void shouldRefuseWhatIsTooShortForATag(final Aead aead)
    {
        final byte[] key = new byte[aead.keyLength()];
        final byte[] nonce = new byte[NONCE_LENGTH];
        for (int length = 0; length < aead.tagLength(); length++)
        {
            assertEquals(null, open(aead, key, nonce, new byte[3], new byte[length]));
        }
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[400]);
        assertFalse(aead.open(buffer, 0, 0, 0, buffer, 0, 0, buffer, 0, -1, buffer, 0));
        assertFalse(aead.open(buffer, 0, 0, 0, buffer, 0, 0, buffer, 0, Integer.MIN_VALUE, buffer, 0));
        assertFalse(aead.open(buffer, 0, 0, 0, buffer, 0, -1, buffer, 0, 100, buffer, 0));
        // what was cut off at its end or at its beginning
        final byte[] sealed = seal(aead, key, nonce, new byte[3], new byte[40]);
        for (int cut = 1; cut < sealed.length; cut++)
        {
            assertEquals(null, open(aead, key, nonce, new byte[3], Arrays.copyOf(sealed, sealed.length - cut)));
            assertEquals(null, open(aead, key, nonce, new byte[3], Arrays.copyOfRange(sealed, cut, sealed.length)));
        }
    }

    @Test
    void shouldGiveTheSameInLanesAndAlone()
    {
        final Aead[] scalars = {new Aes128Gcm(Kernels.scalar(), 16), new ChaCha20Poly1305(Kernels.scalar(), 16)};
        final Aead[] vectors = {new Aes128Gcm(Kernels.vector(), 16), new ChaCha20Poly1305(Kernels.vector(), 16)};
        Seeded.forEach(Scale.pick(2_000, 100_000), random ->
        {
            final int which = random.nextInt(2);
            final byte[] key = Seeded.bytes(random, scalars[which].keyLength());
            final byte[] nonce = Seeded.bytes(random, NONCE_LENGTH);
            final byte[] aad = Seeded.bytes(random, random.nextInt(60));
            final byte[] plaintext = Seeded.bytes(random, random.nextInt(400));
            final UnsafeBuffer expected = new UnsafeBuffer(new byte[scalars[which].scheduleLength()]);
            final UnsafeBuffer actual = new UnsafeBuffer(new byte[vectors[which].scheduleLength()]);
            scalars[which].expandKey(new UnsafeBuffer(key), 0, expected, 0);
            vectors[which].expandKey(new UnsafeBuffer(key), 0, actual, 0);
            assertArrayEquals(expected.byteArray(), actual.byteArray());
            assertArrayEquals(seal(scalars[which], key, nonce, aad, plaintext),
                seal(vectors[which], key, nonce, aad, plaintext));
        });
    }

    @ParameterizedTest
    @MethodSource("aeads")
    void shouldForgetKeysAndTexts(final Aead aead)
    {
        final SplittableRandom random = new SplittableRandom(7);
        final UnsafeBuffer key = new UnsafeBuffer(Seeded.bytes(random, aead.keyLength()));
        final UnsafeBuffer schedule = new UnsafeBuffer(new byte[aead.scheduleLength()]);
        final UnsafeBuffer text = new UnsafeBuffer(Seeded.bytes(random, 700));
        final UnsafeBuffer sealed = new UnsafeBuffer(new byte[text.capacity() + aead.tagLength()]);
        final byte[] zeros = new byte[text.capacity()];
        final UnsafeBuffer keyStream = new UnsafeBuffer(new byte[zeros.length + aead.tagLength()]);
        aead.expandKey(key, 0, schedule, 0);
        aead.seal(schedule, 0, 1, 2, text, 0, 20, new UnsafeBuffer(zeros), 0, zeros.length, keyStream, 0);
        aead.seal(schedule, 0, 1, 2, text, 0, 20, text, 0, text.capacity(), sealed, 0);
        assertTrue(Remains.holds(aead, schedule.byteArray()) && Remains.holds(aead, keyStream.byteArray()));
        assertTrue(aead.open(schedule, 0, 1, 2, text, 0, 20, sealed, 0, sealed.capacity(), text, 0));
        assertTrue(Remains.holds(aead, text.byteArray()));
        aead.clear();
        Remains.assertNone(aead, key.byteArray(), schedule.byteArray(), text.byteArray(), keyStream.byteArray());
        // nothing at all, however it is written: round keys are in bit slices, multipliers in limbs
        assertEquals("", Blank.fieldThatIsNot(aead));
    }

    @Test
    void shouldRefuseOtherTagLengths()
    {
        assertThrows(IllegalArgumentException.class, () -> new Aes128Gcm(Kernels.scalar(), 13));
        assertThrows(IllegalArgumentException.class, () -> new ChaCha20Poly1305(Kernels.scalar(), 0));
    }

    @ParameterizedTest
    @MethodSource("aeads")
    void shouldAllocateNothing(final Aead aead)
    {
        final UnsafeBuffer schedule = new UnsafeBuffer(ByteBuffer.allocateDirect(aead.scheduleLength()));
        final UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(1_500));
        Allocation.assertNone(400, () ->
        {
            int done = 0;
            for (int i = 0; i < 200; i++)
            {
                packet.putInt(20, i);
                aead.expandKey(packet, 0, schedule, 0);
                aead.seal(schedule, 0, 1, i, packet, 0, 20, packet, 20, 5 * i, packet, 20);
                done += aead.open(schedule, 0, 1, i, packet, 0, 20, packet, 20, 5 * i + aead.tagLength(), packet, 20) ?
                    1 : 0;
                done += aead.open(schedule, 0, 2, i, packet, 0, 20, packet, 20, 5 * i + aead.tagLength(), packet, 20) ?
                    0 : 1;
                aead.clear();
            }
            return done;
        });
    }

    /** Mostly short, at times many chunks, often whole blocks. */
    private static int length(final SplittableRandom random, final int usual)
    {
        final int length = random.nextInt(random.nextInt(10) == 0 ? 6_000 : usual);
        return random.nextInt(3) == 0 ? length & -16 : length;
    }

    private static byte[] sealed(final byte[] ciphertext, final byte[] tag, final int tagLength)
    {
        final byte[] sealed = Arrays.copyOf(ciphertext, ciphertext.length + tagLength);
        System.arraycopy(tag, 0, sealed, ciphertext.length, tagLength);
        return sealed;
    }

    private static byte[] seal(
        final Aead aead, final byte[] key, final byte[] nonce, final byte[] aad, final byte[] plaintext)
    {
        final UnsafeBuffer schedule = new UnsafeBuffer(new byte[aead.scheduleLength() + 1]);
        aead.expandKey(new UnsafeBuffer(key), 0, schedule, 1);
        final UnsafeBuffer n = new UnsafeBuffer(nonce);
        // in place, at an odd offset, with neighbours
        final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(plaintext.length + 32));
        buffer.setMemory(0, buffer.capacity(), (byte)0x55);
        buffer.putBytes(5, plaintext);
        aead.seal(schedule, 1, n.getInt(0, LITTLE_ENDIAN), n.getLong(4, LITTLE_ENDIAN),
            new UnsafeBuffer(aad), 0, aad.length, buffer, 5, plaintext.length, buffer, 5);
        assertEquals(0x5555555555L, buffer.getLong(0, LITTLE_ENDIAN) & 0xffffffffffL);
        assertEquals(0x55, buffer.getByte(5 + plaintext.length + aead.tagLength()));
        final byte[] sealed = new byte[plaintext.length + aead.tagLength()];
        buffer.getBytes(5, sealed);
        return sealed;
    }

    private static byte[] open(
        final Aead aead, final byte[] key, final byte[] nonce, final byte[] aad, final byte[] sealed)
    {
        final UnsafeBuffer schedule = new UnsafeBuffer(new byte[aead.scheduleLength()]);
        aead.expandKey(new UnsafeBuffer(key), 0, schedule, 0);
        final UnsafeBuffer n = new UnsafeBuffer(nonce);
        final UnsafeBuffer out = new UnsafeBuffer(new byte[sealed.length + 3]);
        out.setMemory(0, out.capacity(), (byte)0x55);
        final boolean opened = aead.open(schedule, 0, n.getInt(0, LITTLE_ENDIAN), n.getLong(4, LITTLE_ENDIAN),
            new UnsafeBuffer(aad), 0, aad.length, new UnsafeBuffer(sealed), 0, sealed.length, out, 3);
        final int length = opened ? sealed.length - aead.tagLength() : 0;
        for (int i = 0; i < out.capacity(); i++)
        {
            if (i < 3 || i >= 3 + length)
            {
                assertEquals(0x55, out.getByte(i), "written outside, or though the tag was wrong");
            }
        }
        return opened ? Arrays.copyOfRange(out.byteArray(), 3, 3 + length) : null;
    }
}
