// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.tcp;

/** A port that peers may connect to, its SYN queue and its accept queue, RFC 9293 3.10.1. */
final class Listener
{
    static final int NONE = -1;

    final int number;
    boolean isOpen;
    long high;
    long low;
    int port;
    /** Number of the next listener on the same port, at another address. */
    int next;
    int backlog;

    /** Half-open connections, and those of them whose SYN-ACK was never sent again. */
    int halfOpen;
    int young;

    /** Slots + 1 of the connections that wait longest and shortest, linked through the TCBs. */
    int firstAccept;
    int lastAccept;
    int acceptCount;

    boolean hasSentCookies;
    long cookieSentNs;

    Listener(final int number)
    {
        this.number = number;
    }

    void open(final long high, final long low, final int port, final int backlog)
    {
        isOpen = true;
        this.high = high;
        this.low = low;
        this.port = port;
        this.backlog = backlog;
        halfOpen = 0;
        young = 0;
        firstAccept = 0;
        lastAccept = 0;
        acceptCount = 0;
        hasSentCookies = false;
    }

    /** Full when there are more than backlog, as in Linux. */
    boolean isSynQueueFull()
    {
        return halfOpen > backlog;
    }

    boolean isAcceptQueueFull()
    {
        return acceptCount > backlog;
    }

    boolean isAnyAddress()
    {
        return (high | low) == 0;
    }

    void enqueue(final Tcb tcb)
    {
        final int link = tcb.slot() + 1;
        tcb.set(Tcb.LISTENER, number + 1);
        tcb.set(Tcb.NEXT_ACCEPTED, 0);
        if (lastAccept == 0)
        {
            firstAccept = link;
        }
        else
        {
            tcb.wrap(lastAccept - 1).set(Tcb.NEXT_ACCEPTED, link);
            tcb.wrap(link - 1);
        }
        lastAccept = link;
        acceptCount++;
    }

    /** Takes the connection that waits longest: wraps the view around it. */
    boolean dequeue(final Tcb tcb)
    {
        if (acceptCount == 0)
        {
            return false;
        }
        tcb.wrap(firstAccept - 1);
        firstAccept = tcb.get(Tcb.NEXT_ACCEPTED);
        if (firstAccept == 0)
        {
            lastAccept = 0;
        }
        acceptCount--;
        tcb.set(Tcb.LISTENER, 0);
        tcb.set(Tcb.NEXT_ACCEPTED, 0);
        return true;
    }
}
