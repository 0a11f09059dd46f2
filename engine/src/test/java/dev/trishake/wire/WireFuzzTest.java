// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire;

import dev.trishake.support.Scale;
import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

class WireFuzzTest
{
    private static final byte[] CIPHERTEXT = Vectors.hex(
        "3081a0" + "0220" + "11".repeat(32) + "022100" + "81".repeat(32) + "0420" + "33".repeat(32) +
        "0430" + "44".repeat(48) + "030300aabb" + "0605");

    @Test
    void shouldReadLikeANaiveReaderWhateverIsAskedFor()
    {
        Seeded.forEach(Scale.pick(5000, 500_000), random ->
        {
            final byte[] bytes = Seeded.bytes(random, random.nextInt(40));
            Arrays.fill(bytes, 0, random.nextInt(bytes.length + 1), (byte)random.nextInt(4));
            final long script = random.nextLong();
            Enclosed.decode(bytes, (buffer, offset, length, facts) ->
                compareWithNaiveReader(new SplittableRandom(script), bytes, buffer, offset, facts));
        });
    }

    @Test
    void shouldStayInsideWhateverLooksLikeDer()
    {
        for (int length = 0; length <= CIPHERTEXT.length; length++)
        {
            Enclosed.decode(Arrays.copyOf(CIPHERTEXT, length), WireFuzzTest::walkDer);
        }
        Seeded.forEach(Scale.pick(10_000, 1_000_000), random ->
        {
            final byte[] bytes = random.nextInt(4) == 0 ?
                Seeded.bytes(random, random.nextInt(64)) :
                Arrays.copyOf(CIPHERTEXT, random.nextInt(CIPHERTEXT.length + 8));
            Seeded.mutate(random, bytes, random.nextInt(6));
            Enclosed.decode(bytes, WireFuzzTest::walkDer);
        });
    }

    /** Reads with both until the script ends; the naive one is an index into the bytes, -1 once it has failed. */
    private static void compareWithNaiveReader(
        final SplittableRandom script,
        final byte[] bytes,
        final DirectBuffer buffer,
        final int offset,
        final Enclosed.Facts facts)
    {
        final OctetReader in = new OctetReader().wrap(buffer, offset, bytes.length);
        final OctetReader child = new OctetReader();
        int at = 0;
        for (int i = 0; i < 8; i++)
        {
            final int operation = script.nextInt(12);
            final int count = switch (operation)
            {
                case 0, 1, 2, 3 -> 1 + operation;
                case 4 -> 8;
                case 5, 6 -> script.nextInt(6) - 1;
                default -> 1 + operation % 3;
            };
            final int width = operation < 7 ? 0 : count;
            int needed = count;
            if (width > 0)
            {
                final long length = number(bytes, at, width);
                needed = length < 0 ? Integer.MAX_VALUE : width + (int)length;
            }
            final boolean whole = at >= 0 && needed >= 0 && needed <= bytes.length - at;
            final long actual = switch (operation)
            {
                case 0 -> in.u8();
                case 1 -> in.u16();
                case 2 -> in.u24();
                case 3 -> in.u32();
                case 4 -> in.u64();
                case 5 -> in.skip(count) < 0 ? -1 : count;
                case 6 -> in.range(child, count) ? child.remaining() : -1;
                default -> switch (width)
                {
                    case 1 -> in.vector8(child) ? child.remaining() : -1;
                    case 2 -> in.vector16(child) ? child.remaining() : -1;
                    default -> in.vector24(child) ? child.remaining() : -1;
                };
            };
            final long expected = operation < 5 ? (whole ? number(bytes, at, count) : 0) : whole ? needed - width : -1;
            assertEquals(expected, actual);
            at = whole ? at + needed : -1;
            assertEquals(at < 0, in.failed());
            assertEquals(at < 0 ? 0 : bytes.length - at, in.remaining());
            facts.add("value", actual);
        }
    }

    private static long number(final byte[] bytes, final int at, final int width)
    {
        if (at < 0 || width > bytes.length - at)
        {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < width; i++)
        {
            number = number << 8 | Byte.toUnsignedLong(bytes[at + i]);
        }
        return number;
    }

    private static void walkDer(
        final DirectBuffer buffer, final int offset, final int length, final Enclosed.Facts facts)
    {
        final OctetReader in = new OctetReader().wrap(buffer, offset, length);
        final OctetReader children = new OctetReader();
        final OctetReader leaf = new OctetReader();
        final UnsafeBuffer field = new UnsafeBuffer(new byte[32]);
        facts.add("sequence", Der.readSequence(in, children));
        int elements = 0;
        while (children.remaining() > 0)
        {
            facts.add("tag", Der.peekTag(children));
            switch (Der.peekTag(children))
            {
                case Der.INTEGER -> facts.add("integer", Der.readUnsigned(children, field, 0, 32));
                case Der.OCTET_STRING -> facts.add("octets", Der.readOctetString(children, leaf));
                case Der.BIT_STRING -> facts.add("bits", Der.readBitString(children, leaf));
                case Der.OBJECT_IDENTIFIER -> facts.add("oid", Der.readObjectIdentifier(children, field, 0, 2));
                default -> facts.add("skipped", Der.skip(children));
            }
            facts.add("length", leaf.buffer() == null ? 0 : leaf.remaining());
            elements++;
        }
        facts.add("field", field.getLong(0)).add("remaining", in.remaining());
        assertFalse(elements > length, "an element takes at least a byte");
    }
}
