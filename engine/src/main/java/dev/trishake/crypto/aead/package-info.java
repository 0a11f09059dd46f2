/**
 * Authenticated encryption with associated data: AES-128-GCM and ChaCha20-Poly1305, with whole and shortened tags.
 * May import {@code crypto} and Agrona; {@code crypto.lanes} only to make the vector implementations.
 * Used on the agent's thread only; what is static is free of state.
 * Allocates at construction, never afterwards; keys are schedules in the caller's memory, no objects.
 */
package dev.trishake.crypto.aead;
