/**
 * Suites of {@code dev.trishake.session}: what looking up a session and keeping its deadlines costs.
 */
package dev.trishake.bench.session;
