// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.support.Seeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.nio.ByteBuffer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

class TextTest
{
    private static String ipv6(final long high, final long low)
    {
        final StringBuilder text = new StringBuilder();
        Text.appendIpv6(text, high, low);
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({
        // RFC 5952 4 and 5
        "0000000000000000, 0000000000000000, ::",
        "0000000000000000, 0000000000000001, ::1",
        "fe80000000000000, 0000000000000000, fe80::",
        "20010db800000000, 0000000000000001, 2001:db8::1",
        "20010db800000000, 0001000000000001, 2001:db8::1:0:0:1",
        "20010db800000001, 0001000100010001, 2001:db8:0:1:1:1:1:1",
        "2001000000000001, 0000000000000001, 2001:0:0:1::1",
        "0000000100000000, 0000000000000000, 0:1::",
        "0001000200030004, 0005000600070000, 1:2:3:4:5:6:7:0",
        "0000000200030004, 0005000600070008, 0:2:3:4:5:6:7:8",
        "0000000000000000, 0000ffffc0000201, ::ffff:192.0.2.1",
        "20010db80000abcd, ffff000000000fff, 2001:db8:0:abcd:ffff::fff"})
    void shouldWriteIpv6AsRfc5952Says(final String high, final String low, final String text)
    {
        assertEquals(text, ipv6(Long.parseUnsignedLong(high, 16), Long.parseUnsignedLong(low, 16)));
    }

    @Test
    void shouldWriteIpv6SoThatTheJdkReadsItBack()
    {
        Seeded.forEach(5_000, random ->
        {
            // about half of the groups are zero
            final long high = random.nextLong() & spread(random.nextInt(16));
            final long low = (random.nextLong() & spread(random.nextInt(16))) | 0x1_0000_0000_0000L;
            final byte[] bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
            final String text = ipv6(high, low);
            assertArrayEquals(bytes, InetAddress.getByName(text).getAddress(), text);
            assertFalse(text.contains(":::"), text);
        });
    }

    private static long spread(final int groups)
    {
        long mask = 0;
        for (int i = 0; i < 4; i++)
        {
            mask |= (groups >> i & 1) == 0 ? 0 : 0xffffL << (16 * i);
        }
        return mask;
    }

    @Test
    void shouldWriteIpv4AndMacAddresses()
    {
        final StringBuilder text = new StringBuilder();
        Text.appendIpv4(text, 0xfffe0001);
        text.append(' ');
        Text.appendMac(text, 0x02ab_0000_00ffL);
        assertEquals("255.254.0.1 02:ab:00:00:00:ff", text.toString());
    }
}
