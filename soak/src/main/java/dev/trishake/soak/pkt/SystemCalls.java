// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.pkt;

import dev.trishake.session.FourTuple;
import dev.trishake.soak.pkt.Call.Answer;
import dev.trishake.soak.pkt.Signatures.Linger;
import dev.trishake.tcp.TcpConfig;
import dev.trishake.tcp.TcpCore;
import dev.trishake.tcp.TcpEvents;
import dev.trishake.tcp.TcpResult;
import dev.trishake.tcp.TcpState;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The socket interface as Linux has it, over the core. */
final class SystemCalls implements TcpEvents
{
    private static final int BUFFER_LENGTH = 1 << 16;

    private final VirtualHost host;
    private final TcpCore core;
    private final Map<Integer, Descriptor> descriptors = new HashMap<>();
    private final List<Flow> flows = new ArrayList<>();
    /** Errors that no program was told of yet (sk_err), by handle; and states before the last packet. */
    private final Map<Long, Errno> errors = new HashMap<>();
    private final Map<Long, TcpState> states = new HashMap<>();
    private final UnsafeBuffer zeros = new UnsafeBuffer(new byte[BUFFER_LENGTH]);
    private final UnsafeBuffer received = new UnsafeBuffer(new byte[BUFFER_LENGTH]);
    private Flow underTest;

    SystemCalls(final TcpConfig config)
    {
        host = new VirtualHost(config, this);
        core = host.core();
    }

    VirtualHost host()
    {
        return host;
    }

    /** {@return the connection that packets of the script belong to, or null} */
    Flow underTest()
    {
        return underTest;
    }

    /** {@return the connection of an inbound packet: the first one that comes to a listener, or to none, begins it} */
    Flow inbound(final SegmentSpec spec)
    {
        if (underTest == null || underTest.state == Flow.State.NEW || underTest.state == Flow.State.LISTENING)
        {
            underTest = newFlow(Flow.State.PACKET_RECEIVED);
            underTest.localPort = VirtualHost.BIND_PORT;
            underTest.remotePort = VirtualHost.FIRST_PEER_PORT + flows.size();
            underTest.remoteIsn = spec.seq();
        }
        return underTest;
    }

    private Flow newFlow(final Flow.State state)
    {
        final Flow flow = new Flow();
        flow.state = state;
        flows.add(flow);
        return flow;
    }

    /** Before a packet or a timer: errors depend on the state that they find. */
    void rememberStates()
    {
        for (final Descriptor descriptor : descriptors.values())
        {
            if (descriptor.isConnection())
            {
                states.put(descriptor.handle, core.state(descriptor.handle));
            }
        }
    }

    @Override
    public void onClosed(final long handle, final int reason, final long nowNs)
    {
        final Errno errno = Errno.ofReason(reason);
        if (errno != Errno.OK) // Linux: EPIPE for a RST in CLOSE-WAIT
        {
            errors.put(handle, errno == Errno.ECONNRESET && states.get(handle) == TcpState.CLOSE_WAIT ?
                Errno.EPIPE : errno);
        }
    }

    /** {@return what the call answers, or null while it waits} */
    Answer attempt(final Call call)
    {
        final Answer answer = answer(call);
        host.drain();
        return answer;
    }

    private Answer answer(final Call call)
    {
        if (call.name().equals("socket"))
        {
            return socket(call);
        }
        final Descriptor descriptor = descriptors.get(call.descriptor());
        if (descriptor == null)
        {
            return Answer.fail(Errno.EBADF);
        }
        return switch (call.name())
        {
            case "bind" -> bind(descriptor);
            case "listen" -> listen(descriptor, (int)call.number(1));
            case "accept", "accept4" -> accept(descriptor, call);
            case "connect" -> connect(descriptor);
            case "setsockopt" -> setsockopt(descriptor, call);
            case "getsockopt" -> getsockopt(descriptor, call);
            case "fcntl" -> fcntl(descriptor, call);
            case "read", "recv" -> receive(descriptor, call);
            case "write", "send" -> send(descriptor, call);
            case "shutdown" -> shutdown(descriptor, (int)call.number(1));
            default -> close(descriptor, call.descriptor());
        };
    }

    private Answer socket(final Call call)
    {
        underTest = newFlow(Flow.State.NEW);
        return open(call, new Descriptor(underTest, (call.number(1) & Constants.SOCK_NONBLOCK) != 0));
    }

    /** Gives it the number that the script expects. */
    private Answer open(final Call call, final Descriptor descriptor)
    {
        final int number = call.expectedDescriptor();
        if (descriptors.containsKey(number))
        {
            throw call.failure("another number: " + number + " is open");
        }
        descriptors.put(number, descriptor);
        return Answer.of(Math.max(0, number));
    }

    private static Answer bind(final Descriptor descriptor)
    {
        if (descriptor.isBound || descriptor.isListening() || descriptor.isConnection())
        {
            return Answer.fail(Errno.EINVAL);
        }
        descriptor.isBound = true;
        return Answer.of(0);
    }

    private Answer listen(final Descriptor descriptor, final int backlog)
    {
        if (descriptor.isConnection())
        {
            return Answer.fail(Errno.EINVAL);
        }
        if (!descriptor.isListening())
        {
            final int listener = core.listen(0, 0, VirtualHost.BIND_PORT, backlog < 0 ? Integer.MAX_VALUE : backlog);
            if (listener < 0)
            {
                return Answer.fail(Errno.ofReason(listener));
            }
            descriptor.listener = listener;
            descriptor.flow.state = Flow.State.LISTENING;
        }
        return Answer.of(0);
    }

    private Answer accept(final Descriptor descriptor, final Call call)
    {
        if (!descriptor.isListening())
        {
            return Answer.fail(Errno.EINVAL);
        }
        final long handle = core.accept(descriptor.listener);
        if (handle == TcpCore.NULL_HANDLE)
        {
            return descriptor.isNonBlocking ? Answer.fail(Errno.EAGAIN) : null;
        }
        final boolean isNonBlocking =
            call.name().equals("accept4") && (call.number(3) & Constants.SOCK_NONBLOCK) != 0;
        final Descriptor accepted = new Descriptor(flowOf(handle), isNonBlocking);
        accepted.handle = handle;
        accepted.isConnectTold = true;
        accepted.isResetOnClose = descriptor.isResetOnClose;
        accepted.isKeepAlive = descriptor.isKeepAlive;
        if (accepted.isKeepAlive)
        {
            core.keepAlive(handle, true, host.coreNs());
        }
        return open(call, accepted);
    }

    private Flow flowOf(final long handle)
    {
        final FourTuple tuple = new FourTuple();
        core.tuple(handle, tuple);
        for (final Flow flow : flows)
        {
            if (flow.localPort == tuple.localPort() && flow.remotePort == tuple.remotePort())
            {
                return flow;
            }
        }
        return newFlow(Flow.State.OPEN);
    }

    private Answer connect(final Descriptor descriptor)
    {
        if (descriptor.isListening() || (descriptor.isConnectTold && descriptor.isConnection()))
        {
            return Answer.fail(Errno.EISCONN);
        }
        if (!descriptor.isConnection())
        {
            return beginConnect(descriptor);
        }
        final Errno error = errors.remove(descriptor.handle);
        if (error != null)
        {
            core.close(descriptor.handle, host.coreNs(), host.outbox());
            descriptor.handle = TcpCore.NULL_HANDLE;
            return Answer.fail(error);
        }
        return switch (core.state(descriptor.handle))
        {
            case SYN_SENT, SYN_RECEIVED -> descriptor.isNonBlocking ? Answer.fail(Errno.EALREADY) : null;
            case CLOSED -> Answer.fail(Errno.ECONNABORTED);
            default ->
            {
                descriptor.isConnectTold = true;
                yield Answer.of(0);
            }
        };
    }

    private Answer beginConnect(final Descriptor descriptor)
    {
        final FourTuple tuple = VirtualHost.outgoing(descriptor.isBound ? VirtualHost.BIND_PORT : 0);
        final long handle = core.connect(tuple, host.coreNs(), host.outbox());
        if (handle < 0)
        {
            return Answer.fail(Errno.ofReason((int)handle));
        }
        descriptor.handle = handle;
        final Flow flow = descriptor.flow;
        flow.state = Flow.State.CONNECTING;
        flow.localPort = tuple.localPort();
        flow.remotePort = tuple.remotePort();
        if (descriptor.isKeepAlive)
        {
            core.keepAlive(handle, true, host.coreNs());
        }
        return descriptor.isNonBlocking ? Answer.fail(Errno.EINPROGRESS) : null;
    }

    private Answer setsockopt(final Descriptor descriptor, final Call call)
    {
        switch (((Expression.Word)call.argument(2)).name())
        {
            case "SO_LINGER" ->
            {
                final Linger linger = Linger.of((Expression.Struct)call.argument(3));
                descriptor.isResetOnClose = linger.isOn() && linger.seconds() == 0;
            }
            case "SO_KEEPALIVE" ->
            {
                descriptor.isKeepAlive = call.number(3) != 0;
                if (descriptor.isConnection())
                {
                    core.keepAlive(descriptor.handle, descriptor.isKeepAlive, host.coreNs());
                }
            }
            default -> // of the whole core, or without effect
            {
            }
        }
        return Answer.of(0);
    }

    private Answer getsockopt(final Descriptor descriptor, final Call call)
    {
        final Errno pending = errors.remove(descriptor.handle);
        final Errno error = pending == null ? Errno.OK : pending;
        final Long expected = Constants.value(call.argument(3));
        if (expected != null && expected != error.number())
        {
            throw call.failure("SO_ERROR " + error.number() + (error == Errno.OK ? "" : " (" + error + ")"));
        }
        return Answer.of(0);
    }

    private static Answer fcntl(final Descriptor descriptor, final Call call)
    {
        if (call.number(1) == Constants.F_GETFL)
        {
            return Answer.of(Constants.O_RDWR | (descriptor.isNonBlocking ? Constants.O_NONBLOCK : 0));
        }
        descriptor.isNonBlocking = (call.number(2) & Constants.O_NONBLOCK) != 0;
        return Answer.of(0);
    }

    private static boolean mayWait(final Descriptor descriptor, final Call call)
    {
        final boolean isNow = (call.name().equals("recv") || call.name().equals("send")) &&
            (call.number(3) & Constants.MSG_DONTWAIT) != 0;
        return !isNow && !descriptor.isNonBlocking;
    }

    private Answer receive(final Descriptor descriptor, final Call call)
    {
        if (!descriptor.isConnection())
        {
            return Answer.fail(Errno.ENOTCONN);
        }
        final int length = (int)call.number(2);
        int count = 0;
        int result;
        do
        {
            result = core.receive(
                descriptor.handle, received, 0, Math.min(BUFFER_LENGTH, length - count), host.coreNs(), host.outbox());
            count += Math.max(0, result);
        }
        while (result > 0 && count < length);
        if (count > 0 || length == 0)
        {
            return Answer.of(count);
        }
        final Errno error = errors.remove(descriptor.handle);
        if (error != null)
        {
            return Answer.fail(error);
        }
        if (result < 0 || descriptor.isReadShut || core.state(descriptor.handle) == TcpState.CLOSED)
        {
            return Answer.of(0); // the end, or an error that was told already
        }
        return mayWait(descriptor, call) ? null : Answer.fail(Errno.EAGAIN);
    }

    private Answer send(final Descriptor descriptor, final Call call)
    {
        if (!descriptor.isConnection())
        {
            return Answer.fail(Errno.EPIPE);
        }
        final int length = (int)call.number(2);
        final TcpState state = core.state(descriptor.handle);
        if (state == TcpState.SYN_SENT || state == TcpState.SYN_RECEIVED)
        {
            return mayWait(descriptor, call) ? null : Answer.fail(Errno.EAGAIN);
        }
        int result;
        do
        {
            result = core.send(
                descriptor.handle, zeros, 0, Math.min(BUFFER_LENGTH, length - call.taken), host.coreNs(),
                host.outbox());
            host.drain();
            call.taken += Math.max(0, result);
        }
        while (result > 0 && call.taken < length);
        if (call.taken == length && result >= 0)
        {
            return Answer.of(length);
        }
        if (result >= 0 && mayWait(descriptor, call))
        {
            return null;
        }
        if (call.taken > 0)
        {
            return Answer.of(call.taken);
        }
        final Errno error = errors.remove(descriptor.handle);
        return Answer.fail(error != null ? error : result < 0 ? Errno.EPIPE : Errno.EAGAIN);
    }

    private Answer shutdown(final Descriptor descriptor, final int how)
    {
        if (!descriptor.isConnection())
        {
            return Answer.fail(Errno.ENOTCONN);
        }
        final TcpState state = core.state(descriptor.handle);
        if (state == TcpState.CLOSED)
        {
            return Answer.fail(Errno.ENOTCONN);
        }
        descriptor.isReadShut |= how != Constants.SHUT_WR;
        if (how != Constants.SHUT_RD)
        {
            final int result = core.shutdown(descriptor.handle, host.coreNs(), host.outbox());
            if (result == TcpResult.NOT_CONNECTED)
            {
                return Answer.fail(Errno.ENOTCONN);
            }
        }
        return Answer.of(0);
    }

    private Answer close(final Descriptor descriptor, final int number)
    {
        descriptors.remove(number);
        if (descriptor.isListening())
        {
            core.unlisten(descriptor.listener, host.coreNs(), host.outbox());
        }
        else if (descriptor.isConnection())
        {
            errors.remove(descriptor.handle);
            if (descriptor.isResetOnClose)
            {
                core.abort(descriptor.handle, host.coreNs(), host.outbox());
            }
            else
            {
                core.close(descriptor.handle, host.coreNs(), host.outbox());
            }
        }
        return Answer.of(0);
    }
}
