// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.core.Outcome;
import dev.trishake.core.StreamCore;
import dev.trishake.session.SessionSlab;
import dev.trishake.transport.StreamResult;
import org.agrona.DirectBuffer;

import static dev.trishake.runtime.SessionFields.ABORTING;
import static dev.trishake.runtime.SessionFields.BLOCKED;
import static dev.trishake.runtime.SessionFields.CLOSING;
import static dev.trishake.runtime.SessionFields.ENDED;
import static dev.trishake.runtime.SessionFields.END_TOLD;
import static dev.trishake.runtime.SessionFields.ESTABLISHED;
import static dev.trishake.runtime.SessionFields.GONE;
import static dev.trishake.runtime.SessionFields.LEAVING;
import static dev.trishake.runtime.SessionFields.OPEN;
import static dev.trishake.runtime.SessionFields.PAUSED;
import static dev.trishake.runtime.SessionFields.SHUT;

/**
 * What comes: from a link through a core to the handler, or straight there. What the handler does not take stays with
 * the core, or in a held buffer, and the link reads no more of that connection.
 */
final class SessionInput
{
    private final StreamSessions host;
    private final HeldInput held;

    SessionInput(final StreamSessions host, final HeldInput held)
    {
        this.host = host;
        this.held = held;
    }

    int buffersInUse()
    {
        return held.inUse();
    }

    void release(final int slot)
    {
        held.release(slot);
        wakeStarved();
    }

    int inputCredit(final int slot)
    {
        final StreamCoreDriver driver = host.driver(slot);
        final int credit = host.fields.has(slot, CLOSING | ABORTING) || !host.fields.has(slot, OPEN) ? 0 :
            (driver == null ? held.grant(slot) : driver.core.inputCredit(host.fields.coreSlot(slot)));
        if (credit == 0)
        {
            host.fields.raise(slot, PAUSED);
        }
        return credit;
    }

    void onData(final int slot, final DirectBuffer buffer, final int offset, final int length)
    {
        if (host.fields.has(slot, CLOSING | ABORTING | LEAVING))
        {
            return;
        }
        host.fields.activeNs(slot, host.nowNs);
        host.counters.bytesIn.getAndAddPlain(length);
        final StreamCoreDriver driver = host.driver(slot);
        if (driver != null)
        {
            after(slot, driver.core.onInput(
                host.fields.coreSlot(slot), buffer, offset, length, host.nowNs, host.port(slot).outbox()));
            return;
        }
        final int taken = host.isDraining && host.fields.has(slot, SHUT) ? length : offer(slot, buffer, offset, length);
        if (taken >= 0)
        {
            held.keep(slot, buffer, offset + taken, length - taken);
            wakeStarved();
        }
    }

    /** {@return bytes that the handler took, or -1 when the session has ended with it} */
    private int offer(final int slot, final DirectBuffer buffer, final int offset, final int length)
    {
        final long handle = host.handle(slot);
        final int taken = host.handler.onData(host.session.wrap(slot), buffer, offset, length);
        if (taken == GuardedHandler.THREW)
        {
            host.fail(slot, handle, Failure.HANDLER_ERROR, ABORTING);
        }
        return host.isStill(slot, handle) ? taken : -1;
    }

    /** Offers again what the handler has not taken; where it takes all, the link may read again. */
    boolean offerHeld(final int slot)
    {
        final int length = host.fields.inputLength(slot);
        if (length > 0)
        {
            final int taken = offer(slot, held.memory(), held.offset(slot), length);
            if (taken < 0)
            {
                return false;
            }
            held.take(slot, taken);
            if (taken < length)
            {
                return true;
            }
        }
        unpause(slot);
        wakeStarved();
        return tellEnd(slot);
    }

    void unpause(final int slot)
    {
        if (host.fields.has(slot, PAUSED) && !host.fields.has(slot, GONE))
        {
            host.fields.clear(slot, PAUSED);
            host.port(slot).link().resume(host.fields.below(slot));
        }
    }

    void wakeStarved()
    {
        final int starved = held.nextStarved();
        if (starved != SessionSlab.NULL_SLOT && host.slab.isLive(starved))
        {
            unpause(starved);
        }
    }

    void onEnd(final int slot)
    {
        if (host.fields.has(slot, CLOSING | ABORTING | LEAVING))
        {
            return;
        }
        final StreamCoreDriver driver = host.driver(slot);
        if (driver != null)
        {
            after(slot, driver.core.onInputEnd(host.fields.coreSlot(slot), host.nowNs, host.port(slot).outbox()));
            return;
        }
        host.fields.raise(slot, ENDED);
        tellEnd(slot);
    }

    /** Tells the handler what is due once it has taken all bytes; false when the session has ended with it. */
    boolean tellEnd(final int slot)
    {
        final long handle = host.handle(slot);
        if (host.fields.has(slot, ENDED) && !host.fields.has(slot, END_TOLD) && isAllTaken(slot))
        {
            host.fields.raise(slot, END_TOLD);
            if (!host.handler.onEnd(host.session.wrap(slot)))
            {
                host.fail(slot, handle, Failure.HANDLER_ERROR, ABORTING);
            }
        }
        if (host.isStill(slot, handle) && host.fields.has(slot, GONE) && isOver(slot))
        {
            host.finish(slot, StreamResult.OK);
        }
        return host.isStill(slot, handle);
    }

    boolean isAllTaken(final int slot)
    {
        final StreamCoreDriver driver = host.driver(slot);
        return driver == null ? host.fields.inputLength(slot) == 0 :
            driver.core.contentLength(host.fields.coreSlot(slot)) == 0;
    }

    /** Whether nothing more can come: a core may have records yet to open, until it says how the stream ends. */
    boolean isOver(final int slot)
    {
        return isAllTaken(slot) && (host.driver(slot) == null || host.fields.has(slot, END_TOLD));
    }

    /** Sees to what a core's call has brought about. */
    void after(final int slot, final int outcome)
    {
        final long handle = host.handle(slot);
        final StreamCoreDriver driver = host.driver(slot);
        final int coreSlot = host.fields.coreSlot(slot);
        final int status = driver.core.status(coreSlot);
        if (host.fields.has(slot, LEAVING))
        {
            leaveWhenSaid(slot, status, outcome);
            return;
        }
        if ((status & StreamCore.ESTABLISHED) != 0 && !host.fields.has(slot, ESTABLISHED) &&
            !host.establish(slot, handle, driver.core.parameters(coreSlot)))
        {
            return;
        }
        if (!deliver(slot, driver.core, coreSlot))
        {
            return;
        }
        if ((status & StreamCore.ENDED) != 0)
        {
            host.fields.raise(slot, ENDED);
        }
        if (!tellEnd(slot))
        {
            return;
        }
        if ((status & StreamCore.WRITABLE) != 0 && !tellWritable(slot, handle))
        {
            return;
        }
        switch (Outcome.category(outcome))
        {
            case Outcome.BACK_PRESSURED -> waitForRoom(slot, handle);
            case Outcome.PEER, Outcome.BUG -> host.fail(slot, handle, outcome, CLOSING);
            case Outcome.AWAIT_CERTIFICATE -> host.runnable.add(slot); // it asks once a cycle
            default ->
            {
            }
        }
        if (host.isStill(slot, handle) && host.fields.has(slot, PAUSED) && driver.core.inputCredit(coreSlot) > 0)
        {
            unpause(slot);
        }
    }

    /** There will be none where the connection is gone. */
    private void waitForRoom(final int slot, final long handle)
    {
        if (host.fields.has(slot, GONE) && isAllTaken(slot))
        {
            host.fail(slot, handle, StreamResult.CLOSED, ABORTING);
        }
        else
        {
            host.output.waitForRoom(slot);
        }
    }

    /** Gives the handler what a core has decrypted; false when the session has ended with it. */
    private boolean deliver(final int slot, final StreamCore core, final int coreSlot)
    {
        int length = core.contentLength(coreSlot);
        while (length > 0)
        {
            final int taken = offer(slot, core.contentBuffer(), core.contentOffset(coreSlot), length);
            if (taken < 0)
            {
                return false;
            }
            core.consume(coreSlot, taken);
            length = taken < length ? 0 : core.contentLength(coreSlot);
        }
        return true;
    }

    boolean tellWritable(final int slot, final long handle)
    {
        if (host.fields.has(slot, BLOCKED))
        {
            host.fields.clear(slot, BLOCKED);
            if (!host.handler.onWritable(host.session.wrap(slot)))
            {
                host.fail(slot, handle, Failure.HANDLER_ERROR, ABORTING);
            }
        }
        return host.isStill(slot, handle);
    }

    /** Ends a session whose user is gone, once its core has said all that it had to or can't. */
    private void leaveWhenSaid(final int slot, final int status, final int outcome)
    {
        final int category = Outcome.category(outcome);
        if ((status & StreamCore.BUSY) == 0 || category == Outcome.PEER || category == Outcome.BUG)
        {
            host.end(slot, CLOSING);
        }
        else if (category == Outcome.BACK_PRESSURED)
        {
            host.output.waitForRoom(slot);
        }
    }
}
