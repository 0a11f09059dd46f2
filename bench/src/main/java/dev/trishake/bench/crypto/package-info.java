/**
 * What the kernels cost.
 */
package dev.trishake.bench.crypto;
