// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import dev.trishake.session.FourTuple;
import dev.trishake.soak.report.Rate;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.ip.Ipv6Flyweight;
import dev.trishake.wire.tcp.TcpFlags;
import dev.trishake.wire.tcp.TcpHeaderFlyweight;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a flood is made of. */
class SynWriterTest
{
    private static final int SYNS = 2_000;

    private final UnsafeBuffer packet = new UnsafeBuffer(new byte[SynWriter.MAX_LENGTH]);

    @Test
    void shouldWriteGoodSynsOfTheWholeNetworkAndNoOther()
    {
        final SourceNetwork from = SourceNetwork.of(InetAddress.ofLiteral("198.18.255.7"), 28);
        final SynWriter syns = new SynWriter(from, InetAddress.ofLiteral("10.9.0.2"), 80, 1);
        final Ipv4Flyweight ip = new Ipv4Flyweight();
        final TcpHeaderFlyweight header = new TcpHeaderFlyweight();
        final Set<Integer> sources = new HashSet<>();
        final Set<List<Integer>> tuplesAndNumbers = new HashSet<>();
        for (int i = 0; i < SYNS; i++)
        {
            final int length = syns.write(packet, 0);
            assertTrue(ip.wrap(packet, 0, length) && ip.isChecksumValid() && ip.totalLength() == length);
            assertTrue(header.wrap(packet, ip.payloadOffset(), ip.payloadLength()));
            assertTrue(header.isChecksumValid(ip.pseudoHeader(ip.payloadLength())));
            assertEquals(TcpFlags.SYN, header.flags());
            assertEquals(80, header.dstPort());
            assertTrue(header.srcPort() >= 1024);
            assertEquals(20, header.optionsLength(), "as Linux's: MSS, SACK, timestamps, NOP, window scale");
            sources.add(ip.source());
            tuplesAndNumbers.add(List.of(ip.source(), header.srcPort(), header.seq()));
        }
        assertEquals(16, sources.size(), "a /28 has sixteen addresses");
        assertTrue(sources.stream().allMatch(source -> (source & ~15) == 0xc612ff00), "all of that /28");
        assertEquals(SYNS, tuplesAndNumbers.size());
    }

    @Test
    void shouldWriteIpv6Too()
    {
        final SourceNetwork from = SourceNetwork.of(InetAddress.ofLiteral("2001:db8::"), 32);
        final InetAddress to = InetAddress.ofLiteral("fd09::2");
        final SynWriter syns = new SynWriter(from, to, 80, 1);
        final Ipv6Flyweight ip = new Ipv6Flyweight();
        final TcpHeaderFlyweight header = new TcpHeaderFlyweight();
        for (int i = 0; i < SYNS; i++)
        {
            final int length = syns.write(packet, 0);
            assertTrue(ip.wrap(packet, 0, length));
            assertTrue(header.wrap(packet, ip.payloadOffset(), ip.payloadLength()));
            assertTrue(header.isChecksumValid(ip.pseudoHeader(ip.payloadLength())));
            assertEquals(0x20010db8, (int)(ip.sourceHigh() >>> Integer.SIZE));
            assertEquals(0xfd090000_00000000L, ip.destinationHigh());
            assertEquals(2, ip.destinationLow());
        }
    }

    @Test
    void shouldWriteTheSameForTheSameSeed()
    {
        final byte[] first = first(7);
        assertArrayEquals(first, first(7));
        assertTrue(!Arrays.equals(first, first(8)));
    }

    private byte[] first(final long seed)
    {
        final SynWriter syns = new SynWriter(
            SourceNetwork.of(InetAddress.ofLiteral("198.18.0.0"), 15), InetAddress.ofLiteral("10.9.0.2"), 80, seed);
        final byte[] bytes = new byte[syns.write(packet, 0)];
        packet.getBytes(0, bytes);
        return bytes;
    }

    @ParameterizedTest
    @CsvSource({
        "198.18.0.0, 15, true", "10.9.1.0, 24, true", "10.9.0.0, 24, false", "10.0.0.0, 8, false",
        "10.9.0.128, 32, false", "0.0.0.0, 1, false", "127.0.0.0, 8, false", "224.0.0.0, 4, false",
        "255.255.255.255, 32, false", "2001:db8::, 32, true", "fd09:0:0:1::, 64, true", "fd09::, 16, false",
        "fd09::7, 128, false", "ff02::, 16, false", "fe80::, 10, false", "::1, 128, false"})
    void shouldClaimOnlyWhatSomebodyElseCouldHave(final String address, final int prefixLength, final boolean good)
    {
        final SourceNetwork network = SourceNetwork.of(InetAddress.ofLiteral(address), prefixLength);
        assertEquals(good, Addresses.mistake(network) == null, Addresses.mistake(network));
    }

    @ParameterizedTest
    @CsvSource({"2500, 2500", "100k, 100000", "1M, 1000000", "5m, 5000000", "max, 0", "1, 1"})
    void shouldReadRates(final String text, final long perSecond)
    {
        assertEquals(perSecond, Rate.of(text).perSecond());
    }

    @ParameterizedTest
    @CsvSource({"0", "6M", "x", "10kk", "-1", "1.5M", "''", "99999999"})
    void shouldRefuseOtherRates(final String text)
    {
        assertThrows(IllegalArgumentException.class, () -> Rate.of(text));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "999, 999", "1000, 1k", "9920, 9.92k", "10600, 10.6k", "200000, 200k", "1000000, 1M"})
    void shouldWriteRatesShort(final double value, final String text)
    {
        assertEquals(text, Rate.text(value));
    }

    @Test
    void shouldHaveTheAddressesOfAFourTuple()
    {
        final FourTuple tuple = new FourTuple().localIpv4(0xc6120000, 80);
        final SourceNetwork network = SourceNetwork.of(InetAddress.ofLiteral("198.18.0.0"), 15);
        assertEquals(tuple.localLow(), network.low());
        assertEquals(tuple.localHigh(), network.high(0));
    }
}
