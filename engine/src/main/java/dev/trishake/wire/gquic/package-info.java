// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What Google QUIC puts on the wire, versions Q039, Q043 and Q044: packet headers, frames, handshake messages.
 * Imports Agrona's buffers and the root of {@code wire}. Any thread, one object each; allocates nothing but objects
 * at set-up. Headers and frames are big endian, all inside of handshake messages is little endian. Clauses "gQUIC n"
 * are those of the fact sheet that the tests' recordings come with.
 */
package dev.trishake.wire.gquic;
