// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.core.CryptoOperation;
import dev.trishake.core.CryptoQueue;
import dev.trishake.crypto.aead.Aead;
import dev.trishake.session.FourTuple;
import dev.trishake.wire.gquic.GquicError;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.MessageDecoder;
import dev.trishake.wire.gquic.MessageEncoder;
import dev.trishake.wire.gquic.Tag;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

/**
 * A handshake with the messages and levels of the real one and keys that are no secret: made from the connection ID.
 * So the connection layer can be tested alone, and fast.
 */
final class FakeHandshakes implements GquicHandshakes, HelloGate
{
    static final int HELLO_LENGTH = 1040;

    /** Connection ID 8, packet number 4, version 4, all in little endian. */
    static final int TOKEN_LENGTH = 16;

    private static final int REJECT_LENGTH = 8 + 8 + TOKEN_LENGTH;
    private static final int KEYS_READY = 1;
    private static final int ESTABLISH = 2;

    private final GquicMemory memory;
    private final GquicSession session;
    private final CryptoStream crypto;
    private final CryptoQueue queue;
    private final Protection protection;
    private final MessageEncoder message = new MessageEncoder();
    private final UnsafeBuffer token = new UnsafeBuffer(new byte[TOKEN_LENGTH]);
    private final Handshake handshake = new Handshake();
    private final Keys keys;
    /** The server's verdict on a hello with a token; for tests of overload. */
    int verdict = ADMIT;
    /** What a client fails with when it reads a REJ, 0: it does not. */
    int failure;
    private long rejectedNumber;
    private int version;
    private int sentLength;
    private int sentNumber;

    FakeHandshakes(
        final GquicMemory memory, final GquicSession session, final CryptoStream crypto, final CryptoQueue queue,
        final Protection protection)
    {
        this.memory = memory;
        this.session = session;
        this.crypto = crypto;
        this.queue = queue;
        this.protection = protection;
        keys = new Keys();
    }

    @Override
    public HelloGate gate()
    {
        return memory.config.isClient ? null : this;
    }

    @Override
    public GquicHandshake handshake()
    {
        return handshake;
    }

    @Override
    public CryptoOperation[] operations()
    {
        return new CryptoOperation[] {keys};
    }

    @Override
    public void onCycle(final long nowNs)
    {
    }

    @Override
    public int judge(
        final FourTuple tuple, final long cid, final int label, final long packetNumber, final long streamOffset,
        final MessageDecoder hello, final int packetLength, final long nowNs)
    {
        sentLength = 0;
        sentNumber = 0;
        token.putLong(0, cid);
        version = label;
        rejectedNumber = packetNumber;
        final int stk = hello.find(Tag.STK);
        if (stk == MessageDecoder.NOT_FOUND)
        {
            return streamOffset == 0 ? REJECT : DROP;
        }
        if (hello.valueLength(stk) != TOKEN_LENGTH ||
            hello.buffer().getLong(hello.valueOffset(stk), LITTLE_ENDIAN) != cid)
        {
            return DROP;
        }
        sentLength = REJECT_LENGTH;
        sentNumber = hello.buffer().getInt(hello.valueOffset(stk) + Long.BYTES, LITTLE_ENDIAN);
        version = hello.buffer().getInt(hello.valueOffset(stk) + Long.BYTES + Integer.BYTES, LITTLE_ENDIAN);
        return verdict;
    }

    @Override
    public int writeReject(final MutableDirectBuffer buffer, final int offset, final int capacity)
    {
        token.putInt(Long.BYTES, (int)rejectedNumber);
        token.putInt(Long.BYTES + Integer.BYTES, version);
        return message.begin(buffer, offset, capacity, Tag.REJ, 1).value(Tag.STK, token, 0, TOKEN_LENGTH).finish();
    }

    @Override
    public int version()
    {
        return version;
    }

    @Override
    public int sentLength()
    {
        return sentLength;
    }

    @Override
    public int sentNumber()
    {
        return sentNumber;
    }

    private void post()
    {
        session.raise(GquicSession.POSTED);
        queue.post(GquicCore.FIRST_HANDSHAKE_KIND, session.slot(), session.handle());
    }

    private void learnLimits()
    {
        session.set(GquicSession.PEER_STREAM_WINDOW, memory.config.streamWindow);
        session.set(GquicSession.PEER_CONNECTION_WINDOW, memory.config.connectionWindow);
        session.set(GquicSession.PEER_STREAMS, memory.config.streamsPerSession);
    }

    private final class Handshake extends GquicHandshake
    {
        @Override
        int start(final long nowNs)
        {
            session.set(GquicSession.AEAD, Tag.AESG);
            session.add(GquicSession.HELLOS, 1);
            crypto.beginMessage(Tag.CHLO, 1).pad(HELLO_LENGTH - 16, (byte)'-');
            crypto.endMessage(GquicLevel.NULL);
            session.transition(GquicState.CLIENT_SENT_INCHOATE_CHLO);
            return GquicStep.GO_ON;
        }

        @Override
        int onMessage(final MessageDecoder in, final int level, final long nowNs)
        {
            return switch (in.tag())
            {
                case Tag.CHLO -> onHello();
                case Tag.REJ -> onReject(in);
                case Tag.SHLO -> onServerHello(level);
                default -> fail(GquicError.INVALID_CRYPTO_MESSAGE_TYPE);
            };
        }

        private int onHello()
        {
            session.set(GquicSession.AEAD, Tag.AESG);
            session.add(GquicSession.HELLOS, 1);
            learnLimits();
            session.transition(GquicState.SERVER_READ_CHLO);
            session.set(GquicSession.STEP, ESTABLISH);
            post();
            return GquicStep.AWAIT_CRYPTO;
        }

        private int onReject(final MessageDecoder in)
        {
            if (failure != 0)
            {
                return fail(failure);
            }
            session.add(GquicSession.HELLOS, 1);
            final int stk = in.find(Tag.STK);
            crypto.beginMessage(Tag.CHLO, 2).pad(HELLO_LENGTH - 24 - TOKEN_LENGTH, (byte)'-')
                .value(Tag.STK, in.buffer(), in.valueOffset(stk), TOKEN_LENGTH);
            session.transition(GquicState.CLIENT_READ_REJ);
            session.set(GquicSession.STEP, KEYS_READY);
            post();
            crypto.endMessage(GquicLevel.NULL);
            return GquicStep.AWAIT_CRYPTO;
        }

        private int onServerHello(final int level)
        {
            if (level != GquicLevel.INITIAL)
            {
                return fail(GquicError.CRYPTO_ENCRYPTION_LEVEL_INCORRECT);
            }
            learnLimits();
            session.transition(GquicState.CLIENT_READ_SHLO);
            session.set(GquicSession.STEP, ESTABLISH);
            post();
            return GquicStep.AWAIT_CRYPTO;
        }

        @Override
        int onStep(final int step, final long nowNs)
        {
            session.set(GquicSession.STEP, GquicStep.READ);
            if (step == ESTABLISH)
            {
                session.raise(GquicSession.HAS_FORWARD | GquicSession.ESTABLISHED);
                if (!session.isClient())
                {
                    session.raise(GquicSession.HAS_INITIAL_READ | GquicSession.HAS_INITIAL_WRITE);
                    crypto.beginMessage(Tag.SHLO, 1).u32(Tag.VER, GquicVersion.Q043);
                    crypto.endMessage(GquicLevel.INITIAL);
                    session.transition(GquicState.SERVER_SENT_SHLO);
                }
            }
            else if (session.state() == GquicState.CLIENT_READ_REJ)
            {
                session.raise(GquicSession.HAS_INITIAL_WRITE);
                session.transition(GquicState.CLIENT_SENT_FULL_CHLO);
            }
            else
            {
                session.raise(GquicSession.HAS_INITIAL_READ);
            }
            return GquicStep.GO_ON;
        }

        @Override
        int onNonce(final long nowNs)
        {
            session.set(GquicSession.STEP, KEYS_READY);
            post();
            return GquicStep.AWAIT_CRYPTO;
        }

        private int fail(final int error)
        {
            session.set(GquicSession.ERROR, error);
            return GquicStep.FAIL;
        }
    }

    /** All keys of a session, whatever it needs. */
    private final class Keys implements CryptoOperation
    {
        private final GquicSession lane = memory.view();
        private final UnsafeBuffer key = new UnsafeBuffer(new byte[32]);

        @Override
        public int lanes()
        {
            return 4;
        }

        @Override
        public void execute(final int[] slots, final int count, final long nowNs)
        {
            for (int i = 0; i < count; i++)
            {
                lane.wrap(slots[i]).clear(GquicSession.POSTED);
                final boolean isClient = lane.isClient();
                if (!isClient)
                {
                    lane.memory().putLong(lane.at(GquicSession.DIVERSIFICATION), ~lane.get(GquicSession.CID));
                }
                final long nonce = lane.memory().getLong(lane.at(GquicSession.DIVERSIFICATION));
                make(isClient ? GquicSession.KEYS_INITIAL_WRITE : GquicSession.KEYS_INITIAL_READ, 1, 0);
                make(isClient ? GquicSession.KEYS_INITIAL_READ : GquicSession.KEYS_INITIAL_WRITE, 2, nonce);
                make(isClient ? GquicSession.KEYS_FORWARD_WRITE : GquicSession.KEYS_FORWARD_READ, 3, 0);
                make(isClient ? GquicSession.KEYS_FORWARD_READ : GquicSession.KEYS_FORWARD_WRITE, 4, 0);
            }
        }

        private void make(final int keys, final int which, final long nonce)
        {
            final Aead aead = protection.aead(Tag.AESG);
            key.putLong(0, lane.get(GquicSession.CID));
            key.putLong(8, nonce ^ which);
            aead.expandKey(key, 0, lane.memory(), lane.at(keys));
            lane.memory().putInt(lane.at(keys) + Protection.IV_OFFSET, which);
        }
    }
}
