// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.gquic.ClientSettings;
import dev.trishake.gquic.GquicConfig;
import dev.trishake.gquic.GquicCore;
import dev.trishake.gquic.GquicCredentials;
import dev.trishake.gquic.RotatingTokenKeys;
import dev.trishake.gquic.ServerConfig;
import dev.trishake.gquic.ServerConfigs;
import dev.trishake.gquic.ServerSettings;
import dev.trishake.gquic.UnixTime;
import dev.trishake.identity.GquicIdentity;
import dev.trishake.identity.GquicTrust;
import dev.trishake.identity.GquicVerdict;
import dev.trishake.identity.PeerName;
import dev.trishake.identity.RsaProofSigner;
import dev.trishake.transport.DatagramSteering;
import dev.trishake.wire.gquic.PacketHeaderDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Google QUIC for an engine: a core for each agent. A server's agents share its identity, its configs and the keys of
 * its tokens, so that a client may come back to any of them; a client's share a desk that checks certificates.
 *
 * <pre>
 * try (GquicProtocol gquic = GquicProtocol.server(kernels, GquicConfig::new, identity);
 *     Engine engine = Engine.launch(config.datagrams(DatagramLinks.kernel(), addresses, gquic), handler))
 * </pre>
 */
public final class GquicProtocol implements DatagramProtocol.Factory, AutoCloseable
{
    /** In the code of a {@link Failure}: the peer has closed the connection with this error; else we have. */
    public static final int RECEIVED = 1 << 16;

    /** In the code of a {@link Failure}: the {@link dev.trishake.wire.gquic.GquicError}. */
    public static final int ERROR_MASK = 0xffff;

    /** How long server configs are good. */
    private static final long CONFIG_SECONDS = TimeUnit.DAYS.toSeconds(7);
    private static final long NS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MS_PER_SECOND = 1000;
    /** Where a connection ID begins in a packet of a client, see {@link PacketHeaderDecoder}. */
    private static final int CONNECTION_ID_OFFSET = 1;
    private static final int LONG_CONNECTION_ID_OFFSET = 6;

    private final Kernels kernels;
    private final Supplier<GquicConfig> configs;
    private final UnixTime time = new UnixTime();
    private final Server server;
    private final Client client;
    private UnaryOperator<ServerSettings> serverSettings = settings -> settings;
    private UnaryOperator<ClientSettings> clientSettings = settings -> settings;

    /** What a server's agents share. */
    private record Server(GquicIdentity identity, ServerConfigs configs, UnsafeBuffer tokenSecret)
    {
        static Server of(final GquicIdentity identity)
        {
            final Entropy entropy = new Entropy();
            final UnsafeBuffer secret =
                new UnsafeBuffer(ByteBuffer.allocateDirect(RotatingTokenKeys.SECRET_LENGTH));
            entropy.nextBytes(secret, 0, RotatingTokenKeys.SECRET_LENGTH);
            return new Server(identity, new ServerConfigs(ServerConfig.create(
                entropy, System.currentTimeMillis() / MS_PER_SECOND + CONFIG_SECONDS)), secret);
        }

        private GquicCredentials credentials()
        {
            final DirectBuffer[] chain = identity.chain().toArray(DirectBuffer[]::new);
            final DirectBuffer[] lists = identity.certificateLists().toArray(DirectBuffer[]::new);
            if (identity.isRsa())
            {
                final RsaProofSigner signer = identity.newSigner();
                return GquicCredentials.signedBy(chain, lists, signer::sign);
            }
            final UnsafeBuffer key = new UnsafeBuffer(ByteBuffer.allocateDirect(GquicIdentity.KEY_LENGTH));
            identity.copyPrivateKey(key, 0);
            final GquicCredentials credentials = GquicCredentials.ecdsa(chain, lists, key, 0);
            key.setMemory(0, key.capacity(), (byte)0);
            return credentials;
        }
    }

    /** What a client's agents share. */
    private record Client(String host, PeerName name, TrustDesk<GquicVerdict> desk)
    {
        static Client of(final GquicTrust trust, final String host, final PeerName name)
        {
            // on the desk's thread alone: certificates that a server names by their hashes are of its chain before
            final Map<PeerName, GquicVerdict> before = new HashMap<>();
            return new Client(host, name, new TrustDesk<>((shown, who) ->
            {
                final GquicVerdict verdict =
                    trust.verify(shown, 0, shown.capacity(), before.get(who), who, Instant.now());
                if (verdict.isTrusted())
                {
                    before.put(who, verdict);
                }
                return verdict;
            }));
        }
    }

    private GquicProtocol(
        final Kernels kernels, final Supplier<GquicConfig> configs, final Server server, final Client client)
    {
        this.kernels = kernels;
        this.configs = configs;
        this.server = server;
        this.client = client;
    }

    /**
     * {@return gQUIC as a server}
     *
     * @param kernels  vectors or scalar code, warmed up
     * @param configs  makes a configuration for each agent
     * @param identity what the server shows
     */
    public static GquicProtocol server(
        final Kernels kernels, final Supplier<GquicConfig> configs, final GquicIdentity identity)
    {
        return new GquicProtocol(kernels, configs, Server.of(identity), null);
    }

    /**
     * {@return gQUIC as a client of one server}
     *
     * @param kernels vectors or scalar code, warmed up
     * @param configs makes a configuration for each agent
     * @param trust   checks the server's certificates
     * @param host    the name that hellos say, a host name or empty for none
     * @param name    whom certificates must name
     */
    public static GquicProtocol client(
        final Kernels kernels, final Supplier<GquicConfig> configs, final GquicTrust trust, final String host,
        final PeerName name)
    {
        return new GquicProtocol(kernels, configs, null, Client.of(trust, host, name));
    }

    /**
     * {@return this, with more to say of how each agent's server shakes hands}
     *
     * @param change of the settings
     */
    public GquicProtocol serverSettings(final UnaryOperator<ServerSettings> change)
    {
        serverSettings = change;
        return this;
    }

    /**
     * {@return this, with more to say of how each agent's client shakes hands}
     *
     * @param change of the settings
     */
    public GquicProtocol clientSettings(final UnaryOperator<ClientSettings> change)
    {
        clientSettings = change;
        return this;
    }

    /**
     * {@return this, telling somebody of each verdict on certificates that were not known yet}
     *
     * @param observer called on the thread that checks certificates; must not throw
     */
    public GquicProtocol verdicts(final Consumer<GquicVerdict> observer)
    {
        if (client != null)
        {
            client.desk.observer(observer);
        }
        return this;
    }

    /**
     * {@return the configs of a server, for who rotates them; null of a client}
     */
    public ServerConfigs serverConfigs()
    {
        return server == null ? null : server.configs;
    }

    @Override
    public DatagramProtocol create(final int agent, final int agents, final long nowNs)
    {
        time.set(System.currentTimeMillis() * NS_PER_MS, nowNs);
        final GquicConnections connections = new GquicConnections();
        final GquicCore core = server != null ? serverCore(connections, nowNs) : clientCore(connections, nowNs);
        connections.core(core);
        final List<CryptoKind> kinds = new ArrayList<>();
        for (int kind = 0; kind < core.kinds(); kind++)
        {
            kinds.add(new CryptoKind(GquicCore.kindName(kind), core.operation(kind)));
        }
        return new DatagramProtocol(core, core.queue(), kinds, connections);
    }

    private GquicCore serverCore(final GquicConnections connections, final long nowNs)
    {
        final ServerSettings settings = new ServerSettings(server.credentials(), server.configs,
            new RotatingTokenKeys(server.tokenSecret, 0, RotatingTokenKeys.DEFAULT_EPOCH_SECONDS), time);
        return new GquicCore(
            configs.get(), serverSettings.apply(settings), kernels, new Entropy(), connections, nowNs);
    }

    private GquicCore clientCore(final GquicConnections connections, final long nowNs)
    {
        final ClientSettings settings = new ClientSettings(
            new GquicWindow(client.desk.window(), List.of(client.host), List.of(client.name)), time, client.host);
        return new GquicCore(
            configs.get(), clientSettings.apply(settings), kernels, new Entropy(), connections, nowNs);
    }

    @Override
    public boolean isClient()
    {
        return client != null;
    }

    @Override
    public DatagramSteering steering(final int agents, final int multiplier0, final int multiplier1)
    {
        return client != null ? null : new DatagramSteering(
            CONNECTION_ID_OFFSET, LONG_CONNECTION_ID_OFFSET, multiplier0, multiplier1, agents);
    }

    /** Wipes the secret of tokens, ends the desk; sessions that wait for a verdict then wait until their deadline. */
    @Override
    public void close()
    {
        if (client != null)
        {
            client.desk.close();
        }
        else
        {
            server.tokenSecret.setMemory(0, RotatingTokenKeys.SECRET_LENGTH, (byte)0);
        }
    }
}
