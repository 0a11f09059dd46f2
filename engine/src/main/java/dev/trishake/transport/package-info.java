/**
 * What carries packets and streams between the machine and an agent's rings.
 * May import {@code wire.ip}, {@code session}, Agrona, {@code java.nio} and {@code java.lang.foreign}; no core.
 * Used on the agent's thread only, except at set-up and where a class says so.
 * Allocates at construction, never per packet.
 */
package dev.trishake.transport;
