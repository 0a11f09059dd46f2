// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.transport;

import dev.trishake.bench.Bench;
import dev.trishake.bench.ServerThreads;
import dev.trishake.bench.UnavailableException;
import dev.trishake.transport.epoll.EpollAcceptor;
import dev.trishake.transport.linux.Cpus;
import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.nio.NioAcceptor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What does it cost a server to accept a TCP connection and close it? */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class TcpAcceptBenchmark extends Bench
{
    static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    static final int BURST = 512;

    @Benchmark
    @OperationsPerInvocation(BURST)
    public void trishakeEpoll(final TrishakeEpoll rig) throws IOException
    {
        rig.serve();
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public void trishakeNio(final TrishakeNio rig) throws IOException
    {
        rig.serve();
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public void plainNio(final PlainNio rig) throws IOException
    {
        rig.serve();
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public void nettyNio(final NettyNio rig) throws IOException
    {
        rig.serve();
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public void nettyEpoll(final NettyEpoll rig) throws IOException
    {
        rig.serve();
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public void cEpoll(final CEpoll rig) throws IOException
    {
        rig.serve();
    }

    /** A server and the client that fills its accept queue before, and empties itself after, every invocation. */
    @State(Scope.Thread)
    public abstract static class Rig
    {
        private static final Path SOMAXCONN = Path.of("/proc/sys/net/core/somaxconn");

        private AcceptServer server;
        private ServerThreads.Registration registration;
        private LoopbackClient client;

        /**
         * Starts the server on the second CPU, and pins the client, JMH's thread, to the first.
         *
         * @throws Exception when the server can't be started
         */
        @Setup(Level.Trial)
        public void start() throws Exception
        {
            if (!Libc.SUPPORTED)
            {
                throw new UnavailableException("the client of this benchmark needs Linux");
            }
            if (maxBacklog() < BURST)
            {
                throw new UnavailableException("net.core.somaxconn is below " + BURST);
            }
            if (Cpus.count() < 2)
            {
                System.err.println("one CPU only: the client runs where the server does, and disturbs its caches");
            }
            server = start(Cpus.cpu(1));
            registration = server.register();
            client = new LoopbackClient(server.address(), BURST);
            Cpus.pin(Cpus.cpu(0));
        }

        /** Ends the server. */
        @TearDown(Level.Trial)
        public void stop()
        {
            Cpus.unpin();
            registration.close();
            server.close();
        }

        /** Fills the accept queue. */
        @Setup(Level.Invocation)
        public void connect()
        {
            client.connect();
        }

        /** Closes the client's side, by resets. */
        @TearDown(Level.Invocation)
        public void reset()
        {
            client.reset();
        }

        final void serve() throws IOException
        {
            server.serve(BURST);
        }

        abstract AcceptServer start(int cpu) throws Exception;

        private static int maxBacklog() throws IOException
        {
            // not Files.readString: it reads one byte first, and a sysctl that is read in parts ends there
            try (BufferedReader reader = Files.newBufferedReader(SOMAXCONN))
            {
                return Integer.parseInt(reader.readLine());
            }
        }
    }

    /** The engine, by system calls. */
    public static class TrishakeEpoll extends Rig
    {
        @Override
        AcceptServer start(final int cpu)
        {
            return new LoopServer(
                new AcceptorLoop(EpollAcceptor.listen(LOOPBACK, AcceptServer.BACKLOG, false)), cpu);
        }
    }

    /** The engine, by {@code java.nio}. */
    public static class TrishakeNio extends Rig
    {
        @Override
        AcceptServer start(final int cpu)
        {
            return new LoopServer(
                new AcceptorLoop(NioAcceptor.listen(LOOPBACK, AcceptServer.BACKLOG, false, BURST)), cpu);
        }
    }

    /** {@code java.nio} as people write it. */
    public static class PlainNio extends Rig
    {
        @Override
        AcceptServer start(final int cpu) throws IOException
        {
            return new LoopServer(new PlainNioLoop(LOOPBACK), cpu);
        }
    }

    /** Netty over {@code java.nio}. */
    public static class NettyNio extends Rig
    {
        @Override
        AcceptServer start(final int cpu)
        {
            return NettyServer.nio(cpu);
        }
    }

    /** Netty over its native epoll. */
    public static class NettyEpoll extends Rig
    {
        @Override
        AcceptServer start(final int cpu)
        {
            return NettyServer.epoll(cpu);
        }
    }

    /** A loop in C. */
    public static class CEpoll extends Rig
    {
        @Override
        AcceptServer start(final int cpu) throws Exception
        {
            return CServer.start(cpu);
        }
    }
}
