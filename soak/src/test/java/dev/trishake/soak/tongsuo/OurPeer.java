// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.tongsuo;

import dev.trishake.core.Outcome;
import dev.trishake.crypto.Kernels;
import dev.trishake.identity.IdentityException;
import dev.trishake.identity.IdentityLoader;
import dev.trishake.identity.PeerName;
import dev.trishake.identity.TlcpIdentity;
import dev.trishake.identity.TlcpTrust;
import dev.trishake.runtime.Engine;
import dev.trishake.runtime.EngineConfig;
import dev.trishake.runtime.Failure;
import dev.trishake.runtime.Links;
import dev.trishake.runtime.Protocol;
import dev.trishake.runtime.Session;
import dev.trishake.runtime.SessionHandler;
import dev.trishake.runtime.TlcpProtocol;
import dev.trishake.session.FourTuple;
import dev.trishake.tlcp.TlcpConfig;
import dev.trishake.tlcp.TlcpCore;
import dev.trishake.tlcp.TlcpParameters;
import dev.trishake.wire.tlcp.Alert;
import dev.trishake.wire.tlcp.CipherSuite;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * An engine of ours on the kernel's sockets that says what happens to its sessions, in words. As a server it echoes; as
 * a client it sends what it has to, and ends its side then or once as much has come back.
 */
public final class OurPeer implements SessionHandler, AutoCloseable
{
    private static final int SESSIONS = 16;
    private static final int PATIENCE_S = 10;

    private final TlcpProtocol protocol;
    private final Engine engine;
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final UnsafeBuffer toSend = new UnsafeBuffer(0, 0);
    private boolean endsAtOnce;
    private int sent;

    private OurPeer(final TlcpProtocol protocol, final boolean isServer, final Path counters)
    {
        this.protocol = protocol;
        final EngineConfig config = new EngineConfig().link(Links.kernel(SESSIONS)).protocol(Protocol.TLCP, protocol)
            .countersFile(counters).drainTimeoutNs(TimeUnit.SECONDS.toNanos(1));
        if (isServer)
        {
            config.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Protocol.TLCP, SESSIONS);
        }
        engine = Engine.launch(config, this);
    }

    /** {@return a configuration that fits such a peer} */
    public static TlcpConfig config()
    {
        return new TlcpConfig().sessions(SESSIONS).handshakes(SESSIONS);
    }

    /** {@return an echo server with a PKI's identity, which trusts its clients} */
    public static OurPeer server(final Path pki, final Supplier<TlcpConfig> config) throws IdentityException
    {
        return server(pki, config, pki, other -> other);
    }

    /** {@return an echo server that trusts other clients, and may have been given identities by name} */
    public static OurPeer server(
        final Path pki, final Supplier<TlcpConfig> config, final Path trusted,
        final UnaryOperator<TlcpProtocol> more) throws IdentityException
    {
        return new OurPeer(more.apply(TlcpProtocol.server(Kernels.scalar(), config, identity(pki, "server"),
            TlcpTrust.load(TlcpTrust.Order.ANY, trusted.resolve("ca.crt")))), true, pki.resolve("server.counters"));
    }

    /** {@return a client that knows a server by a name, and shows an identity of its PKI; null for none} */
    public static OurPeer client(
        final Path pki, final String name, final String serverName, final Supplier<TlcpConfig> config)
        throws IdentityException
    {
        return new OurPeer(TlcpProtocol.client(Kernels.scalar(), config, name == null ? null : identity(pki, name),
            TlcpTrust.load(TlcpTrust.Order.ANY, pki.resolve("ca.crt")), PeerName.of(serverName)), false,
            pki.resolve("client.counters"));
    }

    /** {@return an identity of a PKI, as {@code soak.jar pki} makes} */
    public static TlcpIdentity identity(final Path pki, final String name) throws IdentityException
    {
        return new IdentityLoader().signing(pki.resolve(name + "_sign.crt"), pki.resolve(name + "_sign.key"))
            .encryption(pki.resolve(name + "_enc.crt"), pki.resolve(name + "_enc.key"))
            .chain(pki.resolve("subca.crt")).password(TongsuoPki.PASSWORD.toCharArray()).load(Instant.now());
    }

    /** {@return where this server listens} */
    public int port()
    {
        return engine.localAddress(0).getPort();
    }

    /** Connects this client, which sends this, reads as much, and then ends its side. */
    public void connect(final int port, final byte[] data)
    {
        connect(port, data, false);
    }

    /** Connects this client, which sends this and ends its side then, or once as much was read. */
    public void connect(final int port, final byte[] data, final boolean endAtOnce)
    {
        toSend.wrap(data);
        endsAtOnce = endAtOnce;
        sent = 0;
        received.reset();
        engine.connect(0, 0, Protocol.TLCP, new FourTuple().local(0, 0, 0)
            .remoteIpv4(ByteBuffer.wrap(InetAddress.getLoopbackAddress().getAddress()).getInt(), port), 0);
    }

    /** {@return what happened next} */
    public String next() throws InterruptedException
    {
        final String event = events.poll(PATIENCE_S, TimeUnit.SECONDS);
        return event == null ? "nothing in " + PATIENCE_S + " s" : event;
    }

    /** {@return all that happened to the next session, in its order, once it is over} */
    public String session() throws InterruptedException
    {
        final StringBuilder all = new StringBuilder();
        while (true)
        {
            final String event = next();
            all.append(all.isEmpty() ? "" : ", ").append(event);
            if (!event.equals("end") && !event.contains("_SM3"))
            {
                return all.toString(); // closed, or why it failed, or nothing
            }
        }
    }

    /** {@return what this client has read} */
    public byte[] received()
    {
        return received.toByteArray();
    }

    // ---- the handler

    @Override
    public void onEstablished(final Session session)
    {
        final long parameters = session.parameters();
        final int chosen = TlcpParameters.protocol(parameters);
        events.add(CipherSuite.name(TlcpParameters.suite(parameters)) +
            (TlcpParameters.isResumed(parameters) ? " resumed" : "") +
            (TlcpParameters.isClientAuthenticated(parameters) ? " authenticated" : "") +
            (chosen == TlcpParameters.NO_PROTOCOL ? "" : " protocol " + chosen));
        onWritable(session);
    }

    @Override
    public int onData(final Session session, final DirectBuffer buffer, final int offset, final int length)
    {
        if (!session.isClient())
        {
            return session.send(buffer, offset, length);
        }
        final byte[] octets = new byte[length];
        buffer.getBytes(offset, octets);
        received.writeBytes(octets);
        if (received.size() == toSend.capacity() && !endsAtOnce)
        {
            session.shutdown();
        }
        return length;
    }

    @Override
    public void onWritable(final Session session)
    {
        if (session.isClient() && sent < toSend.capacity())
        {
            sent += Math.max(0, session.send(toSend, sent, toSend.capacity() - sent));
            if (sent == toSend.capacity() && endsAtOnce)
            {
                session.shutdown();
            }
        }
    }

    @Override
    public void onEnd(final Session session)
    {
        events.add("end");
        session.close();
    }

    @Override
    public void onClosed(final Session session)
    {
        events.add("closed");
    }

    @Override
    public void onFailed(final Session session, final int reason)
    {
        events.add(reason > 0 && Outcome.category(reason) == Outcome.PEER ?
            alert(Outcome.code(reason)) : Failure.describe(reason));
    }

    private static String alert(final int code)
    {
        return code == TlcpCore.TRUNCATED ? "no close_notify" :
            ((code & TlcpCore.RECEIVED) != 0 ? "read " : "wrote ") + Alert.name(code & 0xff);
    }

    @Override
    public void close()
    {
        engine.close();
        protocol.close();
    }
}
