/**
 * What the measuring itself costs: the floor that every other figure stands on.
 * Imports JMH only; runs in JMH's forks, one thread; allocates nothing.
 */
package dev.trishake.bench.baseline;
