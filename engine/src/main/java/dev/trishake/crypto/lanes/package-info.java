/**
 * Kernels that compute eight or sixteen sessions side by side in vector registers, limb for limb as the scalar ones do.
 * May import Agrona, {@code crypto} and {@code jdk.incubator.vector}, which nothing else may.
 * Used on the agent's thread only, and loaded only where the probe of {@code crypto.Kernels} says so.
 * Allocates at construction and until C2 has compiled it, never afterwards.
 */
package dev.trishake.crypto.lanes;
