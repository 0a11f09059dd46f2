// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.transport;

import com.sun.management.ThreadMXBean;
import dev.trishake.bench.Bench;
import dev.trishake.bench.ServerThreads;
import dev.trishake.bench.UnavailableException;
import dev.trishake.runtime.TcpStreamLink;
import dev.trishake.tcp.SynCookieMode;
import dev.trishake.tcp.TcpConfig;
import dev.trishake.transport.DeviceException;
import dev.trishake.transport.Link;
import dev.trishake.transport.StreamCredits;
import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.packet.NetDevice;
import dev.trishake.transport.packet.NetworkNamespace;
import dev.trishake.transport.packet.PacketConfig;
import dev.trishake.transport.packet.PacketLink;
import dev.trishake.transport.packet.TunLink;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What does a packet cost between a core's ring and the kernel, and a SYN from the device back to the device?
 *
 * <p>In a network namespace of its own, with packets of 60 bytes, {@value #BURST} at a time. The CPU time is this
 * thread's within the measured calls. What the kernel does with a packet before it is in the device's queue or ring is
 * the sender's cost and not in it; what it does with those that we send is (it drops them: nobody has their address),
 * because it does so in our call. Without root it is unavailable.
 */
public class PacketLinkBenchmark extends Bench
{
    static final int BURST = 256;

    /** From the device to the ingress ring, and out of that. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long receive(final Receiving rig)
    {
        return rig.measured();
    }

    /** From the egress ring to the device. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long transmit(final Transmitting rig)
    {
        return rig.measured();
    }

    /** From the device through our TCP, whose answer has a cookie, to the device. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long synAnswered(final Answering rig)
    {
        return rig.measured();
    }

    /** A link in a namespace, and how to measure what is done with it. */
    @State(Scope.Thread)
    public abstract static class Rig
    {
        static final InetAddress ENGINE = InetAddress.ofLiteral("10.9.0.2");

        private static final InetAddress KERNEL = InetAddress.ofLiteral("10.9.0.1");
        private static final ThreadMXBean THREADS = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        private static final int RING_CAPACITY = 1 << 18;

        /** Which link. */
        @Param({"tun", "packet"})
        public String link;

        final OneToOneRingBuffer ring = ring();
        Link device;
        SynSource source;
        long nowNs = 1L << 40;
        private ServerThreads.Registration registration;
        private long cpuNs;
        private long allocatedBytes;

        /**
         * Makes the namespace and the device.
         *
         * @throws Exception when it can't be
         */
        @Setup(Level.Trial)
        public void open() throws Exception
        {
            if (!Libc.SUPPORTED)
            {
                throw new UnavailableException("packet devices need Linux");
            }
            try
            {
                NetworkNamespace.enterNew();
                device = "tun".equals(link) ? tun() : packet();
            }
            catch (final DeviceException ex)
            {
                throw new UnavailableException(ex.getMessage());
            }
            source = new SynSource(ENGINE, 80);
            registration = ServerThreads.register(() -> cpuNs, () -> allocatedBytes);
        }

        /** Takes it down; the namespace goes with this thread. */
        @TearDown(Level.Trial)
        public void close()
        {
            registration.close();
            source.close();
            device.close();
        }

        /** Handles a burst. */
        abstract void run();

        final long measured()
        {
            final long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
            final long before = THREADS.getCurrentThreadCpuTime();
            run();
            final long spent = THREADS.getCurrentThreadCpuTime() - before;
            cpuNs += spent;
            allocatedBytes += THREADS.getCurrentThreadAllocatedBytes() - bytesBefore;
            return spent;
        }

        static OneToOneRingBuffer ring()
        {
            return new OneToOneRingBuffer(new UnsafeBuffer(
                ByteBuffer.allocateDirect(RING_CAPACITY + RingBufferDescriptor.TRAILER_LENGTH)));
        }

        private static TunLink tun()
        {
            final TunLink tun = TunLink.open("tsb0");
            final NetDevice kernel = new NetDevice("tsb0");
            kernel.address(KERNEL, 24);
            kernel.up();
            return tun;
        }

        private static PacketLink packet() throws IOException, InterruptedException
        {
            final Process ip = new ProcessBuilder(
                "ip", "link", "add", "tsbk", "type", "veth", "peer", "name", "tsbe").inheritIO().start();
            if (ip.waitFor() != 0)
            {
                throw new UnavailableException("ip can't make a veth pair");
            }
            new NetDevice("tsbe").up();
            final NetDevice kernel = new NetDevice("tsbk");
            kernel.address(KERNEL, 24);
            kernel.up();
            return PacketLink.open(new PacketConfig("tsbe").address(ENGINE, 24));
        }
    }

    /** SYNs wait in the device. */
    public static class Receiving extends Rig
    {
        private int count;
        private final MessageHandler forget = (type, buffer, index, length) -> count++;

        /** Fills the device. */
        @Setup(Level.Invocation)
        public void fill()
        {
            source.send(BURST);
        }

        @Override
        void run()
        {
            count = 0;
            while (count < BURST)
            {
                nowNs += 1000;
                device.poll(ring, nowNs, BURST);
                ring.read(forget);
                ring.read(forget);
            }
        }
    }

    /** SYN-ACKs wait in the ring. */
    public static class Transmitting extends Rig
    {
        private final UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(SynSource.LENGTH));
        private boolean known;

        /** Fills the ring. */
        @Setup(Level.Invocation)
        public void fill()
        {
            if (!known)
            {
                known = true; // whom the frames go to, once, and for all: the source that a SYN came from
                source.encode(packet, 0, 0);
                source.send(1);
                while (device.poll(ring, nowNs, 1) == 0 || ring.size() == 0)
                {
                    nowNs += 1000;
                }
                ring.read((type, buffer, index, length) ->
                {
                    packet.putBytes(0, buffer, index, length);
                    packet.putBytes(12, buffer, index + 16, 4);
                    packet.putBytes(16, buffer, index + 12, 4);
                });
            }
            for (int i = 0; i < BURST; i++)
            {
                ring.write(Link.PACKET, packet, 0, SynSource.LENGTH);
            }
        }

        @Override
        void run()
        {
            while (ring.size() > 0)
            {
                nowNs += 1000;
                device.flush(ring, nowNs, BURST);
            }
        }
    }

    /** SYNs wait in the device, and our TCP behind it. */
    public static class Answering extends Rig
    {
        private static final StreamCredits CREDITS = new StreamCredits()
        {
            @Override
            public int inputCredit(final long handle)
            {
                return 0;
            }

            @Override
            public int acceptCredit(final int listener)
            {
                return 0;
            }
        };

        private final OneToOneRingBuffer egress = ring();
        private TcpStreamLink tcp;

        @Override
        public void open() throws Exception
        {
            super.open();
            tcp = new TcpStreamLink(
                device, new TcpConfig(1, 2).connections(64).buffers(64).synCookies(SynCookieMode.ALWAYS),
                List.of(ENGINE), CREDITS, nowNs);
            tcp.listen(new InetSocketAddress(ENGINE, 80), 64);
        }

        @Override
        public void close()
        {
            tcp.close();
            super.close();
        }

        /** Fills the device. */
        @Setup(Level.Invocation)
        public void fill()
        {
            source.send(BURST);
        }

        @Override
        void run()
        {
            int work = 0;
            while (work < BURST)
            {
                nowNs += 1000;
                work += tcp.poll(ring, nowNs, BURST);
                tcp.flush(egress, nowNs, BURST);
            }
        }
    }
}
