// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.storm;

/**
 * What is said around the figures of a storm.
 *
 * @param title of the page
 * @param span  from what to what times are
 * @param note  what has to be said about the figures, whole lines
 */
public record StormPage(String title, String span, String note)
{
}
