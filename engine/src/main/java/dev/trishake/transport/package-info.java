/**
 * The world outside: links that move packets between it and an agent's rings, acceptors that take connections from the
 * kernel.
 * May import {@code wire.ip}, {@code session}, Agrona, {@code java.nio} and {@code java.lang.foreign}; never a core.
 * A link or an acceptor belongs to one agent and is used on its thread only.
 * Allocates at set-up, and never afterwards where the JDK does not: {@code nio} pays for an object a connection.
 */
package dev.trishake.transport;
