// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.linux;

import dev.trishake.support.Seeded;
import dev.trishake.support.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class SocketAddressCodecTest
{
    private final MemorySegment memory = MemorySegment.ofArray(new byte[SocketAddressCodec.MAX_LENGTH]);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        192.0.2.7   | 443   | 16 | 0200 01bb c0000207 0000000000000000
        0.0.0.0     | 0     | 16 | 0200 0000 00000000 0000000000000000
        2001:db8::9 | 65535 | 28 | 0a00 ffff 00000000 20010db8000000000000000000000009 00000000
        ::          | 80    | 28 | 0a00 0050 00000000 00000000000000000000000000000000 00000000
        """)
    void shouldWriteWhatTheKernelReads(final String host, final int port, final int length, final String bytes)
        throws Exception
    {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "the bytes are those of little-endian machines");
        final InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(host), port);
        memory.fill((byte)0xee);
        assertEquals(length, SocketAddressCodec.encode(memory, address));
        assertEquals(Vectors.hex(Vectors.hex(bytes)),
            Vectors.hex(memory.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE)));
        assertEquals(address, SocketAddressCodec.decode(memory));
        assertEquals(port, SocketAddressCodec.port(memory));
    }

    @Test
    void shouldKeepTheScopeOfALinkLocalAddress() throws Exception
    {
        final byte[] octets = Vectors.hex("fe80000000000000020c29fffe123456");
        SocketAddressCodec.encode(memory, new InetSocketAddress(Inet6Address.getByAddress(null, octets, 3), 7));
        assertEquals(3, ((Inet6Address)SocketAddressCodec.decode(memory).getAddress()).getScopeId());
    }

    @Test
    void shouldReadIpv4AsIpv4Mapped() throws Exception
    {
        SocketAddressCodec.encode(memory, new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 443));
        assertTrue(SocketAddressCodec.isIpv4(memory));
        assertEquals(0, SocketAddressCodec.high(memory));
        assertEquals(0xffff_c000_0207L, SocketAddressCodec.low(memory));

        // ::ffff:192.0.2.7, as a dual-stack listener gets it; the JDK's own classes can't write it
        memory.fill((byte)0);
        memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short)Libc.AF_INET6);
        MemorySegment.copy(Vectors.hex("00000000000000000000ffffc0000207"), 0, memory, ValueLayout.JAVA_BYTE, 8, 16);
        assertTrue(SocketAddressCodec.isIpv4(memory));
        assertEquals(0, SocketAddressCodec.high(memory));
        assertEquals(0xffff_c000_0207L, SocketAddressCodec.low(memory));

        SocketAddressCodec.encode(memory, new InetSocketAddress(InetAddress.ofLiteral("2001:db8::9"), 443));
        assertFalse(SocketAddressCodec.isIpv4(memory));
        assertEquals(0x2001_0db8_0000_0000L, SocketAddressCodec.high(memory));
        assertEquals(9, SocketAddressCodec.low(memory));
    }

    @Test
    void shouldReadAnyBytes()
    {
        Seeded.forEach(10_000, random ->
        {
            MemorySegment.copy(Seeded.bytes(random, SocketAddressCodec.MAX_LENGTH), 0, memory, ValueLayout.JAVA_BYTE, 0,
                SocketAddressCodec.MAX_LENGTH);
            if (random.nextBoolean())
            {
                memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0,
                    random.nextBoolean() ? (short)Libc.AF_INET : (short)Libc.AF_INET6);
            }
            final int port = SocketAddressCodec.port(memory);
            assertTrue(port >= 0 && port <= 0xffff);
            final short family = memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, 0);
            if (family != Libc.AF_INET && family != Libc.AF_INET6)
            {
                assertEquals(0, SocketAddressCodec.high(memory) | SocketAddressCodec.low(memory) | port);
            }
        });
    }
}
