// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.session;

import dev.trishake.crypto.hash.SipHash;
import dev.trishake.support.Seeded;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FourTupleTest
{
    private static final long DOCUMENTATION = 0x2001_0db8_0000_0000L;

    private final FourTuple tuple = new FourTuple();
    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(8 + FourTuple.LENGTH + 8));
    private final long stored = buffer.addressOffset() + 8;

    @Test
    void shouldKeepItsPartsApart()
    {
        tuple.local(1, 2, 65535).remote(3, 4, 65534);
        tuple.local(5, 6, 7);
        assertEquals("5 6 7 3 4 65534", parts());
        tuple.remote(8, 9, 65535);
        assertEquals("5 6 7 8 9 65535", parts());
        tuple.local(-1, -2, 65535);
        assertEquals("-1 -2 65535 8 9 65535", parts());
    }

    @Test
    void shouldMapIpv4IntoIpv6()
    {
        tuple.localIpv4(0xc000_0201, 443).remoteIpv4(0xffff_ffff, 1025);
        assertEquals(0, tuple.localHigh());
        assertEquals(0x0000_ffff_c000_0201L, tuple.localLow());
        assertEquals(0, tuple.remoteHigh());
        assertEquals(0x0000_ffff_ffff_ffffL, tuple.remoteLow());
        assertTrue(tuple.isIpv4());
        assertFalse(tuple.local(0, 0xc000_0201L, 443).isIpv4());
        assertFalse(tuple.local(1, 0x0000_ffff_c000_0201L, 443).isIpv4());
    }

    @Test
    void shouldReadAsPeopleWriteAddresses()
    {
        tuple.localIpv4(0xc000_0201, 443).remoteIpv4(0xc633_6407, 1025);
        assertEquals("192.0.2.1:443 <- 198.51.100.7:1025", tuple.toString());
        tuple.local(DOCUMENTATION, 1, 443).remote(DOCUMENTATION | 0xabcd, -1, 0);
        assertEquals("[2001:db8:0:0:0:0:0:1]:443 <- [2001:db8:0:abcd:ffff:ffff:ffff:ffff]:0", tuple.toString());
    }

    @Test
    void shouldAssertThatAPortIsOne()
    {
        assertThrows(AssertionError.class, () -> tuple.local(0, 0, 65536));
        assertThrows(AssertionError.class, () -> tuple.remoteIpv4(0, -1));
    }

    @Test
    void shouldReadBackWhatItStored()
    {
        Seeded.forEach(1000, random ->
        {
            tuple.local(random.nextLong(), random.nextLong(), random.nextInt(65536))
                .remote(random.nextLong(), random.nextLong(), random.nextInt(65536));
            tuple.store(stored);
            final String parts = parts();
            assertTrue(tuple.isStoredAt(stored));
            tuple.local(0, 0, 0).remote(0, 0, 0);
            assertFalse(tuple.isStoredAt(stored));
            tuple.load(stored);
            assertEquals(parts, parts());
            assertEquals(0, buffer.getLong(0) | buffer.getLong(8 + FourTuple.LENGTH));
        });
    }

    @Test
    void shouldDifferFromAStoredTupleInAnyBit()
    {
        tuple.local(1, 2, 3).remote(4, 5, 6);
        tuple.store(stored);
        for (int bit = 0; bit < 8 * FourTuple.LENGTH; bit++)
        {
            final int at = 8 + bit / 8;
            buffer.putByte(at, (byte)(buffer.getByte(at) ^ (1 << bit % 8)));
            assertFalse(tuple.isStoredAt(stored), "bit " + bit);
            buffer.putByte(at, (byte)(buffer.getByte(at) ^ (1 << bit % 8)));
        }
        assertTrue(tuple.isStoredAt(stored));
    }

    @Test
    void shouldHashAllItStores()
    {
        tuple.local(1, 2, 3).remote(4, 5, 6);
        tuple.store(stored);
        final int length = FourTuple.LENGTH - Integer.BYTES; // the last four are always 0
        assertEquals(SipHash.hash13(7, 8, buffer, 8, length), tuple.hash(7, 8));
        assertEquals(SipHash.hash24(7, 8, buffer, 8, length), tuple.hash24(7, 8));
    }

    @Test
    void shouldHashOfIpv4WhatIsNotTheSameForAll()
    {
        tuple.localIpv4(0xc000_0201, 443).remoteIpv4(0xfeff_ffff, 1025);
        buffer.putInt(0, 0xfeff_ffff);
        buffer.putInt(4, 0xc000_0201);
        buffer.putInt(8, 443 << 16 | 1025);
        assertEquals(SipHash.hash13(7, 8, buffer, 0, 12), tuple.hash(7, 8));
        assertEquals(SipHash.hash24(7, 8, buffer, 0, 12), tuple.hash24(7, 8));
    }

    @Test
    void shouldTellIpv4FromIpv6()
    {
        assertTrue(tuple.localIpv4(0, 1).isIpv4());
        for (int bit = 0; bit < 2 * Long.SIZE; bit++)
        {
            final long high = bit < Long.SIZE ? 1L << bit : 0;
            final long low = bit < Long.SIZE ? 0 : 1L << bit;
            tuple.local(high, 0xffff_c000_0201L ^ low, 1);
            assertEquals(high == 0 && low >>> Integer.SIZE == 0, tuple.isIpv4(), "bit " + bit);
        }
    }

    private String parts()
    {
        return tuple.localHigh() + " " + tuple.localLow() + " " + tuple.localPort() + " " +
            tuple.remoteHigh() + " " + tuple.remoteLow() + " " + tuple.remotePort();
    }
}
