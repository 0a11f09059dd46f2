// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.core.CryptoOperation;
import dev.trishake.core.CryptoQueue;
import dev.trishake.core.Outbox;
import dev.trishake.core.Outcome;
import dev.trishake.core.StreamCore;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.Sm2KeyPairs;
import dev.trishake.crypto.sm.Sm3;
import dev.trishake.session.EventHistory;
import dev.trishake.session.SessionSlab;
import org.agrona.DirectBuffer;

/**
 * TLCP 1.1 (GB/T 38636-2020) for servers and clients, without a clock, a thread or a socket: bytes of a stream and time
 * come in, bytes of a stream go out. Heavy work is posted to the crypto queue, in the kinds that {@link #operations}
 * lists, and done for many sessions at once.
 *
 * <p>An outcome of {@link Outcome#PEER} carries the alert's description; with {@link #RECEIVED} it is one that the peer
 * has sent. {@link #TRUNCATED} stands alone: there was no alert.
 */
public final class TlcpCore implements StreamCore, AutoCloseable
{
    /** In the code of an outcome: the alert came from the peer. */
    public static final int RECEIVED = 1 << 8;

    /** In the code of an outcome: the stream below has ended without a close_notify, and nothing was sent. */
    public static final int TRUNCATED = 1 << 9;

    /** Kind: signatures. */
    static final int SIGN = 0;
    /** Kind: verification of signatures. */
    static final int VERIFY = 1;
    /** Kind: decryption of a pre-master secret. */
    static final int DECRYPT = 2;
    /** Kind: encryption of a pre-master secret. */
    static final int ENCRYPT = 3;
    /** Kind: SM2's key exchange. */
    static final int AGREE = 4;
    /** Kind: master secret and key block. */
    static final int KEY_SCHEDULE = 5;
    /** Kind: what a Finished says. */
    static final int FINISHED = 6;
    /** Kind: fingerprint of certificates. */
    static final int FINGERPRINT = 7;
    /** Kind: opening and sealing of records. */
    static final int RECORDS = 8;
    /** Kind: opening and sealing of tickets. */
    static final int TICKETS = 9;

    private static final String[] NAMES = {
        "TlcpSign", "TlcpVerify", "TlcpDecrypt", "TlcpEncrypt", "TlcpAgree", "TlcpKeySchedule", "TlcpFinished",
        "TlcpFingerprint", "TlcpRecords", "TlcpTickets"};

    private final TlcpMemory memory;
    private final TlcpSession session;
    private final TlcpRecords records;
    private final TlcpMachine machine;
    private final CryptoQueue queue;
    private final CryptoOperation[] operations;
    private final Sm3 sm3 = new Sm3();
    private final Entropy entropy;
    private final ServerResumption asServer;
    private final ClientResumption asClient;

    /**
     * Allocates all that this core will ever use.
     *
     * @param config  must not change afterwards
     * @param kernels vectors or scalar code
     * @param entropy the agent's
     */
    public TlcpCore(final TlcpConfig config, final Kernels kernels, final Entropy entropy)
    {
        this.entropy = entropy;
        memory = new TlcpMemory(config);
        session = memory.view();
        records = new TlcpRecords(memory, session);
        queue = new CryptoQueue(config.sessions, NAMES.length);
        final TlcpTicketKeys ticketKeys = ticketKeys(config, entropy);
        operations = operations(kernels, ticketKeys);
        asServer = new ServerResumption(config, cache(config, entropy), ticketKeys, entropy);
        asClient = new ClientResumption(config, entropy);
        final Sm2KeyPairs ephemeral = new Sm2KeyPairs(kernels, entropy);
        machine = new TlcpMachine(memory, session, records,
            new TlcpServerHandshake(memory, session, queue, entropy, asServer, ephemeral),
            new TlcpClientHandshake(memory, session, queue, entropy, asClient, ephemeral));
    }

    /** {@return the cache that is shared, or else one of this core's own, or null} */
    private static TlcpSessionCache cache(final TlcpConfig config, final Entropy entropy)
    {
        return config.sessionCache != null || config.cachedSessions == 0 ? config.sessionCache :
            new TlcpSessionCache(1, config.cachedSessions, config.cachedSessionLifetimeNs, entropy);
    }

    private static TlcpTicketKeys ticketKeys(final TlcpConfig config, final Entropy entropy)
    {
        return config.ticketKeys != null || config.ticketLifetimeNs == 0 ? config.ticketKeys :
            new TlcpTicketKeys(config.ticketLifetimeNs, entropy);
    }

    private CryptoOperation[] operations(final Kernels kernels, final TlcpTicketKeys ticketKeys)
    {
        final CryptoOperation[] all = new CryptoOperation[NAMES.length];
        all[SIGN] = new SignOperation(memory, kernels, entropy);
        all[VERIFY] = new VerifyOperation(memory, kernels);
        all[DECRYPT] = new DecryptOperation(memory, kernels);
        all[ENCRYPT] = new EncryptOperation(memory, kernels, entropy);
        all[AGREE] = new AgreeOperation(memory, kernels);
        all[KEY_SCHEDULE] = new KeyScheduleOperation(memory, kernels);
        all[FINISHED] = new FinishedOperation(memory, kernels);
        all[FINGERPRINT] = new FingerprintOperation(memory, kernels);
        all[RECORDS] = new RecordsOperation(memory, kernels, entropy);
        all[TICKETS] = new TicketsOperation(memory, kernels, entropy, ticketKeys);
        return all;
    }

    /**
     * {@return the queue that this core posts to}
     */
    public CryptoQueue queue()
    {
        return queue;
    }

    /**
     * {@return how many kinds of operations there are}
     */
    public int kinds()
    {
        return operations.length;
    }

    /**
     * {@return the operation of a kind}
     *
     * @param kind 0 to {@link #kinds()} - 1
     */
    public CryptoOperation operation(final int kind)
    {
        return operations[kind];
    }

    /**
     * {@return the name of a kind, for counters}
     *
     * @param kind 0 to {@link #kinds()} - 1
     */
    public static String kindName(final int kind)
    {
        return NAMES[kind];
    }

    /** {@return all memory of this core, for tests} */
    TlcpMemory memory()
    {
        return memory;
    }

    /** {@return what a client goes on from, for tests} */
    ClientResumption resumption()
    {
        return asClient;
    }

    @Override
    public int capacity()
    {
        return memory.sessions.capacity();
    }

    @Override
    public long handle(final int slot)
    {
        return memory.sessions.isLive(slot) ? memory.sessions.handle(slot) : 0;
    }

    @Override
    public int open(final long below, final boolean isClient, final long nowNs)
    {
        if (entropy.reseedDue())
        {
            entropy.reseed();
        }
        final int slot = memory.sessions.acquire();
        if (slot == SessionSlab.NULL_SLOT)
        {
            return NULL_SLOT;
        }
        session.wrap(slot);
        if (!memory.takeTranscript(session))
        {
            memory.release(session);
            return NULL_SLOT;
        }
        session.setLong(TlcpSession.BELOW, below);
        sm3.init(session.memory(), session.at(TlcpSession.TRANSCRIPT_HASH));
        session.transition(TlcpState.BEFORE);
        if (isClient)
        {
            session.raise(TlcpSession.IS_CLIENT);
            session.set(TlcpSession.STEP, TlcpStep.START);
        }
        return slot;
    }

    @Override
    public int inputCredit(final int slot)
    {
        session.wrap(slot);
        return session.is(TlcpSession.FAILED) ? 0 : records.inputCredit();
    }

    @Override
    public int onInput(
        final int slot, final DirectBuffer buffer, final int offset, final int length, final long nowNs,
        final Outbox outbox)
    {
        session.wrap(slot);
        records.take(buffer, offset, length);
        return proceed(nowNs, outbox);
    }

    @Override
    public int onInputEnd(final int slot, final long nowNs, final Outbox outbox)
    {
        session.wrap(slot);
        session.raise(TlcpSession.INPUT_ENDED);
        return proceed(nowNs, outbox);
    }

    @Override
    public int resume(final int slot, final long nowNs, final Outbox outbox)
    {
        session.wrap(slot);
        return proceed(nowNs, outbox);
    }

    private int proceed(final long nowNs, final Outbox outbox)
    {
        if (session.is(TlcpSession.POSTED))
        {
            return Outcome.AWAIT_CRYPTO;
        }
        if (session.is(TlcpSession.FAILED) && session.get(TlcpSession.STEP) != TlcpStep.FAIL)
        {
            return Outcome.peer(session.get(TlcpSession.ALERT));
        }
        return switch (machine.proceed(nowNs, outbox))
        {
            case TlcpStep.AWAIT_CRYPTO -> Outcome.AWAIT_CRYPTO;
            case TlcpStep.AWAIT_CERTIFICATE -> Outcome.AWAIT_CERTIFICATE;
            case TlcpStep.BACK_PRESSURED -> Outcome.BACK_PRESSURED;
            case TlcpStep.ENDED -> ended();
            case TlcpStep.NEED_INPUT -> session.is(TlcpSession.INPUT_ENDED) ? truncated() : Outcome.NEED_INPUT;
            default -> Outcome.DONE;
        };
    }

    private int ended()
    {
        session.set(TlcpSession.STEP, TlcpStep.READ);
        return Outcome.peer(session.get(TlcpSession.ALERT));
    }

    /** The stream below has ended without a close_notify: what is missing can't be known. */
    private int truncated()
    {
        session.raise(TlcpSession.FAILED);
        session.set(TlcpSession.ALERT, TRUNCATED);
        return Outcome.peer(TRUNCATED);
    }

    @Override
    public int status(final int slot)
    {
        session.wrap(slot);
        return (session.is(TlcpSession.ESTABLISHED) ? ESTABLISHED : 0) |
            (session.is(TlcpSession.PEER_CLOSED) ? ENDED : 0) |
            (session.is(TlcpSession.WRITABLE_WANTED) && records.isOutputFree() ? WRITABLE : 0) |
            (!records.isOutputFree() || session.is(TlcpSession.CLOSE_DUE | TlcpSession.SHUTDOWN_DUE) ? BUSY : 0);
    }

    /**
     * {@return what was agreed on, see {@link TlcpParameters}}
     *
     * @param slot an established session
     */
    @Override
    public long parameters(final int slot)
    {
        session.wrap(slot);
        return TlcpParameters.of(session.get(TlcpSession.SUITE),
            (session.get(TlcpSession.KIND) & TlcpFlights.RESUMED) != 0, session.isClientAuthenticated(),
            session.get(TlcpSession.PROTOCOL) - 1, session.get(TlcpSession.CREDENTIALS));
    }

    @Override
    public int contentLength(final int slot)
    {
        session.wrap(slot);
        return session.is(TlcpSession.CONTENT) ? records.plaintextLength() : 0;
    }

    @Override
    public DirectBuffer contentBuffer()
    {
        return memory.sessions.memory();
    }

    @Override
    public int contentOffset(final int slot)
    {
        session.wrap(slot);
        return records.plaintextOffset();
    }

    @Override
    public void consume(final int slot, final int length)
    {
        session.wrap(slot);
        final int left = records.plaintextLength() - length;
        session.set(TlcpSession.OPENED_LENGTH, left);
        session.set(TlcpSession.OPENED_OFFSET, session.get(TlcpSession.OPENED_OFFSET) + length);
        if (left == 0)
        {
            session.clear(TlcpSession.CONTENT);
            records.release();
            machine.openNext();
        }
    }

    @Override
    public int send(
        final int slot, final DirectBuffer buffer, final int offset, final int length, final long nowNs,
        final Outbox outbox)
    {
        session.wrap(slot);
        if (!records.isOutputFree() ||
            session.is(TlcpSession.CLOSE_DUE | TlcpSession.CLOSED | TlcpSession.FAILED | TlcpSession.WARNING_DUE))
        {
            session.raise(TlcpSession.WRITABLE_WANTED);
            return 0;
        }
        final int taken = Math.min(length, memory.config.fragmentLength);
        if (taken < length)
        {
            session.raise(TlcpSession.WRITABLE_WANTED);
        }
        else
        {
            session.clear(TlcpSession.WRITABLE_WANTED);
        }
        if (taken > 0)
        {
            records.stageData(buffer, offset, taken);
            machine.askForRecords();
        }
        return taken;
    }

    @Override
    public int shutdown(final int slot, final long nowNs, final Outbox outbox)
    {
        session.wrap(slot);
        if (session.is(TlcpSession.ESTABLISHED) && !session.is(TlcpSession.CLOSED | TlcpSession.FAILED))
        {
            session.raise(TlcpSession.CLOSE_DUE);
            machine.stageAlerts();
        }
        return Outcome.DONE;
    }

    @Override
    public void close(final int slot)
    {
        session.wrap(slot);
        memory.release(session);
    }

    @Override
    public void keepHouse(final long nowNs)
    {
        asServer.keepHouse(nowNs);
        asClient.keepHouse(nowNs);
    }

    /** Wipes what a client would go on from; this core is done. What cores share is for its maker to close. */
    @Override
    public void close()
    {
        asClient.wipe();
    }

    /**
     * {@return sessions that live}
     */
    public int active()
    {
        return memory.sessions.active();
    }

    /**
     * {@return where a session stands}
     *
     * @param slot a live session
     */
    public TlcpState state(final int slot)
    {
        return session.wrap(slot).state();
    }

    /**
     * {@return the last states of a session, oldest first}. Allocates: for messages only.
     *
     * @param slot a live session
     */
    public String history(final int slot)
    {
        session.wrap(slot);
        return EventHistory.format(
            session.memory(), session.historyOffset(), event -> TlcpState.of(event - 1).name());
    }
}
