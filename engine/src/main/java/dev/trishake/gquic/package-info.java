// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Google QUIC, versions Q039, Q043 and Q044, with the QUIC Crypto handshake: server and client without a clock, a
 * thread or a socket. Clauses "gQUIC n" are those of the fact sheet that the tests' recordings come with.
 *
 * <pre>
 *  datagram ─► DatagramReceiver ─► PacketReader ─► FrameDispatcher ─► CryptoStream ─► GquicHandshake
 *                  │       │                             ├──────────► StreamReceiver ─► GquicHandler
 *             PacketSlots  └─► StatelessServer           └──────────► Recovery
 *  datagram ◄─ PacketWriter ◄─ Sender ◄──── StreamSender, CryptoStream ◄──┘
 * </pre>
 *
 * May import {@code wire}'s root, {@code wire.gquic}, {@code crypto}, {@code session} and {@code core}.
 * An agent's thread only. Allocates at construction, never afterwards; nothing throws outside of constructors.
 */
package dev.trishake.gquic;
