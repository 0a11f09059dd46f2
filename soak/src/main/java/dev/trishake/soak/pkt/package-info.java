/**
 * Packetdrill scripts against the engine's TCP core in virtual time: text, script, runner.
 * May import the engine, never the tools around it.
 * One thread; a script takes no longer than its packets.
 * Allocates as it likes.
 */
package dev.trishake.soak.pkt;
