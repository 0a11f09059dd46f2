// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.gquic;

import dev.trishake.crypto.Entropy;
import dev.trishake.session.FourTuple;
import dev.trishake.session.SessionSlab;
import dev.trishake.session.SessionTable;
import dev.trishake.wire.gquic.GquicVersion;

/**
 * Whose packet it is. A server goes by the connection ID, which each packet of a client has, so that a client's address
 * may change; a client goes by its address, which is another for each connection, as not each packet of a server has
 * the ID.
 *
 * <p>An ID is looked up as a tuple that has nothing else.
 */
final class Connections
{
    private final GquicMemory memory;
    private final Entropy entropy;
    private final SessionTable table;
    private final boolean byTuple;
    private final FourTuple id = new FourTuple();

    Connections(final GquicMemory memory, final Entropy entropy)
    {
        this.memory = memory;
        this.entropy = entropy;
        table = new SessionTable(memory.config.sessions, entropy.nextLong(), entropy.nextLong());
        byTuple = memory.config.isClient;
    }

    /** {@return the slot of the connection, or NULL_SLOT} */
    int find(final FourTuple tuple, final long cid)
    {
        return table.find(byTuple ? tuple : id.local(cid, 0, 0));
    }

    /**
     * Opens a connection.
     *
     * @return false, with the view over no session, when there is no room or there is one already
     */
    boolean open(
        final GquicSession session, final long socket, final FourTuple tuple, final long cid, final int version,
        final long nowNs)
    {
        final int slot = memory.sessions.acquire();
        session.wrap(slot);
        if (slot == SessionSlab.NULL_SLOT)
        {
            return false;
        }
        if (!memory.takeMessages(session) || !table.put(byTuple ? tuple : id.local(cid, 0, 0), slot))
        {
            memory.releaseMessages(session);
            memory.sessions.release(slot);
            session.wrap(SessionSlab.NULL_SLOT);
            return false;
        }
        if (byTuple)
        {
            session.raise(GquicSession.IS_CLIENT);
        }
        session.set(GquicSession.SOCKET, socket);
        tuple.store(session.memory(), session.at(GquicSession.TUPLE));
        session.set(GquicSession.CREATED_NS, nowNs);
        session.set(GquicSession.HEARD_NS, nowNs);
        session.transition(GquicState.IDLE);
        begin(session, cid, version);
        memory.counters.sessionsOpened++;
        return true;
    }

    /** Sets what a client begins with anew after version negotiation. */
    static void begin(final GquicSession session, final long cid, final int version)
    {
        session.set(GquicSession.CID, cid);
        session.set(GquicSession.VERSION, version);
        session.set(GquicSession.NEXT_NUMBER, 1L);
        session.set(GquicSession.FIRST_NUMBER, 1L);
        session.set(GquicSession.CONGESTION_WINDOW, Recovery.INITIAL_WINDOW);
    }

    /** Forgets all that a client has sent, and begins again in another version under another ID, gQUIC 2.5. */
    void restart(final GquicSession session, final int version)
    {
        assert GquicVersion.isKnown(version);
        session.set(GquicSession.SENT_USED, 0L);
        session.set(GquicSession.SENT_LOST, 0L);
        session.set(GquicSession.BACK_OFF, 0);
        session.set(GquicSession.RECOVERY_END, 0L);
        session.set(GquicSession.CRYPTO_OUT_LENGTH, 0);
        session.set(GquicSession.CRYPTO_OUT_SENT, 0);
        session.set(GquicSession.CRYPTO_OUT_INITIAL, 0);
        session.set(GquicSession.HELLOS, 0);
        session.set(GquicSession.STEP, GquicStep.READ);
        session.clear(GquicSession.HAS_INITIAL_READ | GquicSession.HAS_INITIAL_WRITE | GquicSession.NONCE_DUE |
            GquicSession.NONCE_NOTED);
        session.wipe(GquicSession.HANDSHAKE, HandshakeFields.LENGTH);
        session.wipe(GquicSession.KEYS_INITIAL_READ, 4 * Protection.KEYS_LENGTH);
        begin(session, entropy.nextLong(), version);
        session.raise(GquicSession.NEGOTIATED);
        session.transition(GquicState.IDLE);
    }

    /** Closes the connection under the view, all of whose other memory is given back. */
    void close(final GquicSession session)
    {
        memory.releaseMessages(session);
        table.remove(session.slot());
        memory.sessions.release(session.slot());
    }
}
