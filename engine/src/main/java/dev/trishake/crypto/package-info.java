/**
 * Kernels over (buffer, offset, length) with scratch of their own, what hashes in lanes share, the comparisons and
 * selects on secrets, and the agent's randomness.
 * May import Agrona and {@code java.security}, nothing of ours outside this package.
 * Used on the agent's thread only; what is static is free of state.
 * Allocates at construction, never afterwards, except where a method is said to belong off the hot path.
 */
package dev.trishake.crypto;
