// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.runtime;

import dev.trishake.bench.Bench;
import dev.trishake.bench.ServerThreads;
import dev.trishake.bench.UnavailableException;
import dev.trishake.transport.linux.Cpus;
import dev.trishake.transport.linux.Libc;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How long does an echo over loopback take, and what does a connection cost that is opened, echoes once and is closed?
 * The client is one thread on the first CPU. With two agents on two CPUs the second one shares the client's: the rate
 * is then the client's, and the CPU time a connection costs the server ({@code -prof ...ServerThreadProfiler}) is what
 * can be compared.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class EngineEchoBenchmark extends Bench
{
    private static final int MESSAGE = 64;
    private static final int AT_ONCE = 32;

    @Benchmark
    public int trishakeRoundTrip(final Trishake rig) throws IOException
    {
        return rig.roundTrip();
    }

    @Benchmark
    public int nettyRoundTrip(final Netty rig) throws IOException
    {
        return rig.roundTrip();
    }

    @Benchmark
    @OperationsPerInvocation(AT_ONCE)
    public int trishakeConnection(final Trishake rig) throws IOException
    {
        return rig.connections();
    }

    @Benchmark
    @OperationsPerInvocation(AT_ONCE)
    public int nettyConnection(final Netty rig) throws IOException
    {
        return rig.connections();
    }

    /** A server, and a client on JMH's thread. */
    @State(Scope.Thread)
    public abstract static class Rig
    {
        /** Threads of the server. */
        @Param({"1", "2"})
        public int agents;

        private final ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE);
        private final List<ServerThreads.Registration> registrations = new ArrayList<>();
        private final SocketChannel[] burst = new SocketChannel[AT_ONCE];
        private EchoServer server;
        private SocketChannel channel;

        /**
         * Starts the server and connects.
         *
         * @throws IOException when there is no connection
         */
        @Setup(Level.Trial)
        public void start() throws IOException
        {
            if (!Libc.SUPPORTED)
            {
                throw new UnavailableException("this benchmark needs Linux");
            }
            server = start(agents);
            server.threads().forEach(thread -> registrations.add(ServerThreads.register(thread)));
            Cpus.pin(Cpus.cpu(0));
            channel = connect();
        }

        /**
         * Ends both.
         *
         * @throws IOException never
         */
        @TearDown(Level.Trial)
        public void stop() throws IOException
        {
            channel.close();
            Cpus.unpin();
            registrations.forEach(ServerThreads.Registration::close);
            server.close();
        }

        abstract EchoServer start(int threads);

        private SocketChannel connect() throws IOException
        {
            final SocketChannel connected = SocketChannel.open();
            connected.setOption(StandardSocketOptions.TCP_NODELAY, true);
            connected.setOption(StandardSocketOptions.SO_LINGER, 0); // closed by a reset: leaves no TIME-WAIT behind
            connected.connect(server.address());
            return connected;
        }

        private void send(final SocketChannel to) throws IOException
        {
            message.clear();
            while (message.hasRemaining())
            {
                to.write(message);
            }
        }

        private int receive(final SocketChannel from) throws IOException
        {
            message.clear();
            while (message.hasRemaining())
            {
                if (from.read(message) < 0)
                {
                    throw new IOException("the server has closed");
                }
            }
            return message.position();
        }

        final int roundTrip() throws IOException
        {
            send(channel);
            return receive(channel);
        }

        /** Many at once, so that the server always has something to do. */
        final int connections() throws IOException
        {
            int bytes = 0;
            for (int i = 0; i < AT_ONCE; i++)
            {
                burst[i] = connect();
                send(burst[i]);
            }
            for (int i = 0; i < AT_ONCE; i++)
            {
                bytes += receive(burst[i]);
                burst[i].close();
            }
            return bytes;
        }
    }

    /** The engine over epoll. */
    public static class Trishake extends Rig
    {
        /** How an agent without work waits: the default parks, which a lone client feels. */
        @Param({"backoff", "yield"})
        public String idle;

        @Override
        EchoServer start(final int threads)
        {
            return new EngineEcho(threads, idle);
        }
    }

    /** Netty over its native epoll. */
    public static class Netty extends Rig
    {
        @Override
        EchoServer start(final int threads)
        {
            return new NettyEcho(threads);
        }
    }
}
