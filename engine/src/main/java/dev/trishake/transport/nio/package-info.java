/**
 * Kernel sockets by {@code java.nio}: the same work as {@code epoll} on any platform.
 * May import {@code transport} and the JDK.
 * Used on the agent's thread only.
 * Allocates what the JDK allocates for a connection and for its address, once a handler asks for that.
 */
package dev.trishake.transport.nio;
