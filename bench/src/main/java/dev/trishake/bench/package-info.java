/**
 * The rig that all benchmarks share, what starts them, and the list of those that make the headline table.
 * The benchmarks themselves live in a package per area, named as the engine's; their runner and report in
 * {@code headline}. Imports the engine and JMH; runs on the main thread and in JMH's forks, and allocates freely
 * between measurements.
 */
package dev.trishake.bench;
