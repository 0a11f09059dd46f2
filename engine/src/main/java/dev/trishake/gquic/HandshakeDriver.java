// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.MessageDecoder;

/**
 * Lets the handshake of the session under the view go on until it waits: message by message, step by step.
 */
final class HandshakeDriver
{
    private static final int KEYS =
        GquicSession.HAS_INITIAL_READ | GquicSession.HAS_INITIAL_WRITE | GquicSession.HAS_FORWARD;

    private final GquicMemory memory;
    private final GquicSession session;
    private final CryptoStream crypto;
    private final GquicHandshake handshake;
    private final Recovery recovery;
    private final GquicHandler handler;
    private final MessageDecoder message = new MessageDecoder();

    HandshakeDriver(
        final GquicMemory memory, final GquicSession session, final CryptoStream crypto,
        final GquicHandshake handshake, final Recovery recovery, final GquicHandler handler)
    {
        this.memory = memory;
        this.session = session;
        this.crypto = crypto;
        this.handshake = handshake;
        this.recovery = recovery;
        this.handler = handler;
    }

    /** A client begins. */
    void start(final long nowNs)
    {
        take(handshake.start(nowNs));
        proceed(nowNs);
    }

    /** Goes on. */
    void proceed(final long nowNs)
    {
        boolean goesOn = true;
        while (goesOn && !session.is(GquicSession.POSTED | GquicSession.CLOSED))
        {
            final boolean hadInitial = session.is(GquicSession.HAS_INITIAL_WRITE);
            final int step = session.get(GquicSession.STEP);
            goesOn = step == GquicStep.READ ? read(nowNs) : take(handshake.onStep(step, nowNs));
            if (hadInitial && !session.is(GquicSession.HAS_INITIAL_WRITE) && session.isClient())
            {
                recovery.onInitialKeysLost();
            }
        }
        noteProgress();
    }

    /** {@return whether there was something to read, and the handshake goes on} */
    private boolean read(final long nowNs)
    {
        if (session.is(GquicSession.NONCE_DUE) && session.is(GquicSession.HAS_INITIAL_WRITE))
        {
            session.clear(GquicSession.NONCE_DUE | GquicSession.HAS_INITIAL_READ);
            return take(handshake.onNonce(nowNs));
        }
        final int length = crypto.peek(message);
        if (length == MessageDecoder.INCOMPLETE)
        {
            return false;
        }
        if (length < 0)
        {
            session.fail(-length, GquicSession.CLOSE_DUE);
            return false;
        }
        crypto.consume(length);
        if (memory.config.tap != null)
        {
            memory.config.tap.onMessageReceived(session.slot(), message.buffer(), message.offset(), length);
        }
        if (session.is(GquicSession.ESTABLISHED))
        {
            session.fail(GquicError.CRYPTO_MESSAGE_AFTER_HANDSHAKE_COMPLETE, GquicSession.CLOSE_DUE);
            return false;
        }
        recovery.onMessagesAnswered();
        return take(handshake.onMessage(message, session.get(GquicSession.CRYPTO_LEVEL), nowNs));
    }

    /** {@return whether the handshake goes on at once} */
    private boolean take(final int answer)
    {
        switch (answer)
        {
            case GquicStep.GO_ON ->
            {
                session.clear(GquicSession.CERTIFICATE_AWAITED);
                return true;
            }
            case GquicStep.AWAIT_CERTIFICATE ->
            {
                if (!session.is(GquicSession.CERTIFICATE_AWAITED))
                {
                    session.raise(GquicSession.CERTIFICATE_AWAITED);
                    handler.onCertificate(session.slot());
                }
            }
            case GquicStep.FAIL -> session.fail(session.get(GquicSession.ERROR), GquicSession.CLOSE_DUE);
            default -> session.clear(GquicSession.CERTIFICATE_AWAITED);
        }
        return false;
    }

    /** Tells who wants to know about keys and the end of the handshake. */
    private void noteProgress()
    {
        if (session.is(GquicSession.ESTABLISHED) && !session.is(GquicSession.ESTABLISHED_TOLD | GquicSession.CLOSED))
        {
            session.raise(GquicSession.ESTABLISHED_TOLD);
            memory.counters.sessionsEstablished++;
            if (session.isClient())
            {
                memory.releaseMessages(session);
                session.raise(GquicSession.PING_DUE); // a forward-secure packet at once confirms the handshake
            }
            handler.onEstablished(session.slot());
        }
    }

    /** {@return whether there are keys that early packets have not been tried with} */
    boolean hasNewKeys()
    {
        final int keys = keys();
        final int tried = session.get(GquicSession.KEYS_TRIED);
        if (keys == tried)
        {
            return false;
        }
        session.set(GquicSession.KEYS_TRIED, keys);
        if (memory.config.tap != null)
        {
            if ((keys & ~tried & (GquicSession.HAS_INITIAL_READ | GquicSession.HAS_INITIAL_WRITE)) != 0)
            {
                memory.config.tap.onKeys(session.slot(), GquicLevel.INITIAL);
            }
            if ((keys & ~tried & GquicSession.HAS_FORWARD) != 0)
            {
                memory.config.tap.onKeys(session.slot(), GquicLevel.FORWARD_SECURE);
            }
        }
        return true;
    }

    private int keys()
    {
        int keys = 0;
        for (int rest = KEYS; rest != 0; rest &= rest - 1)
        {
            keys |= session.is(rest & -rest) ? rest & -rest : 0;
        }
        return keys;
    }
}
