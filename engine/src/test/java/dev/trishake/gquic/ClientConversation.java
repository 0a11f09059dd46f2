// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.Tag;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A client and a server, and the messages between them one by one, to be changed on their way to the client. */
abstract class ClientConversation
{
    static final long CID = Acquaintances.CID;

    final Acquaintances both = new Acquaintances();
    final HandshakeRig client = both.client;
    final HandshakeRig server = both.server;
    int own;
    int other;

    ClientConversation()
    {
        both.clientSettings.resumption(false);
    }

    final void begin()
    {
        own = client.open(CID, GquicVersion.Q044);
        other = server.open(CID, GquicVersion.Q044);
        client.start(own);
    }

    /** Hands a message to the client. */
    final void read(final Message message)
    {
        client.feed(own, message.bytes(), message.tag == Tag.SHLO ? GquicLevel.INITIAL : GquicLevel.NULL);
    }

    /** {@return the server's answer to what the client has just said} */
    final Message answer()
    {
        server.feed(other, client.sent(own), GquicLevel.NULL);
        assertEquals(0, server.error(other));
        return new Message(server.sent(other));
    }

    /** Brings both to where the server has shown its proof, which the client has not read; answers that REJ. */
    final Message proven()
    {
        begin();
        read(answer());
        return answer();
    }

    final int end()
    {
        final int error = client.error(own);
        client.close(own);
        server.close(other);
        return error;
    }
}
