// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.runtime;

import dev.trishake.session.FourTuple;
import dev.trishake.transport.StreamResult;
import org.agrona.DirectBuffer;

import static dev.trishake.runtime.DatagramFields.CLIENT;
import static dev.trishake.runtime.DatagramFields.CLOSING;
import static dev.trishake.runtime.DatagramFields.COUNTED;
import static dev.trishake.runtime.DatagramFields.ESTABLISHED;
import static dev.trishake.runtime.DatagramFields.LEAVING;

/** What a core over datagrams tells, on its way to the handler. */
final class DatagramEvents implements ConnectionEvents
{
    private final DatagramSessions host;
    private final DatagramPort port;
    private final PrefixLimit prefixes;
    private final FourTuple tuple = new FourTuple();

    DatagramEvents(final DatagramSessions host, final DatagramPort port, final EngineConfig config)
    {
        this.host = host;
        this.port = port;
        prefixes = new PrefixLimit(config.handshakesPerPrefix(), config.secret0(), config.secret1());
    }

    @Override
    public boolean mayAccept(final FourTuple who)
    {
        if (prefixes.isOn() && !prefixes.mayEnter(prefixes.index(who)))
        {
            host.counters.prefixLimited.incrementPlain();
            return false;
        }
        return !host.isDraining && host.handler.mayAccept();
    }

    @Override
    public void onAccepted(final int slot)
    {
        host.begin(slot, 0);
        host.counters.accepted.incrementPlain();
        enterPrefix(slot);
        if (!host.handler.onAccepted(host.session.wrap(slot)))
        {
            host.fail(slot, Failure.HANDLER_ERROR);
        }
    }

    private void enterPrefix(final int slot)
    {
        host.connections.tuple(slot, tuple);
        final int prefix = prefixes.index(tuple);
        if (prefixes.isOn() && prefixes.enter(prefix))
        {
            host.fields.prefix(slot, prefix);
            host.fields.raise(slot, COUNTED);
        }
    }

    private void leavePrefix(final int slot)
    {
        if (host.fields.has(slot, COUNTED))
        {
            host.fields.clear(slot, COUNTED);
            prefixes.leave(host.fields.prefix(slot));
        }
    }

    @Override
    public void onWaiting(final int slot)
    {
        port.resumeNextCycle(slot);
    }

    @Override
    public void onEstablished(final int slot)
    {
        if (host.fields.has(slot, CLOSING | LEAVING))
        {
            return;
        }
        host.fields.raise(slot, ESTABLISHED);
        host.fields.activeNs(slot, port.nowNs());
        leavePrefix(slot);
        host.windows.open(host.base + slot, host.fields.handle(slot));
        host.counters.connected.getAndAddPlain(host.fields.has(slot, CLIENT) ? 1 : 0);
        host.counters.established.incrementPlain();
        if (!host.handler.onEstablished(host.session.wrap(slot)))
        {
            host.fail(slot, Failure.HANDLER_ERROR);
        }
    }

    @Override
    public int onStreamData(
        final int slot, final int stream, final DirectBuffer buffer, final int offset, final int length)
    {
        if (host.fields.has(slot, CLOSING | LEAVING))
        {
            return length;
        }
        host.own(slot, stream);
        host.fields.activeNs(slot, port.nowNs());
        final int taken = host.handler.onData(host.session.wrap(slot, stream), buffer, offset, length);
        if (taken == GuardedHandler.THREW)
        {
            host.fail(slot, Failure.HANDLER_ERROR);
            return length;
        }
        host.counters.bytesIn.getAndAddPlain(taken);
        return taken;
    }

    @Override
    public void onStreamEnd(final int slot, final int stream)
    {
        if (!host.fields.has(slot, CLOSING | LEAVING))
        {
            host.own(slot, stream);
            if (!host.handler.onEnd(host.session.wrap(slot, stream)))
            {
                host.fail(slot, Failure.HANDLER_ERROR);
            }
        }
    }

    @Override
    public void onStreamReset(final int slot, final int stream, final int error)
    {
        if (!host.fields.has(slot, CLOSING | LEAVING) &&
            !host.handler.onStreamReset(host.session.wrap(slot, stream), error))
        {
            host.fail(slot, Failure.HANDLER_ERROR);
        }
    }

    @Override
    public void onWritable(final int slot, final int stream)
    {
        if (!host.fields.has(slot, CLOSING | LEAVING))
        {
            host.resume(slot, stream); // what was not taken may have waited for this
            if (!host.handler.onWritable(host.session.wrap(slot, stream)))
            {
                host.fail(slot, Failure.HANDLER_ERROR);
            }
        }
    }

    @Override
    public void onClosed(final int slot, final int reason)
    {
        host.tell(slot, host.fields.has(slot, CLOSING | LEAVING) ? StreamResult.OK : reason); // the user has ended it
        leavePrefix(slot);
        host.forget(slot);
    }
}
