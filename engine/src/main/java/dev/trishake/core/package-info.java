/**
 * The words that all protocol cores share: what a core answers, and where its output goes.
 * May import Agrona and nothing of ours.
 * Used on the agent's thread only.
 * Allocates at construction, never afterwards.
 */
package dev.trishake.core;
