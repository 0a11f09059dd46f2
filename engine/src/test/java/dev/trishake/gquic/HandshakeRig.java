// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.core.CryptoOperation;
import dev.trishake.core.CryptoQueue;
import dev.trishake.core.Outbox;
import dev.trishake.core.Outcome;
import dev.trishake.core.SessionCore;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.session.FourTuple;
import dev.trishake.wire.gquic.GquicVersion;
import dev.trishake.wire.gquic.MessageDecoder;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.function.IntConsumer;

/** One side's handshakes without packets: messages go in and come out, operations run as they are posted. */
final class HandshakeRig implements SessionCore
{
    static final long NOW_SECONDS = 1_800_000_000L;
    static final long NOW_NS = NOW_SECONDS * 1_000_000_000L;

    final GquicConfig config;
    final GquicMemory memory;
    final GquicSession session;
    final Handshakes handshakes;
    final FourTuple tuple = new FourTuple().localIpv4(0x7f000001, 443).remoteIpv4(0x7f000001, 4433);
    long nowNs = NOW_NS;
    /** Called with the kind before each operation: so a test can put what was recorded in place of what is random. */
    IntConsumer beforeOperation = kind ->
    {
    };
    private final CryptoStream stream;
    private final CryptoQueue queue;
    private final int[] slots = new int[CryptoOperation.MAX_LANES];
    private final MessageDecoder decoder = new MessageDecoder();
    private final int[] taken;

    HandshakeRig(final GquicConfig config, final ServerSettings settings, final long seed)
    {
        this(config.client(false), settings, null, new SourceAddressToken(
            Kernels.scalar(), Entropy.seeded(seed + 1), settings.tokenKeys), seed);
    }

    HandshakeRig(
        final GquicConfig config, final ServerSettings settings, final SourceAddressToken token, final long seed)
    {
        this(config.client(false), settings, null, token, seed);
    }

    HandshakeRig(final GquicConfig config, final ClientSettings settings, final long seed)
    {
        this(config.client(true), null, settings, null, seed);
    }

    private HandshakeRig(
        final GquicConfig config, final ServerSettings server, final ClientSettings client,
        final SourceAddressToken token, final long seed)
    {
        this.config = config;
        memory = new GquicMemory(config);
        session = memory.view();
        stream = new CryptoStream(memory, session);
        queue = new CryptoQueue(config.sessions, GquicCore.FIRST_HANDSHAKE_KIND + HandshakeOperations.COUNT);
        taken = new int[config.sessions];
        final Kernels kernels = Kernels.scalar();
        final Protection protection = new Protection(kernels);
        handshakes = client != null ?
            Handshakes.ofClient(client, memory, session, stream, queue, protection, kernels, Entropy.seeded(seed)) :
            Handshakes.ofServer(
                server, token, memory, session, stream, queue, protection, kernels, Entropy.seeded(seed));
    }

    static GquicConfig config()
    {
        return new GquicConfig().sessions(16).handshakes(16).streams(16, 16);
    }

    /** Takes a slot; the view is turned to it. */
    int open(final long cid, final int version)
    {
        final int slot = memory.sessions.acquire();
        session.wrap(slot);
        memory.takeMessages(session);
        session.set(GquicSession.CID, cid);
        session.set(GquicSession.VERSION, version);
        tuple.store(session.memory(), session.at(GquicSession.TUPLE));
        ReceivedRanges.begin(session.memory(), session.at(GquicSession.CRYPTO_IN), 0);
        if (config.isClient)
        {
            session.raise(GquicSession.IS_CLIENT);
        }
        session.transition(GquicState.IDLE);
        taken[slot] = 0;
        return slot;
    }

    int open()
    {
        return open(0x0102_0304_0506_0708L, GquicVersion.Q044);
    }

    void close(final int slot)
    {
        session.wrap(slot);
        memory.releaseMessages(session);
        memory.sessions.release(slot);
    }

    /** Begins a client's handshake; answers the step at which it stopped. */
    int start(final int slot)
    {
        session.wrap(slot);
        return go(slot, handshakes.handshake().start(nowNs));
    }

    /** Hands a message in, at its end; answers the step at which the handshake stopped. */
    int feed(final int slot, final byte[] message, final int level)
    {
        return feed(slot, new UnsafeBuffer(message), 0, message.length, level);
    }

    int feed(final int slot, final UnsafeBuffer message, final int offset, final int messageLength, final int level)
    {
        session.wrap(slot);
        final long end = ReceivedRanges.end(session.memory(), session.at(GquicSession.CRYPTO_IN));
        final int error = stream.onData(end, message, offset, messageLength, level);
        if (error != 0)
        {
            session.set(GquicSession.ERROR, error);
            return GquicStep.FAIL;
        }
        int step = GquicStep.READ;
        int length = stream.peek(decoder);
        while (length > 0 && (step == GquicStep.READ || step == GquicStep.GO_ON))
        {
            stream.consume(length);
            step = go(slot, handshakes.handshake().onMessage(decoder, level, nowNs));
            length = stream.peek(decoder);
        }
        if (length < 0)
        {
            session.set(GquicSession.ERROR, -length);
            return GquicStep.FAIL;
        }
        return step;
    }

    /** Hands a diversification nonce in. */
    int nonce(final int slot, final byte[] nonce)
    {
        session.wrap(slot);
        session.memory().putBytes(session.at(GquicSession.DIVERSIFICATION), nonce);
        return nonce(slot);
    }

    /** Goes on with the diversification nonce that lies in the session. */
    int nonce(final int slot)
    {
        session.wrap(slot);
        return go(slot, handshakes.handshake().onNonce(nowNs));
    }

    /** Takes the session's step again, after AWAIT_CERTIFICATE. */
    int again(final int slot)
    {
        session.wrap(slot);
        return go(slot, handshakes.handshake().onStep(session.get(GquicSession.STEP), nowNs));
    }

    private int go(final int slot, final int first)
    {
        int step = first;
        while (step == GquicStep.AWAIT_CRYPTO ||
            (step == GquicStep.GO_ON && session.get(GquicSession.STEP) != GquicStep.READ))
        {
            if (step == GquicStep.AWAIT_CRYPTO)
            {
                runOperations();
                session.wrap(slot);
            }
            step = handshakes.handshake().onStep(session.get(GquicSession.STEP), nowNs);
        }
        return step;
    }

    private void runOperations()
    {
        final CryptoOperation[] operations = handshakes.operations();
        for (int i = 0; i < operations.length; i++)
        {
            final int kind = GquicCore.FIRST_HANDSHAKE_KIND + i;
            final int count = queue.take(kind, this, slots, operations[i].lanes());
            if (count > 0)
            {
                beforeOperation.accept(kind);
                operations[i].execute(slots, count, nowNs);
            }
        }
    }

    /** {@return what was written since this was asked last} */
    byte[] sent(final int slot)
    {
        session.wrap(slot);
        final byte[] bytes = new byte[session.get(GquicSession.CRYPTO_OUT_LENGTH) - taken[slot]];
        memory.messages().getBytes(memory.outOffset(session) + taken[slot], bytes);
        taken[slot] += bytes.length;
        return bytes;
    }

    int error(final int slot)
    {
        return session.wrap(slot).get(GquicSession.ERROR);
    }

    boolean isEstablished(final int slot)
    {
        return session.wrap(slot).is(GquicSession.ESTABLISHED);
    }

    @Override
    public int capacity()
    {
        return config.sessions;
    }

    @Override
    public long handle(final int slot)
    {
        return memory.sessions.isLive(slot) ? memory.sessions.handle(slot) : 0;
    }

    @Override
    public int resume(final int slot, final long resumedNs, final Outbox outbox)
    {
        return Outcome.DONE;
    }
}
