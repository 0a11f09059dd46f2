/**
 * Command-line tools and soak scenarios, one class each.
 */
package dev.trishake.soak;
