// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.identity.PeerName;
import dev.trishake.identity.TlcpIdentity;
import dev.trishake.identity.TlcpTrust;
import dev.trishake.identity.TrustVerdict;
import dev.trishake.tlcp.TlcpConfig;
import dev.trishake.tlcp.TlcpCore;
import dev.trishake.tlcp.TlcpCredentials;
import dev.trishake.tlcp.TlcpSessionCache;
import dev.trishake.tlcp.TlcpTicketKeys;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * TLCP for an engine: a core for each agent, with our identity and a desk that checks peers' certificates.
 *
 * <pre>
 * try (TlcpProtocol tlcp = TlcpProtocol.server(kernels, () -&gt; new TlcpConfig().sessions(10_000), identity, null);
 *     Engine engine = Engine.launch(config.protocol(Protocol.TLCP, tlcp), handler))
 * </pre>
 */
public final class TlcpProtocol implements StreamProtocol.Factory, AutoCloseable
{
    private final Kernels kernels;
    private final Supplier<TlcpConfig> configs;
    private final TlcpIdentity identity;
    private final TrustDesk<TrustVerdict> desk;
    private final PeerName name;
    private final Map<String, TlcpIdentity> identitiesByName = new LinkedHashMap<>();
    private final List<Runnable> wipes = new ArrayList<>();
    private TlcpSessionCache cache;
    private TlcpTicketKeys ticketKeys;

    private TlcpProtocol(
        final Kernels kernels, final Supplier<TlcpConfig> configs, final TlcpIdentity identity,
        final TrustDesk<TrustVerdict> desk, final PeerName name)
    {
        this.kernels = kernels;
        this.configs = configs;
        this.identity = identity;
        this.desk = desk;
        this.name = name;
    }

    private static TrustDesk<TrustVerdict> desk(final TlcpTrust trust, final TlcpTrust.Peer peer)
    {
        return new TrustDesk<>(
            (shown, name) -> trust.verify(shown, 0, shown.capacity(), peer, name, Instant.now()));
    }

    /**
     * {@return TLCP as a server}
     *
     * @param kernels  vectors or scalar code, warmed up
     * @param configs  makes a configuration for each agent; credentials and trust are set here
     * @param identity what the server shows; null where it has identities by name alone, see {@link #identity}
     * @param trust    checks clients' certificates; null where none are asked for
     */
    public static TlcpProtocol server(
        final Kernels kernels, final Supplier<TlcpConfig> configs, final TlcpIdentity identity, final TlcpTrust trust)
    {
        return new TlcpProtocol(kernels, configs, identity,
            trust == null ? null : desk(trust, TlcpTrust.Peer.CLIENT), PeerName.ANY);
    }

    /**
     * {@return TLCP as a client of one server}
     *
     * @param kernels  vectors or scalar code, warmed up
     * @param configs  makes a configuration for each agent; credentials and trust are set here
     * @param identity what the client shows where it is asked; null for nothing
     * @param trust    checks the server's certificates
     * @param server   whom they must name
     */
    public static TlcpProtocol client(
        final Kernels kernels, final Supplier<TlcpConfig> configs, final TlcpIdentity identity, final TlcpTrust trust,
        final PeerName server)
    {
        return new TlcpProtocol(kernels, configs, identity, desk(trust, TlcpTrust.Peer.SERVER), server);
    }

    /**
     * {@return this, telling somebody of each verdict on certificates that were not known yet}
     *
     * @param observer called on the thread that checks certificates; must not throw
     */
    public TlcpProtocol verdicts(final Consumer<TrustVerdict> observer)
    {
        if (desk != null)
        {
            desk.observer(observer);
        }
        return this;
    }

    /**
     * Adds what a server shows to clients that ask for a name, before the engine is launched.
     *
     * @param hostName see {@link TlcpConfig#credentials(String, TlcpCredentials)}
     * @param shown    to them
     * @return this
     */
    public TlcpProtocol identity(final String hostName, final TlcpIdentity shown)
    {
        identitiesByName.put(hostName, shown);
        return this;
    }

    @Override
    public synchronized StreamProtocol create(final int agent, final int agents, final long nowNs)
    {
        final TlcpConfig config = configs.get();
        share(config, agent, agents);
        if (identity != null)
        {
            config.credentials(credentials(identity));
        }
        identitiesByName.forEach((hostName, shown) -> config.credentials(hostName, credentials(shown)));
        if (desk != null)
        {
            config.trust(new TlcpWindow(desk.window(), name));
        }
        final TlcpCore core = new TlcpCore(config, kernels, new Entropy());
        wipes.add(core::close);
        final List<CryptoKind> kinds = new ArrayList<>();
        for (int kind = 0; kind < core.kinds(); kind++)
        {
            kinds.add(new CryptoKind(TlcpCore.kindName(kind), core.operation(kind)));
        }
        return new StreamProtocol(core, core.queue(), kinds);
    }

    /** What one agent remembers, all may go on from. Agents start one after the other, each in its own thread. */
    private void share(final TlcpConfig config, final int agent, final int agents)
    {
        if (config.cachedSessions() > 0)
        {
            if (agent == 0)
            {
                cache = new TlcpSessionCache(
                    agents, config.cachedSessions(), config.cachedSessionLifetimeNs(), new Entropy());
                wipes.add(cache::close);
            }
            config.sessionCache(cache, agent);
        }
        if (config.ticketLifetimeNs() > 0)
        {
            if (agent == 0)
            {
                ticketKeys = new TlcpTicketKeys(config.ticketLifetimeNs(), new Entropy());
                wipes.add(ticketKeys::close);
            }
            config.ticketKeys(ticketKeys);
        }
    }

    private TlcpCredentials credentials(final TlcpIdentity shown)
    {
        final UnsafeBuffer keys = new UnsafeBuffer(ByteBuffer.allocateDirect(2 * TlcpIdentity.KEY_LENGTH));
        shown.copyPrivateKeys(keys, 0);
        final TlcpCredentials credentials = new TlcpCredentials(shown.certificateBody(),
            shown.encryptionCertificateOffset(), shown.encryptionCertificateLength(), keys, 0);
        wipes.add(credentials::close);
        keys.setMemory(0, keys.capacity(), (byte)0);
        return credentials;
    }

    /** Wipes private keys and what sessions could go on from, and ends the desk; after the engine, which uses them. */
    @Override
    public synchronized void close()
    {
        wipes.forEach(Runnable::run);
        if (desk != null)
        {
            desk.close();
        }
    }
}
