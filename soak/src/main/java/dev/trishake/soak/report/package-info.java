// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What tools that measure have in common: how far a run is, tables, pictures, and the folder that it leaves. Uses
 * nothing of the tools and nothing of the engine.
 */
package dev.trishake.soak.report;
