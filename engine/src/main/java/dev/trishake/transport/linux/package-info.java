/**
 * Linux, as far as the links need it: system calls through {@code java.lang.foreign}, error numbers, socket addresses.
 * May import the JDK only.
 * A {@link dev.trishake.transport.linux.Libc} belongs to one thread.
 * Allocates at construction, never afterwards.
 */
package dev.trishake.transport.linux;
