// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.epoll;

import dev.trishake.transport.PeerAddress;
import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.linux.SocketAddressCodec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static java.lang.foreign.ValueLayout.JAVA_INT;

/** Asks the kernel, once a connection and only if the handler asks. */
final class EpollPeerAddress implements PeerAddress
{
    private static final int LENGTH_OFFSET = SocketAddressCodec.MAX_LENGTH;

    private final Libc libc;
    private final MemorySegment memory = Arena.ofAuto().allocate(LENGTH_OFFSET + Integer.BYTES, Long.BYTES);
    private final MemorySegment address = memory.asSlice(0, SocketAddressCodec.MAX_LENGTH);
    private int fd;
    private boolean asked;
    private boolean known;

    EpollPeerAddress(final Libc libc)
    {
        this.libc = libc;
    }

    void of(final int fd)
    {
        this.fd = fd;
        asked = false;
    }

    @Override
    public boolean isKnown()
    {
        if (!asked)
        {
            query();
        }
        return known;
    }

    @Override
    public boolean isIpv4()
    {
        if (!asked)
        {
            query();
        }
        return SocketAddressCodec.isIpv4(address);
    }

    @Override
    public long high()
    {
        if (!asked)
        {
            query();
        }
        return SocketAddressCodec.high(address);
    }

    @Override
    public long low()
    {
        if (!asked)
        {
            query();
        }
        return SocketAddressCodec.low(address);
    }

    @Override
    public int port()
    {
        if (!asked)
        {
            query();
        }
        return SocketAddressCodec.port(address);
    }

    /**
     * Asks, for whichever question is the first. It is not asked here whether it is: each question has a profile of its
     * own, by which C2 leaves the call out of all but the first, and has room for what it inlines there.
     */
    private void query()
    {
        asked = true;
        address.fill((byte)0);
        memory.set(JAVA_INT, LENGTH_OFFSET, SocketAddressCodec.MAX_LENGTH);
        known = libc.getpeername(fd, memory.address(), memory.address() + LENGTH_OFFSET) == 0;
    }
}
