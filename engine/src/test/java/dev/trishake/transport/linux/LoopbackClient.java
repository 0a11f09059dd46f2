// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;

import static java.lang.foreign.ValueLayout.JAVA_INT;

/** Connects and resets many sockets without allocating, for tests that count bytes. */
public final class LoopbackClient
{
    private final Libc libc = new Libc();
    private final MemorySegment address = Arena.ofAuto().allocate(SocketAddressCodec.MAX_LENGTH, Long.BYTES);
    private final MemorySegment linger = Arena.ofAuto().allocate(2 * JAVA_INT.byteSize(), Long.BYTES);
    private final int family;
    private final int length;
    private final int[] sockets;

    public LoopbackClient(final InetSocketAddress server, final int count)
    {
        family = SocketAddressCodec.family(server);
        length = SocketAddressCodec.encode(address, server);
        sockets = new int[count];
        linger.set(JAVA_INT, 0, 1); // for 0 seconds: close resets, and leaves no TIME-WAIT behind
    }

    public void connect()
    {
        for (int i = 0; i < sockets.length; i++)
        {
            final int fd = libc.socket(family, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0);
            sockets[i] = fd;
            libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_LINGER, linger.address(), (int)linger.byteSize());
            final int result = libc.connect(fd, address.address(), length);
            assert result == 0 : result;
        }
    }

    public void reset()
    {
        for (final int fd : sockets)
        {
            libc.close(fd);
        }
    }
}
