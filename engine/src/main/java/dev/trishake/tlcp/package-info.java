/**
 * TLCP's handshake (GB/T 38636-2020): its states and the order of its messages, as data.
 * May import {@code wire}'s root, {@code wire.tlcp}, {@code crypto}, {@code session} and {@code core}.
 * An agent's thread; all here is immutable.
 * Allocates nothing after class initialisation.
 */
package dev.trishake.tlcp;
