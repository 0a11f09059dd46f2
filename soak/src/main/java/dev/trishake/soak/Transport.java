// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak;

/** What carries a tool's connections. */
enum Transport
{
    /** The kernel's TCP by epoll. */
    EPOLL,

    /** The kernel's TCP by java.nio. */
    NIO,

    /** Our TCP behind a TUN device. */
    TUN,

    /** Our TCP on a network interface. */
    PACKET
}
