/**
 * Kernel sockets on Linux by its own system calls: a connection is a descriptor, waiting is epoll.
 * May import {@code transport}, {@code transport.linux} and the JDK.
 * Used on the agent's thread only.
 * Allocates at construction, never afterwards.
 */
package dev.trishake.transport.epoll;
