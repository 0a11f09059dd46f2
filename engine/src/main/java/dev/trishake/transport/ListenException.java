// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport;

import java.net.InetSocketAddress;

/** An acceptor could not be set up; the message is one sentence that says what to do. */
public final class ListenException extends RuntimeException
{
    private static final long serialVersionUID = 1;

    private ListenException(final String message)
    {
        super(message);
    }

    /**
     * {@return the exception for a host name without an address}
     *
     * @param address unresolved
     */
    public static ListenException unresolved(final InetSocketAddress address)
    {
        return new ListenException("cannot listen on " + text(address) +
            ": the host name has no address; use one of this machine's addresses, 0.0.0.0 or ::");
    }

    /**
     * {@return the exception for EADDRINUSE}
     *
     * @param address taken by another socket
     */
    public static ListenException addressInUse(final InetSocketAddress address)
    {
        return new ListenException("cannot listen on " + text(address) +
            ": the port is in use; stop the process that has it, choose another port," +
            " or let all that listen there set SO_REUSEPORT");
    }

    /**
     * {@return the exception for EADDRNOTAVAIL}
     *
     * @param address of another machine
     */
    public static ListenException addressNotAvailable(final InetSocketAddress address)
    {
        return new ListenException("cannot listen on " + text(address) +
            ": no interface of this machine has that address; use one that it has, 0.0.0.0 or ::");
    }

    /**
     * {@return the exception for EACCES}
     *
     * @param address with a port that needs a privilege
     */
    public static ListenException noPermission(final InetSocketAddress address)
    {
        return new ListenException("cannot listen on " + text(address) +
            ": no permission; use a port from 1024 on, or grant CAP_NET_BIND_SERVICE");
    }

    /**
     * {@return the exception for an address family that is switched off}
     *
     * @param address IPv6 as a rule
     */
    public static ListenException familyNotSupported(final InetSocketAddress address)
    {
        return new ListenException("cannot listen on " + text(address) +
            ": this machine does not speak that address family; use an address of the other one, like 0.0.0.0");
    }

    /**
     * {@return the exception for a platform without SO_REUSEPORT}
     *
     * @param address where to listen
     */
    public static ListenException reusePortNotSupported(final InetSocketAddress address)
    {
        return new ListenException("cannot listen on " + text(address) +
            ": this platform has no SO_REUSEPORT; listen without it, with one acceptor a port");
    }

    /**
     * {@return the exception for descriptors that have run out}
     *
     * @param address where to listen
     */
    public static ListenException noDescriptorLeft(final InetSocketAddress address)
    {
        return new ListenException("cannot listen on " + text(address) +
            ": no file descriptor is left; raise the limit (ulimit -n) or close some");
    }

    /**
     * {@return the exception for what has no sentence of its own}
     *
     * @param address where to listen
     * @param reason  in the system's words, like {@code errno 22}
     */
    public static ListenException other(final InetSocketAddress address, final String reason)
    {
        return new ListenException("cannot listen on " + text(address) + ": the system says " + reason +
            "; look that up in listen(2), bind(2) or socket(2)");
    }

    private static String text(final InetSocketAddress address)
    {
        return address.isUnresolved() ? address.getHostString() + ":" + address.getPort() :
            (address.getAddress() instanceof java.net.Inet6Address ?
                "[" + address.getAddress().getHostAddress() + "]" : address.getAddress().getHostAddress()) +
            ":" + address.getPort();
    }
}
