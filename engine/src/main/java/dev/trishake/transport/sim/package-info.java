/**
 * Links without a machine: a loopback, faults by seed, capture files as source and sink, for tests, soak and tools.
 * May import {@code transport}, {@code wire.ip}, Agrona and {@code java.nio}.
 * Used on one thread each; the ends of a {@link dev.trishake.transport.sim.LoopbackLink} may have one of their own.
 * Allocates at construction, never per packet; files are opened at set-up, later faults are sticky answers.
 */
package dev.trishake.transport.sim;
