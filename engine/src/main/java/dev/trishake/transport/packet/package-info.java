// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Links that move IP packets to and from a real machine: TUN devices, and what gives their interface its addresses;
 * and for tests of a network: namespaces, cables between them, packets that claim any source.
 * May import {@code transport}, {@code transport.linux}, Agrona and {@code java.lang.foreign}.
 * A link is used on its agent's thread only.
 * Allocates at set-up, which may throw {@link dev.trishake.transport.DeviceException}; never per packet.
 */
package dev.trishake.transport.packet;
