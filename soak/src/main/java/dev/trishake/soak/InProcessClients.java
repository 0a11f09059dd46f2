// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

import dev.trishake.core.Outbox;
import dev.trishake.session.FourTuple;
import dev.trishake.soak.flood.Addresses;
import dev.trishake.soak.flood.Outcomes;
import dev.trishake.soak.flood.Plan;
import dev.trishake.tcp.TcpCore;
import dev.trishake.tcp.TcpResult;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/** Honest clients with a TCP core of ours: each connects, sends a line, reads it back and closes. */
final class InProcessClients implements TcpAgent.Application
{
    private static final byte[] LINE = "is this seat free?\n".getBytes(StandardCharsets.US_ASCII);

    private final Plan plan;
    private final long startNs;
    private final Outcomes outcomes = new Outcomes();
    private final FourTuple tuple = new FourTuple();
    private final UnsafeBuffer line = new UnsafeBuffer(LINE);
    private final UnsafeBuffer echo = new UnsafeBuffer(new byte[LINE.length]);
    private final Long2ObjectHashMap<Client> byHandle = new Long2ObjectHashMap<>();
    private final Deque<Client> underWay = new ArrayDeque<>();
    private TcpCore core;
    private Outbox outbox;
    private long begun;

    /** One of them. */
    private static final class Client
    {
        final long handle;
        final long startNs;
        long connectNs;
        long firstByteNs;
        int received;
        boolean over;

        Client(final long handle, final long startNs)
        {
            this.handle = handle;
            this.startNs = startNs;
        }
    }

    /** They begin at this time. */
    InProcessClients(final Plan plan, final long startNs)
    {
        this.plan = plan;
        this.startNs = startNs;
    }

    Outcomes outcomes()
    {
        return outcomes;
    }

    boolean isDone()
    {
        return begun == plan.lengthNs() / plan.clientIntervalNs() && underWay.isEmpty();
    }

    @Override
    public void begin(final TcpCore core, final Outbox outbox, final long nowNs)
    {
        this.core = core;
        this.outbox = outbox;
    }

    @Override
    public int doWork(final long nowNs)
    {
        while (begun < plan.lengthNs() / plan.clientIntervalNs() &&
            nowNs - startNs >= begun * plan.clientIntervalNs())
        {
            begun++;
            begin(nowNs);
        }
        while (!underWay.isEmpty() &&
            (underWay.peek().over || nowNs - underWay.peek().startNs > Plan.PATIENCE_NS))
        {
            final Client client = underWay.poll();
            if (!client.over)
            {
                end(client, client.connectNs == 0 ? "NO_ANSWER" : "NO_ECHO", nowNs);
            }
        }
        return 0;
    }

    private void begin(final long nowNs)
    {
        final InetAddress from = Addresses.outside(plan.from().isIpv4());
        final InetAddress to = Addresses.victim(plan.from().isIpv4());
        tuple.local(Endpoint.high(from), Endpoint.low(from), 0)
            .remote(Endpoint.high(to), Endpoint.low(to), Plan.PORT);
        outcomes.begin();
        final long handle = core.connect(tuple, nowNs, outbox);
        if (handle < 0)
        {
            outcomes.fail(TcpResult.describe(handle));
            return;
        }
        final Client client = new Client(handle, nowNs);
        byHandle.put(handle, client);
        underWay.add(client);
    }

    @Override
    public void onEstablished(final long handle, final long nowNs)
    {
        final Client client = byHandle.get(handle);
        if (client != null)
        {
            client.connectNs = nowNs - client.startNs;
            core.send(handle, line, 0, LINE.length, nowNs, outbox);
        }
    }

    @Override
    public void onReadable(final long handle, final long nowNs)
    {
        final Client client = byHandle.get(handle);
        if (client == null)
        {
            return;
        }
        final int count = core.receive(handle, echo, client.received, LINE.length - client.received, nowNs, outbox);
        if (count < 0)
        {
            end(client, TcpResult.describe(count), nowNs);
            return;
        }
        if (client.received == 0)
        {
            client.firstByteNs = nowNs - client.startNs;
        }
        client.received += count;
        if (client.received == LINE.length)
        {
            end(client, echo.compareTo(line) == 0 ? null : "WRONG_ECHO", nowNs);
        }
    }

    @Override
    public void onClosed(final long handle, final int reason, final long nowNs)
    {
        final Client client = byHandle.get(handle);
        if (client != null)
        {
            end(client, TcpResult.describe(reason), nowNs);
        }
    }

    private void end(final Client client, final String failure, final long nowNs)
    {
        client.over = true;
        byHandle.remove(client.handle);
        core.close(client.handle, nowNs, outbox);
        if (failure == null)
        {
            outcomes.succeed(client.connectNs, client.firstByteNs);
        }
        else
        {
            outcomes.fail(failure);
        }
    }
}
