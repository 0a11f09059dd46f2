// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.StreamCredits;
import dev.trishake.transport.StreamLink;
import dev.trishake.transport.StreamRecord;
import dev.trishake.transport.StreamResult;
import dev.trishake.transport.sim.LoopbackStreamLink;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;
import org.agrona.concurrent.status.CountersReader;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * An agent without a thread or a clock, its link a simulated network, and the peers at the network's other end: all of
 * it turned by the test.
 */
final class AgentRig implements AutoCloseable
{
    static final int PORT = 443;

    final List<Throwable> errors = new ArrayList<>();
    final Peers peers = new Peers();
    final HandshakeAgent agent;
    private final Map<String, AtomicCounter> counters = new HashMap<>();
    private final CountersManager manager = new CountersManager(
        memory(512 * CountersReader.METADATA_LENGTH),
        memory(512 * CountersReader.COUNTER_LENGTH));
    private final StreamLink[] link = new StreamLink[1];
    long nowNs = 1_000_000_000_000L;

    AgentRig(final EngineConfig config, final SessionHandler handler, final Protocol protocol)
    {
        this(config, handler, protocol, 64, 1 << 14);
    }

    AgentRig(
        final EngineConfig config, final SessionHandler handler, final Protocol protocol, final int connections,
        final int bufferLength)
    {
        start(config.link((number, agents, credits, now) ->
        {
            final LoopbackStreamLink pair = LoopbackStreamLink.pair(credits, peers, connections, bufferLength);
            link[0] = pair;
            peers.link = pair.peer();
            return pair;
        }).listen(new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), PORT), protocol, connections));
        agent = agent(config, handler);
    }

    /** An agent over any link, listening for TCP; the peers have one that reaches it. */
    AgentRig(
        final StreamLinkFactory serverLink, final Function<StreamCredits, StreamLink> peersLink,
        final InetSocketAddress address, final SessionHandler handler)
    {
        final EngineConfig config = new EngineConfig();
        start(config.link((number, agents, credits, now) ->
        {
            link[0] = serverLink.create(number, agents, credits, now);
            return link[0];
        }).listen(address));
        agent = agent(config, handler);
        peers.link = peersLink.apply(peers);
        peers.server = link[0].localAddress(0);
        peers.serverLow = TcpAddresses.low(peers.server.getAddress());
    }

    private void start(final EngineConfig config)
    {
        config.clock(() -> nowNs).check();
    }

    private HandshakeAgent agent(final EngineConfig config, final SessionHandler handler)
    {
        final HandshakeAgent made = new HandshakeAgent(
            0, config, handler, new ArrayList<>(), Forwarding.of(config), this::counter, errors::add);
        made.onStart();
        try
        {
            made.awaitStart();
        }
        catch (final InterruptedException ex)
        {
            throw new IllegalStateException(ex);
        }
        return made;
    }

    private static UnsafeBuffer memory(final int length)
    {
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, BitUtil.CACHE_LINE_LENGTH));
    }

    private AtomicCounter counter(final String label)
    {
        final AtomicCounter counter = manager.newCounter(label);
        counters.put(label, counter);
        return counter;
    }

    long count(final String label)
    {
        return counters.get(label).get();
    }

    /** One cycle of the agent and one of its peers, a tenth of a millisecond. */
    int turn()
    {
        nowNs += 100_000;
        peers.doWork(nowNs);
        return agent.doWork();
    }

    void turns(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            turn();
        }
    }

    StreamLink link()
    {
        return link[0];
    }

    @Override
    public void close()
    {
        agent.onClose();
        peers.link.close();
    }

    /** The other host. */
    static final class Peers implements StreamCredits
    {
        final Map<Long, ByteArrayOutputStream> received = new HashMap<>();
        final List<String> events = new ArrayList<>();
        StreamLink link;
        InetSocketAddress server;
        long serverLow;
        /** Connections that are not read from. */
        final List<Long> unread = new ArrayList<>();
        /** Counts only. */
        boolean isQuiet;
        long bytes;
        int opened;
        int closed;
        int ended;
        private final OneToOneRingBuffer ingress = Rings.ofCapacity(1 << 20);
        private final OneToOneRingBuffer egress = Rings.ofCapacity(1 << 20);
        private final MessageHandler onRecord = this::onRecord;
        private final FourTuple tuple = new FourTuple();

        long connect()
        {
            return connect(0x0a00_0002);
        }

        long connect(final int from)
        {
            tuple.localIpv4(from, 0).remoteIpv4(0x0a00_0001, PORT);
            return link.connect(tuple, 0);
        }

        /** To the listener, from any address. */
        long connectToServer()
        {
            tuple.local(0, 0, 0).remote(0, serverLow, server.getPort());
            return link.connect(tuple, 0);
        }

        void send(final long handle, final byte[] octets)
        {
            final int index = egress.tryClaim(StreamRecord.DATA, StreamRecord.PAYLOAD_OFFSET + octets.length);
            StreamRecord.putHandle(egress.buffer(), index, handle);
            egress.buffer().putBytes(index + StreamRecord.PAYLOAD_OFFSET, octets);
            egress.commit(index);
        }

        void tell(final int msgTypeId, final long handle)
        {
            final int index = egress.tryClaim(msgTypeId, StreamRecord.PAYLOAD_OFFSET);
            StreamRecord.putHandle(egress.buffer(), index, handle);
            egress.commit(index);
        }

        byte[] received(final long handle)
        {
            return received.containsKey(handle) ? received.get(handle).toByteArray() : new byte[0];
        }

        void doWork(final long nowNs)
        {
            link.flush(egress, nowNs, 1 << 16);
            link.poll(ingress, nowNs, 1 << 16);
            ingress.read(onRecord);
            ingress.read(onRecord);
        }

        private void onRecord(
            final int msgTypeId, final MutableDirectBuffer buffer, final int index, final int length)
        {
            final long handle = StreamRecord.handle(buffer, index);
            switch (msgTypeId)
            {
                case StreamRecord.OPENED -> opened++;
                case StreamRecord.DATA ->
                {
                    bytes += length - StreamRecord.PAYLOAD_OFFSET;
                    if (!isQuiet)
                    {
                        final byte[] octets = new byte[length - StreamRecord.PAYLOAD_OFFSET];
                        buffer.getBytes(index + StreamRecord.PAYLOAD_OFFSET, octets);
                        received.computeIfAbsent(handle, key -> new ByteArrayOutputStream()).writeBytes(octets);
                    }
                }
                case StreamRecord.END -> ended++;
                case StreamRecord.CLOSED ->
                {
                    closed++;
                    if (!isQuiet)
                    {
                        events.add("CLOSED " +
                            StreamResult.describe(StreamRecord.reason(buffer, index)));
                    }
                }
                default ->
                {
                }
            }
        }

        @Override
        public int inputCredit(final long handle)
        {
            return !unread.isEmpty() && unread.contains(handle) ? 0 : Integer.MAX_VALUE;
        }

        @Override
        public int acceptCredit(final int listener)
        {
            return Integer.MAX_VALUE;
        }
    }
}
