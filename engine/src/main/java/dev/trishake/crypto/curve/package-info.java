/**
 * Elliptic curves for eight sessions at a time: over primes of 256 bits with a = -3, which SM2 and NIST P-256 are (field,
 * order, point formulas, multiplication, ECDSA and ECDH), and curve25519 (agreement and key pairs).
 * May import Agrona and {@code crypto}; {@code crypto.lanes} only to make the vector implementations.
 * Used on the agent's thread only; what is static is free of state, or constant after loading.
 * Allocates at construction, never afterwards.
 */
package dev.trishake.crypto.curve;
