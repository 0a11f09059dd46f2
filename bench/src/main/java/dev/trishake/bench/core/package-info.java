/**
 * What the words that all cores share cost.
 */
package dev.trishake.bench.core;
