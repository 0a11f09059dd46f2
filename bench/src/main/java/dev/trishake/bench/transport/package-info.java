/**
 * What the kernel's accept path costs, through the engine's acceptors and through its peers.
 */
package dev.trishake.bench.transport;
