// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.StreamResult;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.errors.DistinctErrorLog;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * Agents that run: what others embed.
 *
 * <pre>
 * try (Engine engine = Engine.launch(new EngineConfig()
 *     .link(Links.kernel(1024))
 *     .listen(new InetSocketAddress(7)), (session, buffer, offset, length) -> session.send(buffer, offset, length)))
 * {
 *     ...
 * }
 * </pre>
 *
 * <p>All methods may be called by any thread, until the engine is closed. They ask an agent for something through its
 * ring, never wait and allocate nothing; what comes of it the handler is told.
 */
public final class Engine implements AutoCloseable
{
    private static final int COUNTERS_PER_AGENT = 256;
    private static final int MAX_STREAM = (1 << 27) - 1;
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final EngineConfig config;
    private final CountersFile countersFile;
    private final Path countersPath;
    private final DistinctErrorLog errorLog;
    private final AtomicCounter errorCounter;
    private final List<InetSocketAddress> addresses = new ArrayList<>();
    private final HandshakeAgent[] agents;
    private final AgentRunner[] runners;
    private Map<String, Long> lastCounters;
    private boolean closed;

    private Engine(final EngineConfig config, final IntFunction<SessionHandler> handlers)
    {
        this.config = config;
        countersPath = config.countersFile() == null ?
            CountersFile.defaultPath(ProcessHandle.current().pid()) : config.countersFile();
        countersFile = CountersFile.create(countersPath, 1 + config.agents() * COUNTERS_PER_AGENT);
        errorLog = countersFile.errorLog();
        final CountersManager counters = countersFile.manager();
        errorCounter = counters.newCounter("Errors");
        final List<Forwarding> forwardings = Forwarding.of(config);
        agents = new HandshakeAgent[config.agents()];
        runners = new AgentRunner[agents.length];
        for (int i = 0; i < agents.length; i++)
        {
            final String prefix = agents.length == 1 ? "" : "agent " + i + ": ";
            agents[i] = new HandshakeAgent(i, config, handlers.apply(i), addresses, forwardings,
                label -> counters.newCounter(prefix + label), this::onError);
            runners[i] = new AgentRunner(
                config.newIdleStrategy(), (ErrorHandler)this::onError, errorCounter, agents[i]);
        }
    }

    /**
     * Launches an engine whose agents share a handler.
     *
     * @param config  is checked
     * @param handler called by every agent's thread
     * @return when all agents listen
     * @throws RuntimeException whose message says what is wrong and what to do; nothing is left of the engine then
     */
    public static Engine launch(final EngineConfig config, final SessionHandler handler)
    {
        return launch(config, agent -> handler);
    }

    /**
     * Launches an engine each of whose agents has its own handler.
     *
     * @param config   is checked
     * @param handlers makes them, by the agent's number
     * @return when all agents listen
     * @throws RuntimeException whose message says what is wrong and what to do; nothing is left of the engine then
     */
    public static Engine launch(final EngineConfig config, final IntFunction<SessionHandler> handlers)
    {
        LaunchChecks.check(config.needsNativeAccess());
        config.check();
        final Engine engine = new Engine(config, handlers);
        try
        {
            engine.start();
        }
        catch (final RuntimeException ex)
        {
            engine.stop();
            throw ex;
        }
        return engine;
    }

    private void start()
    {
        try
        {
            for (int i = 0; i < agents.length; i++)
            {
                AgentRunner.startOnThread(runners[i]);
                agents[i].awaitStart(); // one after the other: the first chooses the ports
            }
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while agents started", ex);
        }
    }

    private void onError(final Throwable ex)
    {
        if (ex instanceof AgentTerminationException) // of an agent that could not start: launch says why
        {
            return;
        }
        errorCounter.increment();
        errorLog.record(ex);
        config.errorHandler().onError(ex);
    }

    /**
     * {@return where the engine listens, with the port that was chosen}
     *
     * @param listener number, from 0 in the order of the configuration: streams, then datagrams
     */
    public InetSocketAddress localAddress(final int listener)
    {
        return addresses.get(listener);
    }

    /**
     * {@return the number of listeners}
     */
    public int listeners()
    {
        return addresses.size();
    }

    /**
     * {@return the number of agents}
     */
    public int agents()
    {
        return agents.length;
    }

    /**
     * {@return where its counters are, for {@link CountersFile#open}}
     */
    public Path countersPath()
    {
        return countersPath;
    }

    /**
     * {@return all counters by their labels, those of several agents added up; of a closed engine what they were in the
     * end} For reports: allocates, and links' counters may be a tenth of a second old.
     */
    public Map<String, Long> counters()
    {
        synchronized (this)
        {
            return lastCounters == null ? countersFile.sums() : lastCounters;
        }
    }

    /**
     * {@return how many bytes may be under way from here to a session}
     */
    public int sendWindow()
    {
        return agents[0].windows().window();
    }

    /**
     * Sends bytes on a session's own stream: all of them or none.
     *
     * @param session its handle
     * @param buffer  where they are
     * @param offset  where they begin
     * @param length  how many, at most {@link #sendWindow()}
     * @return as of {@link #send(long, int, DirectBuffer, int, int)}
     */
    public int send(final long session, final DirectBuffer buffer, final int offset, final int length)
    {
        return send(session, 0, buffer, offset, length);
    }

    /**
     * Sends bytes: all of them or none.
     *
     * @param session its handle
     * @param stream  which of its streams; 0 for its own, or the only one
     * @param buffer  where they are
     * @param offset  where they begin
     * @param length  how many, at most {@link #sendWindow()}
     * @return {@link StreamResult#OK}; BACK_PRESSURED: try again later, nothing was taken; CLOSED: the session is not
     * established or gone
     */
    public int send(
        final long session, final int stream, final DirectBuffer buffer, final int offset, final int length)
    {
        checkStream(stream);
        final HandshakeAgent agent = agentOf(session);
        if (agent == null)
        {
            return StreamResult.CLOSED;
        }
        if (length > agent.windows().window())
        {
            throw new IllegalArgumentException(
                "length must be at most sendWindow(): " + length + " > " + agent.windows().window());
        }
        final int taken = agent.windows().take(session, length);
        if (taken <= 0)
        {
            return taken < 0 ? StreamResult.CLOSED : StreamResult.BACK_PRESSURED;
        }
        if (!agent.commands().send(session, stream, buffer, offset, length))
        {
            agent.windows().give(session, length);
            return StreamResult.BACK_PRESSURED;
        }
        return StreamResult.OK;
    }

    /**
     * Ends our side of a session's stream, behind what was sent.
     *
     * @param session its handle
     * @return {@link StreamResult#OK} or BACK_PRESSURED; CLOSED: no such agent
     */
    public int shutdown(final long session)
    {
        return tell(Commands.SHUTDOWN, 0, session);
    }

    /**
     * Ends our side of one of a session's streams, behind what was sent.
     *
     * @param session its handle
     * @param stream  which of its streams
     * @return {@link StreamResult#OK} or BACK_PRESSURED; CLOSED: no such agent
     */
    public int shutdown(final long session, final int stream)
    {
        return tell(Commands.SHUTDOWN, checkStream(stream), session);
    }

    /**
     * Ends a session; what was sent still goes.
     *
     * @param session its handle
     * @return {@link StreamResult#OK} or BACK_PRESSURED; CLOSED: no such agent
     */
    public int close(final long session)
    {
        return tell(Commands.CLOSE, 0, session);
    }

    /**
     * Resets a session.
     *
     * @param session its handle
     * @return {@link StreamResult#OK} or BACK_PRESSURED; CLOSED: no such agent
     */
    public int abort(final long session)
    {
        return tell(Commands.ABORT, 0, session);
    }

    /**
     * Says that bytes which the handler did not take can be offered again.
     *
     * @param session its handle
     * @return {@link StreamResult#OK} or BACK_PRESSURED; CLOSED: no such agent
     */
    public int resume(final long session)
    {
        return tell(Commands.RESUME, 0, session);
    }

    /**
     * Begins to open a connection; the handler's onConnecting says what came of it.
     *
     * @param agent         that will have it
     * @param link          which of its links for streams, or for datagrams with GQUIC, in the order of the
     *                      configuration
     * @param protocol      to speak
     * @param tuple         both sides; see {@link AgentContext#connect}
     * @param correlationId given back
     * @return {@link StreamResult#OK} or BACK_PRESSURED
     */
    public int connect(
        final int agent, final int link, final Protocol protocol, final FourTuple tuple, final long correlationId)
    {
        return agents[agent].commands().connect(correlationId, link, protocol, tuple) ?
            StreamResult.OK : StreamResult.BACK_PRESSURED;
    }

    private static int checkStream(final int stream)
    {
        return Checks.range("stream", stream, 0, MAX_STREAM);
    }

    private int tell(final int command, final int stream, final long session)
    {
        final HandshakeAgent agent = agentOf(session);
        if (agent == null)
        {
            return StreamResult.CLOSED;
        }
        return agent.commands().tell(command, stream, session) ? StreamResult.OK : StreamResult.BACK_PRESSURED;
    }

    private HandshakeAgent agentOf(final long session)
    {
        final int agent = SessionHandle.agent(session);
        return session > 0 && agent < agents.length ? agents[agent] : null;
    }

    /**
     * Drains and stops: accepts nothing more, lets sessions end within the drain timeout, resets those that have not,
     * and gives back all threads, descriptors, memory and devices. Closing twice is no fault.
     */
    @Override
    public void close()
    {
        synchronized (this)
        {
            if (closed)
            {
                return;
            }
            closed = true;
        }
        for (final HandshakeAgent agent : agents)
        {
            agent.drain();
        }
        final long endNs = System.nanoTime() + config.drainTimeoutNs();
        while (!isDrained() && System.nanoTime() - endNs < 0)
        {
            LockSupport.parkNanos(POLL_NS);
        }
        stop();
    }

    private boolean isDrained()
    {
        boolean isDrained = true;
        for (final HandshakeAgent agent : agents)
        {
            isDrained &= agent.isDrained();
        }
        return isDrained;
    }

    private void stop()
    {
        for (final AgentRunner runner : runners)
        {
            runner.close();
        }
        synchronized (this)
        {
            lastCounters = countersFile.sums();
            countersFile.close();
        }
    }

    @Override
    public String toString()
    {
        return config.toString();
    }
}
