// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.packet;

import dev.trishake.support.Allocation;
import dev.trishake.support.Seeded;
import dev.trishake.wire.ip.Checksum;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv6Encoder;
import dev.trishake.wire.ip.Ipv6Flyweight;
import dev.trishake.wire.ip.NdpEncoder;
import dev.trishake.wire.ip.NdpFlyweight;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NeighbourDiscoveryTest
{
    private static final long OURS = 0x0200_0000_0002L;
    private static final long THEIRS = 0x0200_0000_0001L;
    private static final int OUR_IPV4 = 0x0a09_0002;
    private static final int THEIR_IPV4 = 0x0a09_0001;
    private static final long PREFIX = 0xfd09_0000_0000_0000L;
    private static final long MULTICAST = 0xff02_0000_0000_0000L;
    private static final long SOLICITED_OURS = 0x1_ff00_0002L;

    private final FrameSink sink = new FrameSink();
    private final Neighbours neighbours = new Neighbours(64, 1);
    private final AddressPrefix[] own = {
        AddressPrefix.of(InetAddress.ofLiteral("10.9.0.2"), 32),
        AddressPrefix.of(InetAddress.ofLiteral("fd09::2"), 128)};
    private final NeighbourDiscovery discovery = new NeighbourDiscovery(own, OURS, true, neighbours, sink);
    private final UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(256));
    private final Ipv6Flyweight ipv6 = new Ipv6Flyweight();

    private Map<String, Long> counters()
    {
        final Map<String, Long> counters = new TreeMap<>();
        discovery.visitCounters(counters::put);
        return counters;
    }

    private void arp(final String hex)
    {
        final byte[] octets = HexFormat.of().parseHex(hex.replace(" ", ""));
        packet.putBytes(0, octets);
        discovery.onArp(packet, 0, octets.length, 0);
    }

    /** A request as Linux sends it. */
    private void request(final int operation, final String sender, final String target)
    {
        arp("0001 0800 06 04 000" + operation + " 020000000001" + sender + "000000000000" + target);
    }

    private long knownIpv4(final int address)
    {
        return neighbours.find(0, AddressPrefix.ipv4(address), 0);
    }

    /** {@return what the discovery says of a solicitation or an advertisement} */
    private boolean ndp(
        final boolean isSolicitation, final int flags, final long fromHigh, final long fromLow, final long toHigh,
        final long toLow, final long targetLow, final int hopLimit)
    {
        final int length = NdpFlyweight.LENGTH_WITH_LINK_LAYER_ADDRESS;
        final NdpEncoder encoder = new NdpEncoder();
        if (isSolicitation)
        {
            encoder.solicitation(packet, Ipv6Flyweight.HEADER_LENGTH, PREFIX, targetLow, THEIRS);
        }
        else
        {
            encoder.advertisement(packet, Ipv6Flyweight.HEADER_LENGTH, flags, PREFIX, targetLow, THEIRS);
        }
        encoder.finish(Checksum.pseudoHeader(fromHigh, fromLow, toHigh, toLow, IpProtocol.ICMPV6, length));
        new Ipv6Encoder().init(packet, 0).protocol(IpProtocol.ICMPV6).hopLimit(hopLimit)
            .source(fromHigh, fromLow).destination(toHigh, toLow).finish(length);
        assertTrue(ipv6.wrap(packet, 0, Ipv6Flyweight.HEADER_LENGTH + length));
        return discovery.onIpv6(packet, ipv6, 0);
    }

    @Test
    void shouldAnswerWhoHasOurAddress()
    {
        request(1, "0a090001", "0a090002");
        assertEquals("020000000001" + "020000000002" + "0806" +
            "0001080006040002" + "020000000002" + "0a090002" + "020000000001" + "0a090001", sink.nextHex());
        assertEquals(THEIRS, knownIpv4(THEIR_IPV4));
    }

    @Test
    void shouldAnswerAProbeAndLearnNothingOfIt() // RFC 5227 2.1.1: the sender's address is 0
    {
        request(1, "00000000", "0a090002");
        assertEquals(1, sink.frames.size());
        assertEquals(Neighbours.UNKNOWN, knownIpv4(0));
    }

    @Test
    void shouldLearnOnlyFromThoseWhoSpeakToUs()
    {
        request(1, "0a090001", "0a090009");
        assertEquals(0, sink.frames.size());
        assertEquals(Neighbours.UNKNOWN, knownIpv4(THEIR_IPV4));
        request(2, "0a090001", "0a090002");
        assertEquals(THEIRS, knownIpv4(THEIR_IPV4));
        assertEquals(0, sink.frames.size(), "a reply has no answer");
        arp("0001 0800 06 04 0001 020000000077 0a090001 000000000000 0a090001"); // gratuitous: it has moved
        assertEquals(0x0200_0000_0077L, knownIpv4(THEIR_IPV4));
        request(1, "0a090002", "0a090002"); // somebody claims our address
        assertEquals(Neighbours.UNKNOWN, knownIpv4(OUR_IPV4));
    }

    @ParameterizedTest
    @CsvSource({
        "0001 0800 06 04 0001 010000000001 0a090001 000000000000 0a090002", // a group is nobody's address
        "0001 0800 06 04 0001 000000000000 0a090001 000000000000 0a090002",
        "0006 0800 06 04 0001 020000000001 0a090001 000000000000 0a090002",
        "0001 0800 06 04 0001 020000000001 0a090001 000000000000 0a0900"})
    void shouldCountWhatIsNoArp(final String hex)
    {
        arp(hex);
        assertEquals(0, sink.frames.size());
        assertEquals(1, counters().get("LinkNeighbourInvalid"));
        assertEquals(Neighbours.UNKNOWN, knownIpv4(THEIR_IPV4));
    }

    @Test
    void shouldAskWhoHasAnAddress()
    {
        assertTrue(discovery.request(
            0, AddressPrefix.ipv4(OUR_IPV4), 0, AddressPrefix.ipv4(THEIR_IPV4)));
        assertEquals("ffffffffffff" + "020000000002" + "0806" +
            "0001080006040001" + "020000000002" + "0a090002" + "000000000000" + "0a090001", sink.nextHex());
        assertTrue(discovery.request(PREFIX, 2, PREFIX, 0x1234_5678));
        final UnsafeBuffer frame = sink.next();
        final String hex = HexFormat.of().formatHex(frame.byteArray());
        assertEquals("3333ff345678" + "020000000002" + "86dd", hex.substring(0, 28));
        assertTrue(ipv6.wrap(frame, 14, frame.capacity() - 14));
        assertEquals(255, ipv6.hopLimit());
        assertEquals(0x1_ff34_5678L, ipv6.destinationLow());
        sink.isFull = true;
        assertFalse(discovery.request(PREFIX, 2, PREFIX, 1));
        assertFalse(discovery.request(0, AddressPrefix.ipv4(1), 0, AddressPrefix.ipv4(2)));
    }

    @Test
    void shouldAnswerASolicitation()
    {
        assertTrue(ndp(true, 0, PREFIX, 1, MULTICAST, SOLICITED_OURS, 2, 255));
        final UnsafeBuffer frame = sink.next();
        assertEquals("020000000001" + "020000000002" + "86dd",
            HexFormat.of().formatHex(frame.byteArray()).substring(0, 28));
        assertTrue(ipv6.wrap(frame, 14, frame.capacity() - 14));
        assertEquals(2, ipv6.sourceLow());
        assertEquals(1, ipv6.destinationLow());
        final NdpFlyweight answer = new NdpFlyweight();
        assertTrue(answer.wrap(frame, ipv6.payloadOffset(), ipv6.payloadLength()));
        assertEquals(NdpFlyweight.SOLICITED | NdpFlyweight.OVERRIDE, answer.flags());
        assertEquals(OURS, answer.linkLayerAddress());
        assertEquals(2, answer.targetLow());
        assertEquals(THEIRS, neighbours.find(PREFIX, 1, 0));
        // and its checksum: another discovery believes it
        final Neighbours others = new Neighbours(4, 1);
        final NeighbourDiscovery other = new NeighbourDiscovery(
            new AddressPrefix[] {AddressPrefix.of(InetAddress.ofLiteral("fd09::1"), 128)}, THEIRS, true, others, sink);
        assertTrue(other.onIpv6(frame, ipv6, 0));
        assertEquals(OURS, others.find(PREFIX, 2, 0));
    }

    @Test
    void shouldIgnoreSolicitationsForOthersAndThoseFromAfar()
    {
        assertTrue(ndp(true, 0, PREFIX, 1, MULTICAST, SOLICITED_OURS, 3, 255));
        assertTrue(ndp(true, 0, PREFIX, 1, MULTICAST, SOLICITED_OURS, 2, 254)); // RFC 4861 7.1.1: not of this link
        assertTrue(ndp(true, 0, 0, 0, MULTICAST, SOLICITED_OURS, 2, 255)); // unspecified source with an option
        assertEquals(0, sink.frames.size());
        assertEquals(2, counters().get("LinkNeighbourInvalid"));
        assertEquals(Neighbours.UNKNOWN, neighbours.find(PREFIX, 1, 0));
    }

    @Test
    void shouldBelieveAdvertisementsThatAnswerUsAndChangesOfWhatIsKnown()
    {
        ndp(false, 0, PREFIX, 1, MULTICAST, 1, 1, 255);
        assertEquals(Neighbours.UNKNOWN, neighbours.find(PREFIX, 1, 0), "nobody has asked");
        ndp(false, NdpFlyweight.SOLICITED, PREFIX, 1, MULTICAST, 1, 1, 255); // RFC 4861 7.1.2: to a group, solicited
        assertEquals(Neighbours.UNKNOWN, neighbours.find(PREFIX, 1, 0));
        ndp(false, NdpFlyweight.SOLICITED, PREFIX, 1, PREFIX, 2, 1, 255);
        assertEquals(THEIRS, neighbours.find(PREFIX, 1, 0));
        neighbours.confirm(PREFIX, 1, 5, 0);
        ndp(false, NdpFlyweight.OVERRIDE, PREFIX, 1, MULTICAST, 1, 1, 255);
        assertEquals(THEIRS, neighbours.find(PREFIX, 1, 0), "it has moved");
    }

    @Test
    void shouldLearnAndNotAnswerWhereAnotherLinkDoes()
    {
        final NeighbourDiscovery second = new NeighbourDiscovery(own, OURS, false, neighbours, sink);
        packet.putBytes(0, HexFormat.of().parseHex("0001080006040001" + "020000000001" + "0a090001" +
            "000000000000" + "0a090002"));
        second.onArp(packet, 0, 28, 0);
        assertEquals(0, sink.frames.size());
        assertEquals(THEIRS, knownIpv4(THEIR_IPV4));
    }

    @Test
    void shouldSurviveWhateverComes() throws Exception
    {
        Seeded.forEach(2000, random ->
        {
            final byte[] octets = new byte[random.nextInt(1, 120)];
            random.nextBytes(octets);
            octets[0] = 0x60;
            packet.putBytes(0, octets);
            if (random.nextBoolean() && octets.length > 46)
            {
                packet.putByte(6, (byte)58);
                packet.putByte(7, (byte)255);
                packet.putByte(40, (byte)(135 + random.nextInt(2)));
                packet.putShort(4, (short)(octets.length - 40), java.nio.ByteOrder.BIG_ENDIAN);
            }
            if (ipv6.wrap(packet, 0, octets.length))
            {
                discovery.onIpv6(packet, ipv6, 0);
            }
            discovery.onArp(packet, 0, octets.length, 0);
        });
        assertEquals(0, sink.frames.size());
    }

    @Test
    void shouldAllocateNothing()
    {
        sink.isQuiet = true;
        request(1, "0a090001", "0a090002");
        final UnsafeBuffer arp = new UnsafeBuffer(ByteBuffer.allocateDirect(28));
        arp.putBytes(0, packet, 0, 28);
        ndp(true, 0, PREFIX, 1, MULTICAST, SOLICITED_OURS, 2, 255);
        Allocation.assertNone(2000, () ->
        {
            final long before = sink.count;
            for (int i = 0; i < 1000; i++)
            {
                discovery.onArp(arp, 0, 28, i);
                ipv6.wrap(packet, 0, 72);
                discovery.onIpv6(packet, ipv6, i);
            }
            return sink.count - before;
        });
    }
}
