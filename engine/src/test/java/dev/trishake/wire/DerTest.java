// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire;

import dev.trishake.support.Exhaustive;
import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Against Bouncy Castle's encoder and parser: what we write it reads, and we accept what it would have written. */
class DerTest
{
    private static final int WIDTH = 32;

    private final OctetReader in = new OctetReader();
    private final OctetReader content = new OctetReader();
    private final OctetWriter out = new OctetWriter();
    private final UnsafeBuffer written = new UnsafeBuffer(new byte[70_000]);
    private final UnsafeBuffer fields = new UnsafeBuffer(new byte[2 * WIDTH]);

    @Test
    void shouldWriteSignaturesAsBouncyCastleDoes()
    {
        Seeded.forEach(Scale.pick(2000, 100_000), random ->
        {
            final byte[] r = number(random);
            final byte[] s = number(random);
            final byte[] expected = new DERSequence(new ASN1Integer[] {
                new ASN1Integer(new BigInteger(1, r)), new ASN1Integer(new BigInteger(1, s))}).getEncoded();

            out.wrap(written, 0, expected.length);
            final int signature = Der.begin(out, Der.SEQUENCE);
            Der.writeUnsigned(out, new UnsafeBuffer(r), 0, WIDTH);
            Der.writeUnsigned(out, new UnsafeBuffer(s), 0, WIDTH);
            Der.end(out, signature);
            assertFalse(out.failed());
            assertEquals(Vectors.hex(expected), writtenHex());

            fields.setMemory(0, fields.capacity(), (byte)0x5a);
            assertTrue(readSignature(expected));
            assertArrayEquals(r, Arrays.copyOfRange(fields.byteArray(), 0, WIDTH));
            assertArrayEquals(s, Arrays.copyOfRange(fields.byteArray(), WIDTH, 2 * WIDTH));
        });
    }

    @Test
    void shouldAcceptDamagedSignaturesExactlyWhenBouncyCastleWouldHaveWrittenThem()
    {
        final int[] accepted = new int[1];
        Seeded.forEach(Scale.pick(30_000, 1_000_000), random ->
        {
            final byte[] valid = new DERSequence(new ASN1Integer[] {
                new ASN1Integer(new BigInteger(1, number(random))),
                new ASN1Integer(new BigInteger(1, number(random)))}).getEncoded();
            final byte[] bytes = Arrays.copyOf(valid, valid.length + Math.max(0, random.nextInt(8) - 6));
            Seeded.mutate(random, bytes, Math.max(0, random.nextInt(4) - 1));
            if (random.nextBoolean())
            {
                damageHead(random, bytes);
            }
            accepted[0] += assertSameVerdict(bytes) ? 1 : 0;
        });
        assertTrue(accepted[0] > 1000, "too few accepted to tell: " + accepted[0]);
    }

    @Test
    void shouldAcceptShortIntegersExactlyWhenBouncyCastleWouldHaveWrittenThem()
    {
        final byte[] alphabet = {0x00, 0x01, 0x02, 0x03, 0x30, 0x7f, (byte)0x80, (byte)0x81, (byte)0xff};
        final Exhaustive all = new Exhaustive();
        int accepted = 0;
        while (all.next())
        {
            final byte[] bytes = new byte[all.choose(Scale.pick(6, 7))];
            for (int i = 0; i < bytes.length; i++)
            {
                bytes[i] = alphabet[all.choose(alphabet.length)];
            }
            in.wrap(new UnsafeBuffer(bytes), 0, bytes.length);
            final boolean ours = Der.readUnsigned(in, fields, 0, 2) && in.isComplete();
            final BigInteger theirs = bytes.length == 0 || bytes[0] != Der.INTEGER ? null : canonicalInteger(bytes);
            final boolean expected = theirs != null && theirs.signum() >= 0 && theirs.bitLength() <= 16;
            assertEquals(expected, ours, () -> Vectors.hex(bytes));
            if (ours)
            {
                assertEquals(theirs, new BigInteger(1, Arrays.copyOf(fields.byteArray(), 2)));
                accepted++;
            }
        }
        assertTrue(accepted > 20, "too few accepted to tell: " + accepted);
    }

    @Test
    void shouldReadAndWriteCiphertextsAsBouncyCastleDoes()
    {
        Seeded.forEach(Scale.pick(500, 20_000), random ->
        {
            // GB/T 35276: SEQUENCE { x INTEGER, y INTEGER, hash OCTET STRING, ciphertext OCTET STRING }
            final byte[] x = number(random);
            final byte[] y = number(random);
            final byte[] hash = Seeded.bytes(random, 32);
            final byte[] text = Seeded.bytes(random, random.nextInt(4) == 0 ? random.nextInt(66_000) : 48);
            final byte[] expected = new DERSequence(new ASN1Primitive[] {
                new ASN1Integer(new BigInteger(1, x)), new ASN1Integer(new BigInteger(1, y)),
                new DEROctetString(hash), new DEROctetString(text)}).getEncoded();

            out.wrap(written, 0, expected.length);
            final int mark = Der.begin(out, Der.SEQUENCE);
            Der.writeUnsigned(out, new UnsafeBuffer(x), 0, WIDTH);
            Der.writeUnsigned(out, new UnsafeBuffer(y), 0, WIDTH);
            Der.write(out, Der.OCTET_STRING, new UnsafeBuffer(hash), 0, hash.length);
            Der.write(out, Der.OCTET_STRING, new UnsafeBuffer(text), 0, text.length);
            Der.end(out, mark);
            assertFalse(out.failed());
            assertEquals(Vectors.hex(expected), writtenHex());

            out.wrap(written, 0, expected.length - 1 - random.nextInt(expected.length));
            final int tight = Der.begin(out, Der.SEQUENCE);
            Der.write(out, Der.OCTET_STRING, new UnsafeBuffer(expected), 0, expected.length);
            Der.end(out, tight);
            assertTrue(out.failed());

            in.wrap(new UnsafeBuffer(expected), 0, expected.length);
            assertTrue(Der.readSequence(in, content) && in.isComplete());
            assertEquals(Der.INTEGER, Der.peekTag(content));
            assertTrue(Der.readUnsigned(content, fields, 0, WIDTH));
            assertTrue(Der.readUnsigned(content, fields, WIDTH, WIDTH));
            assertArrayEquals(y, Arrays.copyOfRange(fields.byteArray(), WIDTH, 2 * WIDTH));
            final OctetReader octets = new OctetReader();
            assertTrue(Der.readOctetString(content, octets));
            assertArrayEquals(hash, rest(octets));
            assertTrue(Der.readOctetString(content, octets));
            assertArrayEquals(text, rest(octets));
            assertTrue(content.isComplete());
            assertEquals(-1, Der.peekTag(content));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.840.113549, 06062a864886f70d",               // RSA Data Security, as X.690 readers print it
        "1.2.156.10197.1.301, 06082a811ccf5501822d"})     // sm2p256v1, GM/T 0006
    void shouldKnowAnObjectIdentifier(final String name, final String encoded) throws IOException
    {
        final byte[] bytes = new ASN1ObjectIdentifier(name).getEncoded(ASN1Encoding.DER);
        assertEquals(encoded, Vectors.hex(bytes));
        final UnsafeBuffer identifier = new UnsafeBuffer(Arrays.copyOfRange(bytes, 2, bytes.length));
        in.wrap(new UnsafeBuffer(bytes), 0, bytes.length);
        assertTrue(Der.readObjectIdentifier(in, identifier, 0, identifier.capacity()) && in.isComplete());
        for (int i = 0; i < bytes.length; i++)
        {
            final byte[] other = bytes.clone();
            other[i] ^= 1;
            in.wrap(new UnsafeBuffer(other), 0, other.length);
            assertFalse(Der.readObjectIdentifier(in, identifier, 0, identifier.capacity()));
            assertTrue(in.failed());
            in.wrap(new UnsafeBuffer(bytes), 0, i);
            assertFalse(Der.readObjectIdentifier(in, identifier, 0, identifier.capacity()));
        }
    }

    @Test
    void shouldReadBitStringsOfWholeOctetsOnly() throws IOException
    {
        final byte[] point = Vectors.hex("04aabbcc");
        assertArrayEquals(point, bitString(new DERBitString(point).getEncoded()));
        assertArrayEquals(new byte[0], bitString(new DERBitString(new byte[0]).getEncoded()));
        assertEquals(null, bitString(new DERBitString(Vectors.hex("aabb80"), 7).getEncoded()));
        assertEquals(null, bitString(Vectors.hex("0300")));
        assertEquals(null, bitString(Vectors.hex("0402aabb")));
        assertTrue(in.failed());
        assertTrue(content.failed());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "30 80 0000",                    // indefinite
        "30 8101 00", "30 81 7f",        // one octet would do
        "30 820001 00", "30 820080",     // fewer octets would do
        "30 83000100",
        "30 8401000000", "30 ff",        // longer than any
        "30 01", "30 82ffff", "30",      // not there
        "1f 8100 00"})                   // a tag of several octets
    void shouldRefuseLengthsAndTagsThatAreNotDistinguished(final String bytes)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(Vectors.hex(bytes));
        in.wrap(buffer, 0, buffer.capacity());
        assertFalse(Der.readSequence(in, content));
        assertTrue(in.failed());
        assertTrue(content.failed());
        in.wrap(buffer, 0, buffer.capacity());
        assertFalse(Der.skip(in));
        assertTrue(in.failed());
    }

    @ParameterizedTest
    @CsvSource({"82007f, 127", "820080, 128", "8200ff, 255", "83000100, 256", "8300ffff, 65535"})
    void shouldRefuseLengthsThatBeginWithAZeroOctet(final String length, final int octets) throws IOException
    {
        final byte[] bytes = Vectors.hex("04" + length + "55".repeat(octets));
        in.wrap(new UnsafeBuffer(bytes), 0, bytes.length);
        assertFalse(Der.readOctetString(in, content));
        final byte[] right = new DEROctetString(new byte[octets]).getEncoded();
        in.wrap(new UnsafeBuffer(right), 0, right.length);
        assertTrue(Der.readOctetString(in, content));
        assertEquals(octets, content.remaining());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 255, 256, 65_535, 65_536})
    void shouldWriteLengthsInTheirShortestForm(final int length) throws IOException
    {
        final byte[] octets = Seeded.bytes(new SplittableRandom(length), length);
        final byte[] expected = new DEROctetString(octets).getEncoded();
        out.wrap(written, 3, expected.length);
        Der.write(out, Der.OCTET_STRING, new UnsafeBuffer(octets), 0, length);
        assertFalse(out.failed());
        assertEquals(expected.length, out.length());
        final byte[] actual = new byte[out.length()];
        written.getBytes(3, actual);
        assertArrayEquals(expected, actual);

        in.wrap(new UnsafeBuffer(expected), 0, expected.length);
        assertTrue(Der.skip(in) && in.isComplete());

        out.wrap(written, 3, expected.length - 1);
        Der.write(out, Der.OCTET_STRING, new UnsafeBuffer(octets), 0, length);
        assertTrue(out.failed());
    }

    /** {@return whether both accept; fails when they differ in verdict or value} */
    private boolean assertSameVerdict(final byte[] bytes)
    {
        BigInteger r = null;
        BigInteger s = null;
        try
        {
            final ASN1Sequence sequence = ASN1Sequence.getInstance(bytes);
            if (sequence.size() == 2 && Arrays.equals(bytes, sequence.getEncoded(ASN1Encoding.DER)))
            {
                r = ASN1Integer.getInstance(sequence.getObjectAt(0)).getValue();
                s = ASN1Integer.getInstance(sequence.getObjectAt(1)).getValue();
            }
        }
        catch (final IOException | IllegalArgumentException ex)
        {
            s = null;
        }
        final boolean theirs = s != null && fits(r) && fits(s);
        final boolean ours = readSignature(bytes);
        assertEquals(theirs, ours, () -> Vectors.hex(bytes));
        if (ours)
        {
            assertEquals(r, new BigInteger(1, Arrays.copyOfRange(fields.byteArray(), 0, WIDTH)));
            assertEquals(s, new BigInteger(1, Arrays.copyOfRange(fields.byteArray(), WIDTH, 2 * WIDTH)));
        }
        return ours;
    }

    private static boolean fits(final BigInteger number)
    {
        return number.signum() >= 0 && number.bitLength() <= WIDTH * Byte.SIZE;
    }

    private static BigInteger canonicalInteger(final byte[] bytes)
    {
        try
        {
            final ASN1Integer integer = ASN1Integer.getInstance(bytes);
            return Arrays.equals(bytes, integer.getEncoded(ASN1Encoding.DER)) ? integer.getValue() : null;
        }
        catch (final IOException | IllegalArgumentException ex)
        {
            return null;
        }
    }

    private boolean readSignature(final byte[] bytes)
    {
        in.wrap(new UnsafeBuffer(bytes), 0, bytes.length);
        return Der.readSequence(in, content) &&
            in.isComplete() &&
            Der.readUnsigned(content, fields, 0, WIDTH) &&
            Der.readUnsigned(content, fields, WIDTH, WIDTH) &&
            content.isComplete();
    }

    private byte[] bitString(final byte[] bytes)
    {
        in.wrap(new UnsafeBuffer(bytes), 0, bytes.length);
        return Der.readBitString(in, content) && in.isComplete() ? rest(content) : null;
    }

    private static byte[] rest(final OctetReader reader)
    {
        final byte[] bytes = new byte[reader.remaining()];
        reader.bytes(new UnsafeBuffer(bytes), 0, bytes.length);
        assertTrue(reader.isComplete());
        return bytes;
    }

    private String writtenHex()
    {
        final byte[] bytes = new byte[out.length()];
        written.getBytes(0, bytes);
        return Vectors.hex(bytes);
    }

    /** {@return 32 bytes: often short, or with the first bit set} */
    private static byte[] number(final SplittableRandom random)
    {
        final byte[] bytes = Seeded.bytes(random, WIDTH);
        final int zeros = random.nextInt(3) == 0 ? random.nextInt(WIDTH + 1) : 0;
        Arrays.fill(bytes, 0, zeros, (byte)0);
        if (zeros < WIDTH && random.nextBoolean())
        {
            bytes[zeros] |= (byte)0x80;
        }
        return bytes;
    }

    /** Tags, lengths and signs are where the faults are: touches the first bytes of the sequence or of an integer. */
    private static void damageHead(final SplittableRandom random, final byte[] bytes)
    {
        final int second = 4 + Byte.toUnsignedInt(bytes[3]);
        final int at = switch (random.nextInt(3))
        {
            case 0 -> random.nextInt(2);
            case 1 -> 2 + random.nextInt(4);
            default -> second + random.nextInt(4);
        };
        if (at < bytes.length)
        {
            bytes[at] += (byte)(random.nextInt(5) - 2);
        }
    }
}
