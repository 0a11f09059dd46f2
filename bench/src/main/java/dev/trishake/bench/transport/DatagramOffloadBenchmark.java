// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.transport;

import dev.trishake.bench.Bench;
import dev.trishake.bench.UnavailableException;
import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.linux.MessageBatch;
import dev.trishake.transport.linux.MessageCalls;
import dev.trishake.transport.linux.SocketAddressCodec;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;

import static java.lang.foreign.ValueLayout.JAVA_INT;

/**
 * What do UDP_SEGMENT and UDP_GRO save a datagram, where 32 of them go out in one call as they do in the engine?
 *
 * <p>Two shapes: {@code flight}, two datagrams (1,350 and 430 bytes) for each of 16 peers, as in a handshake; and
 * {@code bulk}, 32 of 1,200 bytes for one peer. Over loopback, so the kernel's whole way to the other socket is in it:
 * {@code transmit} to sockets that are full and drop, {@code exchange} from the peers to a server that reads.
 */
public class DatagramOffloadBenchmark extends Bench
{
    static final int DATAGRAMS = 32;

    /** One header a datagram. */
    @Benchmark
    @OperationsPerInvocation(DATAGRAMS)
    public int transmit(final Rig rig)
    {
        return rig.transmit(rig.plain, DATAGRAMS);
    }

    /** One header a peer, which the kernel cuts into datagrams (UDP_SEGMENT). */
    @Benchmark
    @OperationsPerInvocation(DATAGRAMS)
    public int transmitSegmented(final Rig rig)
    {
        return rig.transmit(rig.segmented, rig.peers);
    }

    /** Peers send datagram by datagram, the server receives them so. */
    @Benchmark
    @OperationsPerInvocation(DATAGRAMS)
    public int exchange(final Rig rig)
    {
        return rig.exchange(rig.plain, DATAGRAMS / rig.peers, rig.server);
    }

    /** Peers send with UDP_SEGMENT, the server receives datagram by datagram. */
    @Benchmark
    @OperationsPerInvocation(DATAGRAMS)
    public int exchangeSegmented(final Rig rig)
    {
        return rig.exchange(rig.segmented, 1, rig.server);
    }

    /** Peers send with UDP_SEGMENT, the server receives what belongs together at once (UDP_GRO). */
    @Benchmark
    @OperationsPerInvocation(DATAGRAMS)
    public int exchangeCoalesced(final Rig rig)
    {
        return rig.exchange(rig.segmented, 1, rig.coalescing);
    }

    /** Two servers, one of which has UDP_GRO, and peers. */
    @State(Scope.Thread)
    public static class Rig
    {
        private static final int SOL_UDP = 17;
        private static final int UDP_SEGMENT = 103;
        private static final int UDP_GRO = 104;
        private static final int CONTROL_LENGTH = 24;
        private static final int CONTROL_USED = 18;
        private static final int LARGEST = 1 << 16;
        private static final int BUFFER_LENGTH = 1 << 22;
        private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

        /** Who sends how much to whom. */
        @Param({"flight", "bulk"})
        public String shape;

        final MessageBatch plain = new MessageBatch(DATAGRAMS, SocketAddressCodec.MAX_LENGTH, 0);
        final MessageBatch segmented = new MessageBatch(DATAGRAMS, SocketAddressCodec.MAX_LENGTH, CONTROL_LENGTH);
        private final MessageBatch in = new MessageBatch(DATAGRAMS, SocketAddressCodec.MAX_LENGTH, CONTROL_LENGTH);
        private final UnsafeBuffer out = new UnsafeBuffer(BufferUtil.allocateDirectAligned(LARGEST, Long.BYTES));
        private final UnsafeBuffer room =
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(DATAGRAMS * LARGEST, Long.BYTES));
        int peers;
        int server;
        int coalescing;
        private Libc libc;
        private MessageCalls calls;
        private int[] sockets;
        private int bytes;
        private MessageBatch named;
        private int namedFor;

        /** Makes the sockets and fills in the headers. */
        @Setup(Level.Trial)
        public void open()
        {
            if (!Libc.SUPPORTED)
            {
                throw new UnavailableException("UDP_SEGMENT needs Linux");
            }
            libc = new Libc();
            calls = new MessageCalls();
            final boolean isFlight = "flight".equals(shape);
            peers = isFlight ? DATAGRAMS / 2 : 1;
            final int[] lengths = isFlight ? new int[] {1350, 430} : new int[DATAGRAMS];
            for (int i = 0; !isFlight && i < DATAGRAMS; i++)
            {
                lengths[i] = 1200;
            }
            server = socket(BUFFER_LENGTH);
            coalescing = socket(BUFFER_LENGTH);
            option(coalescing, SOL_UDP, UDP_GRO, 1);
            sockets = new int[peers];
            for (int peer = 0; peer < peers; peer++)
            {
                sockets[peer] = socket(1);
                int at = 0;
                for (int i = 0; i < lengths.length; i++)
                {
                    plain.payload(peer * lengths.length + i, out.addressOffset() + at, lengths[i]);
                    at += lengths[i];
                }
                bytes += at;
                segmented.payload(peer, out.addressOffset(), at);
                segment(segmented.controlIndex(peer), lengths[0]);
            }
            for (int i = 0; i < DATAGRAMS; i++)
            {
                in.payload(i, room.addressOffset() + (long)i * LARGEST, LARGEST);
            }
        }

        /** {@code struct cmsghdr} and the length of a segment. */
        private void segment(final int index, final int length)
        {
            segmented.memory().putLong(index, CONTROL_USED);
            segmented.memory().putInt(index + 8, SOL_UDP);
            segmented.memory().putInt(index + 12, UDP_SEGMENT);
            segmented.memory().putShort(index + 16, (short)length);
        }

        private int socket(final int bufferLength)
        {
            final int fd = libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK, 0);
            try (Arena arena = Arena.ofConfined())
            {
                final MemorySegment address = arena.allocate(SocketAddressCodec.MAX_LENGTH, Long.BYTES);
                if (libc.bind(fd, address.address(), SocketAddressCodec.encode(address, LOOPBACK)) < 0)
                {
                    throw new UnavailableException("no UDP socket on loopback");
                }
            }
            option(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUF, bufferLength);
            return fd;
        }

        private void option(final int fd, final int level, final int name, final int value)
        {
            try (Arena arena = Arena.ofConfined())
            {
                if (libc.setsockopt(fd, level, name, arena.allocateFrom(JAVA_INT, value).address(), Integer.BYTES) < 0)
                {
                    throw new UnavailableException("the kernel has no option " + name + " of UDP");
                }
            }
        }

        /** Names the receiver in the headers. */
        private void to(final MessageBatch batch, final int first, final int count, final int fd)
        {
            try (Arena arena = Arena.ofConfined())
            {
                final MemorySegment address = arena.allocate(SocketAddressCodec.MAX_LENGTH, Long.BYTES);
                final MemorySegment length = arena.allocateFrom(JAVA_INT, SocketAddressCodec.MAX_LENGTH);
                libc.getsockname(fd, address.address(), length.address());
                for (int i = first; i < first + count; i++)
                {
                    MemorySegment.copy(address, 0, batch.name(i), 0, SocketAddressCodec.MAX_LENGTH);
                    batch.nameLength(i, length.get(JAVA_INT, 0));
                    batch.controlLength(i, batch == plain ? 0 : CONTROL_LENGTH);
                }
            }
        }

        int transmit(final MessageBatch batch, final int headers)
        {
            if (named != batch)
            {
                named = batch;
                for (int peer = 0; peer < peers; peer++)
                {
                    to(batch, peer * (headers / peers), headers / peers, sockets[peer]);
                }
            }
            final int sent = calls.sendmmsg(server, batch.header(0), headers);
            if (sent != headers)
            {
                throw new IllegalStateException("sent " + sent);
            }
            return sent;
        }

        int exchange(final MessageBatch batch, final int headersEach, final int receiver)
        {
            if (named != batch || namedFor != receiver)
            {
                named = batch;
                namedFor = receiver;
                to(batch, 0, headersEach * peers, receiver);
            }
            for (int peer = 0; peer < peers; peer++)
            {
                calls.sendmmsg(sockets[peer], batch.header(peer * headersEach), headersEach);
            }
            int received = 0;
            while (received < bytes)
            {
                for (int i = 0; i < DATAGRAMS; i++)
                {
                    in.reset(i);
                }
                final int count = calls.recvmmsg(receiver, in.header(0), DATAGRAMS);
                for (int i = 0; i < count; i++)
                {
                    received += in.bytes(i);
                }
            }
            return received;
        }

        /** Closes them. */
        @TearDown(Level.Trial)
        public void close()
        {
            libc.close(server);
            libc.close(coalescing);
            for (final int socket : sockets)
            {
                libc.close(socket);
            }
        }
    }
}
