/**
 * TCP as a pure machine (RFC 9293 and what surrounds it): IP packets and time in, IP packets out, for servers and
 * clients; many connections on one thread.
 * May import wire's root, {@code wire.ip}, {@code wire.tcp}, {@code crypto}, {@code session} and {@code core}.
 * Used on the agent's thread only; it reads no clock, holds no lock and logs nothing.
 * Allocates at construction, never afterwards: what does not fit is refused, and counted.
 */
package dev.trishake.tcp;
