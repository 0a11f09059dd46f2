// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.DeviceException;
import dev.trishake.transport.StreamResult;
import dev.trishake.transport.linux.Cpus;
import org.agrona.ErrorHandler;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.status.AtomicCounter;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * One thread's whole world: its links, sessions, cores, timers and rings. Its duty cycle alone reads the clock.
 *
 * <pre>
 *  commands ─► links.poll ─► sessions that can go on ─► crypto, in batches ─► timers ─► handler ─► links.flush
 * </pre>
 */
final class HandshakeAgent implements Agent, AgentContext
{
    private static final long HOUSEKEEPING_NS = 100_000_000;
    private static final int TIMERS_LIMIT = 256;

    private final int number;
    private final EngineConfig config;
    private final SessionHandler userHandler;
    private final List<InetSocketAddress> addresses;
    private final List<Forwarding> forwardings;
    private final CounterAllocator allocator;
    private final ErrorHandler errors;
    private final Commands commands;
    private final NanoClock clock;
    private final ControlledMessageHandler onCommand = this::onCommand;
    private final FourTuple tuple = new FourTuple();
    private final CountDownLatch started = new CountDownLatch(1);

    private GuardedHandler handler;
    private StreamSessions sessions;
    private StreamPort[] ports;
    private DatagramPorts datagrams;
    private LinkCounters[] linkCounters;
    private StreamCoreDriver[] cores;
    private Session view;
    private SendWindows windows;
    private AgentCounters counters;
    private long nowNs;
    private long housekeepingNs;
    private boolean isUnlistened;
    private volatile Throwable failure;
    private volatile boolean isDrainWanted;
    private volatile boolean isDrained;

    HandshakeAgent(
        final int number, final EngineConfig config, final SessionHandler handler,
        final List<InetSocketAddress> addresses, final List<Forwarding> forwardings, final CounterAllocator allocator,
        final ErrorHandler errors)
    {
        this.number = number;
        this.config = config;
        this.userHandler = handler;
        this.addresses = addresses;
        this.forwardings = forwardings;
        this.allocator = allocator;
        this.errors = errors;
        this.clock = config.clock();
        this.commands = new Commands(config.commandsLength());
    }

    @Override
    public void onStart()
    {
        try
        {
            if (config.cpu(number) >= 0)
            {
                Cpus.pin(config.cpu(number));
            }
            start();
        }
        catch (final Throwable ex)
        {
            failure = ex;
        }
        started.countDown();
    }

    private void start()
    {
        nowNs = clock.nanoTime();
        housekeepingNs = nowNs;
        counters = new AgentCounters(allocator);
        handler = new GuardedHandler(userHandler, errors, counters.handlerErrors);
        final List<StreamLinkFactory> factories = config.links();
        ports = new StreamPort[factories.size()];
        int capacity = 0;
        int window = Integer.MAX_VALUE;
        for (int i = 0; i < ports.length; i++)
        {
            ports[i] = new StreamPort(i, factories.get(i), config, number, nowNs);
            capacity += ports[i].link().capacity();
            window = Math.min(window, ports[i].link().outputBufferLength() >> 1);
        }
        datagrams = new DatagramPorts(number, config);
        listen();
        datagrams.open(addresses, forwardings, allocator, nowNs);
        capacity = Math.max(1, capacity);
        windows = new SendWindows(capacity + datagrams.capacity());
        windows.window(Math.min(datagrams.window(window), commands.maxSendLength()));
        sessions = new StreamSessions(number, config, handler, counters, windows, capacity, nowNs);
        datagrams.begin(capacity, handler, counters, windows);
        makeCores();
        sessions.wire(ports, cores);
        view = new Session(sessions.host);
        linkCounters = new LinkCounters[ports.length];
        for (int i = 0; i < ports.length; i++)
        {
            ports[i].sessions(sessions);
            linkCounters[i] =
                LinkCounters.of(ports[i].link(), ports.length == 1 ? "" : "link " + i + ": ", allocator);
        }
        datagrams.nowNs(nowNs); // a handler may connect at once
        handler.onStart(this);
    }

    private void makeCores()
    {
        cores = new StreamCoreDriver[Protocol.values().length];
        for (final Protocol protocol : Protocol.values())
        {
            final StreamProtocol.Factory factory = config.protocol(protocol);
            if (factory != null)
            {
                cores[protocol.code()] = new StreamCoreDriver(protocol, factory.create(number, config.agents(), nowNs),
                    config.cryptoBatchesPerCycle(), allocator, sessions);
            }
        }
    }

    /** The first agent's ports are everybody's. */
    private void listen()
    {
        final List<Listen> listens = config.listens();
        for (int i = 0; i < listens.size(); i++)
        {
            final Listen listen = listens.get(i);
            final InetSocketAddress address = number == 0 ? listen.address() : addresses.get(i);
            final InetSocketAddress bound =
                ports[listen.link()].listen(address, listen.backlog(), listen.protocol().code());
            if (number == 0)
            {
                addresses.add(bound);
            }
        }
    }

    /** Any thread: waits until the agent runs, throws what kept it from that. */
    void awaitStart() throws InterruptedException
    {
        started.await();
        if (failure instanceof final RuntimeException ex)
        {
            throw ex;
        }
        if (failure != null)
        {
            throw new IllegalStateException("agent " + number + " could not start", failure);
        }
    }

    /** Any thread: no new sessions from now on; those that are end. */
    void drain()
    {
        isDrainWanted = true;
    }

    boolean isDrained()
    {
        return isDrained;
    }

    @Override
    public void onClose()
    {
        if (sessions != null)
        {
            sessions.abortAll();
        }
        if (datagrams != null)
        {
            datagrams.close(nowNs);
        }
        if (ports == null)
        {
            return;
        }
        for (final StreamPort port : ports)
        {
            if (port != null)
            {
                port.flush(nowNs);
            }
        }
        if (linkCounters != null)
        {
            keepHouse();
        }
        for (final StreamPort port : ports)
        {
            if (port != null)
            {
                port.link().close();
            }
        }
    }

    @Override
    public String roleName()
    {
        return "trishake-agent-" + number;
    }

    @Override
    public int doWork()
    {
        if (failure != null)
        {
            throw new AgentTerminationException("not started");
        }
        final long readNs = clock.nanoTime();
        nowNs = readNs - nowNs > 0 ? readNs : nowNs; // it stands still while its clock has gone back
        sessions.nowNs(nowNs);
        datagrams.nowNs(nowNs);
        int work = commands.ring().controlledRead(onCommand, config.pollLimit());
        for (final StreamPort port : ports)
        {
            work += port.poll(nowNs);
        }
        work += datagrams.poll(nowNs);
        work += sessions.runRunnable();
        for (final StreamCoreDriver core : cores)
        {
            work += core == null ? 0 : core.runCrypto(nowNs);
        }
        work += sessions.expire(TIMERS_LIMIT);
        work += handler.doWork(nowNs);
        for (final StreamPort port : ports)
        {
            work += port.flush(nowNs);
        }
        work += datagrams.flush(nowNs);
        if (nowNs - housekeepingNs >= HOUSEKEEPING_NS)
        {
            keepHouse();
        }
        if (isDrainWanted)
        {
            drainSome();
        }
        return work;
    }

    /** A command to connect waits, and all behind it, while the handler has no room for the answer. */
    private ControlledMessageHandler.Action onCommand(
        final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        final long handle = Commands.handle(buffer, index);
        switch (Commands.command(msgTypeId))
        {
            case Commands.SEND -> host(handle).onSend(handle, Commands.stream(msgTypeId), buffer,
                index + Commands.BYTES_OFFSET, length - Commands.BYTES_OFFSET);
            case Commands.CONNECT ->
            {
                if (!handler.mayAccept())
                {
                    return ControlledMessageHandler.Action.ABORT;
                }
                Commands.tuple(buffer, index, tuple);
                handler.onConnecting(handle,
                    connect(Commands.link(buffer, index), Commands.protocol(buffer, index), tuple));
            }
            default -> onCommand(msgTypeId, handle);
        }
        counters.commands.incrementPlain();
        return ControlledMessageHandler.Action.CONTINUE;
    }

    private SessionHost host(final long handle)
    {
        final SessionHost overDatagrams = datagrams.owner(handle);
        return overDatagrams == null ? sessions.host : overDatagrams;
    }

    private void onCommand(final int msgTypeId, final long handle)
    {
        final SessionHost host = host(handle);
        final int slot = host.resolve(handle);
        if (slot < 0)
        {
            counters.commandsStale.incrementPlain();
            return;
        }
        switch (Commands.command(msgTypeId))
        {
            case Commands.SHUTDOWN -> host.shutdown(slot, Commands.stream(msgTypeId));
            case Commands.CLOSE -> host.close(slot);
            case Commands.ABORT -> host.abort(slot);
            default -> host.resume(slot, Commands.stream(msgTypeId));
        }
    }

    private void keepHouse()
    {
        housekeepingNs = nowNs;
        counters.inputBuffers.setPlain(sessions.inputBuffersInUse());
        datagrams.updateCounters();
        for (final StreamCoreDriver core : cores)
        {
            if (core != null)
            {
                core.keepHouse(nowNs);
            }
        }
        for (int i = 0; i < ports.length; i++)
        {
            linkCounters[i].update();
            if (ports[i].link().isGone() && linkCounters[i].tellGone())
            {
                errors.onError(new DeviceException("the device of link " + i + " of agent " + number +
                    " was removed: its sessions will time out; close the engine and launch it again"));
            }
        }
    }

    private void drainSome()
    {
        if (!isUnlistened)
        {
            isUnlistened = true;
            for (int i = 0; i < ports.length; i++)
            {
                ports[i].unlisten(nowNs);
            }
        }
        sessions.drain();
        boolean isQuiet = datagrams.drain() && sessions.active() == 0;
        for (final StreamPort port : ports)
        {
            isQuiet &= port.link().active() == 0;
        }
        isDrained = isQuiet;
    }

    @Override
    public int agent()
    {
        return number;
    }

    @Override
    public long nowNs()
    {
        return nowNs;
    }

    @Override
    public Session session(final long handle)
    {
        final int slot = sessions.resolve(handle);
        return slot < 0 ? datagrams.view(handle) : view.wrap(slot);
    }

    @Override
    public long connect(final int link, final Protocol protocol, final FourTuple who)
    {
        return connect(link, protocol.code(), who);
    }

    @Override
    public AtomicCounter counter(final String label)
    {
        return allocator.allocate(label);
    }

    private long connect(final int link, final int protocol, final FourTuple who)
    {
        if (protocol == Protocol.GQUIC.code())
        {
            return datagrams.connect(link, who);
        }
        return link < 0 || link >= ports.length || (protocol != Protocol.TCP.code() && cores[protocol] == null) ?
            StreamResult.NO_CAPACITY : sessions.connect(link, protocol, who);
    }

    Commands commands()
    {
        return commands;
    }

    SendWindows windows()
    {
        return windows;
    }
}
