// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.curve;

import dev.trishake.crypto.BothKernels;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.support.Allocation;
import dev.trishake.support.Blank;
import dev.trishake.support.Remains;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import javax.crypto.KeyAgreement;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class X25519Test
{
    private static final int LANES = X25519Agreement.LANES;
    private static final int LENGTH = X25519Agreement.LENGTH;
    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

    private static List<Kernels> kernels()
    {
        return BothKernels.all();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldGiveTheResultsOfTheRfc(final Kernels kernels)
    {
        for (final String line : Vectors.lines("x25519/rfc7748.txt"))
        {
            final String[] fields = line.split("\\|", -1);
            final byte[] scalar = Vectors.hex(fields[0]);
            final byte[] point = Vectors.hex(fields[1]);
            assertEquals(fields[2], Vectors.hex(agree(kernels, scalar, point)), line);
            if (fields[1].startsWith("0900"))
            {
                assertEquals(fields[2], Vectors.hex(publicKey(kernels, scalar)), line);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldIterateAsTheRfcDoes(final Kernels kernels)
    {
        final String[] expected = Vectors.lines("x25519/iterated.txt").toArray(String[]::new);
        final X25519Agreement agreement = new X25519Agreement(kernels);
        final UnsafeBuffer k = new UnsafeBuffer(new byte[LENGTH]);
        final UnsafeBuffer u = new UnsafeBuffer(new byte[LENGTH]);
        final UnsafeBuffer r = new UnsafeBuffer(new byte[LENGTH]);
        k.putByte(0, (byte)9);
        u.putByte(0, (byte)9);
        for (int i = 1; i <= Scale.pick(1_000, 1_000_000); i++)
        {
            agreement.add(k, 0, u, 0);
            agreement.run();
            assertTrue(agreement.sharedSecret(0, r, 0));
            agreement.clear();
            u.putBytes(0, k, 0, LENGTH);
            k.putBytes(0, r, 0, LENGTH);
            for (final String line : expected)
            {
                if (line.startsWith(i + "|"))
                {
                    assertEquals(line.substring(line.indexOf('|') + 1), Vectors.hex(k.byteArray()), line);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldEqualBouncyCastleInEveryLane(final Kernels kernels)
    {
        final X25519Agreement agreement = new X25519Agreement(kernels);
        final X25519PublicKeys publicKeys = new X25519PublicKeys(kernels);
        Seeded.forEach(Scale.pick(250, 12_500), random ->
        {
            final int lanes = 1 + random.nextInt(LANES);
            final byte[] keys = Seeded.bytes(random, lanes * LENGTH);
            final byte[] points = Seeded.bytes(random, lanes * LENGTH);
            final UnsafeBuffer out = new UnsafeBuffer(new byte[lanes * LENGTH]);
            for (int i = 0; i < lanes; i++)
            {
                extreme(random, points, i * LENGTH);
                assertEquals(i, agreement.add(
                    new UnsafeBuffer(keys), i * LENGTH, new UnsafeBuffer(points), i * LENGTH));
                assertEquals(i, publicKeys.add(new UnsafeBuffer(keys), i * LENGTH));
            }
            agreement.run();
            publicKeys.run();
            final byte[] expected = new byte[LENGTH];
            for (int i = lanes - 1; i >= 0; i--)
            {
                X25519.scalarMult(keys, i * LENGTH, points, i * LENGTH, expected, 0);
                assertEquals(!Arrays.equals(expected, new byte[LENGTH]), agreement.sharedSecret(i, out, i * LENGTH));
                assertArrayEquals(expected, Arrays.copyOfRange(out.byteArray(), i * LENGTH, (i + 1) * LENGTH));

                X25519.scalarMultBase(keys, i * LENGTH, expected, 0);
                publicKeys.publicKey(i, out, i * LENGTH);
                assertArrayEquals(expected, Arrays.copyOfRange(out.byteArray(), i * LENGTH, (i + 1) * LENGTH));
            }
            agreement.clear();
            publicKeys.clear();
        });
    }

    @Test
    void shouldGiveTheSameInLanesAndAlone()
    {
        final X25519Lanes vector = Kernels.vector().create(X25519Lanes.KERNEL);
        final X25519Lanes scalar = Kernels.scalar().create(X25519Lanes.KERNEL);
        final int words = X25519Lanes.WORDS * LANES;
        final long[] expected = new long[words];
        final long[] actual = new long[words];
        Seeded.forEach(Scale.pick(400, 12_500), random ->
        {
            final long[] keys = random.longs(words).toArray();
            final long[] points = random.longs(words).toArray();
            scalar.agree(keys, points, expected, LANES);
            vector.agree(keys, points, actual, LANES);
            assertArrayEquals(expected, actual);
            scalar.generate(keys, expected, LANES);
            vector.generate(keys, actual, LANES);
            assertArrayEquals(expected, actual);
        });
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldEqualTheJdk(final Kernels kernels) throws Exception
    {
        final KeyFactory factory = KeyFactory.getInstance("X25519");
        final KeyAgreement jdk = KeyAgreement.getInstance("X25519");
        Seeded.forEach(Scale.pick(100, 10_000), random ->
        {
            final byte[] key = Seeded.bytes(random, LENGTH);
            final byte[] point = Seeded.bytes(random, LENGTH);
            final byte[] reversed = new byte[LENGTH];
            for (int i = 0; i < LENGTH; i++)
            {
                reversed[i] = point[LENGTH - 1 - i];
            }
            reversed[0] &= 0x7f;
            jdk.init(factory.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, key)));
            jdk.doPhase(factory.generatePublic(
                new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, reversed))), true);
            assertArrayEquals(jdk.generateSecret(), agree(kernels, key, point));
        });
    }

    /** RFC 7748 6.1 and 7: points of order 1, 2, 4 and 8 on the curve and its twist, canonical or not. */
    @ParameterizedTest
    @MethodSource("kernels")
    void shouldReportPointsOfLowOrder(final Kernels kernels)
    {
        final X25519Agreement agreement = new X25519Agreement(kernels);
        final BigInteger order8 = new BigInteger(
            "325606250916557431795983626356110631294008115727848805560023387167927233504");
        final BigInteger order8Too = new BigInteger(
            "39382357235489614581723060781553021112529911719440698176882885853963445705823");
        final BigInteger[] low = {BigInteger.ZERO, BigInteger.ONE, order8, order8Too, P.subtract(BigInteger.ONE), P,
            P.add(BigInteger.ONE)};
        final SplittableRandom random = new SplittableRandom(1);
        final UnsafeBuffer out = new UnsafeBuffer(new byte[LENGTH]);
        for (final BigInteger u : low)
        {
            for (final boolean highestBit : new boolean[]{false, true})
            {
                final byte[] point = littleEndian(highestBit ? u.setBit(255) : u);
                for (int lane = 0; lane < LANES; lane++)
                {
                    for (int i = 0; i < LANES; i++)
                    {
                        final byte[] other = Seeded.bytes(random, LENGTH);
                        agreement.add(new UnsafeBuffer(Seeded.bytes(random, LENGTH)), 0,
                            new UnsafeBuffer(i == lane ? point : other), 0);
                    }
                    agreement.run();
                    for (int i = 0; i < LANES; i++)
                    {
                        assertEquals(i != lane, agreement.sharedSecret(i, out, 0), u + " in lane " + lane);
                    }
                    agreement.clear();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldTakeNonCanonicalPointsModuloP(final Kernels kernels)
    {
        final SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 19; i++)
        {
            final byte[] key = Seeded.bytes(random, LENGTH);
            final BigInteger u = BigInteger.valueOf(i);
            assertArrayEquals(agree(kernels, key, littleEndian(u)), agree(kernels, key, littleEndian(P.add(u))));
            assertArrayEquals(agree(kernels, key, littleEndian(u)),
                agree(kernels, key, littleEndian(P.add(u).setBit(255))));
        }
    }

    /** Keys whose digits are all alike, or at the ends of their range, for the comb. */
    @ParameterizedTest
    @MethodSource("kernels")
    void shouldMakePublicKeysOfExtremePrivateOnes(final Kernels kernels)
    {
        final byte[] expected = new byte[LENGTH];
        for (int octet = 0; octet < 256; octet++)
        {
            final byte[] key = new byte[LENGTH];
            Arrays.fill(key, (byte)octet);
            X25519.scalarMultBase(key, 0, expected, 0);
            assertArrayEquals(expected, publicKey(kernels, key), "octet " + octet);
        }
        for (int bit = 0; bit < 256; bit++)
        {
            final byte[] key = littleEndian(BigInteger.ONE.shiftLeft(bit));
            X25519.scalarMultBase(key, 0, expected, 0);
            assertArrayEquals(expected, publicKey(kernels, key), "bit " + bit);
        }
    }

    @Test
    void shouldRefuseANinthLane()
    {
        final X25519Agreement agreement = new X25519Agreement(Kernels.scalar());
        final X25519PublicKeys publicKeys = new X25519PublicKeys(Kernels.scalar());
        final UnsafeBuffer any = new UnsafeBuffer(new byte[LENGTH]);
        for (int i = 0; i < LANES; i++)
        {
            assertEquals(i, agreement.add(any, 0, any, 0));
            assertEquals(i, publicKeys.add(any, 0));
        }
        assertEquals(-1, agreement.add(any, 0, any, 0));
        assertEquals(-1, publicKeys.add(any, 0));
        agreement.clear();
        publicKeys.clear();
        assertEquals(0, agreement.add(any, 0, any, 0));
        assertEquals(0, publicKeys.add(any, 0));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldGiveEachKeyPairOnceAndForgetIt(final Kernels kernels)
    {
        final X25519KeyPairs pairs = new X25519KeyPairs(kernels, Entropy.seeded(1));
        final UnsafeBuffer pair = new UnsafeBuffer(new byte[2 * LENGTH]);
        final byte[] expected = new byte[LENGTH];
        byte[] before = new byte[LENGTH];
        for (int i = 0; i < 3 * X25519KeyPairs.AHEAD; i++)
        {
            pairs.take(pair, 0, pair, LENGTH);
            assertEquals(X25519KeyPairs.AHEAD - 1 - i % X25519KeyPairs.AHEAD, pairs.waiting());
            final byte[] key = Arrays.copyOf(pair.byteArray(), LENGTH);
            assertFalse(Arrays.equals(before, key));
            before = key;
            X25519.scalarMultBase(key, 0, expected, 0);
            assertArrayEquals(expected, Arrays.copyOfRange(pair.byteArray(), LENGTH, 2 * LENGTH));
            for (int at = pairs.waiting() * 2 * LENGTH; at < pairs.memory().capacity(); at++)
            {
                assertEquals(0, pairs.memory().getByte(at), "given out and still there");
            }
        }
        pairs.fill();
        assertEquals(X25519KeyPairs.AHEAD, pairs.waiting());
        assertNotEquals(0, pairs.memory().getLong(0));
        pairs.close();
        assertEquals(0, pairs.memory().getLong(0));
        assertEquals(0, pairs.waiting());
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldAgreeAsRecordedHandshakesDid(final Kernels kernels)
    {
        int agreements = 0;
        for (final String line : Vectors.lines("gquic/keys.txt"))
        {
            final String[] fields = line.split("\\|", -1);
            final byte[] server = Vectors.hex(fields[2]);
            final byte[] client = Vectors.hex(fields[4]);
            assertEquals(fields[3], Vectors.hex(publicKey(kernels, server)), fields[0]);
            assertEquals(fields[5], Vectors.hex(publicKey(kernels, client)), fields[0]);
            assertEquals(fields[6], Vectors.hex(agree(kernels, server, Vectors.hex(fields[5]))), fields[0]);
            assertEquals(fields[6], Vectors.hex(agree(kernels, client, Vectors.hex(fields[3]))), fields[0]);
            agreements++;
        }
        assertEquals(28, agreements);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldForgetKeysAndSecrets(final Kernels kernels)
    {
        final SplittableRandom random = new SplittableRandom(3);
        final byte[] key = Seeded.bytes(random, LENGTH);
        final byte[] peer = Seeded.bytes(random, LENGTH);
        final X25519Agreement agreement = new X25519Agreement(kernels);
        final X25519PublicKeys publicKeys = new X25519PublicKeys(kernels);
        final UnsafeBuffer secret = new UnsafeBuffer(new byte[LENGTH]);
        for (int i = 0; i < LANES; i++)
        {
            agreement.add(new UnsafeBuffer(key), 0, new UnsafeBuffer(peer), 0);
            publicKeys.add(new UnsafeBuffer(key), 0);
        }
        agreement.run();
        publicKeys.run();
        agreement.sharedSecret(0, secret, 0);
        assertTrue(Remains.holds(agreement, key) && Remains.holds(agreement, secret.byteArray()));
        assertTrue(Remains.holds(publicKeys, key));
        agreement.clear();
        publicKeys.clear();
        Remains.assertNone(agreement, key, secret.byteArray());
        Remains.assertNone(publicKeys, key);
        // nothing at all, however it is written: the ladder's points are as secret as the result
        assertEquals("", Blank.fieldThatIsNot(agreement));
        assertEquals("", Blank.fieldThatIsNot(publicKeys));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void shouldAllocateNothing(final Kernels kernels)
    {
        final X25519Agreement agreement = new X25519Agreement(kernels);
        final X25519KeyPairs pairs = new X25519KeyPairs(kernels, Entropy.seeded(1));
        final UnsafeBuffer pair = new UnsafeBuffer(new byte[2 * LENGTH]);
        Allocation.assertNone(100 * LANES, () ->
        {
            int done = 0;
            for (int i = 0; i < 100; i++)
            {
                for (int lane = 0; lane < LANES; lane++)
                {
                    pairs.take(pair, 0, pair, LENGTH);
                    agreement.add(pair, 0, pair, LENGTH);
                }
                agreement.run();
                for (int lane = 0; lane < LANES; lane++)
                {
                    done += agreement.sharedSecret(lane, pair, 0) ? 1 : 0;
                }
                agreement.clear();
            }
            return done;
        });
    }

    private static void extreme(final SplittableRandom random, final byte[] point, final int offset)
    {
        if (random.nextInt(4) == 0)
        {
            Arrays.fill(point, offset, offset + LENGTH, (byte)0xff);
            point[offset] = (byte)random.nextInt();
        }
    }

    private static byte[] littleEndian(final BigInteger value)
    {
        final byte[] bytes = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++)
        {
            bytes[i] = value.shiftRight(8 * i).byteValue();
        }
        return bytes;
    }

    private static byte[] agree(final Kernels kernels, final byte[] key, final byte[] point)
    {
        final X25519Agreement agreement = new X25519Agreement(kernels);
        final UnsafeBuffer out = new UnsafeBuffer(new byte[LENGTH]);
        agreement.add(new UnsafeBuffer(key), 0, new UnsafeBuffer(point), 0);
        agreement.run();
        agreement.sharedSecret(0, out, 0);
        return out.byteArray();
    }

    private static byte[] publicKey(final Kernels kernels, final byte[] key)
    {
        final X25519PublicKeys publicKeys = new X25519PublicKeys(kernels);
        final UnsafeBuffer out = new UnsafeBuffer(new byte[LENGTH]);
        publicKeys.add(new UnsafeBuffer(key), 0);
        publicKeys.run();
        publicKeys.publicKey(0, out, 0);
        return out.byteArray();
    }
}
