/**
 * Command-line tools and soak scenarios, one class each.
 * May import the engine, Agrona, HdrHistogram and picocli, never the benchmarks.
 * Tools run on the main thread, scenarios start agents of their own.
 * Allocates as it likes outside of what it measures.
 */
package dev.trishake.soak;
