// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.core.CryptoOperation;
import dev.trishake.core.CryptoQueue;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.curve.X25519KeyPairs;

/** The handshakes of a core's side with all that they need. */
final class Handshakes implements GquicHandshakes
{
    private final HelloGate gate;
    private final GquicHandshake handshake;
    private final CryptoOperation[] operations;
    private final X25519KeyPairs pairs;
    private final Entropy entropy;

    private Handshakes(
        final HelloGate gate, final GquicHandshake handshake, final CryptoOperation[] operations,
        final X25519KeyPairs pairs, final Entropy entropy)
    {
        this.entropy = entropy;
        this.gate = gate;
        this.handshake = handshake;
        this.operations = operations;
        this.pairs = pairs;
    }

    /**
     * {@return a server's handshakes}
     *
     * @param settings   of the server
     * @param memory     of the core
     * @param session    view that the core turns to a session before it calls the handshake
     * @param stream     laid over the same view
     * @param queue      where operations are posted
     * @param protection of packets, which knows the AEADs
     * @param kernels    vectors or scalar code
     * @param entropy    the agent's
     */
    static Handshakes ofServer(
        final ServerSettings settings, final GquicMemory memory, final GquicSession session,
        final CryptoStream stream, final CryptoQueue queue, final Protection protection, final Kernels kernels,
        final Entropy entropy)
    {
        return ofServer(settings, new SourceAddressToken(kernels, entropy, settings.tokenKeys), memory, session, stream,
            queue, protection, kernels, entropy);
    }

    /** A server whose tokens are made by somebody: recordings have those of other servers. */
    static Handshakes ofServer(
        final ServerSettings settings, final SourceAddressToken token, final GquicMemory memory,
        final GquicSession session, final CryptoStream stream, final CryptoQueue queue, final Protection protection,
        final Kernels kernels, final Entropy entropy)
    {
        final X25519KeyPairs pairs = new X25519KeyPairs(kernels, entropy);
        return new Handshakes(new ServerGate(settings, token),
            new GquicServerHandshake(settings, memory, session, stream, queue, entropy, pairs, token),
            HandshakeOperations.ofServer(memory, settings, protection, kernels, entropy), pairs, entropy);
    }

    /**
     * {@return a client's handshakes}
     *
     * @param settings   of the client
     * @param memory     of the core
     * @param session    view that the core turns to a session before it calls the handshake
     * @param stream     laid over the same view
     * @param queue      where operations are posted
     * @param protection of packets, which knows the AEADs
     * @param kernels    vectors or scalar code
     * @param entropy    the agent's
     */
    static Handshakes ofClient(
        final ClientSettings settings, final GquicMemory memory, final GquicSession session,
        final CryptoStream stream, final CryptoQueue queue, final Protection protection, final Kernels kernels,
        final Entropy entropy)
    {
        final X25519KeyPairs pairs = new X25519KeyPairs(kernels, entropy);
        final ServerCache cache = new ServerCache(settings.servers);
        final PeerTrustQuery query = new PeerTrustQuery(memory, settings.trust, cache);
        return new Handshakes(null,
            new GquicClientHandshake(settings, memory, session, stream, queue, entropy, pairs, cache, query),
            HandshakeOperations.ofClient(memory, query, cache, protection, kernels, entropy), pairs, entropy);
    }

    @Override
    public HelloGate gate()
    {
        return gate;
    }

    @Override
    public GquicHandshake handshake()
    {
        return handshake;
    }

    @Override
    public CryptoOperation[] operations()
    {
        return operations;
    }

    @Override
    public void onCycle(final long nowNs)
    {
        // tokens of hellos that are only rejected draw on it too
        if (entropy.reseedDue())
        {
            entropy.reseed();
        }
        pairs.fill();
    }
}
