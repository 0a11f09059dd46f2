// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

import dev.trishake.crypto.BothKernels;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.TlcpConnections.Connection;
import dev.trishake.crypto.sm.TlcpConnections.ProtectedRecord;
import dev.trishake.support.Allocation;
import dev.trishake.support.Remains;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.engines.SM4Engine;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.modes.SICBlockCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class Sm4BatchTest
{
    private static final int BLOCK_LENGTH = Sm4Batch.BLOCK_LENGTH;
    private static final int MODES = 5;
    private static final int CTR = 4;
    private static final int MAC_LENGTH = 32;
    private static final int HEADER_LENGTH = 13;

    static List<Kernels> implementations()
    {
        return BothKernels.all();
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldEqualBouncyCastleInEveryMode(final Kernels kernels)
    {
        final Sm4Batch batch = new Sm4Batch(kernels);
        // 8 texts a run on average, a fifth of them in each mode: 2,000 and 100,000 of each
        Seeded.forEach(Scale.pick(1_200, 62_500), random ->
        {
            final int count = 1 + random.nextInt(Sm4Batch.LANES);
            final byte[][] expected = new byte[count][];
            final UnsafeBuffer[] outputs = new UnsafeBuffer[count];
            for (int i = 0; i < count; i++)
            {
                final int mode = random.nextInt(MODES);
                final byte[] key = Seeded.bytes(random, Sm4Batch.KEY_LENGTH);
                final byte[] iv = iv(random);
                final int length = random.nextInt(random.nextInt(8) == 0 ? 700 : 80);
                final byte[] text = Seeded.bytes(random, mode == CTR ? length : length & -BLOCK_LENGTH);
                expected[i] = bouncyCastle(mode, key, iv, text);
                // half of them in place
                final UnsafeBuffer in = new UnsafeBuffer(text);
                outputs[i] = random.nextBoolean() ? in : new UnsafeBuffer(new byte[text.length]);
                add(batch, mode, key, iv, in, outputs[i]);
            }
            batch.run();
            batch.clear();
            for (int i = 0; i < count; i++)
            {
                assertArrayEquals(expected[i], outputs[i].byteArray(), "text " + i);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldSealTheCcmExampleOfTheRfc(final Kernels kernels)
    {
        // RFC 8998 A.2; CCM (RFC 3610) is CBC's last block and CTR: 12 octets of nonce leave 3 for the length
        final String text = "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd" +
            "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa";
        final String nonce = "00001234567800000000abcd";
        final UnsafeBuffer key = new UnsafeBuffer(Vectors.hex("0123456789abcdeffedcba9876543210"));
        final byte[] authenticated = Vectors.hex("7a" + nonce + "000040" +
            "0014feedfacedeadbeeffeedfacedeadbeefabaddad2" + "00".repeat(10) + text);
        final UnsafeBuffer macs = new UnsafeBuffer(new byte[authenticated.length]);
        final UnsafeBuffer out = new UnsafeBuffer(new byte[BLOCK_LENGTH + text.length() / 2]);

        final Sm4Batch batch = new Sm4Batch(kernels);
        batch.addCbcEncryption(key, 0, new UnsafeBuffer(new byte[BLOCK_LENGTH]), 0,
            new UnsafeBuffer(authenticated), 0, authenticated.length, macs, 0);
        batch.run();
        batch.clear();
        out.putBytes(0, macs, macs.capacity() - BLOCK_LENGTH, BLOCK_LENGTH);
        out.putBytes(BLOCK_LENGTH, Vectors.hex(text));
        batch.addCtr(key, 0, new UnsafeBuffer(Vectors.hex("02" + nonce + "000000")), 0,
            out, 0, out.capacity(), out, 0);
        batch.run();
        assertEquals("16842d4fa186f56ab33256971fa110f4" +
            "48af93501fa62adbcd414cce6034d895dda1bf8f132f042098661572e7483094" +
            "fd12e518ce062c98acee28d95df4416bed31a2f04476c18bb40c84a74b97dc5b", Vectors.hex(out.byteArray()));
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldOpenTheCbcRecordsThatPeersSealed(final Kernels kernels)
    {
        final Sm4Batch batch = new Sm4Batch(kernels);
        final HmacSm3 hmac = new HmacSm3(new Sm3());
        int records = 0;
        for (final Connection connection : TlcpConnections.all())
        {
            for (final ProtectedRecord record : connection.isGcm() ? List.<ProtectedRecord>of() : connection.records())
            {
                // key block of CBC: both MAC keys, then both keys; the fragment begins with its initial value
                final UnsafeBuffer keys = new UnsafeBuffer(connection.value("key_block"));
                final int key = 2 * MAC_LENGTH + (record.byClient() ? 0 : Sm4Batch.KEY_LENGTH);
                final UnsafeBuffer fragment = new UnsafeBuffer(record.fragment());
                final int length = fragment.capacity() - BLOCK_LENGTH;
                final byte[] opened = new byte[length];
                batch.addCbcDecryption(
                    keys, key, fragment, 0, fragment, BLOCK_LENGTH, length, new UnsafeBuffer(opened), 0);
                batch.run();
                batch.clear();

                final int plaintextLength = record.plaintext().length;
                final int padding = opened[length - 1] & 0xff;
                assertEquals(plaintextLength + MAC_LENGTH + padding + 1, length);
                assertArrayEquals(record.plaintext(), Arrays.copyOf(opened, plaintextLength));
                final UnsafeBuffer authenticated = new UnsafeBuffer(new byte[HEADER_LENGTH + plaintextLength]);
                putHeader(authenticated, record, plaintextLength);
                authenticated.putBytes(HEADER_LENGTH, record.plaintext());
                final UnsafeBuffer mac = new UnsafeBuffer(new byte[MAC_LENGTH]);
                hmac.mac(keys, record.byClient() ? 0 : MAC_LENGTH, MAC_LENGTH,
                    authenticated, 0, authenticated.capacity(), mac, 0);
                assertArrayEquals(mac.byteArray(),
                    Arrays.copyOfRange(opened, plaintextLength, plaintextLength + MAC_LENGTH), connection.name());
                records++;
            }
        }
        assertTrue(records > 80, records + " records");
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldForgetKeysAndTexts(final Kernels kernels)
    {
        final byte[] key = Seeded.bytes(new SplittableRandom(1), Sm4Batch.KEY_LENGTH);
        final byte[] text = Seeded.bytes(new SplittableRandom(2), 96);
        final byte[] iv = Seeded.bytes(new SplittableRandom(3), BLOCK_LENGTH);
        for (int mode = 0; mode < MODES; mode++)
        {
            final Sm4Batch batch = new Sm4Batch(kernels);
            final UnsafeBuffer in = new UnsafeBuffer(text.clone());
            final UnsafeBuffer out = new UnsafeBuffer(new byte[text.length]);
            for (int i = 0; i < 10; i++)
            {
                add(batch, mode, key, iv, in, out);
            }
            batch.run();
            final byte[] result = out.byteArray().clone();
            in.setMemory(0, text.length, (byte)0);
            out.setMemory(0, text.length, (byte)0);
            Remains.assertNone(batch, key, text, result);
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldAllocateNothing(final Kernels kernels)
    {
        final Sm4Batch batch = new Sm4Batch(kernels);
        final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(512));
        Allocation.assertNone(200, () ->
        {
            for (int i = 0; i < 200; i++)
            {
                batch.addEcbEncryption(memory, 0, memory, 16, 32, memory, 16);
                batch.addEcbDecryption(memory, 0, memory, 48, 32, memory, 48);
                batch.addCbcEncryption(memory, 0, memory, 16, memory, 80, 32, memory, 80);
                batch.addCbcDecryption(memory, 0, memory, 16, memory, 112, 64, memory, 112);
                batch.addCtr(memory, 0, memory, 16, memory, 176, i, memory, 176);
                batch.run();
                batch.clear();
            }
            return 200;
        });
    }

    static void putHeader(final UnsafeBuffer out, final ProtectedRecord record, final int plaintextLength)
    {
        out.putLong(0, record.sequenceNumber(), BIG_ENDIAN);
        out.putByte(8, (byte)record.contentType());
        out.putShort(9, (short)0x0101, BIG_ENDIAN);
        out.putShort(11, (short)plaintextLength, BIG_ENDIAN);
    }

    /** Now and then a counter whose low half is about to overflow. */
    private static byte[] iv(final SplittableRandom random)
    {
        final byte[] iv = Seeded.bytes(random, BLOCK_LENGTH);
        if (random.nextInt(4) == 0)
        {
            Arrays.fill(iv, random.nextInt(BLOCK_LENGTH), BLOCK_LENGTH, (byte)0xff);
        }
        return iv;
    }

    private static void add(
        final Sm4Batch batch, final int mode, final byte[] keyOctets, final byte[] ivOctets, final UnsafeBuffer in,
        final UnsafeBuffer out)
    {
        final UnsafeBuffer key = new UnsafeBuffer(keyOctets);
        final UnsafeBuffer iv = new UnsafeBuffer(ivOctets);
        final int length = in.capacity();
        switch (mode)
        {
            case 0 -> batch.addEcbEncryption(key, 0, in, 0, length, out, 0);
            case 1 -> batch.addEcbDecryption(key, 0, in, 0, length, out, 0);
            case 2 -> batch.addCbcEncryption(key, 0, iv, 0, in, 0, length, out, 0);
            case 3 -> batch.addCbcDecryption(key, 0, iv, 0, in, 0, length, out, 0);
            default -> batch.addCtr(key, 0, iv, 0, in, 0, length, out, 0);
        }
    }

    private static byte[] bouncyCastle(final int mode, final byte[] key, final byte[] iv, final byte[] text)
    {
        final byte[] out = new byte[text.length];
        if (mode == CTR)
        {
            final var ctr = SICBlockCipher.newInstance(new SM4Engine());
            ctr.init(true, new ParametersWithIV(new KeyParameter(key), iv));
            ctr.processBytes(text, 0, text.length, out, 0);
            return out;
        }
        final boolean cbc = mode >= 2;
        final BlockCipher cipher = cbc ? CBCBlockCipher.newInstance(new SM4Engine()) : new SM4Engine();
        cipher.init(mode % 2 == 0,
            cbc ? new ParametersWithIV(new KeyParameter(key), iv) : new KeyParameter(key));
        for (int i = 0; i < text.length; i += BLOCK_LENGTH)
        {
            cipher.processBlock(text, i, out, i);
        }
        return out;
    }
}
