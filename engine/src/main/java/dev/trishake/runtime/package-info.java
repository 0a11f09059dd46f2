/**
 * Threads, clocks and wiring: agents that drive cores and links, the engine that runs them, what others embed.
 * May import all other packages; nobody imports it but users, {@code bench} and {@code soak}.
 * What belongs to an agent is used on its thread only; {@link dev.trishake.runtime.Engine} and its rings by any.
 * Allocates at launch, never afterwards on an agent's thread.
 */
package dev.trishake.runtime;
