// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.transport.linux;

/** Error numbers of Linux (errno(3)): the same on x86-64 and AArch64. */
public final class Errno
{
    /** Operation not permitted: from accept, a firewall's word. */
    public static final int EPERM = 1;
    /** No such file. */
    public static final int ENOENT = 2;
    /** Interrupted by a signal. */
    public static final int EINTR = 4;
    /** Input or output failed: from a TUN device, its interface is down. */
    public static final int EIO = 5;
    /** No driver for the device. */
    public static final int ENXIO = 6;
    /** Too many: from a TUN device, its queues. */
    public static final int E2BIG = 7;
    /** Not an open descriptor. */
    public static final int EBADF = 9;
    /** Nothing there now; EWOULDBLOCK is the same. */
    public static final int EAGAIN = 11;
    /** Out of memory. */
    public static final int ENOMEM = 12;
    /** No permission. */
    public static final int EACCES = 13;
    /** Device is taken. */
    public static final int EBUSY = 16;
    /** Exists already. */
    public static final int EEXIST = 17;
    /** No such device. */
    public static final int ENODEV = 19;
    /** Invalid argument. */
    public static final int EINVAL = 22;
    /** The system's descriptors have run out. */
    public static final int ENFILE = 23;
    /** The process's descriptors have run out. */
    public static final int EMFILE = 24;
    /** Nobody reads any more. */
    public static final int EPIPE = 32;
    /** Machine is not on the network. */
    public static final int ENONET = 64;
    /** Protocol error. */
    public static final int EPROTO = 71;
    /** Descriptor in a bad state: from a TUN device, its interface was deleted. */
    public static final int EBADFD = 77;
    /** Message too long. */
    public static final int EMSGSIZE = 90;
    /** Protocol option not available. */
    public static final int ENOPROTOOPT = 92;
    /** Operation not supported by the socket. */
    public static final int EOPNOTSUPP = 95;
    /** Address family not supported. */
    public static final int EAFNOSUPPORT = 97;
    /** Address in use. */
    public static final int EADDRINUSE = 98;
    /** Address is none of this machine's. */
    public static final int EADDRNOTAVAIL = 99;
    /** Network down. */
    public static final int ENETDOWN = 100;
    /** Network unreachable. */
    public static final int ENETUNREACH = 101;
    /** Reset before it was accepted. */
    public static final int ECONNABORTED = 103;
    /** Reset by the peer. */
    public static final int ECONNRESET = 104;
    /** No buffer space. */
    public static final int ENOBUFS = 105;
    /** Not connected. */
    public static final int ENOTCONN = 107;
    /** Timed out. */
    public static final int ETIMEDOUT = 110;
    /** Refused by the peer. */
    public static final int ECONNREFUSED = 111;
    /** Host down. */
    public static final int EHOSTDOWN = 112;
    /** No route to the host. */
    public static final int EHOSTUNREACH = 113;
    /** A connection is being opened already. */
    public static final int EALREADY = 114;
    /** A connection is being opened. */
    public static final int EINPROGRESS = 115;

    private Errno()
    {
    }
}
