/**
 * The vector implementations of the kernels: the only classes that import {@code jdk.incubator.vector}. They are loaded
 * where {@link dev.trishake.crypto.Kernels} has chosen them and nowhere else.
 * May import {@code crypto} and the packages whose kernels they implement.
 * Used on the agent's thread only.
 * Allocates at construction; afterwards nothing, once the compiler is done (a vector that leaves its method is boxed,
 * so a formula stays in one method, and methods hand data on through arrays).
 */
package dev.trishake.crypto.lanes;
