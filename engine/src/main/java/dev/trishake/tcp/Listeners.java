// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

import java.util.Arrays;

/** All listeners, found by port, then by address: an exact address goes before any address. */
final class Listeners
{
    private static final int PORTS = 1 << 16;

    private final Listener[] all;
    private final short[] firstOfPort = new short[PORTS];

    Listeners(final int capacity)
    {
        all = new Listener[capacity];
        for (int i = 0; i < capacity; i++)
        {
            all[i] = new Listener(i);
        }
        Arrays.fill(firstOfPort, (short)Listener.NONE);
    }

    /** The listener with this number, or null when it is not open. */
    Listener get(final int number)
    {
        return number >= 0 && number < all.length && all[number].isOpen ? all[number] : null;
    }

    Listener find(final long high, final long low, final int port)
    {
        Listener found = null;
        for (int i = firstOfPort[port]; i != Listener.NONE; i = all[i].next)
        {
            if (all[i].high == high && all[i].low == low)
            {
                return all[i];
            }
            if (all[i].isAnyAddress())
            {
                found = all[i];
            }
        }
        return found;
    }

    int open(final long high, final long low, final int port, final int backlog)
    {
        for (int i = firstOfPort[port]; i != Listener.NONE; i = all[i].next)
        {
            if (all[i].high == high && all[i].low == low)
            {
                return TcpResult.ADDRESS_IN_USE;
            }
        }
        for (final Listener listener : all)
        {
            if (!listener.isOpen)
            {
                listener.open(high, low, port, backlog);
                listener.next = firstOfPort[port];
                firstOfPort[port] = (short)listener.number;
                return listener.number;
            }
        }
        return TcpResult.NO_CAPACITY;
    }

    void close(final Listener listener)
    {
        listener.isOpen = false;
        if (firstOfPort[listener.port] == listener.number)
        {
            firstOfPort[listener.port] = (short)listener.next;
            return;
        }
        int before = firstOfPort[listener.port];
        while (all[before].next != listener.number)
        {
            before = all[before].next;
        }
        all[before].next = listener.next;
    }
}
