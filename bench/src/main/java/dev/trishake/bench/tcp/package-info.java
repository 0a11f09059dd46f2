/**
 * What TCP costs: opening, closing, a flood, and whether many connections make it slower.
 */
package dev.trishake.bench.tcp;
