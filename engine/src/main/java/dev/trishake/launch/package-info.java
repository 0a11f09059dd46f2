/**
 * Where both jars start: finds a JDK 25 and the flags it needs, and starts the real main under it.
 * Imports nothing of ours and is compiled for Java 8, so that every JVM can load it and say what is missing; newer
 * methods are called by reflection.
 * Runs before everything else, on the main thread; later a hook and the child's watch are all that is left of it.
 * Allocates as it likes.
 */
package dev.trishake.launch;
