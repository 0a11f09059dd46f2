/**
 * The ShangMi algorithms: SM3 (GB/T 32905) with what is built on it, and SM4 (GB/T 32907) with its modes, many sessions
 * side by side.
 * May import Agrona and {@code crypto}; the vector classes of {@code crypto.lanes} are named where a kernel makes them.
 * Used on the agent's thread only; what is static is free of state.
 * Allocates at construction, never afterwards.
 */
package dev.trishake.crypto.sm;
