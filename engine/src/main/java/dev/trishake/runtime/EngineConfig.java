// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import org.agrona.ErrorHandler;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an {@link Engine} is launched with. It is checked at launch, must not change afterwards, and {@link #toString}
 * prints all of it. Numbers are per agent.
 *
 * <p>An agent's memory is a sum, allocated at launch: for each stream link two rings of {@link #ringLength}, and what
 * the link itself says; {@link #commandsLength}; for each connection that the links can have 128 bytes, 16 of timer, 8
 * of window and 26 of queues; {@link #inputBuffers} of {@link #inputBufferLength}; and the cores.
 */
public final class EngineConfig
{
    /** As many listeners as a link may have. */
    static final int MAX_LISTENERS = 64;

    /** Deadlines are this exact. */
    static final long TIMER_TICK_NS = 1 << 20;

    private static final int MAX_AGENTS = 64;
    private static final int DEFAULT_BACKLOG = 4096;
    private static final long NS_PER_MS = 1_000_000;

    private final List<StreamLinkFactory> links = new ArrayList<>();
    private final List<Listen> listens = new ArrayList<>();
    private final List<Datagrams> datagrams = new ArrayList<>();
    private final Map<Protocol, StreamProtocol.Factory> protocols = new EnumMap<>(Protocol.class);
    private int agents = 1;
    private int[] cpus = {};
    private String idleStrategy = "backoff";
    private int pollLimit = 256;
    private int ringLength = 1 << 20;
    private int commandsLength = 1 << 20;
    private int inputBuffers = 1024;
    private int inputBufferLength = 1 << 14;
    private int cryptoBatchesPerCycle = 8;
    private long handshakeTimeoutNs = 10_000 * NS_PER_MS;
    private long idleTimeoutNs = 600_000 * NS_PER_MS;
    private long drainTimeoutNs = 5_000 * NS_PER_MS;
    private int handshakesPerPrefix;
    private Path countersFile;
    private ErrorHandler errorHandler = ex ->
    {
    };
    private NanoClock clock = SystemNanoClock.INSTANCE;
    private long secret0;
    private long secret1;

    /** Begins with the defaults: one agent, no link. */
    public EngineConfig()
    {
        final SecureRandom random = new SecureRandom();
        secret0 = random.nextLong();
        secret1 = random.nextLong();
    }

    /**
     * {@return this, with one more stream link for each agent; numbered from 0 in the order given}
     *
     * @param factory makes them
     */
    public EngineConfig link(final StreamLinkFactory factory)
    {
        links.add(factory);
        return this;
    }

    /**
     * {@return this, listening for TCP on the link given last}
     *
     * @param address one of ours; port 0 lets the first agent's link choose
     */
    public EngineConfig listen(final InetSocketAddress address)
    {
        return listen(address, Protocol.TCP, DEFAULT_BACKLOG);
    }

    /**
     * {@return this, listening on the link given last}
     *
     * @param address  one of ours; port 0 lets the first agent's link choose
     * @param protocol spoken there
     * @param backlog  length of the accept queue
     */
    public EngineConfig listen(final InetSocketAddress address, final Protocol protocol, final int backlog)
    {
        if (links.isEmpty())
        {
            throw new IllegalArgumentException("listen needs a link before it: call link(...) first");
        }
        listens.add(new Listen(links.size() - 1, address, Checks.range("backlog", backlog, 1, 1 << 20), protocol));
        return this;
    }

    /**
     * {@return this, speaking a protocol above TCP}
     *
     * @param protocol which one
     * @param factory  makes each agent's core
     */
    public EngineConfig protocol(final Protocol protocol, final StreamProtocol.Factory factory)
    {
        if (protocol == Protocol.TCP)
        {
            throw new IllegalArgumentException("TCP needs no core above it");
        }
        protocols.put(protocol, factory);
        return this;
    }

    /**
     * {@return this, with datagrams for a core on each agent}
     *
     * @param factory   makes an agent's link
     * @param addresses where it binds; port 0 lets the first agent's link choose, a client's sockets one each
     * @param protocol  makes an agent's core
     */
    public EngineConfig datagrams(
        final DatagramLinkFactory factory, final List<InetSocketAddress> addresses,
        final DatagramProtocol.Factory protocol)
    {
        datagrams.add(new Datagrams(factory, List.copyOf(addresses), protocol));
        return this;
    }

    /**
     * {@return this, with so many agents, a thread each} With more than one, kernel links must share their ports.
     *
     * @param value 1 to 64
     */
    public EngineConfig agents(final int value)
    {
        agents = Checks.range("agents", value, 1, MAX_AGENTS);
        return this;
    }

    /**
     * {@return this, with agents pinned to CPUs, the first to the first; none: where the system puts them} Linux only.
     *
     * @param value numbers of CPUs, as many as there are agents
     */
    public EngineConfig cpus(final int... value)
    {
        cpus = value.clone();
        return this;
    }

    /**
     * {@return this, idling like this when there is no work: {@code spin}, {@code yield}, {@code backoff}, {@code
     * sleep-ns}, {@code sleep-ms} or {@code noop}, Agrona's names}
     *
     * @param name which one; spin and noop never leave their CPU
     */
    public EngineConfig idleStrategy(final String name)
    {
        idleStrategy = name.toLowerCase(Locale.ROOT);
        newIdleStrategy();
        return this;
    }

    /**
     * {@return this, with at most so many records from a link and so many commands in a duty cycle}
     *
     * @param value records
     */
    public EngineConfig pollLimit(final int value)
    {
        pollLimit = Checks.range("pollLimit", value, 1, 1 << 16);
        return this;
    }

    /**
     * {@return this, with rings of this length between a link and the sessions, one each way} A record has at most an
     * eighth of it.
     *
     * @param value bytes, a power of two
     */
    public EngineConfig ringLength(final int value)
    {
        ringLength = Checks.powerOfTwo("ringLength", value, 1 << 12, 1 << 28);
        return this;
    }

    /**
     * {@return this, with a ring of this length for the commands of other threads}
     *
     * @param value bytes, a power of two
     */
    public EngineConfig commandsLength(final int value)
    {
        commandsLength = Checks.powerOfTwo("commandsLength", value, 1 << 12, 1 << 28);
        return this;
    }

    /**
     * {@return this, with so many buffers for bytes that handlers have not taken} A session that needs one and finds
     * none is not read from: with one for each connection none ever waits for another.
     *
     * @param value number
     */
    public EngineConfig inputBuffers(final int value)
    {
        inputBuffers = Checks.range("inputBuffers", value, 1, 1 << 20);
        return this;
    }

    /**
     * {@return this, with buffers of this length: the most that a handler is offered at once}
     *
     * @param value bytes; all buffers together at most 2 GiB
     */
    public EngineConfig inputBufferLength(final int value)
    {
        inputBufferLength = Checks.range("inputBufferLength", value, 64, 1 << 24);
        return this;
    }

    /**
     * {@return this, with at most so many batches of each kind of crypto operation before links are polled again}
     *
     * @param value batches
     */
    public EngineConfig cryptoBatchesPerCycle(final int value)
    {
        cryptoBatchesPerCycle = Checks.range("cryptoBatchesPerCycle", value, 1, 1 << 16);
        return this;
    }

    /**
     * {@return this, with this much time for a handshake, connecting included}
     *
     * @param value ns
     */
    public EngineConfig handshakeTimeoutNs(final long value)
    {
        handshakeTimeoutNs = Checks.range("handshakeTimeoutNs", value, TIMER_TICK_NS, 1L << 50);
        return this;
    }

    /**
     * {@return this, with this much time without a byte either way before a session is given up}
     *
     * @param value ns
     */
    public EngineConfig idleTimeoutNs(final long value)
    {
        idleTimeoutNs = Checks.range("idleTimeoutNs", value, TIMER_TICK_NS, 1L << 50);
        return this;
    }

    /**
     * {@return this, with this much time for sessions to end when the engine is closed}
     *
     * @param value ns; 0: they are reset
     */
    public EngineConfig drainTimeoutNs(final long value)
    {
        drainTimeoutNs = Checks.range("drainTimeoutNs", value, 0, 1L << 50);
        return this;
    }

    /**
     * {@return this, with at most so many handshakes of one source at once: of an IPv4 /24 or an IPv6 /56}
     *
     * @param value handshakes; 0: any number
     */
    public EngineConfig handshakesPerPrefix(final int value)
    {
        handshakesPerPrefix = Checks.range("handshakesPerPrefix", value, 0, 1 << 20);
        return this;
    }

    /**
     * {@return this, with counters and errors in this file while the engine runs} Without it they are in one of the
     * folder for temporary files, named after the process.
     *
     * @param value path
     */
    public EngineConfig countersFile(final Path value)
    {
        countersFile = value;
        return this;
    }

    /**
     * {@return this, telling somebody of errors too} Each error is in the error log once, with a count; this sees it
     * every time.
     *
     * @param value called by agents; must be quick
     */
    public EngineConfig errorHandler(final ErrorHandler value)
    {
        errorHandler = value;
        return this;
    }

    /**
     * {@return this, with another clock}, for tests.
     *
     * @param value monotonic
     */
    public EngineConfig clock(final NanoClock value)
    {
        clock = value;
        return this;
    }

    /** Looks for what one setter alone can't see. */
    void check()
    {
        if (links.isEmpty() && datagrams.isEmpty())
        {
            throw new IllegalArgumentException("an engine needs a link: call link(...)");
        }
        if (cpus.length != 0 && cpus.length != agents)
        {
            throw new IllegalArgumentException("cpus must name one for each agent: " + cpus.length + ", not " + agents);
        }
        if ((long)inputBuffers * inputBufferLength > Integer.MAX_VALUE)
        {
            throw new IllegalArgumentException("inputBuffers x inputBufferLength must be less than 2 GiB");
        }
        if (inputBufferLength > ringLength / 8 - 16)
        {
            throw new IllegalArgumentException(
                "inputBufferLength must be less than an eighth of ringLength: " + inputBufferLength);
        }
        for (final Listen listen : listens)
        {
            if (listen.protocol() != Protocol.TCP && !protocols.containsKey(listen.protocol()))
            {
                throw new IllegalArgumentException(
                    "nobody speaks " + listen.protocol() + ": call protocol(...) before launch");
            }
        }
    }

    IdleStrategy newIdleStrategy()
    {
        return IdleStrategies.create(idleStrategy);
    }

    List<StreamLinkFactory> links()
    {
        return links;
    }

    List<Datagrams> datagrams()
    {
        return datagrams;
    }

    List<Listen> listens()
    {
        return listens;
    }

    int agents()
    {
        return agents;
    }

    int pollLimit()
    {
        return pollLimit;
    }

    int ringLength()
    {
        return ringLength;
    }

    int commandsLength()
    {
        return commandsLength;
    }

    int inputBuffers()
    {
        return inputBuffers;
    }

    int inputBufferLength()
    {
        return inputBufferLength;
    }

    int cryptoBatchesPerCycle()
    {
        return cryptoBatchesPerCycle;
    }

    long handshakeTimeoutNs()
    {
        return handshakeTimeoutNs;
    }

    long idleTimeoutNs()
    {
        return idleTimeoutNs;
    }

    long drainTimeoutNs()
    {
        return drainTimeoutNs;
    }

    int handshakesPerPrefix()
    {
        return handshakesPerPrefix;
    }

    Path countersFile()
    {
        return countersFile;
    }

    ErrorHandler errorHandler()
    {
        return errorHandler;
    }

    NanoClock clock()
    {
        return clock;
    }

    long secret0()
    {
        return secret0;
    }

    long secret1()
    {
        return secret1;
    }

    StreamProtocol.Factory protocol(final Protocol protocol)
    {
        return protocols.get(protocol);
    }

    boolean needsNativeAccess()
    {
        return cpus.length > 0 || links.stream().anyMatch(StreamLinkFactory::needsNativeAccess) ||
            datagrams.stream().anyMatch(each -> each.link().needsNativeAccess());
    }

    /** The CPU of an agent, or -1. */
    int cpu(final int agent)
    {
        return cpus.length == 0 ? -1 : cpus[agent];
    }

    @Override
    public String toString()
    {
        return """
            EngineConfig
                agents                 %d
                cpus                   %s
                idleStrategy           %s
                links                  %d
                listen                 %s
                protocols              %s
                pollLimit              %d records
                ringLength             %d bytes, 2 for each link
                commandsLength         %d bytes
                inputBuffers           %d x %d = %d bytes
                cryptoBatchesPerCycle  %d
                handshakeTimeoutNs     %d
                idleTimeoutNs          %d
                drainTimeoutNs         %d
                handshakesPerPrefix    %s
                countersFile           %s
            """.formatted(agents, cpus.length == 0 ? "any" : Arrays.toString(cpus), idleStrategy,
            links.size(), listens, protocols.keySet(), pollLimit, ringLength, commandsLength, inputBuffers,
            inputBufferLength, (long)inputBuffers * inputBufferLength, cryptoBatchesPerCycle, handshakeTimeoutNs,
            idleTimeoutNs, drainTimeoutNs, handshakesPerPrefix == 0 ? "any number" : handshakesPerPrefix,
            countersFile == null ? "of the process" : countersFile);
    }
}
