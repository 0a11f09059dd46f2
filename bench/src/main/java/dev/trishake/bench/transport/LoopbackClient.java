// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.transport;

import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.linux.SocketAddressCodec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;

import static java.lang.foreign.ValueLayout.JAVA_INT;

/** Fills an accept queue and empties itself again, by plain system calls and without allocating. */
final class LoopbackClient
{
    private final Libc libc = new Libc();
    private final MemorySegment server = Arena.ofAuto().allocate(SocketAddressCodec.MAX_LENGTH, Long.BYTES);
    private final MemorySegment linger = Arena.ofAuto().allocate(2 * JAVA_INT.byteSize(), Long.BYTES);
    private final int family;
    private final int serverLength;
    private final int[] sockets;
    private int count;

    LoopbackClient(final InetSocketAddress server, final int connections)
    {
        family = SocketAddressCodec.family(server);
        serverLength = SocketAddressCodec.encode(this.server, server);
        sockets = new int[connections];
        linger.set(JAVA_INT, 0, 1); // for 0 seconds: close resets
    }

    /** Connects all sockets: the kernel answers for the server, which need not run. */
    void connect()
    {
        while (count < sockets.length)
        {
            final int socket = check(libc.socket(family, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0));
            sockets[count++] = socket;
            check(libc.setsockopt(
                socket, Libc.SOL_SOCKET, Libc.SO_LINGER, linger.address(), (int)linger.byteSize()));
            check(libc.connect(socket, server.address(), serverLength));
        }
    }

    /** Closes all sockets by a reset, which also ends what the server's side still remembers of them. */
    void reset()
    {
        while (count > 0)
        {
            libc.close(sockets[--count]);
        }
    }

    private static int check(final int result)
    {
        if (result < 0)
        {
            throw new IllegalStateException("the client can't connect: errno " + -result);
        }
        return result;
    }
}
