// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.core.CryptoQueue;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.curve.X25519KeyPairs;
import dev.trishake.wire.gquic.MessageDecoder;
import dev.trishake.wire.gquic.Tag;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** What both sides' handshakes share. */
abstract class MessageHandshake extends GquicHandshake
{
    final GquicMemory memory;
    final GquicConfig config;
    final GquicSession session;
    final CryptoStream stream;
    final Entropy entropy;
    private final CryptoQueue queue;
    private final X25519KeyPairs pairs;

    MessageHandshake(
        final GquicMemory memory, final GquicSession session, final CryptoStream stream, final CryptoQueue queue,
        final Entropy entropy, final X25519KeyPairs pairs)
    {
        this.memory = memory;
        this.config = memory.config;
        this.session = session;
        this.stream = stream;
        this.queue = queue;
        this.entropy = entropy;
        this.pairs = pairs;
    }

    final UnsafeBuffer messages()
    {
        return memory.messages();
    }

    /** {@return the answer that the connection fails} */
    final int fail(final int error)
    {
        session.set(GquicSession.ERROR, error);
        return GquicStep.FAIL;
    }

    /** Asks for an operation and says what goes on with its result. */
    final int post(final int kind, final int work, final int step)
    {
        session.set(HandshakeFields.WORK, work);
        session.set(GquicSession.STEP, step);
        session.raise(GquicSession.POSTED);
        queue.post(kind, session.slot(), session.handle());
        return GquicStep.AWAIT_CRYPTO;
    }

    /** {@return whether the operation could do what it was asked for} */
    final boolean isGood()
    {
        return session.get(HandshakeFields.RESULT) != 0;
    }

    /** What was written is to be sent; then the next message is read. */
    final int sent()
    {
        session.set(GquicSession.STEP, GquicStep.READ);
        return GquicStep.GO_ON;
    }

    /** Takes an ephemeral pair and asks for the agreement; a pair on P-256 is made with it. */
    final int agree(final int exchange, final int work, final int step)
    {
        if (exchange != Tag.C255)
        {
            return post(HandshakeOperations.P256, work | HandshakeFields.GENERATE, step);
        }
        pairs.take(session.memory(), session.at(HandshakeFields.PRIVATE),
            session.memory(), session.at(HandshakeFields.PUBLIC));
        return post(HandshakeOperations.X25519, work, step);
    }

    /** Takes the peer's public value; answers whether it has the exchange's length and form. */
    final boolean takePublic(final int exchange, final DirectBuffer from, final int offset, final int length)
    {
        if (length != ServerConfig.publicLength(exchange) ||
            (exchange == Tag.P256 && from.getByte(offset) != P256Operation.UNCOMPRESSED))
        {
            return false;
        }
        session.memory().putBytes(session.at(HandshakeFields.PEER_PUBLIC), from, offset, length);
        return true;
    }

    /** Keeps where the CHLO is that was read or sent last. */
    final void keepHello(final int offset, final int length)
    {
        session.set(HandshakeFields.HELLO_OFFSET, offset);
        session.set(HandshakeFields.HELLO_LENGTH, length);
        session.add(GquicSession.HELLOS, 1);
    }

    /** {@return octets of a value, 0 when there is none} */
    static int lengthOf(final MessageDecoder message, final int index)
    {
        return index == MessageDecoder.NOT_FOUND ? 0 : message.valueLength(index);
    }
}
