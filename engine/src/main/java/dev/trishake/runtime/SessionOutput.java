// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.Outcome;
import dev.trishake.core.StreamCore;
import dev.trishake.session.SessionSlab;
import dev.trishake.transport.StreamRecord;
import org.agrona.DirectBuffer;

import static dev.trishake.runtime.SessionFields.ABORTING;
import static dev.trishake.runtime.SessionFields.BLOCKED;
import static dev.trishake.runtime.SessionFields.CLOSING;
import static dev.trishake.runtime.SessionFields.ESTABLISHED;
import static dev.trishake.runtime.SessionFields.GONE;
import static dev.trishake.runtime.SessionFields.OPEN;
import static dev.trishake.runtime.SessionFields.SHUT;
import static dev.trishake.runtime.SessionFields.SHUT_TOLD;

/**
 * What goes: from the handler or another thread through a core to a link, or straight there, within the connection's
 * credit and the ring's room.
 */
final class SessionOutput
{
    private final StreamSessions host;

    SessionOutput(final StreamSessions host)
    {
        this.host = host;
    }

    int send(final int slot, final DirectBuffer buffer, final int offset, final int length)
    {
        if (length <= 0 || !host.fields.has(slot, ESTABLISHED) ||
            host.fields.has(slot, SHUT | CLOSING | ABORTING | GONE))
        {
            return 0;
        }
        final StreamCoreDriver driver = host.driver(slot);
        final int sent = driver == null ? sendPlain(slot, buffer, offset, length) : driver.core.send(
            host.fields.coreSlot(slot), buffer, offset, length, host.nowNs, host.port(slot).outbox());
        host.counters.bytesOut.getAndAddPlain(sent);
        host.fields.activeNs(slot, host.nowNs);
        if (sent < length)
        {
            host.counters.backPressured.incrementPlain();
            host.fields.raise(slot, BLOCKED);
            waitForRoom(slot);
        }
        return sent;
    }

    private int sendPlain(final int slot, final DirectBuffer buffer, final int offset, final int length)
    {
        final StreamPort port = host.port(slot);
        final long below = host.fields.below(slot);
        int sent = 0;
        int piece;
        do
        {
            piece = Math.min(Math.min(length - sent, port.outputCredit(below)), port.outbox().maxLength());
            if (piece > 0 && port.outbox().reserve(below, 1, piece))
            {
                final int index = port.outbox().claim(StreamRecord.DATA, piece);
                port.outbox().buffer().putBytes(index, buffer, offset + sent, piece);
                port.outbox().commit(index);
                sent += piece;
            }
            else
            {
                piece = 0;
            }
        }
        while (piece > 0 && sent < length);
        return sent;
    }

    void shutdown(final int slot)
    {
        if (host.fields.has(slot, SHUT | CLOSING | ABORTING | GONE) || !host.fields.has(slot, OPEN))
        {
            return;
        }
        host.fields.raise(slot, SHUT);
        final StreamCoreDriver driver = host.driver(slot);
        if (driver != null)
        {
            final int outcome =
                driver.core.shutdown(host.fields.coreSlot(slot), host.nowNs, host.port(slot).outbox());
            if (outcome == Outcome.BACK_PRESSURED)
            {
                waitForRoom(slot);
            }
        }
        else
        {
            tellShut(slot);
        }
    }

    /**
     * Lets a core say its last for a user who does not wait: close_notify.
     *
     * @return whether all is said, or there is no core that could or nobody to hear it
     */
    boolean sayEnd(final int slot)
    {
        final StreamCoreDriver driver = host.driver(slot);
        final int coreSlot = host.fields.coreSlot(slot);
        if (driver == null || coreSlot == StreamCore.NULL_SLOT || host.fields.has(slot, GONE))
        {
            return true;
        }
        shutdown(slot);
        return (driver.core.status(coreSlot) & StreamCore.BUSY) == 0;
    }

    boolean tellShut(final int slot)
    {
        if (host.fields.has(slot, SHUT) && !host.fields.has(slot, SHUT_TOLD))
        {
            if (host.port(slot).tell(StreamRecord.SHUTDOWN, host.fields.below(slot)))
            {
                host.fields.raise(slot, SHUT_TOLD);
            }
            else
            {
                host.runnable.add(slot);
            }
        }
        return true;
    }

    void waitForRoom(final int slot)
    {
        if (host.port(slot).isSoonWritable(host.fields.below(slot)))
        {
            host.runnable.add(slot);
        }
    }

    /** Other threads may send again what was sent by the last time that there was room. */
    void repay(final int slot)
    {
        if (host.fields.debt(slot) > 0)
        {
            if (host.port(slot).outputCredit(host.fields.below(slot)) >= host.windows.window())
            {
                host.windows.repay(slot, host.fields.debt(slot));
                host.fields.debt(slot, 0);
            }
            else
            {
                waitForRoom(slot);
            }
        }
    }

    /** Bytes of another thread, which were taken from the session's window. */
    void onSend(final long handle, final DirectBuffer buffer, final int offset, final int length)
    {
        final int slot = host.resolve(handle);
        if (slot == SessionSlab.NULL_SLOT)
        {
            host.counters.commandsStale.incrementPlain();
            return;
        }
        host.fields.debt(slot, host.fields.debt(slot) + length);
        if (send(slot, buffer, offset, length) < length)
        {
            host.fail(slot, handle, Failure.NO_CAPACITY, ABORTING); // a part of it can't be kept, nor be left out
        }
        else
        {
            repay(slot);
        }
    }
}
