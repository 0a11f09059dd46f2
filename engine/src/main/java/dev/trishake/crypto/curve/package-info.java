/**
 * Elliptic curves over primes of 256 bits with a = -3: field, order, point formulas and multiplication, for eight
 * sessions at a time; what SM2 and NIST P-256 share.
 * May import Agrona and {@code crypto}.
 * Used on the agent's thread only; what is static is free of state.
 * Allocates at construction, never afterwards.
 */
package dev.trishake.crypto.curve;
