// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.tlcp;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import dev.trishake.wire.OctetWriter;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.gm.GMNamedCurves;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Signatures and ciphertexts of SM2 against Bouncy Castle's encoders. */
class Sm2DerTest
{
    private static final BigInteger ORDER = GMNamedCurves.getByName("sm2p256v1").getN();
    private static final int C2_LENGTH = Tlcp.PRE_MASTER_SECRET_LENGTH;

    private final Sm2SignatureDer signatures = new Sm2SignatureDer();
    private final Sm2CiphertextDer strict = new Sm2CiphertextDer(Strictness.STRICT);
    private final Sm2CiphertextDer tolerant = new Sm2CiphertextDer(Strictness.TOLERANT);
    private final OctetWriter out = new OctetWriter();
    private final UnsafeBuffer fixed = new UnsafeBuffer(new byte[96 + 64]);
    private final UnsafeBuffer written = new UnsafeBuffer(new byte[256]);

    @Test
    void shouldReadAndWriteSignaturesAsBouncyCastleDoes()
    {
        Seeded.forEach(Scale.pick(1000, 100_000), random ->
        {
            final BigInteger r = number(random).mod(ORDER.subtract(BigInteger.ONE)).add(BigInteger.ONE);
            final BigInteger s = number(random).mod(ORDER.subtract(BigInteger.ONE)).add(BigInteger.ONE);
            final byte[] der = StandardDSAEncoding.INSTANCE.encode(ORDER, r, s);
            assertTrue(signatures.decode(new UnsafeBuffer(der), 0, der.length, fixed, 0));
            assertEquals(r, new BigInteger(1, Arrays.copyOf(fixed.byteArray(), 32)));
            assertEquals(s, new BigInteger(1, Arrays.copyOfRange(fixed.byteArray(), 32, 64)));
            Sm2SignatureDer.encode(out.wrap(written, 0, der.length), fixed, 0);
            assertFalse(out.failed());
            assertEquals(Vectors.hex(der), Vectors.hex(Arrays.copyOf(written.byteArray(), out.length())));

            final byte[] damaged = der.clone();
            Seeded.mutate(random, damaged, 1);
            assertEquals(bouncyCastleAccepts(damaged),
                signatures.decode(new UnsafeBuffer(damaged), 0, damaged.length, fixed, 0), () -> Vectors.hex(damaged));
            final byte[] longer = Arrays.copyOf(der, der.length + 1);
            assertFalse(signatures.decode(new UnsafeBuffer(longer), 0, longer.length, fixed, 0));
            assertFalse(signatures.decode(new UnsafeBuffer(der), 0, der.length - 1, fixed, 0));
        });
    }

    @Test
    void shouldRefuseNumbersOutsideOfTheGroup()
    {
        final BigInteger[] edges = {
            BigInteger.ZERO, BigInteger.ONE, ORDER.subtract(BigInteger.ONE), ORDER, ORDER.add(BigInteger.ONE),
            BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE), BigInteger.ONE.shiftLeft(64),
            ORDER.subtract(BigInteger.ONE.shiftLeft(64)), ORDER.add(BigInteger.ONE.shiftLeft(128))};
        for (final BigInteger r : edges)
        {
            for (final BigInteger s : edges)
            {
                final byte[] der = sequence(new ASN1Integer(r), new ASN1Integer(s));
                final boolean expected =
                    r.signum() > 0 && s.signum() > 0 && r.compareTo(ORDER) < 0 && s.compareTo(ORDER) < 0;
                assertEquals(expected, signatures.decode(new UnsafeBuffer(der), 0, der.length, fixed, 0));
            }
        }
    }

    @Test
    void shouldReadAndWriteCiphertextsAsBouncyCastleDoes()
    {
        Seeded.forEach(Scale.pick(1000, 100_000), random ->
        {
            final BigInteger x = number(random);
            final BigInteger y = number(random);
            final byte[] c3 = Seeded.bytes(random, 32);
            final byte[] c2 = Seeded.bytes(random, C2_LENGTH);
            final byte[] der = sequence(
                new ASN1Integer(x), new ASN1Integer(y), new DEROctetString(c3), new DEROctetString(c2));
            assertTrue(strict.decode(new UnsafeBuffer(der), 0, der.length, fixed, 7, C2_LENGTH));
            final byte[] whole = fixed.byteArray();
            assertEquals(x, new BigInteger(1, Arrays.copyOfRange(whole, 7, 39)));
            assertEquals(y, new BigInteger(1, Arrays.copyOfRange(whole, 39, 71)));
            assertArrayEquals(c3, Arrays.copyOfRange(whole, 71, 103));
            assertArrayEquals(c2, Arrays.copyOfRange(whole, 103, 151));
            Sm2CiphertextDer.encode(out.wrap(written, 0, der.length), fixed, 7, C2_LENGTH);
            assertFalse(out.failed());
            assertEquals(Vectors.hex(der), Vectors.hex(Arrays.copyOf(written.byteArray(), out.length())));

            // bytes behind it are let pass by the tolerant one alone
            final byte[] longer = Arrays.copyOf(der, der.length + 1 + random.nextInt(16));
            assertFalse(strict.decode(new UnsafeBuffer(longer), 0, longer.length, fixed, 0, C2_LENGTH));
            assertTrue(tolerant.decode(new UnsafeBuffer(longer), 0, longer.length, fixed, 0, C2_LENGTH));
            for (final Sm2CiphertextDer decoder : new Sm2CiphertextDer[] {strict, tolerant})
            {
                final int cut = random.nextInt(der.length);
                assertFalse(decoder.decode(new UnsafeBuffer(Arrays.copyOf(der, cut)), 0, cut, fixed, 0, C2_LENGTH));
                assertFalse(decoder.decode(new UnsafeBuffer(der), 0, der.length, fixed, 0, C2_LENGTH - 1));
                assertFalse(decoder.decode(new UnsafeBuffer(der), 0, der.length, fixed, 0, C2_LENGTH + 1));
            }
        });
    }

    @Test
    void shouldReadCoordinatesThatLackTheirSignsOctetWhenTolerant()
    {
        Seeded.forEach(Scale.pick(1000, 100_000), random ->
        {
            final byte[] x = Seeded.bytes(random, 32);
            final byte[] y = Seeded.bytes(random, 32);
            x[0] = (byte)(0x80 | random.nextInt(0x7f)); // as com.aliyun:gmsse writes it: a negative number
            y[0] = (byte)((y[0] & 0x7f) | 1);
            final byte[] der = sequence(new ASN1Integer(x), new ASN1Integer(y), new DEROctetString(new byte[32]),
                new DEROctetString(new byte[C2_LENGTH]));
            assertFalse(strict.decode(new UnsafeBuffer(der), 0, der.length, fixed, 0, C2_LENGTH));
            assertTrue(tolerant.decode(new UnsafeBuffer(der), 0, der.length, fixed, 0, C2_LENGTH));
            assertArrayEquals(x, Arrays.copyOf(fixed.byteArray(), 32));
            assertArrayEquals(y, Arrays.copyOfRange(fixed.byteArray(), 32, 64));

            // a negative number that is shorter, or longer, is none
            final byte[] other = Seeded.bytes(random, random.nextBoolean() ? 1 + random.nextInt(31) : 33);
            other[0] = (byte)(0x80 | random.nextInt(0x7f)); // not ff: the shortest form
            final byte[] wrong = sequence(new ASN1Integer(other), new ASN1Integer(y),
                new DEROctetString(new byte[32]), new DEROctetString(new byte[C2_LENGTH]));
            assertFalse(tolerant.decode(new UnsafeBuffer(wrong), 0, wrong.length, fixed, 0, C2_LENGTH));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "04", "0444", "30 06 020101 020101", // C1 raw, a signature
        "3081a3 022100", "30 80"})
    void shouldRefuseWhatIsNoCiphertext(final String head)
    {
        final byte[] bytes = Vectors.hex(head + "11".repeat(160));
        assertFalse(tolerant.decode(new UnsafeBuffer(bytes), 0, bytes.length, fixed, 0, C2_LENGTH));
    }

    @Test
    void shouldRefuseADigestOfAnotherLength()
    {
        for (int length = 31; length <= 33; length++)
        {
            final byte[] der = sequence(new ASN1Integer(BigInteger.TWO), new ASN1Integer(BigInteger.TEN),
                new DEROctetString(new byte[length]), new DEROctetString(new byte[C2_LENGTH]));
            assertEquals(length == 32, strict.decode(new UnsafeBuffer(der), 0, der.length, fixed, 0, C2_LENGTH));
        }
    }

    private static boolean bouncyCastleAccepts(final byte[] der)
    {
        try
        {
            final BigInteger[] numbers = StandardDSAEncoding.INSTANCE.decode(ORDER, der);
            return numbers[0].signum() > 0 && numbers[1].signum() > 0; // it lets 0 pass, the verifier does not
        }
        catch (final IOException | IllegalArgumentException | ClassCastException ex)
        {
            return false;
        }
    }

    private static byte[] sequence(final ASN1Primitive... elements)
    {
        try
        {
            return new DERSequence(elements).getEncoded();
        }
        catch (final IOException ex)
        {
            throw new AssertionError(ex);
        }
    }

    /** {@return a number of 256 bits, in a third of cases much shorter} */
    private static BigInteger number(final SplittableRandom random)
    {
        return new BigInteger(1, Seeded.bytes(random, random.nextInt(3) == 0 ? random.nextInt(33) : 32));
    }
}
