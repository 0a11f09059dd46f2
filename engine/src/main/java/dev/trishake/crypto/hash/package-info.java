/**
 * Hash functions and what is built on them.
 * May import Agrona, {@code java.security} and {@code crypto}.
 * Used on the agent's thread only; what is static is free of state.
 * Allocates at construction, never afterwards.
 */
package dev.trishake.crypto.hash;
