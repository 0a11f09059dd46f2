/**
 * Memory, identity and time of sessions, without any protocol: where a session's bytes live, which packet is whose,
 * when something is due, and what happened last.
 * May import Agrona and {@code crypto.hash} (the keyed hash of the table).
 * Used on the agent's thread only: nothing here is thread-safe, nothing reads a clock.
 * Allocates at construction, never afterwards: memory under any load is what was allocated at start.
 */
package dev.trishake.session;
