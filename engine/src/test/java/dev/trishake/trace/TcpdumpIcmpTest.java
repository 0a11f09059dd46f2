// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.trace;

import dev.trishake.support.Vectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Messages of 8 bytes and a quoted packet; the words are those that tcpdump 4.99.3 prints of them. */
class TcpdumpIcmpTest
{
    private static final String QUOTED = "4500002807d0000040060000" + "0a000001" + "0a000002" + "04d2162e00000001";
    private static final String QUOTED_V6 = "6000000000140640" +
        "20010db8000000000000000000000001" + "20010db8000000000000000000000002" +
        "04d2162e00000001000000005002000000000000";

    private final TcpdumpIcmp icmp = new TcpdumpIcmp(true);
    private final StringBuilder line = new StringBuilder();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        0b00000000000000 | ICMP time exceeded in-transit
        0b01000000000000 | ICMP ip reassembly time exceeded
        0b02000000000000 | ICMP time exceeded-#2
        0bff000000000000 | ICMP time exceeded-#255
        0c00000014000000 | ICMP parameter problem - octet 20
        0c01000014000000 | ICMP parameter problem - code 1
        0cff0000ff000000 | ICMP parameter problem - code 255
        """)
    void shouldNameTheCodesOfErrors(final String message, final String words)
    {
        final byte[] bytes = Vectors.hex(message + QUOTED);
        icmp.appendIcmp(line, new UnsafeBuffer(bytes), 0, bytes.length, bytes.length);
        assertEquals(words + ", length 36", line.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        0200000000000500 | ICMP6, packet too big, mtu 1280
        0200000080000000 | ICMP6, packet too big, mtu 2147483648
        02000000c9a5da91 | ICMP6, packet too big, mtu 3383089809
        04000000c9a5da91 | ICMP6, parameter problem, erroneous - octet 3383089809
        04010000ffffffff | ICMP6, parameter problem, next header - octet 4294967295
        0402000000000005 | ICMP6, parameter problem, option - octet 5
        0403000000000006 | ICMP6, parameter problem, incomplete header chain - octet 6
        0404000000000007 | ICMP6, parameter problem, code-#4
        04c8000080000000 | ICMP6, parameter problem, code-#200
        """)
    void shouldPrintNumbersOf32BitsAsTheyStand(final String message, final String words)
    {
        final byte[] bytes = Vectors.hex(message + QUOTED_V6);
        icmp.appendIcmpv6(line, new UnsafeBuffer(bytes), 0, bytes.length, bytes.length);
        assertEquals(words + ", length 68", line.toString());
    }
}
