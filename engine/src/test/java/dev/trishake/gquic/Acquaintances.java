// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.wire.gquic.GquicVersion;

/** A client and a server that have met before, so that each message of a handshake can be had and changed. */
final class Acquaintances
{
    static final long CID = 0x1122_3344_5566_7788L;

    final TestServers.Trust trust;
    final ServerSettings serverSettings;
    final ClientSettings clientSettings;
    final HandshakeRig server;
    final HandshakeRig client;

    Acquaintances()
    {
        this(TestServers.ECDSA);
    }

    Acquaintances(final Transcripts.Server identity)
    {
        this(identity, TestServers.settings(identity));
    }

    Acquaintances(final Transcripts.Server identity, final ServerSettings serverSettings)
    {
        trust = new TestServers.Trust(identity);
        this.serverSettings = serverSettings;
        clientSettings = new ClientSettings(trust, new UnixTime(), "server.example");
        server = new HandshakeRig(HandshakeRig.config(), serverSettings, 11);
        client = new HandshakeRig(HandshakeRig.config(), clientSettings, 12);
    }

    /** {@return the client's first CHLO, of a new session} */
    Message firstHello()
    {
        final int slot = client.open(CID, GquicVersion.Q044);
        client.start(slot);
        return new Message(client.sent(slot));
    }

    /** Makes them meet, so that the client's next first CHLO is a full one. */
    Acquaintances meet()
    {
        final int own = client.open(CID, GquicVersion.Q044);
        final int other = server.open(CID, GquicVersion.Q044);
        client.start(own);
        while (!client.isEstablished(own))
        {
            server.feed(other, client.sent(own), GquicLevel.NULL);
            final byte[] answer = server.sent(other);
            if (server.isEstablished(other))
            {
                client.nonce(own, diversification(other));
                client.feed(own, answer, GquicLevel.INITIAL);
            }
            else
            {
                client.feed(own, answer, GquicLevel.NULL);
            }
            if (client.error(own) != 0 || server.error(other) != 0)
            {
                throw new IllegalStateException(client.error(own) + ", " + server.error(other));
            }
        }
        client.close(own);
        server.close(other);
        return this;
    }

    byte[] diversification(final int slot)
    {
        final byte[] nonce = new byte[32];
        server.session.wrap(slot);
        server.session.memory().getBytes(server.session.at(GquicSession.DIVERSIFICATION), nonce);
        return nonce;
    }

    /** Hands a CHLO to a new session of the server; answers its slot. */
    int offer(final Message hello)
    {
        final int slot = server.open(CID, GquicVersion.Q044);
        server.feed(slot, hello.bytes(), GquicLevel.NULL);
        return slot;
    }
}
