/**
 * JMH suites, each beside its peers, and the writer of their report.
 */
package dev.trishake.bench;
