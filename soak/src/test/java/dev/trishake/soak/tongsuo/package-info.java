// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

/** Tongsuo's libssl in this process, through the foreign function interface, and an engine of ours that meets it. */
package dev.trishake.soak.tongsuo;
