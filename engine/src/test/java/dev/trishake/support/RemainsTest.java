// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.support;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RemainsTest
{
    private static final byte[] SECRET = Vectors.hex("0102030405060708");

    /** Holds memory of every kind, one object away. */
    private static final class Holder
    {
        private final Kinds[] kinds = {new Kinds()};
    }

    private static final class Kinds
    {
        private final byte[] bytes = new byte[32];
        private final int[] ints = new int[4];
        private final long[] longs = new long[4];
        private final UnsafeBuffer direct = new UnsafeBuffer(ByteBuffer.allocateDirect(32));
    }

    @Test
    void shouldFindAWordWhereverItHides()
    {
        final Holder holder = new Holder();
        final Kinds kinds = holder.kinds[0];
        assertFalse(Remains.holds(holder, SECRET));

        kinds.bytes[30] = 1;
        assertFalse(Remains.holds(holder, SECRET));
        kinds.ints[3] = 0x05060708;
        assertTrue(Remains.holds(holder, SECRET));
        kinds.ints[3] = 0x08070605;
        assertTrue(Remains.holds(holder, SECRET));
        kinds.ints[3] = 0;
        kinds.longs[2] = 0x0403020100000000L;
        assertTrue(Remains.holds(holder, SECRET));
        kinds.longs[2] = 0;
        kinds.direct.putBytes(27, SECRET, 4, 4);
        assertTrue(Remains.holds(holder, SECRET));
        assertThrows(AssertionError.class, () -> Remains.assertNone(holder, SECRET));
        kinds.direct.putByte(30, (byte)0);
        Remains.assertNone(holder, SECRET);
    }
}
