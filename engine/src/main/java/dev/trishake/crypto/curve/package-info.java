/**
 * Elliptic curves: arithmetic in their fields, scalar and in lanes, and the operations of a handshake on them, for many
 * sessions at once.
 * May import {@code crypto} and Agrona; {@code crypto.lanes} only to make the vector implementations.
 * Used on the agent's thread only; what is static is free of state, or constant after loading.
 * Allocates at construction, never afterwards.
 */
package dev.trishake.crypto.curve;
