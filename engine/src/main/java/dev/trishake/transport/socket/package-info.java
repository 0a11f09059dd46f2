// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What links over kernel sockets have in common, whatever calls they use: connections, their buffers and their order.
 * May import {@code transport}, {@code session} and Agrona.
 * Used on the agent's thread only.
 * Allocates at construction, never afterwards.
 */
package dev.trishake.transport.socket;
