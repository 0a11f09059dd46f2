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
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.SM4Engine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class Sm4GcmBatchTest
{
    private static final int TAG_LENGTH = Sm4GcmBatch.TAG_LENGTH;
    private static final int SALT_LENGTH = 4;
    private static final int EXPLICIT_NONCE_LENGTH = 8;
    private static final int HEADER_LENGTH = 13;

    static List<Kernels> implementations()
    {
        return BothKernels.all();
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldSealTheExampleOfTheRfcInEveryLane(final Kernels kernels)
    {
        // RFC 8998 A.1
        final UnsafeBuffer key = new UnsafeBuffer(Vectors.hex("0123456789abcdeffedcba9876543210"));
        final UnsafeBuffer nonce = new UnsafeBuffer(Vectors.hex("00001234567800000000abcd"));
        final UnsafeBuffer aad = new UnsafeBuffer(Vectors.hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"));
        final UnsafeBuffer text = new UnsafeBuffer(Vectors.hex(
            "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccddddddddddddddddeeeeeeeeeeeeeeeeffffffffffffffff" +
            "eeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"));
        final String sealed =
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735d82710ca5c22f0ccfa7cbf93d496ac15" +
            "a56834cbcf98c397b4024a2691233b8d" + "83de3541e4c2b58177e065a9bf7b62ec";

        final Sm4GcmBatch batch = new Sm4GcmBatch(kernels);
        final int length = text.capacity() + TAG_LENGTH;
        final UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(length * Sm4GcmBatch.LANES));
        for (int lane = 0; lane < Sm4GcmBatch.LANES; lane++)
        {
            batch.add(key, 0, nonce, 0, aad, 0, aad.capacity());
            batch.seal(text, 0, text.capacity(), out, length * lane);
        }
        batch.run();
        final byte[] actual = new byte[out.capacity()];
        out.getBytes(0, actual);
        assertEquals(sealed.repeat(Sm4GcmBatch.LANES), Vectors.hex(actual));
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldEqualBouncyCastleAndRefuseWhatWasTamperedWith(final Kernels kernels)
    {
        final Sm4GcmBatch batch = new Sm4GcmBatch(kernels);
        // 8 texts a run on average, half of them sealed, a quarter tampered with
        Seeded.forEach(Scale.pick(500, 25_000), random ->
        {
            final int count = 1 + random.nextInt(Sm4GcmBatch.LANES);
            final byte[][] expected = new byte[count][];
            final boolean[] genuine = new boolean[count];
            final UnsafeBuffer[] outputs = new UnsafeBuffer[count];
            for (int i = 0; i < count; i++)
            {
                final byte[] key = Seeded.bytes(random, Sm4GcmBatch.KEY_LENGTH);
                final byte[] nonce = Seeded.bytes(random, Sm4GcmBatch.NONCE_LENGTH);
                final byte[] aad = Seeded.bytes(random, random.nextInt(40));
                final byte[] text = Seeded.bytes(random, random.nextInt(random.nextInt(8) == 0 ? 700 : 80));
                final byte[] sealed = bouncyCastle(key, nonce, aad, text);
                batch.add(new UnsafeBuffer(key), 0, new UnsafeBuffer(nonce), 0, new UnsafeBuffer(aad), 0, aad.length);
                if (random.nextBoolean())
                {
                    expected[i] = sealed;
                    genuine[i] = true;
                    outputs[i] = new UnsafeBuffer(new byte[sealed.length]);
                    batch.seal(new UnsafeBuffer(text), 0, text.length, outputs[i], 0);
                }
                else
                {
                    genuine[i] = random.nextBoolean();
                    if (!genuine[i])
                    {
                        sealed[random.nextInt(sealed.length)] ^= (byte)(1 << random.nextInt(8));
                    }
                    expected[i] = genuine[i] ? text : new byte[text.length];
                    outputs[i] = new UnsafeBuffer(new byte[text.length]);
                    batch.open(new UnsafeBuffer(sealed), 0, sealed.length, outputs[i], 0);
                }
            }
            batch.run();
            for (int i = 0; i < count; i++)
            {
                assertEquals(genuine[i], batch.succeeded(i), "text " + i);
                assertArrayEquals(expected[i], outputs[i].byteArray(), "text " + i);
            }
            batch.clear();
        });
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldOpenTheRecordsThatPeersSealed(final Kernels kernels)
    {
        final Sm4GcmBatch batch = new Sm4GcmBatch(kernels);
        int records = 0;
        for (final Connection connection : TlcpConnections.all())
        {
            for (final ProtectedRecord record : connection.isGcm() ? connection.records() : List.<ProtectedRecord>of())
            {
                // key block of GCM: both keys, then both salts
                final UnsafeBuffer keys = new UnsafeBuffer(connection.value("key_block"));
                final int key = record.byClient() ? 0 : Sm4GcmBatch.KEY_LENGTH;
                final int salt = 2 * Sm4GcmBatch.KEY_LENGTH + (record.byClient() ? 0 : SALT_LENGTH);
                final UnsafeBuffer nonce = new UnsafeBuffer(new byte[Sm4GcmBatch.NONCE_LENGTH]);
                nonce.putBytes(0, keys, salt, SALT_LENGTH);
                nonce.putBytes(SALT_LENGTH, record.fragment(), 0, EXPLICIT_NONCE_LENGTH);
                final UnsafeBuffer header = new UnsafeBuffer(new byte[HEADER_LENGTH]);
                Sm4BatchTest.putHeader(header, record, record.plaintext().length);
                final UnsafeBuffer opened = new UnsafeBuffer(new byte[record.plaintext().length]);
                batch.add(keys, key, nonce, 0, header, 0, HEADER_LENGTH);
                batch.open(new UnsafeBuffer(record.fragment()), EXPLICIT_NONCE_LENGTH,
                    record.fragment().length - EXPLICIT_NONCE_LENGTH, opened, 0);
                batch.run();
                assertTrue(batch.succeeded(0), connection.name());
                assertArrayEquals(record.plaintext(), opened.byteArray(), connection.name());
                batch.clear();
                records++;
            }
        }
        assertTrue(records > 50, records + " records");
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldRefuseEveryFlippedBitAndEveryShortText(final Kernels kernels) throws InvalidCipherTextException
    {
        final Sm4GcmBatch batch = new Sm4GcmBatch(kernels);
        final SplittableRandom random = new SplittableRandom(5);
        final UnsafeBuffer key = new UnsafeBuffer(Seeded.bytes(random, Sm4GcmBatch.KEY_LENGTH));
        final UnsafeBuffer nonce = new UnsafeBuffer(Seeded.bytes(random, Sm4GcmBatch.NONCE_LENGTH));
        final byte[] text = Seeded.bytes(random, 20);
        final byte[] sealed = bouncyCastle(key.byteArray(), nonce.byteArray(), new byte[0], text);
        final UnsafeBuffer out = new UnsafeBuffer(new byte[text.length]);
        for (int bit = 0; bit < 8 * sealed.length; bit++)
        {
            sealed[bit / 8] ^= (byte)(1 << bit % 8);
            batch.add(key, 0, nonce, 0, key, 0, 0);
            batch.open(new UnsafeBuffer(sealed), 0, sealed.length, out, 0);
            batch.run();
            assertFalse(batch.succeeded(0), "bit " + bit);
            batch.clear();
            sealed[bit / 8] ^= (byte)(1 << bit % 8);
        }
        for (int length = 0; length < TAG_LENGTH + text.length; length++)
        {
            batch.add(key, 0, nonce, 0, key, 0, 0);
            batch.open(new UnsafeBuffer(sealed), 0, length, out, 0);
            batch.run();
            assertFalse(batch.succeeded(0), "length " + length);
            batch.clear();
        }
        assertArrayEquals(new byte[text.length], out.byteArray());
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldForgetKeysAndTexts(final Kernels kernels)
    {
        final SplittableRandom random = new SplittableRandom(6);
        final byte[] key = Seeded.bytes(random, Sm4GcmBatch.KEY_LENGTH);
        final byte[] nonce = Seeded.bytes(random, Sm4GcmBatch.NONCE_LENGTH);
        final byte[] text = Seeded.bytes(random, 50);
        final byte[] hashKey = new byte[Sm4Batch.BLOCK_LENGTH];
        final SM4Engine engine = new SM4Engine();
        engine.init(true, new KeyParameter(key));
        engine.processBlock(new byte[Sm4Batch.BLOCK_LENGTH], 0, hashKey, 0);

        final Sm4GcmBatch batch = new Sm4GcmBatch(kernels);
        final UnsafeBuffer in = new UnsafeBuffer(text.clone());
        final UnsafeBuffer out = new UnsafeBuffer(new byte[text.length + TAG_LENGTH]);
        batch.add(new UnsafeBuffer(key), 0, new UnsafeBuffer(nonce), 0, new UnsafeBuffer(nonce), 0, nonce.length);
        batch.seal(in, 0, text.length, out, 0);
        batch.run();
        in.setMemory(0, text.length, (byte)0);
        out.setMemory(0, out.capacity(), (byte)0);
        batch.clear();
        Remains.assertNone(batch, key, hashKey, text, nonce);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void shouldAllocateNothing(final Kernels kernels)
    {
        final Sm4GcmBatch batch = new Sm4GcmBatch(kernels);
        final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(512));
        Allocation.assertNone(200, () ->
        {
            for (int i = 0; i < 200; i++)
            {
                batch.add(memory, 0, memory, 16, memory, 32, 13);
                batch.seal(memory, 48, i, memory, 48);
                batch.add(memory, 0, memory, 16, memory, 32, 13);
                batch.open(memory, 300, i, memory, 300);
                batch.run();
                batch.clear();
            }
            return 200;
        });
    }

    private static byte[] bouncyCastle(
        final byte[] key, final byte[] nonce, final byte[] aad, final byte[] text) throws InvalidCipherTextException
    {
        final GCMModeCipher gcm = GCMBlockCipher.newInstance(new SM4Engine());
        gcm.init(true, new AEADParameters(new KeyParameter(key), 8 * TAG_LENGTH, nonce, aad));
        final byte[] out = new byte[gcm.getOutputSize(text.length)];
        final int length = gcm.processBytes(text, 0, text.length, out, 0);
        gcm.doFinal(out, length);
        return out;
    }
}
