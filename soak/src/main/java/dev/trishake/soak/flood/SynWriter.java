// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.flood;

import dev.trishake.wire.ip.Checksum;
import dev.trishake.wire.ip.IpProtocol;
import dev.trishake.wire.ip.Ipv4Encoder;
import dev.trishake.wire.ip.Ipv4Flyweight;
import dev.trishake.wire.ip.Ipv6Encoder;
import dev.trishake.wire.ip.Ipv6Flyweight;
import dev.trishake.wire.tcp.TcpFlags;
import dev.trishake.wire.tcp.TcpHeaderEncoder;
import dev.trishake.wire.tcp.TcpHeaderFlyweight;
import dev.trishake.wire.tcp.TcpOptionsEncoder;
import org.agrona.MutableDirectBuffer;

import java.net.InetAddress;
import java.util.SplittableRandom;

/**
 * Writes SYNs as Linux's clients send them (MSS, SACK, timestamps, window scale), each from another address, another
 * port and with another number. What it writes follows from the seed.
 */
public final class SynWriter
{
    /** No SYN is longer. */
    public static final int MAX_LENGTH = 80;

    private static final int WINDOW = 64_240;
    private static final int WINDOW_SCALE = 7;
    private static final int MTU = 1500;
    private static final int FIRST_PORT = 1024;
    private static final int PORTS = 65_536 - FIRST_PORT;

    private final Ipv4Encoder ipv4 = new Ipv4Encoder();
    private final Ipv6Encoder ipv6 = new Ipv6Encoder();
    private final TcpHeaderEncoder header = new TcpHeaderEncoder();
    private final TcpOptionsEncoder options = new TcpOptionsEncoder();
    private final SplittableRandom random;
    private final SourceNetwork from;
    private final SourceNetwork to;
    private final int port;

    /**
     * Begins.
     *
     * @param from what the SYNs claim
     * @param to   the victim, of the same address family
     * @param port its
     * @param seed of all that changes from SYN to SYN
     */
    public SynWriter(final SourceNetwork from, final InetAddress to, final int port, final long seed)
    {
        this.from = from;
        this.to = SourceNetwork.of(to, 1);
        this.port = port;
        random = new SplittableRandom(seed);
    }

    /**
     * Writes the next SYN, from its IP header on.
     *
     * @param buffer where to
     * @param offset where it begins; room for {@link #MAX_LENGTH}
     * @return its length
     */
    public int write(final MutableDirectBuffer buffer, final int offset)
    {
        final int ipLength = from.isIpv4() ? Ipv4Flyweight.MIN_HEADER_LENGTH : Ipv6Flyweight.HEADER_LENGTH;
        final long numbers = random.nextLong();
        header.init(buffer, offset + ipLength)
            .srcPort(FIRST_PORT + (int)((numbers & 0xffff) % PORTS)).dstPort(port)
            .seq((int)(numbers >>> Integer.SIZE)).ack(0).window(WINDOW);
        options.init(buffer, header.optionsOffset());
        options.syn(MTU - ipLength - TcpHeaderFlyweight.MIN_LENGTH, true, true, random.nextInt(), 0, WINDOW_SCALE);
        final int optionsLength = options.finish();
        header.flags(TcpFlags.SYN, optionsLength);
        final int length = TcpHeaderFlyweight.MIN_LENGTH + optionsLength;
        final long low = from.low(random.nextLong());
        if (from.isIpv4())
        {
            header.finish(Checksum.pseudoHeader((int)low, (int)to.low(), IpProtocol.TCP, length), length);
            return ipv4.init(buffer, offset).protocol(IpProtocol.TCP)
                .source((int)low).destination((int)to.low()).finish(length);
        }
        final long high = from.high(random.nextLong());
        header.finish(Checksum.pseudoHeader(high, low, to.high(), to.low(), IpProtocol.TCP, length), length);
        return ipv6.init(buffer, offset).protocol(IpProtocol.TCP)
            .source(high, low).destination(to.high(), to.low()).finish(length);
    }
}
