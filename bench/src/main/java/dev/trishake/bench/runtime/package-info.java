/**
 * What the whole engine costs: agents, sessions, links and handlers together.
 */
package dev.trishake.bench.runtime;
