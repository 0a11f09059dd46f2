/**
 * What it costs to read and write bytes.
 */
package dev.trishake.bench.wire;
