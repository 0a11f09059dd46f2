// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.epoll;

import dev.trishake.support.Allocation;
import dev.trishake.transport.AcceptHandler;
import dev.trishake.transport.Acceptor;
import dev.trishake.transport.AcceptorContract;
import dev.trishake.transport.DescriptorLimit;
import dev.trishake.transport.linux.Errno;
import dev.trishake.transport.linux.Libc;
import dev.trishake.transport.linux.LoopbackClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetSocketAddress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class EpollAcceptorTest extends AcceptorContract
{
    /** Most find an empty queue; C2 has to see many before the JDK's downcall allocates nothing any more. */
    private static final int POLLS = 50;

    @BeforeAll
    static void needsLinux()
    {
        assumeTrue(Libc.SUPPORTED, "epoll is Linux's");
    }

    @Override
    protected Acceptor listen(final InetSocketAddress address, final int backlog, final boolean reusePort)
    {
        return EpollAcceptor.listen(address, backlog, reusePort);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAcceptAndCloseWithoutAllocating(final boolean askForThePeer)
    {
        final int batch = 50;
        final int batches = 4;
        final EpollAcceptor acceptor = opened(EpollAcceptor.listen(ANY_PORT, 2 * batch, false));
        final LoopbackClient client = new LoopbackClient(acceptor.localAddress(), batch);
        final long[] ports = new long[1];
        final AcceptHandler handler = (connection, peer) ->
        {
            ports[0] += askForThePeer && peer.isIpv4() ? peer.port() + peer.high() + peer.low() : 0;
            acceptor.close(connection);
        };
        Allocation.assertNone(batch * batches, () ->
        {
            int taken = 0;
            for (int i = 0; i < batches; i++)
            {
                client.connect();
                for (int poll = 0; poll < POLLS; poll++)
                {
                    taken += acceptor.poll(handler, 0, 2 * batch);
                }
                client.reset();
            }
            return taken;
        });
        assertEquals(askForThePeer, ports[0] != 0);
    }

    @Test
    void shouldWaitWithoutAllocating()
    {
        final EpollAcceptor acceptor = opened(EpollAcceptor.listen(ANY_PORT, 1, false));
        Allocation.assertNone(1000, () ->
        {
            int waits = 0;
            while (waits < 1000 && !acceptor.await(0))
            {
                waits++;
            }
            return waits;
        });
    }

    @Test
    void shouldPauseWhenDescriptorsRunOut() throws Exception
    {
        DescriptorLimit.run("epoll");
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM, Errno.EBADF, 22, 4095})
    void shouldTakeWhatMayNotPassSoonForExhaustion(final int errno)
    {
        assertEquals(EXHAUSTED, EpollAcceptor.verdict(errno));
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.ECONNABORTED, Errno.EINTR, Errno.EPROTO, Errno.EPERM, Errno.ENETDOWN, Errno.ENOPROTOOPT,
        Errno.EHOSTDOWN, Errno.ENONET, Errno.EHOSTUNREACH, Errno.EOPNOTSUPP, Errno.ENETUNREACH, Errno.ETIMEDOUT})
    void shouldGoOnAfterTheErrorsOfOneConnection(final int errno)
    {
        assertEquals(LOST, EpollAcceptor.verdict(errno));
    }
}
