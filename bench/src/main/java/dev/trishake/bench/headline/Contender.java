// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.bench.headline;

/**
 * One side of a comparison: a method of the family's benchmark class.
 *
 * @param method  its name
 * @param label   what the table calls it; unique in the family
 * @param ours    whether it is our code; else a peer's
 * @param checked whether buffers check their bounds
 */
record Contender(String method, String label, boolean ours, boolean checked)
{
}
