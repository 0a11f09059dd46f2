/**
 * Whether kernels take the same time for every secret, by the method of dudect (Reparaz, Balasch, Verbauwhede: "Dude,
 * is my code constant time?", 2017).
 * May import the engine's kernels.
 * One thread, its own CPU time.
 * Allocates as it likes outside of what it measures.
 */
package dev.trishake.soak.timing;
