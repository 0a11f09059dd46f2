// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tlcp;

import dev.trishake.crypto.ConstantTime;
import dev.trishake.crypto.Entropy;
import dev.trishake.crypto.Kernels;
import dev.trishake.crypto.sm.Sm4GcmBatch;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * Seals and opens a server's tickets (RFC 5077 4, with an AEAD of our own: SM4-GCM). A new one lies in the session's
 * scratch; of one that has come the state is written there.
 *
 * <pre>
 *  0               16         28                         100    116
 * +---------------+----------+--------------------------+------+
 * | name of the   | nonce    | ResumptionState, sealed  | tag  |
 * | key: AAD      | (random) |                          |      |
 * +---------------+----------+--------------------------+------+
 * </pre>
 *
 * <p>Nonces are 96 random bits, and keys change with each lifetime of a ticket: after 2^32 tickets under one key, the
 * chance that any two share a nonce is 2^-33.
 */
final class TicketsOperation extends TlcpOperation
{
    static final int TICKET_LENGTH = TlcpTicketKeys.NAME_LENGTH + Sm4GcmBatch.NONCE_LENGTH + ResumptionState.LENGTH +
        Sm4GcmBatch.TAG_LENGTH;

    private static final int NONCE = TlcpTicketKeys.NAME_LENGTH;
    private static final int SEALED = NONCE + Sm4GcmBatch.NONCE_LENGTH;
    private static final int NAME_AND_KEY = TlcpTicketKeys.NAME_LENGTH + Sm4GcmBatch.KEY_LENGTH;
    private static final int NOT_OURS = -1;

    private final TlcpTicketKeys ticketKeys;
    private final Entropy entropy;
    private final Sm4GcmBatch gcm;
    private final UnsafeBuffer keys = new UnsafeBuffer(ByteBuffer.allocateDirect(TlcpTicketKeys.LENGTH));
    /** By lane: its text in the AEAD, or NOT_OURS. */
    private final int[] texts = new int[Sm4GcmBatch.LANES];

    TicketsOperation(
        final TlcpMemory memory, final Kernels kernels, final Entropy entropy, final TlcpTicketKeys ticketKeys)
    {
        super(memory, Sm4GcmBatch.LANES);
        this.ticketKeys = ticketKeys;
        this.entropy = entropy;
        gcm = new Sm4GcmBatch(kernels);
    }

    @Override
    void execute(final int count)
    {
        final boolean hasKeys = ticketKeys.load(keys, 0);
        for (int i = 0; i < count; i++)
        {
            lanes[i].clear(TlcpSession.RESULT_GOOD);
            texts[i] = NOT_OURS;
            if (hasKeys)
            {
                texts[i] = isOpening(lanes[i]) ? open(lanes[i]) : seal(lanes[i]);
            }
        }
        gcm.run();
        for (int i = 0; i < count; i++)
        {
            if (texts[i] != NOT_OURS && gcm.succeeded(texts[i]))
            {
                lanes[i].raise(TlcpSession.RESULT_GOOD);
            }
        }
        gcm.clear();
        ConstantTime.wipe(keys, 0, TlcpTicketKeys.LENGTH);
    }

    private static boolean isOpening(final TlcpSession session)
    {
        return session.get(TlcpSession.STEP) == TlcpStep.TICKET_OPENED;
    }

    private int seal(final TlcpSession session)
    {
        final UnsafeBuffer own = session.memory();
        final int ticket = session.at(TlcpSession.SCRATCH);
        own.putBytes(ticket, keys, 0, TlcpTicketKeys.NAME_LENGTH);
        entropy.nextBytes(own, ticket + NONCE, Sm4GcmBatch.NONCE_LENGTH);
        ResumptionState.store(session, nowNs() + ticketKeys.lifetimeNs(), own, ticket + SEALED);
        final int text = gcm.add(keys, TlcpTicketKeys.NAME_LENGTH, own, ticket + NONCE, own, ticket,
            TlcpTicketKeys.NAME_LENGTH);
        gcm.seal(own, ticket + SEALED, ResumptionState.LENGTH, own, ticket + SEALED);
        return text;
    }

    private int open(final TlcpSession session)
    {
        final UnsafeBuffer messages = memory.messages();
        final int ticket = memory.messagesOffset(session) + session.get(TlcpSession.TICKET_OFFSET);
        final int key = session.get(TlcpSession.TICKET_LENGTH) == TICKET_LENGTH ? keyOf(messages, ticket) : NOT_OURS;
        if (key == NOT_OURS)
        {
            return NOT_OURS;
        }
        final int text = gcm.add(keys, key, messages, ticket + NONCE, messages, ticket, TlcpTicketKeys.NAME_LENGTH);
        gcm.open(messages, ticket + SEALED, ResumptionState.LENGTH + Sm4GcmBatch.TAG_LENGTH,
            session.memory(), session.at(TlcpSession.SCRATCH));
        return text;
    }

    /** {@return where the key begins that a ticket names: names are public} */
    private int keyOf(final UnsafeBuffer messages, final int ticket)
    {
        for (int at = 0; at < TlcpTicketKeys.LENGTH; at += NAME_AND_KEY)
        {
            if (ConstantTime.equal(keys, at, messages, ticket, TlcpTicketKeys.NAME_LENGTH))
            {
                return at + TlcpTicketKeys.NAME_LENGTH;
            }
        }
        return NOT_OURS;
    }
}
