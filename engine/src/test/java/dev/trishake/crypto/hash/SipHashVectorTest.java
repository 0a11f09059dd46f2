// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.hash;

import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.List;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;

class SipHashVectorTest
{
    private static final long K0 = 0x0706050403020100L;
    private static final long K1 = 0x0f0e0d0c0b0a0908L;
    private static final int COUNT = 64;

    private final UnsafeBuffer input = new UnsafeBuffer(new byte[COUNT]);

    {
        for (int i = 0; i < COUNT; i++)
        {
            input.putByte(i, (byte)i);
        }
    }

    @Test
    void shouldGiveTheReferenceVectorsOf24()
    {
        final List<String> expected = Vectors.lines("siphash/siphash-2-4.txt");
        assertEquals(COUNT, expected.size());
        for (int length = 0; length < COUNT; length++)
        {
            assertEquals(expected.get(length), octets(SipHash.hash24(K0, K1, input, 0, length)), "length " + length);
        }
    }

    @Test
    void shouldGiveTheVectorsOf13()
    {
        final List<String> expected = Vectors.lines("siphash/siphash-1-3.txt");
        assertEquals(COUNT, expected.size());
        for (int length = 0; length < COUNT; length++)
        {
            assertEquals(expected.get(length), octets(SipHash.hash13(K0, K1, input, 0, length)), "length " + length);
        }
    }

    @Test
    void shouldGiveTheExampleOfThePaper()
    {
        // Appendix A: 15 octets 00 .. 0e
        assertEquals(0xa129ca6149be45e5L, SipHash.hash24(K0, K1, input, 0, 15));
    }

    private static String octets(final long hash)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Long.BYTES]);
        buffer.putLong(0, hash, LITTLE_ENDIAN);
        return Vectors.hex(buffer.byteArray());
    }
}
