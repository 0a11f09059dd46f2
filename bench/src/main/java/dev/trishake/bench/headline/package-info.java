/**
 * What {@code java -jar bench.jar} does without arguments: runs the headline set one trial at a time and writes what
 * it measured, where and how, to {@code results/<date>-<machine>-<commit>/}.
 * Imports JMH, the progress line and the chart library; nothing of the engine.
 * One thread drives JMH, JMH's forks do the measuring, and a shutdown hook ends both early; allocates freely, between
 * measurements only.
 */
package dev.trishake.bench.headline;
